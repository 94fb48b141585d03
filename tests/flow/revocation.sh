# A change of who may sign that undoes what is served is not taken over; what takes rights away is,
# even then: a key that is revoked, a release that is quarantined. Nothing is given meanwhile.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# edit_control MESSAGE COMMAND...: a commit on `control` past Greenroom, by COMMAND in a clone of it.
edit_control() {
    rm -rf clone
    git clone -q -b control production/store.git clone
    (cd clone && "${@:2}")
    git -C clone add -A
    git -C clone -c user.name=x -c user.email=x@example.com commit -qm "$1"
    git -C clone push -q "$work/production/store.git" control
}

make_environments
make_key second
run greenroom approver add second@example.com second.pub --env production --sign-with approver
write_prompt greeting greeting 'Hello.'
write_prompt closing closing 'Goodbye.'
run publish greeting
run publish closing
run promote prompt/greeting@1
signer=second run promote prompt/closing@1
make_bearer
lost="$bearer" lost_id="$bearer_id"
make_bearer
late="$bearer" late_id="$bearer_id"
make_bearer
kept="$bearer"
git -C production/store.git show control:approvers >approvers
start_server production
bearer="$kept"
expect_get 200 /v1/prompts/greeting
tag="$(get /v1/live && field etag)"

# --- who signed the greeting was never an approver, says a commit of nobody's ---
edit_control 'approvers' sed -i '/^approver@example.com /d' approvers
degraded() {
    get /readyz
    [ "$(json status body)" = degraded ]
}
wait_until 10 degraded
expect_get 200 /v1/prompts/greeting
expect_get 200 /v1/prompts/closing

# --- a key is revoked all the same, and another one, later ---
refused() { # refused KEY
    bearer="$1" get /v1/live
    [ "$status" = 401 ]
}
run greenroom key revoke "$lost_id" --env production
wait_until 10 refused "$lost"
bearer="$kept" expect_get 200 /v1/prompts/greeting
run greenroom key revoke "$late_id" --env production
wait_until 10 refused "$late"
# A commit that takes a revocation back does not.
edit_control 'a key again' sed -i '/"revoked"/d; s/^\( *"expires": "[^"]*"\),$/\1/' "keys/$lost_id.json"
# What is given is not taken over: a new key, though it be made as keys are made.
make_bearer
fresh="$bearer" fresh_id="$bearer_id"

# --- a release is quarantined all the same ---
quarantine_closing() {
    mkdir -p quarantine/prompt/closing
    printf '{ "artifact": "prompt/closing@1", "digest": "%s" }\n' "$digest" \
        >quarantine/prompt/closing/1.json
}
bearer="$kept" expect_get 200 /v1/prompts/closing
digest="$(json digest body)"
edit_control 'quarantine' quarantine_closing
bearer="$kept"
wait_until 10 answers 404 /v1/prompts/closing
expect_get 200 /v1/prompts/greeting
get /v1/live
[ "$tag" != "$(field etag)" ] || fail 'the state has another content, and the same ETag'
refused "$lost" || fail 'a key that was revoked is good again'
refused "$fresh" || fail 'a key that was made since is taken'
bearer="$kept"
degraded || fail "$(cat body)"

# --- mended: all is taken over ---
edit_control 'mended' cp "$work/approvers" approvers
ready() {
    get /readyz
    [ "$(json status body)" = ready ]
}
wait_until 10 ready
bearer="$fresh"
wait_until 10 answers 200 /v1/prompts/greeting
expect_get 404 /v1/prompts/closing
refused "$late" || fail 'a revoked key is good again'

# --- somebody breaks files beside the keys, so that what is withdrawn later is not heard: it is ---
break_keys() {
    echo '{' >keys/broken.json
    mkdir -p keys/a/b/c/d/e/f quarantine/prompt
    echo '[]' >keys/a/b/c/d/e/f/deep.json
    echo 'no JSON' >quarantine/prompt/broken.json
}
edit_control 'broken' break_keys
bearer="$kept"
wait_until 10 degraded
run greenroom key revoke "$fresh_id" --env production
wait_until 10 refused "$fresh"
bearer="$kept" expect_get 200 /v1/prompts/greeting
expect_get 404 /v1/prompts/closing
expect_exit 5 greenroom verify --env production
says 'control: keys: a: .*deeper' err
edit_control 'mended again' rm -r keys/a keys/broken.json quarantine/prompt/broken.json
wait_until 10 ready
refused "$fresh" || fail 'a revoked key is good again'
stop_server
