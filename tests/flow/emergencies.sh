# Holds, freezes, break-glass: what stops a promotion, what passes all the same, and who is needed.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

make_strict
for text in One Two Three; do
    write_prompt folder greeting "$text."
    run publish folder
done
ready prompt/greeting@1
run promote prompt/greeting@1
ready prompt/greeting@2
run promote prompt/greeting@2
ready prompt/greeting@3

# --- a hold stops what is new until it is lifted; a rollback goes through ---
make_key stranger
expect_error 2 word_missing greenroom hold prompt/greeting --reason no --env production
expect_error 1 approver_unknown greenroom hold prompt/greeting --reason no --env production \
    --sign-with stranger
run greenroom hold prompt/greeting --reason 'Complaints came in.' --env production --sign-with approver
refused_both gate.hold prompt/greeting@3
says 'Complaints came in'
run rollback prompt/greeting --reason 'Complaints came in.' --json
equal 'live' 1 "$(json live)"
expect_error 2 word_missing greenroom lift prompt/greeting --env production
expect_error 1 approver_unknown greenroom lift prompt/greeting --env production --sign-with stranger
refused_both gate.hold prompt/greeting@3
run greenroom lift prompt/greeting --env production --sign-with approver
expect_error 3 hold_unknown greenroom lift prompt/greeting --env production --sign-with approver

# --- a freeze stops promotions, not rollbacks ---
write_policy frozen.json 2 ', "freezes": [{"from": "2020-01-01T00:00:00Z", "to": "2090-01-01T00:00:00Z", "reason": "Holidays."}]'
run greenroom policy set frozen.json --env production --sign-with approver
run approve prompt/greeting@3
refused_both gate.freeze prompt/greeting@3
says 'Holidays'
run rollback prompt/greeting --to 2 --reason 'The other way.' --json
equal 'live' 2 "$(json live)"
# One that is over, or has not begun, stops nothing.
write_policy past.json 3 ', "freezes": [{"from": "2020-01-01T00:00:00Z", "to": "2020-02-01T00:00:00Z", "reason": "Past."}, {"from": "2090-01-01T00:00:00Z", "to": "2090-02-01T00:00:00Z", "reason": "Far."}]'
run greenroom policy set past.json --env production --sign-with approver
run approve prompt/greeting@3
run promote prompt/greeting@3

# --- break-glass: two people, a reason, and everybody can see it ---
sed 's/"number": 2/"number": 4/' frozen.json >again.json
run greenroom policy set again.json --env production --sign-with approver
write_prompt folder greeting 'Four.'
run publish folder
refused_both gate.second-signature prompt/greeting@4 --break-glass 'Wrong price on air.'
refused_both gate.second-signature prompt/greeting@4 --break-glass 'Wrong price on air.' \
    --second-sign-with approver
refused_both gate.approver prompt/greeting@4 --break-glass 'Wrong price on air.' \
    --second-sign-with stranger
refused_both gate.reason prompt/greeting@4 --break-glass '' --second-sign-with second
run promote prompt/greeting@4 --break-glass 'Wrong price on air.' --second-sign-with second
run greenroom list --env production
says 'BREAK-GLASS, open until .*Wrong price on air'
run greenroom audit --env production
says 'break-glass .*BREAK-GLASS'

# --- quarantined: by no way back, whatever the signatures ---
run quarantine prompt/greeting@4 --reason 'Illegal promise.' --json
equal 'live' 3 "$(json live)"
refused_both gate.quarantined prompt/greeting@4 --break-glass 'Again.' --second-sign-with second
expect_finding gate.quarantined rollback prompt/greeting --to 4 --reason again
# Nor under another number: it is the content that is out.
write_prompt folder greeting 'Five.'
run publish folder
write_prompt folder greeting 'Four.'
run publish folder
refused_both gate.quarantined prompt/greeting@6 --break-glass 'Again.' --second-sign-with second

# --- a policy without break-glass knows none ---
write_policy none.json 5
sed -i '/break_glass/d; s/"approval_valid_for": "7d",/"approval_valid_for": "7d"/' none.json
run greenroom policy set none.json --env production --sign-with approver
refused_both gate.break-glass prompt/greeting@5 --break-glass 'Now.' --second-sign-with second
expect_sound sandbox production
