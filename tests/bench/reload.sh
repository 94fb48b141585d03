#!/usr/bin/env bash
# What a change of live costs the server, by how much is live: the time from the end of `greenroom
# promote` to the first answer that shows it, the processor time of the reload, the start from nothing
# with all signatures verified; and the worst answer while promotions are taken over under load.
# BENCH_SPACES (hundreds of artifacts), BENCH_ROUNDS make it longer or shorter: "1 1000" is 100 and
# 100,000 artifacts, whose making takes five minutes of processor time.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/bench/lib_serve.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib_serve.sh"

sizes=${BENCH_SPACES:-1 20}
rounds=${BENCH_ROUNDS:-15}
port=$((port_base + 30))
seconds=${BENCH_SECONDS:-10}

# One more version of one prompt: its number is in $version.
version=0
promote_one() {
    version=$((version + 1))
    text_file "$scratch/changing.md" 2048 "$version"
    "$greenroom" --env "$scratch/sandbox" publish "$scratch/changing.md" --as prompt/changing \
        --actor "$author" >/dev/null 2>&1 # and with warnings: the prompt names no hours
    "$greenroom" promote "prompt/changing@$version" --from "$scratch/sandbox" \
        --to "$scratch/production" --sign-with "$scratch/approver" >/dev/null 2>&1
}

shows() {
    curl -s -o /dev/null -D - -H "Authorization: Bearer $key" \
        "http://127.0.0.1:$port/v1/prompts/changing" | grep -qi "^Greenroom-Version: $1"
}


start_timed() {
    local begin=$EPOCHREALTIME
    start_patience=600 start ours "$port" "$bin/greenroomd" --env "$scratch/production" \
        --threads 1 --listen "127.0.0.1:$port"
    local end=$EPOCHREALTIME
    started_ms=$(((${end/[.,]/} - ${begin/[.,]/}) / 1000))
    started_cpu_ms=$(($(awk '{ print $14 + $15 }' "/proc/${pid_of[ours]}/stat") * 10)) # threads that ended, too
    rss_kib=$(awk '/^VmRSS:/ { print $2 }' "/proc/${pid_of[ours]}/status")
}

measure_size() {
    local i before end deadline
    : >"$scratch/visible" && : >"$scratch/cost"
    for ((i = 0; i < rounds; i++)); do
        before=$(cpu_ns "${pid_of[ours]}")
        promote_one
        end=$EPOCHREALTIME
        deadline=$((SECONDS + 20))
        until shows "$version"; do
            [ "$SECONDS" -lt "$deadline" ] || { echo 'bench: never shown' >&2 && exit 1; }
        done
        echo $((${EPOCHREALTIME/[.,]/} - ${end/[.,]/})) >>"$scratch/visible"
        echo $((($(cpu_ns "${pid_of[ours]}") - before) / 1000)) >>"$scratch/cost"
    done
    printf '| %s | %s ms | %s ms (%s us) | %s ms, %s ms of processor | %s MiB |\n' "$((spaces * 100))" \
        "$(ms "$(median <"$scratch/visible")")" "$(ms "$(median <"$scratch/cost")")" \
        "$(spread <"$scratch/cost")" "$started_ms" "$started_cpu_ms" "$((rss_kib / 1024))"
}

stop_one() {
    kill "${pid_of[ours]}"
    wait "${pid_of[ours]}" || true
}

# The same load with nothing changing, and with promotions one after the other.
measure_worst() {
    local worst_still worst_moving reloads=0
    make_files
    list_etags ours
    worst_still=$(worst)
    (
        worst >"$scratch/worst"
    ) &
    local load=$!
    while kill -0 "$load" 2>/dev/null; do
        promote_one
        reloads=$((reloads + 1))
    done
    wait "$load"
    worst_moving=$(cat "$scratch/worst")
    printf '\n64 connections for %s s: worst answer %s ms with nothing changing, %s ms during %s promotions.\n' \
        "$seconds" "$(ms "$worst_still")" "$(ms "$worst_moving")" "$reloads"
}

worst() {
    taskset -c "$client_core" wrk -t1 -c64 -d"${seconds}s" --latency \
        -s "$(dirname "${BASH_SOURCE[0]}")/serve.lua" "http://127.0.0.1:$port" -- \
        "$scratch/list-ours" 200 "$key" | awk '$1 == "RESULT" { print $8 }'
}

printf '\n### A change of live\n\n'
printf '| live artifacts | visible after the command (wanted: 50 ms) | processor time of the reload | start | memory |\n'
printf '|---|---|---|---|---|\n'
for size in $sizes; do
    rm -rf "$scratch/sandbox" "$scratch/production"
    version=0
    make_tools "$size"
    start_timed
    promote_one # the first of its name
    measure_size
    [ "$size" = "${sizes##* }" ] && measure_worst
    stop_one
done
