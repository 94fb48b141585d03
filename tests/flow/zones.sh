# Two trust zones: nothing of one may be meant in the other, whoever says so, and no destination of
# events is bound in production before it was tested.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# set_policy ENVIRONMENT NUMBER MEMBERS
set_policy() {
    printf '{ "format": 1, "name": "zones", "number": %d, "approvals": [], %s }\n' "$2" "$3" \
        >policy.json
    local signature=()
    [ "$1" = sandbox ] || signature=(--sign-with approver)
    run greenroom policy set policy.json --env "$1" "${signature[@]}" --reason test
}

make_environments
write_tool note crm/note
run publish note

# --- what the policy calls foreign is bound nowhere here ---
owned='{ "hosts": ["*.live.example.com"], "numbers": ["+1202555*"],
    "crm_organisations": ["00D5g000"], "secrets": ["production/*"],
    "webhooks": ["https://hooks.example.com/live"] }'
set_policy sandbox 2 "\"zone\": { \"foreign\": $owned }"
for value in https://crm.live.example.com/x '+1 (202) 555-0100' tel:+12025550199 \
    'https://crm.example.net/orgs/00d5g000/leads' production/crm-token \
    https://hooks.example.com/live/leads; do
    expect_error 1 binding_foreign greenroom binding set crm "$value" --env sandbox
done
for value in https://live.example.com/x '+1 (303) 555-0100' \
    https://crm.example.net/orgs/00d5g0001/leads sandbox/crm-token \
    https://hooks.example.com/live2 https://crm.sandbox.example.com; do
    run greenroom binding set crm "$value" --env sandbox
done

# --- and a policy that calls foreign what is bound already is not taken ---
printf '{ "format": 1, "name": "zones", "number": 3,
    "zone": { "foreign": { "hosts": ["crm.sandbox.example.com"] } } }' >policy.json
expect_error 1 policy_invalid greenroom policy set policy.json --env sandbox
says 'policy\.zone'
printf '{ "format": 1, "name": "zones", "number": 3,
    "zone": { "foreign": { "hosts": ["a.io"] }, "owns": { "hosts": ["a.io"] } } }' >policy.json
expect_error 1 policy_invalid greenroom policy set policy.json --env sandbox

# --- the other environment at hand: what it owns, and what it means by its own bindings ---
set_policy production 2 "\"zone\": { \"owns\": $owned }"
run greenroom binding set crm https://crm.live.example.com --env production
set_policy sandbox 4 '"zone": {}'
run greenroom binding set other https://other.live.example.com --env sandbox # nobody tells it
expect_error 1 binding_foreign greenroom binding set crm https://other.live.example.com \
    --env sandbox --peer production
says 'lists the host \*\.live\.example\.com as its own' out
run greenroom binding set other https://staging.example.com --env sandbox
expect_error 1 binding_foreign greenroom binding set crm https://staging.example.com:81/x \
    --env production --peer sandbox
says "the same host as 'other' in sandbox" out
# A description of it does the same where nobody reaches both.
run greenroom environment describe -o sandbox.side --env sandbox
run greenroom environment describe -o production.side --env production
for side in sandbox production; do
    equal "artifacts of what $side says" '[]' "$(tar -xOf "$side.side" seal.json >side.json && json artifacts side.json)"
done
expect_error 1 binding_foreign greenroom binding set crm https://other.live.example.com \
    --env sandbox --seal production.side
expect_error 1 binding_foreign greenroom binding set crm https://staging.example.com:81/x \
    --env production --seal sandbox.side
expect_error 5 seal_damaged greenroom admit sandbox.side --env production --sign-with approver
expect_error 2 peer_is_same greenroom binding set crm https://a.io --env sandbox --peer sandbox
run greenroom binding set crm https://crm.live.example.com --env production --peer sandbox

# --- the gate asks again, from what the seal says of the sandbox ---
run promote tool/crm/note@1
write_tool note crm/note
printf '\n' >>note/artifact.json
run publish note
run greenroom binding set other https://crm.live.example.com --env sandbox
expect_finding gate.zone promote tool/crm/note@2
json_lines | grep 'means the same host' >/dev/null || fail 'the shared host is not named'
run greenroom binding set other https://staging.example.com --env sandbox
run greenroom binding set crm https://two.live.example.com --env sandbox # what is tested there
expect_finding gate.zone promote tool/crm/note@2
json_lines | grep 'points at what belongs to this environment' >/dev/null || fail 'nobody minds'
run greenroom binding set crm https://staging.example.com/api --env sandbox
run greenroom seal tool/crm/note@2 -o note.seal --env sandbox
run greenroom binding set crm https://staging.example.com/api --env production # nobody tells it
expect_finding gate.zone greenroom admit note.seal --env production --sign-with approver
expect_error 1 binding_foreign greenroom binding set crm https://staging.example.com \
    --env production --seal note.seal
set_policy production 3 '"zone": { "shared": { "hosts": ["staging.example.com"] } }'
run greenroom admit note.seal --env production --sign-with approver
set_policy production 4 '"zone": { "foreign": { "hosts": ["elsewhere.example.com"] } }'
expect_error 1 binding_foreign greenroom binding set crm https://elsewhere.example.com \
    --env production

# --- no destination of events before a test of that very one ---
replay='"stages": [{ "id": "s", "title": "S" }], "items": [{ "id": "webhook-replay", "stage": "s",
    "scope": "environment", "title": "Replayed", "valid_for": "90d", "bindings": ["*webhook*"] }]'
set_policy production 5 "$replay"
first=https://hooks.example.com/leads
second=https://hooks.example.com/leads-2
bind() {
    greenroom binding set lead-webhook "$@" --env production --peer sandbox
}
attest() {
    greenroom attest --environment webhook-replay --env sandbox --actor "$author" "$@"
}
expect_error 1 binding_untested bind "$first"
expect_error 1 binding_untested greenroom binding set lead-webhook "$first" --env production
expect_error 2 subject_missing greenroom attest tool/crm/note@2 webhook-replay \
    --destination "$first" --env sandbox
run attest # of no destination
expect_error 1 binding_untested bind "$first"
run attest --destination "$second"
expect_error 1 binding_untested bind "$first"
says 'about another destination' out
run attest --destination "$first"
run bind "$first"
run greenroom binding set lead-webhook "$first" --env production # which is what it means already

sed 's/"crm"/"lead-webhook"/; s|crm/note|crm/lead|' note/artifact.json >lead.json
mkdir lead && mv lead.json lead/artifact.json
run publish lead
run greenroom status tool/crm/lead@1 --to production --env sandbox --json
equal 'asked of' "$first" "$(json entries.0.destination)"
run promote tool/crm/lead@1
# Another destination that came by an older policy: the gate asks for a test of what it means now.
set_policy production 6 '"zone": {}'
run greenroom binding set lead-webhook https://hooks.example.com/leads-3 --env production
set_policy production 7 "$replay"
printf '\n' >>lead/artifact.json
run publish lead
expect_finding gate.policy promote tool/crm/lead@2
json_lines | grep 'Replayed: lead-webhook: its attestation is about another' >/dev/null || fail 'which?'
run bind "$second"
run promote tool/crm/lead@2
expect_sound sandbox production
