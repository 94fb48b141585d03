# Slow, silent and greedy callers are cut off, and nobody else notices; a server that stops lets
# answers under way finish.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

ulimit -n "$(ulimit -Hn)"
make_environments
write_knowledge plans plans 3
{ yes 'What a page may say.' || true; } | head -c 12000000 >plans/docs/large.txt # more than sockets hold
run publish plans
run promote knowledge/plans@1
large=/v1/knowledge/plans/-/files/docs/large.txt
make_bearer --role operator

# dial: a connection to the server; its descriptor is in $line.
dial() {
    exec {line}<>"/dev/tcp/127.0.0.1/${url##*:}"
}

# ask LINE PATH: a request on a connection, and the first line of its answer, in $answer.
ask() {
    printf 'GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n' "$2" "$bearer" >&"$1"
    IFS= read -r answer <&"$1"
}

# ends LINE: the server closes it; what came before that is in ./rest.
ends() {
    local code=0
    timeout 20 cat <&"$1" >rest 2>/dev/null || code=$?
    [ "$code" -ne 124 ] || fail "a connection goes on"
}

# counted NAME AT_LEAST: for wait_until; a row of /metrics, with its labels.
counted() {
    get /metrics
    awk -v name="greenroom_$1" -v least="$2" '$1 == name && $2 >= least { found = 1 }
        END { exit !found }' body
}

# --- who is gone is let go at once, also when the last bytes and the end came as one ---
is_alone() {
    get /metrics
    grep -qx 'greenroom_connections{state="open"} 1' body
}
start_server production --threads 2 --request-timeout 60s --idle-timeout 60s
wait_until 5 is_alone
kill -STOP "$server_pid"
for part in $'GET /healthz HTTP/1.1\r\nHost: x\r\nA: ' $'GET / HTTP/9.9\r\nHost: x\r\n\r\n'; do
    dial
    printf '%s' "$part" >&"$line"
    exec {line}>&-
done
kill -CONT "$server_pid"
wait_until 20 is_alone
stop_server

# --- a hundred slow callers and a thousand silent ones ---
start_server production --threads 2 --request-timeout 3s --idle-timeout 4s --max-per-address 4000
wait_until 5 answers 200 /metrics
"$GREENROOM_BIN/crowd" "${url##*:}" 1000 '' >silent &
silent=$!
"$GREENROOM_BIN/crowd" "${url##*:}" 100 $'GET /healthz HTTP/1.1\r\nHost: x\r\nA: ' >slow &
slow=$!
wait_until 10 grep -q ready silent
wait_until 10 grep -q ready slow
for ((i = 0; i < 20; i++)); do
    expect_get 200 /healthz
done
counted 'connections{state="open"}' 1000 || fail "$(cat body)"
wait "$slow" "$silent"
equal 'what slow callers are told' 'ready 408 100' "$(xargs <slow)"
equal 'what silent callers are told' 'ready 0 1000' "$(xargs <silent)"
counted 'connections_timed_out_total{phase="head"}' 100 || fail "$(cat body)"
counted 'connections_timed_out_total{phase="idle"}' 1000 || fail "$(cat body)"
counted 'http_refusals_total{reason="request_timeout"}' 100 || fail "$(cat body)"
stop_server

# --- who asks and does not take the answers ---
start_server production --threads 1 --stall-timeout 1s
dial
ask "$line" "$large"
wait_until 10 counted 'connections_timed_out_total{phase="answer"}' 1
exec {line}>&-
stop_server

# --- one address cannot take all places, and the idle make room ---
start_server production --threads 1 --max-per-address 3
dial && one="$line"
dial && two="$line"
dial && three="$line"
dial
ends "$line"
equal 'what a fourth connection is told' '' "$(cat rest)"
exec {one}>&- {two}>&- {line}>&-
wait_until 5 answers 200 /healthz
counted 'connections_refused_total{reason="address"}' 1 || fail "$(cat body)"
exec {three}>&-
stop_server
start_server production --threads 1 --max-connections 3 --max-per-address 10
dial && one="$line"
ask "$one" /healthz
dial && two="$line"
ask "$two" /healthz
dial && three="$line"
ask "$three" /healthz
expect_get 200 /healthz
ends "$one"
exec {one}>&- {two}>&- {three}>&-
counted connections_evicted_total 1 || fail "$(cat body)"
stop_server

# --- an answer under way is finished, and nobody new is let in ---
start_server production --threads 2
dial && idle="$line"
dial && busy="$line"
ask "$busy" "$large"
equal 'the answer' $'HTTP/1.1 200 OK\r' "$answer"
kill -TERM "$server_pid"
refuses() {
    ! curl -sS --max-time 5 "$url/healthz"
}
wait_until 5 refuses
ends "$idle"
sed '1,/^\r$/d' <&"$busy" >taken
cmp taken plans/docs/large.txt
exec {idle}>&- {busy}>&-
code=0
wait "$server_pid" || code=$?
server_pid=''
equal 'how the server ended' 0 "$code"

# --- but not for ever ---
start_server production --threads 2 --stop-timeout 1s
dial
ask "$line" "$large"
stop_server
