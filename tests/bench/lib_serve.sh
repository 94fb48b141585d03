# What measures servers: a live environment of a thousand tools, nginx with the same bytes as files, and
# rounds of wrk against one server after the other. Sourced behind lib.sh.
# shellcheck shell=bash disable=SC2154 # what lib.sh and who sources it set

port_base=${BENCH_PORT:-18700}
server_core=0
client_core=$(($(nproc) > 1 ? 1 : 0))

# make_tools SPACES: so many hundred tools whose answers have about 2 KiB, live in $scratch/production.
make_tools() {
    spaces=$1
    local space ids
    new_sandbox "$scratch/sandbox"
    new_production "$scratch/production"
    for ((space = 0; space < spaces; space++)); do
        awk -v space="$space" 'BEGIN {
            printf "["
            for (i = 0; i < 100; i++) {
                words = ""
                for (w = 0; w < 180; w++)
                    words = words sprintf(" word%d", (i * 7919 + w * 104729 + space) % 9973)
                printf "%s{\"name\":\"tool-%d\",\"description\":\"Tool %d of space %d:%s\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"call_id\":{\"type\":\"string\"}}}}", \
                    i ? "," : "", i, i, space, words
            }
            printf "]\n"
        }' >"$scratch/list.json"
        "$greenroom" --env "$scratch/sandbox" publish "$scratch/list.json" --as "tool/space-$space" \
            --actor "$author" >/dev/null
        mapfile -t ids < <(seq -f "tool/space-$space/tool-%.0f@1" 0 99)
        # Signed by the tool itself: one process of ssh-keygen for each would take an hour for 100,000.
        "$bin/promote_natively" "$scratch/sandbox" "$scratch/production" "$scratch/approver" \
            "${ids[@]}"
    done
    key=$("$greenroom" --env "$scratch/production" key create --role runtime --owner bench \
        --expires 1d --json | sed -n 's/.*"key": *"\([^"]*\)".*/\1/p')
    [ -n "$key" ]
}

# start NAME PORT COMMAND...: in the background, on the server's core.
declare -A pid_of port_of scheme_of # http unless said
start() {
    local name="$1" port="$2"
    shift 2
    taskset -c "$server_core" "$@" >"$scratch/$name.log" 2>&1 &
    pid_of[$name]=$!
    port_of[$name]=$port
    local deadline=$((SECONDS + ${start_patience:-20}))
    until curl -sk -o /dev/null "${scheme_of[$name]:-http}://127.0.0.1:$port/"; do
        [ "$SECONDS" -lt "$deadline" ] || {
            echo "bench: $name does not answer: $(tail -3 "$scratch/$name.log")" >&2
            return 1
        }
    done
}

stop_all() {
    local name
    for name in "${!pid_of[@]}"; do
        kill "${pid_of[$name]}" 2>/dev/null || true
        wait "${pid_of[$name]}" 2>/dev/null || true
    done
}
trap 'stop_all; rm -rf "$scratch"' EXIT

# nginx_conf NAME PORT SENDFILE AUTH [SSL]: one process, no log, all files known and open.
nginx_conf() {
    mkdir -p "$scratch/nginx-$1"
    cat >"$scratch/nginx-$1/nginx.conf" <<NGINX
daemon off;
master_process off;
pid $scratch/nginx-$1/pid;
error_log $scratch/nginx-$1/error.log crit;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile $3;
    tcp_nopush off;
    map_hash_bucket_size 256;
    keepalive_requests 100000000;
    open_file_cache max=4000 inactive=1h;
    open_file_cache_valid 1h;
    default_type application/json;
    client_body_temp_path $scratch/nginx-$1/body;
    proxy_temp_path $scratch/nginx-$1/proxy;
    fastcgi_temp_path $scratch/nginx-$1/fastcgi;
    uwsgi_temp_path $scratch/nginx-$1/uwsgi;
    scgi_temp_path $scratch/nginx-$1/scgi;
    map \$http_authorization \$known {
        default 0;
        "Bearer $key" 1;
    }
    server {
        listen 127.0.0.1:$2 ${5:+ssl};
        ${5:+ssl_certificate $scratch/certificate.pem; ssl_certificate_key $scratch/key.pem;}
        root $scratch/files;
        location / {
            add_header Cache-Control "private, no-cache";
            add_header Greenroom-Version 1;
            add_header Greenroom-State 0123456789012345678901234567890123456789;
            add_header X-Content-Type-Options nosniff;
            $([ "$4" = on ] && echo 'if ($known = 0) { return 401; }')
        }
    }
}
NGINX
}

# The bytes that our server answers, as files; and each server's list of paths with its own ETags.
make_files() {
    local list=$scratch/paths space
    for ((space = 0; space < spaces; space++)); do
        seq -f "/v1/tools/space-$space/tool-%.0f" 0 99
    done >"$list"
    while read -r path; do
        printf 'url = "http://127.0.0.1:%s%s"\noutput = "%s/files%s"\n' "${port_of[ours]}" "$path" \
            "$scratch" "$path"
    done <"$list" >"$scratch/fetch"
    curl -sSf --create-dirs -H "Authorization: Bearer $key" -K "$scratch/fetch"
}

# list_etags NAME: what `serve.lua` reads.
list_etags() {
    while read -r path; do
        printf 'url = "http://127.0.0.1:%s%s"\nhead\noutput = "/dev/null"\n' "${port_of[$1]}" "$path"
    done <"$scratch/paths" >"$scratch/heads"
    curl -sS -H "Authorization: Bearer $key" -w '%header{etag}\n' -K "$scratch/heads" \
        >"$scratch/etags"
    paste -d ' ' "$scratch/paths" "$scratch/etags" >"$scratch/list-$1"
    [ "$(awk 'NF == 2' "$scratch/list-$1" | wc -l)" -eq $((spaces * 100)) ]
}

# Nanoseconds of processor time that a process took so far, all its threads together.
cpu_ns() {
    cat /proc/"$1"/task/*/schedstat 2>/dev/null | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# one_round NAME STATUS CONNECTIONS: appends "CPU-us-per-request requests/s p50 p99 p99.9 errors" to
# $scratch/rounds-NAME-STATUS-CONNECTIONS.
one_round() {
    local name="$1" wanted="$2" connections="$3" before after
    before=$(cpu_ns "${pid_of[$name]}")
    taskset -c "$client_core" wrk -t1 -c"$connections" -d"${seconds}s" --latency \
        -s "$(dirname "${BASH_SOURCE[0]}")/serve.lua" "${scheme_of[$name]:-http}://127.0.0.1:${port_of[$name]}" -- \
        "$scratch/list-$name" "$wanted" "$key" >"$scratch/wrk"
    after=$(cpu_ns "${pid_of[$name]}")
    awk -v ns="$((after - before))" '$1 == "RESULT" {
        printf "%.3f %.0f %d %d %d %d\n", ns / 1000 / $2, $2 / $3 * 1000000, $4, $5, $6, $7
    }' "$scratch/wrk" >>"$scratch/rounds-$name-$wanted-$connections"
}

# column NAME STATUS CONNECTIONS NUMBER: that column of all rounds.
column() {
    awk -v number="$4" '{ print $number }' "$scratch/rounds-$1-$2-$3"
}
