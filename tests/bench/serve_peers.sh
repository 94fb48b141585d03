#!/usr/bin/env bash
# The same answer of 2 KiB from what people keep prompts and tools in today: docker-registry (a
# manifest), etcd (its gateways), fossil (an artifact), cgit (a file); as far as they are installed. Processor
# time per request, all of a server's processes together. BENCH_SECONDS makes it longer.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/bench/lib_serve.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib_serve.sh"

seconds=${BENCH_SECONDS:-2}
port=$((port_base + 40))

# Of a process and of its children that have ended, in microseconds.
cpu_us() {
    awk '{ print ($14 + $15 + $16 + $17) * 10000 }' "/proc/$1/stat"
}

# measure NAME WHAT CONNECTIONS PATH [WRK-ARGUMENT...]: one row.
measure() {
    local name="$1" what="$2" connections="$3" path="$4" before after
    shift 4
    before=$(cpu_us "${pid_of[$name]}")
    taskset -c "$client_core" wrk -t1 -c"$connections" -d"${seconds}s" --latency "$@" \
        "http://127.0.0.1:${port_of[$name]}$path" >"$scratch/wrk"
    after=$(cpu_us "${pid_of[$name]}")
    sed -n "s/^ *Non-2xx or 3xx responses: /bench: answers of $name that are no 200: /p" "$scratch/wrk" >&2
    awk -v what="$what" -v us="$((after - before))" '
        /requests in/ { count = $1 }
        /Requests\/sec/ { rate = $2 }
        $1 == "99%" { p99 = $2 }
        END { printf "| %s | %.0f | %.1f | %s |\n", what, rate, count ? us / count : 0, p99 }' \
        "$scratch/wrk"
}

has() {
    command -v "$1" >/dev/null || [ -x "$1" ]
}

bench_ours() {
    make_tools 1
    start ours "$port" "$bin/greenroomd" --env "$scratch/production" --threads 1 \
        --listen "127.0.0.1:$port"
    curl -sSf -o "$scratch/answer" -H "Authorization: Bearer $key" \
        "http://127.0.0.1:$port/v1/tools/space-0/tool-1"
    measure ours 'greenroomd, with its key' 64 /v1/tools/space-0/tool-1 \
        -H "Authorization: Bearer $key"
}

bench_registry() {
    local here=$((port + 1)) upload digest
    cat >"$scratch/registry.yml" <<YML
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $scratch/registry }, cache: { blobdescriptor: inmemory } }
http: { addr: "127.0.0.1:$here" }
YML
    start registry "$here" docker-registry serve "$scratch/registry.yml"
    upload=$(curl -sS -D - -o /dev/null -X POST "http://127.0.0.1:$here/v2/tool/blobs/uploads/" |
        tr -d '\r' | sed -n 's/^Location: //p')
    digest=sha256:$(sha256sum <"$scratch/answer" | cut -d ' ' -f 1)
    curl -sSf -X PUT -H 'Content-Type: application/octet-stream' \
        --data-binary "@$scratch/answer" "$upload&digest=$digest"
    measure registry 'docker-registry, a blob' 64 "/v2/tool/blobs/$digest"
}

bench_etcd() {
    local here=$((port + 2))
    start etcd "$here" etcd --data-dir "$scratch/etcd" --enable-v2 --log-level error \
        --listen-client-urls "http://127.0.0.1:$here" --advertise-client-urls "http://127.0.0.1:$here" \
        --listen-peer-urls "http://127.0.0.1:$((here + 10))"
    curl -sSf -o /dev/null -X PUT --data-urlencode "value@$scratch/answer" \
        "http://127.0.0.1:$here/v2/keys/tool"
    measure etcd 'etcd, v2 GET' 64 /v2/keys/tool
}

bench_fossil() {
    local here=$((port + 3))
    (
        export HOME=$scratch USER=bench
        fossil init "$scratch/bench.fossil" >/dev/null
        mkdir "$scratch/checkout"
        cd "$scratch/checkout" || exit
        fossil open ../bench.fossil >/dev/null
        cp ../answer answer.json
        fossil add answer.json >/dev/null
        fossil commit -m one --no-warnings >/dev/null
    )
    start fossil "$here" fossil server --localhost --port "$here" "$scratch/bench.fossil"
    measure fossil 'fossil, a file' 4 /doc/tip/answer.json
}

bench_cgit() {
    local count=20 before after i
    git init -q "$scratch/cgit"
    cp "$scratch/answer" "$scratch/cgit/answer.json"
    git -C "$scratch/cgit" add -A
    git -C "$scratch/cgit" commit -q -m one
    printf 'repo.url=tool\nrepo.path=%s/cgit/.git\n' "$scratch" >"$scratch/cgitrc"
    before=$(cpu_us $$)
    for ((i = 0; i < count; i++)); do
        CGIT_CONFIG=$scratch/cgitrc QUERY_STRING='url=tool/plain/answer.json' REQUEST_METHOD=GET \
            /usr/lib/cgit/cgit.cgi >/dev/null
    done
    after=$(cpu_us $$)
    printf '| cgit, a file (its process alone) | | %s | |\n' "$(((after - before) / count))"
}

printf '\n### The same answer from what people use today\n\n'
printf '| server | requests/s | CPU us a request | p99 |\n|---|---|---|---|\n'
bench_ours
if has docker-registry; then bench_registry; fi
if has etcd; then bench_etcd; fi
if has fossil; then bench_fossil; fi
if has /usr/lib/cgit/cgit.cgi; then bench_cgit; fi
