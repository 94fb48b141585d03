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

# Appends a line to a file: the microseconds that a command takes, and those of processor time.
timed() {
    local out=$1 times
    shift
    times=$( { TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>"$scratch/stderr"; } 2>&1)
    awk '{ printf "%d %d\n", $1 * 1000000, ($2 + $3) * 1000000 }' <<<"$times" >>"$out"
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

# One row of a table from two files that `timed` wrote, a line a round: medians of both, ours in
# processor time, and the ratios of the rounds, median (least-most), which a load that comes and goes
# disturbs less than the times.
row() {
    local name=$1 ours=$2 theirs=$3 wanted=$4 ratios
    ratios=$(paste -d ' ' "$ours" "$theirs" | awk '{ printf "%.3f\n", $1 / $3 }')
    printf '| %s | %s ms | %s ms | %s ms | %s (%s) | %s |\n' "$name" \
        "$(ms "$(cut -d ' ' -f 1 "$ours" | median)")" "$(ms "$(cut -d ' ' -f 2 "$ours" | median)")" \
        "$(ms "$(cut -d ' ' -f 1 "$theirs" | median)")" "$(median <<<"$ratios")" \
        "$(spread <<<"$ratios")" "$wanted"
}

header() {
    printf '\n### %s\n\n| what | ours | ours, processor | %s | ratio, median (least-most) | wanted |\n|---|---|---|---|---|---|\n' \
        "$1" "$2"
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
