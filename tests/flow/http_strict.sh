# Requests that two readers might read in two ways are refused, to the byte, and nothing that follows
# them is looked at.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

raw_http="${GREENROOM_RAW_HTTP:-$GREENROOM_BIN/raw_http}"

make_environments
write_prompt greeting outbound/greeting 'One.'
run publish greeting
run promote prompt/outbound/greeting@1
make_bearer
key="$bearer"
start_server production --threads 2
port="${url##*:}"
wait_until 5 answers 200 /v1/prompts/outbound/greeting
"$raw_http" "$port" "$flow_folder/http_strict.txt" "$key" >out || fail "$(cat out)"
says '^1[0-9][0-9] cases, 0 failed$'

# A sample of what the corpus must not take for an answer.
printf '%s\n' '400 close {G}\r\n' >wrong-status
printf '%s\n' '200 close {G}\r\n' >wrong-end
printf '%s\n' '400 open {G}A : b\r\n\r\n' >wrong-start
for corpus in wrong-status wrong-end wrong-start; do
    "$raw_http" "$port" "$corpus" >out && fail "$corpus passes: $(cat out)"
done

bearer=none
expect_get 200 /healthz
expect_get 405 /healthz -X DELETE
equal Allow 'GET, HEAD, OPTIONS' "$(field Allow)"
stop_server
