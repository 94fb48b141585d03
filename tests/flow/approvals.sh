# An approval holds for exactly one digest, one target, one replaced release and one policy; each change
# voids it, by promote and by admit alike.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

make_strict
write_prompt folder greeting 'One.'
run publish folder

# --- the board says what is missing, and the command that meets it ---
run greenroom status prompt/greeting@1 --to production --env sandbox
says '\[ \] script-read'
says 'greenroom attest prompt/greeting@1 script-read'
says 'greenroom attest --environment numbers-tested'
says 'not ready'
refused_both gate.policy prompt/greeting@1
run greenroom plan prompt/greeting@1 --from sandbox --to production --json
equal 'allowed' false "$(json allowed)"

ready prompt/greeting@1
run greenroom status prompt/greeting@1 --to production --env sandbox --json
equal 'ready' true "$(json ready)"
run greenroom plan prompt/greeting@1 --from sandbox --to production --json
equal 'allowed' true "$(json allowed)"

# --- an approval of one version says nothing of the next, whose content is another ---
write_prompt folder greeting 'One. '
run publish folder
run attest prompt/greeting@2 script-read
refused_both gate.policy prompt/greeting@2
says '1 approval: 0 of 1'

# --- the draft's own author cannot approve, nor somebody unknown, nor one removed ---
make_key stranger
run greenroom publish folder --env sandbox --actor "$author"
signer=stranger expect_error 1 approval_void approve prompt/greeting@2
write_prompt own own 'By an approver.'
run greenroom publish own --env sandbox --actor 'Second <second@example.com>'
signer=second expect_exit 1 approve prompt/own@1
says 'own author' err
run greenroom approver remove second@example.com --env production
signer=second expect_error 1 approval_void approve prompt/greeting@2

# --- approved, then what is live changes: void, until approved again ---
run approve prompt/greeting@2
run promote prompt/greeting@1
refused_both gate.policy prompt/greeting@2
run greenroom status prompt/greeting@2 --to production --env sandbox
says 'what is live there changed since'
run approve prompt/greeting@2
run promote prompt/greeting@2

# --- approved, then the policy changes: void ---
write_prompt folder greeting 'Three.'
run publish folder
ready prompt/greeting@3
write_policy newer.json 2
run greenroom policy set newer.json --env production --sign-with approver
refused_both gate.policy prompt/greeting@3
run greenroom status prompt/greeting@3 --to production --env sandbox
says 'the policy changed since'
run approve prompt/greeting@3

# --- an approval taken back no longer counts; nor one by somebody removed since ---
run greenroom withdraw-approval prompt/greeting@3 0003-approval --env sandbox
refused_both gate.policy prompt/greeting@3
says 'withdrawn'
expect_error 3 record_unknown greenroom withdraw-approval prompt/greeting@3 0099-approval --env sandbox
expect_error 4 record_withdrawn greenroom withdraw-approval prompt/greeting@3 0003-approval --env sandbox
expect_error 1 record_stays greenroom withdraw-approval prompt/greeting@3 0004-withdrawal --env sandbox
expect_error 2 record_missing greenroom withdraw-approval 0003-approval --env sandbox
expect_error 2 record_missing greenroom withdraw-approval prompt/greeting@3 --environment 0001-attestation --env sandbox

# --- an attestation of the environment is taken back like any other ---
run approve prompt/greeting@3
run greenroom plan prompt/greeting@3 --from sandbox --to production --json
equal 'allowed' true "$(json allowed)"
for number in 1 2; do # each that was given
    run greenroom withdraw-approval --environment "000$number-attestation" --env sandbox
done
refused_both gate.policy prompt/greeting@3
says 'numbers-tested|The numbers were tested'
says 'its attestation was withdrawn'
run attest --environment numbers-tested

# --- removed and added again at once: what was approved before is void, for tag and approval alike ---
make_key comeback
run greenroom approver add comeback@example.com comeback.pub --env production
run greenroom withdraw-approval prompt/greeting@3 0005-approval --env sandbox
signer=comeback run approve prompt/greeting@3
run greenroom plan prompt/greeting@3 --from sandbox --to production --json
equal 'allowed' true "$(json allowed)"
run greenroom approver remove comeback@example.com --env production
run greenroom approver add comeback@example.com comeback.pub --env production
refused_both gate.policy prompt/greeting@3
says 'signed before its signer was added'

# --- rejected: no approval helps ---
run approve prompt/greeting@3
run greenroom reject prompt/greeting@3 --reason 'Promises a refund.' --env sandbox
refused_both gate.rejected prompt/greeting@3

# --- two approvals mean two people ---
write_policy two.json 3 ', "description": "two"'
sed -i 's/"count": 1/"count": 2/' two.json
run greenroom policy set two.json --env production --sign-with approver
make_key third
run greenroom approver add third@example.com third.pub --env production
write_prompt folder greeting 'Four.'
run publish folder
ready prompt/greeting@4
run approve prompt/greeting@4
run approve prompt/greeting@4 # twice by one person is once
refused_both gate.policy prompt/greeting@4
says '1 of 2'
signer=third run approve prompt/greeting@4
run promote prompt/greeting@4

# --- nobody promotes what they wrote, by whatever way in ---
write_prompt mine mine 'By an approver.'
run greenroom publish mine --env sandbox --actor 'Third <third@example.com>'
run attest prompt/mine@1 script-read
run approve prompt/mine@1
make_key fourth
run greenroom approver add fourth@example.com fourth.pub --env production
signer=fourth run approve prompt/mine@1
signer=third refused_both gate.own-draft prompt/mine@1
signer=stranger refused_both gate.approver prompt/mine@1

# --- an approver who was removed since: what they approved is void ---
run greenroom approver remove fourth@example.com --env production
refused_both gate.policy prompt/mine@1
says 'its signer is no approver'

# --- an approval that expired, by what the policy allows ---
write_policy brief.json 4
sed -i 's/"approval_valid_for": "7d"/"approval_valid_for": "6s"/' brief.json
run greenroom policy set brief.json --env production --sign-with approver
write_prompt folder greeting 'Five.'
run publish folder
run attest prompt/greeting@5 script-read
run approve prompt/greeting@5
has_expired() {
    greenroom status prompt/greeting@5 --to production --env sandbox | grep -q 'it expired'
}
wait_until 20 has_expired
refused_both gate.policy prompt/greeting@5
says 'it expired'

# --- the policy only moves forward, with an approver's signature ---
expect_error 1 policy_not_newer greenroom policy set newer.json --env production --sign-with approver
expect_error 1 policy_not_newer greenroom policy set two.json --env production --sign-with approver
write_policy last.json 5
expect_error 2 signature_missing greenroom policy set last.json --env production
expect_error 1 approver_unknown greenroom policy set last.json --env production --sign-with stranger
sed 's/"number": 5/"number": "five"/' last.json >wrong.json
expect_exit 1 greenroom policy set wrong.json --env production --sign-with approver
says 'policy.schema' err
run greenroom policy diff last.json --env production
says '^-.*"number": 4'

expect_sound sandbox production
run greenroom audit --verify --env production
run greenroom audit --env production --actor 'Approver*' --artifact prompt/greeting@2
says 'promote'
