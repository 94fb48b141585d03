# A server is killed at each step of a write that was asked for with an Idempotency-Key, and asked again
# once it is back: what was asked is done once, and the answer is the one that it would have been.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"
# shellcheck source=tests/fault/lib.sh
. "$flow_folder/../fault/lib.sh"

# A server below ./tried that counts its steps, and meets the fault of $at at one of them.
at=0
greenroomd() {
    export GREENROOM_FAULT_FOLDER="$work/tried" GREENROOM_FAULT_AT="$at" \
        GREENROOM_FAULT_TRACE="$work/trace" LD_PRELOAD="$GREENROOM_FAULT_LIBRARY" \
        ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
    exec "$GREENROOM_BIN/greenroomd" "$@"
}

serve() {
    : >trace
    start_server tried/sandbox --writable --unconfined --threads 1
}

# request: what the scenario asks for, always with the same key; fails when nobody answers.
request() {
    get "/v1/operations/$operation" -H 'Idempotency-Key: the-same' "${input[@]}" 2>/dev/null
}

# without_chance FILE: an answer without what differs from time to time.
without_chance() {
    sed -E 's/[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z/TIME/g; s/"request_id":"[0-9a-f]*"//' "$1"
}

# steps_of: the first and the last step of the request, and what it is answered in ./reference.
steps_of() {
    rm -rf tried
    cp -R prepared tried
    at=0 serve
    first="$(wc -l <trace)"
    request
    equal "$operation, undisturbed" 200 "$status"
    last="$(wc -l <trace)"
    stop_server
    cp trace trace.undisturbed
    without_chance body >reference
    [ "$last" -gt "$((first + 10))" ] || fail "$operation takes $((last - first)) steps only"
}

# kill_at STEP: asked again after that, it was done once.
kill_at() {
    rm -rf tried
    cp -R prepared tried
    at="$1" serve
    request || true # the answer may have been sent before, or not
    kill -KILL "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    at=0 serve
    request
    equal "$operation, killed at step $1, asked again" "$wanted_again" "$status"
    [ "$wanted_again" != 200 ] || without_chance body | cmp - reference ||
        fail "$operation, killed at step $1: $(cat body) is not $(cat reference)"
    cp body again
    request
    without_chance body >body.plain
    without_chance again | cmp - body.plain
    stop_server
    equal "$operation, killed at step $1: how often it was done" 1 "$(done_count)"
    run greenroom verify --env tried/sandbox
    [ ! -e tried/sandbox/request.json ] || fail "$operation, killed at step $1: a note is left"
}

# try OPERATION STATUS-OF-A-RETRY CURL-ARGUMENT...
try() {
    operation="$1" wanted_again="$2"
    input=("${@:3}")
    steps_of
    local step stride=$(((last - first) / ${GREENROOM_FAULT_SAMPLE:-12} + 1))
    [ -z "${GREENROOM_FAULT_ALL:-}" ] || stride=1
    # The instants about the branch's move are always among them.
    branch_step="$(grep -n 'rename .*refs/heads/' trace.undisturbed | tail -n 1 | cut -d : -f 1)"
    for ((step = first + 1; step <= last; step++)); do
        local behind=$((step - branch_step))
        if [ $(((step - first) % stride)) -eq 0 ] || { [ "$behind" -ge -1 ] && [ "$behind" -le 4 ]; }; then
            kill_at "$step"
            kills=$((kills + 1))
        fi
    done
}
kills=0

mkdir prepared
run greenroom init prepared/sandbox --class sandbox
run greenroom key create --role author --owner "$author" --expires 30d --env prepared/sandbox --json
author_key="$(json key)"
run greenroom key create --role operator --owner op@example.com --expires 30d --env prepared/sandbox --json
operator_key="$(json key)"
write_prompt greeting greeting 'Hello.'
tar -czf greeting.tar.gz -C greeting .

bearer="$author_key"
done_count() {
    git -C tried/sandbox/store.git rev-list --count drafts
}
try publish 200 -F 'input={"note":"first"};type=application/json' -F content=@greeting.tar.gz

bearer="$operator_key"
done_count() {
    git -C tried/sandbox/store.git log --format=%s control | grep -c '^binding set'
}
try binding-set 200 -H 'Content-Type: application/json' \
    -d '{"name":"crm","value":"https://crm.example.com"}'
echo "$kills kills"
