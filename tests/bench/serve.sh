#!/usr/bin/env bash
# What one answer costs: greenroomd against nginx with the same bytes as static files, in alternating
# short rounds; server and client on a core each. Processor time per request of the server process,
# requests per second, latencies; 200 and 304; then what people use today for the same purpose.
# BENCH_ROUNDS, BENCH_SECONDS, BENCH_CONNECTIONS and BENCH_PEERS=0 make it shorter.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/bench/lib_serve.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib_serve.sh"

rounds=${BENCH_ROUNDS:-5}
seconds=${BENCH_SECONDS:-1}
connection_counts=${BENCH_CONNECTIONS:-16 64 256 1000}
servers=(nginx-sendfile nginx-copying nginx-auth ours)

start_servers() {
    start ours "$port_base" "$bin/greenroomd" --env "$scratch/production" --threads 1 \
        --listen "127.0.0.1:$port_base"
    make_files
    nginx_conf nginx-sendfile $((port_base + 1)) on off
    nginx_conf nginx-copying $((port_base + 2)) off off
    nginx_conf nginx-auth $((port_base + 3)) off on
    local name port=$port_base
    for name in "${servers[@]:0:3}"; do
        port=$((port + 1))
        start "$name" "$port" nginx -p "$scratch/nginx-$name" -c "$scratch/nginx-$name/nginx.conf"
    done
    for name in "${servers[@]}"; do
        list_etags "$name"
    done
}

# Over TLS, keep-alive: a certificate of its own, 200 only.
tls_servers=(nginx-tls ours-tls)
start_tls() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 \
        -subj /CN=localhost -keyout "$scratch/key.pem" -out "$scratch/certificate.pem" 2>/dev/null
    scheme_of["nginx-tls"]=https scheme_of["ours-tls"]=https
    start ours-tls $((port_base + 5)) "$bin/greenroomd" --env "$scratch/production" --threads 1 \
        --listen "127.0.0.1:$((port_base + 5))" --tls-certificate "$scratch/certificate.pem" \
        --tls-key "$scratch/key.pem"
    nginx_conf nginx-tls $((port_base + 4)) off off ssl
    start nginx-tls $((port_base + 4)) nginx -p "$scratch/nginx-nginx-tls" \
        -c "$scratch/nginx-nginx-tls/nginx.conf"
    cp "$scratch/list-ours" "$scratch/list-ours-tls"
    cp "$scratch/list-ours" "$scratch/list-nginx-tls"
}

measure_tls() {
    local round name
    for ((round = 0; round < rounds; round++)); do
        for name in "${tls_servers[@]}"; do
            one_round "$name" 200 64
        done
    done
    printf '\n### Over TLS (200, 64 connections)\n\n'
    printf '| server | CPU us a request | requests/s | p99 us |\n|---|---|---|---|\n'
    for name in "${tls_servers[@]}"; do
        printf '| %s | %s | %s | %s |\n' "$name" "$(column "$name" 200 64 1 | median)" \
            "$(column "$name" 200 64 2 | median)" "$(column "$name" 200 64 4 | median)"
    done
    paste <(column ours-tls 200 64 1) <(column nginx-tls 200 64 1) |
        awk '$2 > 0 { printf "%.3f\n", $1 / $2 }' >"$scratch/tls"
    printf '\nCPU to nginx, round by round: %s, %s (wanted: 1.000 or less)\n' \
        "$(median <"$scratch/tls")" "$(spread <"$scratch/tls")"
}

measure() {
    local wanted connections round name
    for name in "${servers[@]}"; do # warm up
        one_round "$name" 200 64
    done
    rm "$scratch"/rounds-*
    for ((round = 0; round < rounds; round++)); do
        for wanted in 200 304; do
            for connections in $connection_counts; do
                for name in "${servers[@]}"; do
                    one_round "$name" "$wanted" "$connections"
                done
            done
        done
    done
}

# The nginx without an auth check that takes the least processor time in the median.
best_nginx() {
    local a b
    a=$(column nginx-sendfile "$1" "$2" 1 | median)
    b=$(column nginx-copying "$1" "$2" 1 | median)
    awk -v a="$a" -v b="$b" 'BEGIN { print a < b ? "nginx-sendfile" : "nginx-copying" }'
}

# Ratios round by round: our rounds over those of NAME.
ratios() {
    paste <(column ours "$2" "$3" "$4") <(column "$1" "$2" "$3" "$4") |
        awk '$2 > 0 { printf "%.3f\n", $1 / $2 }'
}

report() {
    local wanted connections name best
    printf '\n### One answer of 2 KiB (%s rounds of %s s; medians)\n\n' "$rounds" "$seconds"
    printf '| status | connections | server | CPU us a request | requests/s | p50 us | p99 us | p99.9 us |\n'
    printf '|---|---|---|---|---|---|---|---|\n'
    for wanted in 200 304; do
        for connections in $connection_counts; do
            for name in "${servers[@]}"; do
                printf '| %s | %s | %s |' "$wanted" "$connections" "$name"
                for number in 1 2 3 4 5; do
                    printf ' %s |' "$(column "$name" "$wanted" "$connections" "$number" | median)"
                done
                printf '\n'
                [ "$(column "$name" "$wanted" "$connections" 6 | sort -n | tail -1)" = 0 ] ||
                    echo "bench: errors with $name at $connections connections" >&2
            done
        done
    done
    printf '\n### To the best nginx, round by round (median, least-most)\n\n'
    printf '| status | connections | best nginx | CPU (wanted: 0.700 or less) | CPU, nginx with an auth check | p99 (wanted: 1.000 or less) |\n'
    printf '|---|---|---|---|---|---|\n'
    for wanted in 200 304; do
        for connections in $connection_counts; do
            best=$(best_nginx "$wanted" "$connections")
            printf '| %s | %s | %s | %s, %s | %s | %s, %s |\n' "$wanted" "$connections" "$best" \
                "$(ratios "$best" "$wanted" "$connections" 1 | median)" \
                "$(ratios "$best" "$wanted" "$connections" 1 | spread)" \
                "$(ratios nginx-auth "$wanted" "$connections" 1 | median)" \
                "$(ratios "$best" "$wanted" "$connections" 4 | median)" \
                "$(ratios "$best" "$wanted" "$connections" 4 | spread)"
        done
    done
}

make_tools 10
start_servers
measure
report
start_tls
measure_tls
