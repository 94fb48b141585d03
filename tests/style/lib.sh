# What the style checks share: lists of the project's files, and how a breach is told.
# A check sources this with the root of the tree as $1, reports breaches and ends with `finish`.

set -u
export LC_ALL=C
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "${1:?usage: bash $0 ROOT}" || exit 2
breaches="$(mktemp)"
trap 'rm -f "$breaches"' EXIT

# Every file of the project, without what is built; paths relative to the root.
all_files="$(find . \( -name .git -o -path ./build -o -path ./var \) -prune -o -type f -printf '%P\n' |
    sort)"

project_files() {
    printf '%s\n' "$all_files"
}

# The project's files whose names end as one of the given suffixes does.
files_ending() {
    local suffix pattern=''
    for suffix in "$@"; do
        pattern="$pattern${pattern:+|}${suffix//./\\.}"
    done
    project_files | grep -E "($pattern)\$"
}

# Records of lib_c.awk over all C files.
c_records() {
    files_ending .c .h | xargs -r awk -f "$here/lib_c.awk"
}

# breach PLACE RULE WORDS...
breach() {
    local place="$1" rule="$2"
    shift 2
    printf '%s: %s: %s\n' "$place" "$rule" "$*" | tee -a "$breaches"
}

# Lines that a filter has made in breach's form: "PLACE: RULE: WORDS".
breach_lines() {
    tee -a "$breaches"
}

finish() {
    local count
    count="$(wc -l <"$breaches")"
    if [ "$count" -gt 0 ]; then
        echo "$count breach(es) of the style"
        exit 1
    fi
    exit 0
}
