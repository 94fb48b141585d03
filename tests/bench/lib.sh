# What the benchmarks share: a scratch folder, times in microseconds, medians and ratios.
# Sourced by the others; ./dev bench runs them and sets GREENROOM_BIN.
set -euo pipefail

bin=${GREENROOM_BIN:?the folder with a release build of greenroom}
greenroom=$bin/greenroom
scratch=$(mktemp -d "${TMPDIR:-/tmp}/greenroom-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
author='Bench Author <author@example.com>'

# Microseconds that a command takes.
time_us() {
    local begin=$EPOCHREALTIME
    "$@" >/dev/null
    local end=$EPOCHREALTIME
    echo $((${end/[.,]/} - ${begin/[.,]/}))
}

# Microseconds of processor time, the user's and the system's, that a command takes.
processor_us() {
    local times
    times=$( { TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>"$scratch/stderr"; } 2>&1)
    awk '{ printf "%d\n", ($1 + $2) * 1000000 }' <<<"$times"
}

# A knowledge base: folder, files, seed.
make_base() {
    mkdir -p "$1"
    awk -v count="$2" -v folder="$1" -v seed="$3" 'BEGIN {
        srand(seed)
        for (i = 0; i < count; i++) {
            name = sprintf("%s/document-%05d.md", folder, i)
            line = sprintf("# Document %d of %d\n\n", i, seed)
            while (length(line) < 4096)
                line = line sprintf("%d callers asked about plan %d; ", int(rand() * 100000), int(rand() * 1000))
            printf "%s\n", substr(line, 1, 4095) > name
            close(name)
        }
    }'
}

# The middle one of the numbers on standard input.
median() {
    sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

# "least-most" of the numbers on standard input.
spread() {
    sort -n | awk 'NR == 1 { first = $1 } { last = $1 } END { print first "-" last }'
}

ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}

ms() {
    awk -v us="$1" 'BEGIN { printf "%.1f", us / 1000 }'
}

# One row of a table: name, ours, the peer's (both in us), the ratio wanted.
row() {
    printf '| %s | %s ms | %s ms | %s | %s |\n' "$1" "$(ms "$2")" "$(ms "$3")" \
        "$(ratio "$2" "$3")" "$4"
}

header() {
    printf '\n### %s\n\n| what | ours | %s | ratio | wanted |\n|---|---|---|---|---|\n' "$1" "$2"
}

# A file of so many bytes of text that differs by its seed.
text_file() {
    awk -v size="$2" -v seed="$3" 'BEGIN {
        srand(seed)
        while (length(line) < size)
            line = line sprintf("%s %d ", substr("caller agent office street window evening", \
                1 + int(rand() * 35), 6), int(rand() * 100000))
        printf "%s\n", substr(line, 1, size - 1)
    }' >"$1"
}

new_sandbox() {
    "$greenroom" init "$1" --class sandbox >/dev/null
}

# A live environment under the minimal policy, its approver's key beside it.
new_production() {
    "$greenroom" init "$1" --class live --policy minimal >/dev/null
    [ -e "$scratch/approver" ] ||
        ssh-keygen -q -t ed25519 -N '' -C approver@example.com -f "$scratch/approver"
    "$greenroom" --env "$1" approver add approver@example.com "$scratch/approver.pub" >/dev/null
}
