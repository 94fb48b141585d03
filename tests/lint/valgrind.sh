# Runs unit tests and the replays of the fuzz targets' seeds under valgrind's memcheck, which sees what
# the sanitizers do not: values that nobody set. bash valgrind.sh FOLDER [NAME...]
#
#   FOLDER   holds the programs, built without sanitizers
#   NAME     of a test ("test_store_pack") or target ("fuzz_seal"); all when none is named
set -euo pipefail
corpus="$(cd "$(dirname "${BASH_SOURCE[0]}")/../fuzz/corpus" && pwd)"
folder="$(cd "${1:?the folder that holds the programs}" && pwd)"
shift
work="$(mktemp -d)"
valgrind=/usr/bin/valgrind.bin # Debian's, without the shell around it
[ -x "$valgrind" ] || valgrind=valgrind
no_jit="$folder/../tests/libno_jit.so"
[ -f "$no_jit" ] || { echo "$no_jit: is not there" >&2 && exit 2; }
export GREENROOM_SLOWER=200 # whoever holds something to a time
trap 'rm -rf "$work"' EXIT

# Tests that valgrind itself makes fail: of these its report counts alone, not how they end.
judged_by_report=(
    test_server_confine    # it knows neither Landlock nor seccomp, which the test tries
    test_trust_ssh_keygen  # it makes a fork of vfork, so nobody hears that a program is missing
)

# try PROGRAM: its report is kept where something is wrong with it; the exit code says nothing else.
try() {
    local name="${1##*/}" seeds=() code=0
    [[ "$name" != fuzz_* ]] || seeds=("$corpus/${name#fuzz_}")
    LD_PRELOAD="$no_jit" "$valgrind" --quiet --error-exitcode=99 --fair-sched=try --leak-check=full \
        --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible --log-file="$work/$name.memcheck" \
        "$1" "${seeds[@]}" >"$work/$name.out" 2>&1 || code=$?
    [ "$code" -ne 0 ] || return 0
    [ "$code" -eq 99 ] || [[ " $alone " != *" $name "* ]] || return 0
    echo "$code" >"$work/$name.failed"
}
export -f try
export work corpus valgrind no_jit alone="${judged_by_report[*]}"

programs=()
for name in "${@:-test_*}"; do
    for program in "$folder"/$name; do
        [ -x "$program" ] || { echo "$program: is not there" >&2 && exit 2; }
        programs+=("$program")
    done
done
if [ $# -eq 0 ]; then
    programs+=("$folder"/fuzz_*)
fi
printf '%s\0' "${programs[@]}" | xargs -0 -n 1 -P 2 bash -c 'try "$1"' try

failed=0
for mark in "$work"/*.failed; do
    [ -e "$mark" ] || continue
    name="$(basename "$mark" .failed)"
    echo "--- $name: exit $(cat "$mark")"
    cat "$work/$name.memcheck"
    tail -n 20 "$work/$name.out"
    failed=$((failed + 1))
done >&2
if [ "$failed" -gt 0 ]; then
    echo "valgrind: $failed of ${#programs[@]} programs are not clean" >&2
    exit 1
fi
echo "valgrind: ${#programs[@]} programs, clean"
