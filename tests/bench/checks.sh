#!/usr/bin/env bash
# Checks before anything is published: a prompt of 2 KiB, 1,000 tools, a knowledge base of 2,000
# documents of 4 KiB; and, where valgrind is installed, how many instructions each takes.
# BENCH_ROUNDS makes it shorter. BENCH_REAL_DATA names a folder whose tools/*.json are taken instead
# of made-up ones, again and again until there are 1,000.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rounds=${BENCH_ROUNDS:-5}
tools=${BENCH_REAL_DATA:-none}/tools

# A list of 1,000 tools that differ by their names.
make_tools() {
    if [ -d "$tools" ]; then
        awk 'BEGIN { printf "[" }
            { text[FILENAME] = text[FILENAME] $0 "\n" }
            END {
                for (file in text) { sub(/[[:space:]]+$/, "", text[file]); files[count++] = file }
                for (i = 0; i < 1000; i++) {
                    tool = text[files[i % count]]
                    sub(/"name"[[:space:]]*:[[:space:]]*"[^"]*"/, "\"name\": \"tool-" i "\"", tool)
                    printf "%s%s", i ? ",\n" : "", tool
                }
                printf "]\n"
            }' "$tools"/*.json
        return
    fi
    awk 'BEGIN {
        printf "["
        for (i = 0; i < 1000; i++)
            printf "%s{\"name\":\"tool-%d\",\"description\":\"Looks up what caller %d asked for, by number or by name, and answers with the latest three.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"call_id\":{\"type\":\"string\",\"description\":\"Which call\"},\"count\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":50},\"state\":{\"enum\":[\"open\",\"closed\"]}},\"required\":[\"call_id\"],\"additionalProperties\":false}}", \
                i ? ",\n" : "", i, i
        printf "]\n"
    }'
}

# What is found does not matter here.
check() {
    "$greenroom" check "$1" --as "$2" 2>/dev/null || [ $? -eq 1 ]
}

instructions() {
    command -v valgrind >/dev/null || { echo '-'; return; }
    valgrind --tool=none true >/dev/null 2>&1 || { echo '-'; return; }
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$scratch/log" \
        "$greenroom" check "$1" --as "$2" >/dev/null 2>&1 || true
    awk '/refs:/ { print $NF; found = 1 } END { if (!found) print "-" }' "$scratch/log"
}

measure() {
    local name=$1 path=$2 as=$3 wanted=$4 i
    : >"$scratch/times"
    for ((i = 0; i < rounds; i++)); do
        timed "$scratch/times" check "$path" "$as"
    done
    printf '| %s | %s ms (%s us) | %s ms | %s | %s |\n' "$name" \
        "$(ms "$(cut -d ' ' -f 1 "$scratch/times" | median)")" \
        "$(cut -d ' ' -f 1 "$scratch/times" | spread)" \
        "$(ms "$(cut -d ' ' -f 2 "$scratch/times" | median)")" "$(instructions "$path" "$as")" "$wanted"
}

text_file "$scratch/prompt.md" 2048 1
make_tools >"$scratch/tools.json"
make_base "$scratch/base" 2000 1
printf '\n### Checks\n\n| what | time, median (least-most) | processor time | instructions | wanted |\n|---|---|---|---|---|\n'
measure 'a prompt of 2 KiB' "$scratch/prompt.md" prompt/bench 'under 100 ms'
measure '1,000 tools' "$scratch/tools.json" tool/bench 'under 1 s'
measure '2,000 documents of 4 KiB' "$scratch/base" knowledge/bench 'under 2 s'
