#!/usr/bin/env bash
# Real artifacts, all the way: everything in a folder of prompts, tools, knowledge bases and FAQs is
# published, every tenth promoted, all of those served and compared byte for byte.
# BENCH_REAL_DATA names the folder (prompts/*.md, tools/*.json, kb/*, faq/*.jsonl); without it there is
# nothing to do.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

data=${BENCH_REAL_DATA:-}
if [ ! -d "$data" ]; then
    echo 'real data: BENCH_REAL_DATA names no folder: left out'
    exit 0
fi
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT

# A file's name as an artifact's: lower case, anything else a hyphen.
name_of() {
    basename "$1" | sed 's/\.[a-z.]*$//' | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9]\{1,\}/-/g; s/^-//; s/-$//' | cut -c 1-63
}

refused=0
waived=0
try() {
    "$greenroom" --env "$scratch/sandbox" publish "$1" --as "$2" --actor "$author" \
        --json >"$scratch/out" 2>/dev/null
}

# Published documents hold made-up addresses, numbers and passwords: what looks like personal data or
# secrets is waived, as a reviewer would, and counted.
publish() {
    local kind=$1 path=$2 name
    name=$(name_of "$path")
    if ! try "$path" "$kind/$name" && grep -qE '"rule": "(personal-data|secrets)' "$scratch/out"; then
        for rule in 'personal-data.*' 'secrets.*'; do
            "$greenroom" --env "$scratch/sandbox" waive "$kind/$name" "$rule" \
                --reason 'published examples' >/dev/null
        done
        waived=$((waived + 1))
        try "$path" "$kind/$name" || true
    fi
    if grep -q '"error"' "$scratch/out"; then
        refused=$((refused + 1))
        echo "refused: $path: $(sed -n 's/.*"message": "\(.*\)",$/\1/p' "$scratch/out" | tail -1)"
    else
        echo "$kind/$name" >>"$scratch/published"
    fi
}

publish_all() {
    local file
    for file in "$data"/prompts/*.md; do publish prompt "$file"; done
    for file in "$data"/tools/*.json; do publish tool "$file"; done
    for file in "$data"/kb/*.tar.gz "$data"/faq/*.jsonl; do publish knowledge "$file"; done
}

# The path of an artifact's route.
route_of() {
    case $1 in
    prompt/*) echo "prompts/${1#*/}" ;;
    tool/*) echo "tools/${1#*/}" ;;
    knowledge/*) echo "knowledge/${1#*/}" ;;
    esac
}

# Every file that is served has the bytes of the draft.
compare() {
    local artifact=$1 route folder=$scratch/export file
    route=$(route_of "$artifact")
    rm -rf "$folder"
    "$greenroom" --env "$scratch/sandbox" export "$artifact@1" "$folder" >/dev/null
    while IFS= read -r -d '' file; do
        curl -sS -f -H "Authorization: Bearer $key" -o "$scratch/served" \
            "$url/v1/$route/-/files/${file#./}"
        cmp -s "$scratch/served" "$folder/$file" || { echo "differs: $artifact $file"; exit 1; }
        compared=$((compared + 1))
    done < <(cd "$folder" && find . -type f -print0)
}

: >"$scratch/published"
new_sandbox "$scratch/sandbox"
new_production "$scratch/production"
begin=$EPOCHREALTIME
publish_all
end=$EPOCHREALTIME
awk 'NR % 10 == 1 { print $1 "@1" }' "$scratch/published" >"$scratch/promoted"
grep -q '^knowledge/' "$scratch/promoted" || grep '^knowledge/' "$scratch/published" | sed 's/$/@1/' >>"$scratch/promoted"
xargs "$greenroom" promote --from "$scratch/sandbox" --to "$scratch/production" \
    --sign-with "$scratch/approver" --reason 'every tenth' <"$scratch/promoted" >/dev/null
key=$("$greenroom" --env "$scratch/production" key create --role runtime --owner bench --expires 1d \
    --json | sed -n 's/^ *"key": *"\([^"]*\)".*/\1/p')
coproc daemon { exec "$bin/greenroomd" --env "$scratch/production" --listen 127.0.0.1:0; }
# shellcheck disable=SC2154 # coproc sets it
server=$daemon_PID
read -r line <&"${daemon[0]}"
url=${line##* at }
compared=0
while read -r id; do compare "${id%@1}"; done <"$scratch/promoted"
hidden=0
while read -r artifact; do
    grep -q "^$artifact@1$" "$scratch/promoted" && continue
    status=$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $key" \
        "$url/v1/$(route_of "$artifact")")
    [ "$status" = 404 ] || { echo "a draft answered $status: $artifact"; exit 1; }
    hidden=$((hidden + 1))
done <"$scratch/published"
"$greenroom" --env "$scratch/sandbox" verify >/dev/null
"$greenroom" --env "$scratch/production" verify >/dev/null
printf '\n### Real artifacts\n\npublished %d in %s ms, refused %d, %d after a waiver; promoted %d; %d files served, each the same bytes; %d drafts hidden; both environments verify\n' \
    "$(wc -l <"$scratch/published")" "$(ms $((${end/[.,]/} - ${begin/[.,]/})))" "$refused" "$waived" \
    "$(wc -l <"$scratch/promoted")" "$compared" "$hidden"
