# Answers that are lost on their way: the command line asks again with the same key of its request,
# and what was asked is done once. A relay takes each answer from the server and hangs up.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

relay_pid=''
trap '[ -z "$relay_pid" ] || kill "$relay_pid"; flow_end $?' EXIT

# lose COUNT: from here on, so many answers; the way to the server is at $there.
lose() {
    [ -z "$relay_pid" ] || kill "$relay_pid"
    [ -z "$relay_pid" ] || wait "$relay_pid" 2>/dev/null || true
    rm -rf said
    mkdir said
    : >relay.port
    "$GREENROOM_BIN/relay" "${url##*:}" said "$1" >relay.port &
    relay_pid=$!
    wait_until 10 test -s relay.port
    there="http://127.0.0.1:$(cat relay.port)"
}

# keys_said: how many different Idempotency-Keys the relay has seen, and in how many requests.
keys_said() {
    cat said/*.request | tr -d '\r' | grep -ai '^idempotency-key: ' >keys
    echo "$(sort -u keys | wc -l) in $(wc -l <keys)"
}

# lost: how many answers were.
lost() {
    find said -name '*.lost' | wc -l
}

audited() { # audited ENVIRONMENT OPERATION: how often it is in the audit
    run greenroom audit --env "$1" --json
    json_lines | grep -cE $'\\.operation\t'"$2\$" || true
}

make_environments
write_prompt greeting greeting 'Hello.'
run greenroom key create --role author --owner "$author" --expires 30d --env sandbox --json
author_key="$(json key)"
make_bearer --role approver
approver_key="$bearer"
make_bearer --role operator
operator_key="$bearer"

# --- a draft: one version, whatever gets lost ---
start_server sandbox --writable
export GREENROOM_KEY="$author_key"
for count in 1 2; do
    lose "$count"
    printf 'Draft %d.\n' "$count" >greeting/sections/opening.md
    run command greenroom publish greeting --env "$there" --json
    equal 'the version' "$count" "$(json artifacts.0.version)"
    equal 'its state' new "$(json artifacts.0.state)"
    equal 'answers lost' "$count" "$(lost)"
    equal 'keys of requests' "1 in $((count + 1))" "$(keys_said)"
    equal 'publications' "$count" "$(audited sandbox publish)"
done

# What is lost too often is told; it was done all the same, once.
lose 3
echo 'Draft 3.' >greeting/sections/opening.md
expect_exit 6 greenroom publish greeting --env "$there" --json
equal 'error code' server_unreachable "$(json error.code)"
equal 'publications' 3 "$(audited sandbox publish)"
lose 0
run greenroom publish greeting --env "$there" --json
equal 'the version' 3 "$(json artifacts.0.version)"
equal 'its state' unchanged "$(json artifacts.0.state)"
stop_server

# --- a promotion, whose turns of signing each lose an answer ---
start_server production --writable
lose 2
export GREENROOM_KEY="$approver_key"
(umask 077 && echo "$there $approver_key" >credentials)
GREENROOM_CREDENTIALS=credentials run greenroom promote prompt/greeting@3 --from sandbox --to "$there" \
    --sign-with approver --json
equal 'what came of it' live "$(json releases.0.state)"
equal 'answers lost' 2 "$(lost)"
equal 'promotions' 1 "$(audited production promote)"
equal 'tags' 1 "$(git -C production/store.git tag | wc -l)"

# --- a key is shown once: whoever lost the answer is told so, and no second one is made ---
lose 1
export GREENROOM_KEY="$operator_key"
keys="$(git -C production/store.git ls-tree --name-only control keys/ | wc -l)"
expect_exit 4 greenroom key create --role runtime --owner dialer --expires 1d --env "$there"
says 'its answer held a secret' err
equal 'keys' "$((keys + 1))" "$(git -C production/store.git ls-tree --name-only control keys/ | wc -l)"
stop_server
expect_sound sandbox production
