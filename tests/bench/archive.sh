#!/usr/bin/env bash
# A large archive (200 MB) of a knowledge base: made once, kept in cache/, sent from there by sendfile;
# what the server's memory and processor time come to, and that a copy in cache/ that was damaged is
# made anew. BENCH_ARCHIVE_MB makes it larger or smaller.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/bench/lib_serve.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib_serve.sh"

size_mb=${BENCH_ARCHIVE_MB:-200}
port=$((port_base + 60))
archive=http://127.0.0.1:$port/v1/knowledge/large/-/archive.tar.gz

# Random bytes, so that the archive is as large as they are; PDFs, since text would be searched.
make_large() {
    local i
    mkdir -p "$scratch/large/docs"
    for ((i = 0; i < size_mb / 20; i++)); do
        { printf '%%PDF-1.4\n' && head -c 20000000 /dev/urandom; } >"$scratch/large/docs/$i.pdf"
    done
    "$greenroom" --env "$scratch/sandbox" publish "$scratch/large" --as knowledge/large \
        --actor "$author" >/dev/null 2>&1 # with warnings: nobody reads PDFs
    "$greenroom" promote knowledge/large@1 --from "$scratch/sandbox" --to "$scratch/production" \
        --sign-with "$scratch/approver" >/dev/null 2>&1
}

memory_mib() {
    awk '/^VmRSS:/ { printf "%d", $2 / 1024 }' "/proc/${pid_of[large]}/status"
}

# fetch WHAT COUNT: that many at once; a row with the time, the processor time and the memory after.
fetch() {
    local begin=$EPOCHREALTIME before i fetches=()
    before=$(cpu_ns "${pid_of[large]}")
    for ((i = 0; i < $2; i++)); do
        curl -sSf -H "Authorization: Bearer $key" -o "$scratch/got-$i" "$archive" &
        fetches+=($!)
    done
    wait "${fetches[@]}"
    printf '| %s | %s ms | %s ms | %s MiB |\n' "$1" "$(((${EPOCHREALTIME/[.,]/} - ${begin/[.,]/}) / 1000))" \
        "$((($(cpu_ns "${pid_of[large]}") - before) / 1000000))" "$(memory_mib)"
    for ((i = 0; i < $2; i++)); do
        [ -e "$scratch/first" ] || cp "$scratch/got-$i" "$scratch/first"
        cmp "$scratch/first" "$scratch/got-$i"
    done
}

start_large() {
    start large "$port" "$bin/greenroomd" --env "$scratch/production" --threads 1 \
        --listen "127.0.0.1:$port"
}

stop_large() {
    kill "${pid_of[large]}"
    wait "${pid_of[large]}" || true
}

make_tools 1
make_large
start_large
printf '\n### An archive of %s MB\n\n| what | time | processor time | memory after it |\n|---|---|---|---|\n' "$size_mb"
printf '| started | | | %s MiB |\n' "$(memory_mib)"
fetch 'made and sent' 1
fetch 'sent again' 1
fetch 'sent to eight at once' 8
stop_large
printf 'x' | dd of="$(find "$scratch/production/cache" -name '*.tar.gz')" bs=1 seek=$((size_mb * 500000)) \
    conv=notrunc status=none
start_large
fetch 'after a start; the copy in cache/ is damaged: made anew, sent' 1
stop_large
start_large
fetch 'after a start; the copy in cache/ is sound: held to its digest, sent' 1
