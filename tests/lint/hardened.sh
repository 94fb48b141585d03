# Reads in built programs whether they are hardened as CMakeLists.txt asks: bash hardened.sh PROGRAM...
set -euo pipefail
failed=0

# expect PROGRAM WHAT COMMAND...: what it prints must match WHAT.
expect() {
    local program="$1" what="$2" name="$3"
    shift 3
    if ! "$@" "$program" 2>/dev/null | grep -E -- "$what" >/dev/null; then
        echo "$program: $name is missing ($* does not show '$what')" >&2
        failed=1
    fi
}

for program in "$@"; do
    [ -f "$program" ] || { echo "$program: is not there" >&2 && exit 1; }
    expect "$program" 'Type: +DYN \(Position-Independent Executable' 'a place of its own at each start' \
        readelf -hW
    expect "$program" 'GNU_RELRO' 'a read-only table of functions' readelf -lW
    expect "$program" 'Flags:.* NOW' 'binding at the start, which makes that table read-only' readelf -dW
    expect "$program" 'GNU_STACK .* RW +0x' 'a stack that cannot be executed' readelf -lW
    expect "$program" '__stack_chk_fail' 'the guard of the stack' readelf -sW
    expect "$program" '__(memcpy|snprintf|vsnprintf)_chk' 'checked copies' readelf -sW
    # Debian's start files do not carry the mark that lets the processor enforce it; the code does.
    if readelf -hW "$program" | grep -q 'Machine: .*X86-64'; then
        expect "$program" 'endbr64' 'landing places for indirect jumps' objdump -d --no-show-raw-insn
    fi
done
exit "$failed"
