# An emergency release is open until its time is over: shown wherever somebody looks, closed by making up
# for it or by going back, and nothing is built on one that nobody made up for.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

make_strict
write_prompt folder greeting 'One.'
run publish folder
ready prompt/greeting@1
run promote prompt/greeting@1
make_bearer
start_server production
urgently() { # urgently DRAFT
    greenroom promote "$1" --from sandbox --to production --sign-with approver --second-sign-with second \
        --break-glass 'Wrong price on air.' --actor 'Approver <approver@example.com>'
}
lacks() { # lacks PATTERN: it is not in ./err
    ! grep -E -- "$1" err || fail "'$1' is in err"
}
counts() { # counts OPEN EXPIRED: as the server tells without a key
    get /readyz
    [ "$(json emergencies.open body) $(json emergencies.expired body)" = "$1 $2" ]
}
wait_until 10 counts 0 0

# --- open: shown by list, log, status, verify, the audit and the server ---
write_prompt folder greeting 'Two.'
run publish folder
run urgently prompt/greeting@2
run greenroom list --env production
says '!! an EMERGENCY release is live, open until '
run greenroom list --env production --json
equal 'expired' false "$(json 0.emergency.expired)"
run greenroom log prompt/greeting --env production
equal 'emergencies in the log' 1 "$(grep -c '!! an EMERGENCY release is live' out)"
run greenroom status prompt/greeting@2 --to production --env sandbox
says '!! an EMERGENCY release is live, open until '
run greenroom verify --env production
says 'prompt/greeting@2 is an emergency release, open until .*\[verify.emergency\]' err
wait_until 10 counts 1 0
# A second emergency may follow while the first is open; going back and forth is possible as well.
run rollback prompt/greeting --to 1 --reason back
wait_until 10 counts 0 0
run greenroom verify --env production
lacks emergency
run rollback prompt/greeting --to 2 --reason forth
wait_until 10 counts 1 0

# --- made up for: the same version is promoted in the ordinary way, and is one like any other ---
refused_both gate.policy prompt/greeting@2
before=$(tip production live)
run urgently prompt/greeting@2 --json
equal 'not made longer' "$before" "$(tip production live)"
ready prompt/greeting@2
tag=$(git -C production/store.git rev-parse release/prompt/greeting/2)
run promote prompt/greeting@2 --json
equal 'state' live "$(json releases.0.state)"
equal 'tag' "$tag" "$(git -C production/store.git rev-parse release/prompt/greeting/2)"
run greenroom list --env production --json
equal 'members' '' "$(json_lines | grep emergency || true)"
run greenroom verify --env production
lacks emergency
wait_until 10 counts 0 0
run promote prompt/greeting@2 --json
equal 'state' unchanged "$(json releases.0.state)"
index_of production >before
run greenroom reindex --env production
index_of production >after
cmp before after

# --- its time is over: served on, and shouted about ---
write_policy short.json 2
sed -i 's/"open_for": "24h"/"open_for": "1s"/' short.json
run greenroom policy set short.json --env production --sign-with approver
write_prompt folder greeting 'Three.'
run publish folder
run urgently prompt/greeting@3
is_over() {
    greenroom list --env production --json >out && [ "$(json 0.emergency.expired)" = true ]
}
wait_until 10 is_over
run greenroom list --env production
says '!! an EMERGENCY release is live, its time was over at '
run greenroom status prompt/greeting@3 --to production --env sandbox
says '!! an EMERGENCY release is live, its time was over at '
run greenroom verify --env production
says 'prompt/greeting@3 is an emergency release: its time was over at .* still live \[verify.emergency\]' err
wait_until 10 counts 0 1
make_bearer --role operator
wait_until 5 answers 200 /metrics
says '^greenroom_emergencies_expired 1$' body
warned() {
    grep -q '1 emergency releases are live past their time' server.err
}
wait_until 5 warned
expect_get 200 /v1/prompts/greeting
equal 'served' 3 "$(json version body)"
index_of production >before
run greenroom reindex --env production
index_of production >after
cmp before after

# --- and nothing is built on it ---
write_prompt folder greeting 'Four.'
run publish folder
refused_both gate.emergency-expired prompt/greeting@4 --break-glass 'Again.' --second-sign-with second
write_prompt other closing 'Goodbye.'
sed -i 's|"title"|"uses": ["prompt/greeting"], "title"|' other/artifact.json
run publish other
ready prompt/closing@1
refused_both gate.emergency-expired prompt/closing@1
says 'it uses prompt/greeting@3, an emergency release that is live past its time'
refused_both gate.emergency-expired prompt/closing@1 --break-glass 'Now.' --second-sign-with second
# There is no way back to it, by name or by falling back.
run rollback prompt/greeting --to 2 --reason back
expect_finding gate.emergency-expired rollback prompt/greeting --to 3 --reason forth
wait_until 10 counts 0 0
run promote prompt/closing@1
ready prompt/greeting@4
run promote prompt/greeting@4
run quarantine prompt/greeting@4 --reason harm --json
equal 'what takes its place' 2 "$(json live)"
# Made up for, it is a release like any other.
ready prompt/greeting@3
run promote prompt/greeting@3
run rollback prompt/greeting --to 2 --reason back
run rollback prompt/greeting --to 3 --reason forth
wait_until 10 counts 0 0
stop_server
expect_sound sandbox production
