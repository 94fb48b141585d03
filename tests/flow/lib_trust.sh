# What the tests of trust share: environments under a policy of the test's own, and its evidence.
# Sourced after lib.sh.
# shellcheck shell=bash

# write_policy FILE NUMBER [MEMBERS]: one item of each scope, one approval; MEMBERS are more JSON
# members, each with a comma in front.
write_policy() {
    cat >"$1" <<TXT
{
  "format": 1, "name": "test", "number": $2,
  "stages": [{"id": "first", "title": "The first stage"}],
  "items": [
    {"id": "script-read", "stage": "first", "scope": "artifact", "title": "The script was read aloud", "valid_for": "30d"},
    {"id": "numbers-tested", "stage": "first", "scope": "environment", "title": "The numbers were tested", "valid_for": "30d"}
  ],
  "approvals": [{"count": 1}],
  "approval_valid_for": "7d",
  "break_glass": {"open_for": "24h"}${3:-}
}
TXT
}

# make_strict [MEMBERS]: ./sandbox and ./production under that policy; ./approver and ./second may sign.
make_strict() {
    make_key approver
    make_key second
    write_policy policy.json 1 "${1:-}"
    run greenroom init sandbox --class sandbox
    run greenroom init production --class live --policy policy.json
    run greenroom approver add approver@example.com approver.pub --env production
    run greenroom approver add second@example.com second.pub --env production
}

attest() { # attest KIND/NAME@V ITEM | --environment ITEM
    greenroom attest "$@" --env sandbox --actor 'Tester <tester@example.com>'
}

approve() { # approve KIND/NAME@V, signed by ./approver or ./$signer
    greenroom approve "$@" --env sandbox --to production --sign-with "${signer:-approver}" \
        --actor 'Approver <approver@example.com>'
}

# ready KIND/NAME@V: everything that the policy asks for.
ready() {
    run attest --environment numbers-tested
    run attest "$1" script-read
    run approve "$1"
}

admit() { # admit FILE, signed by ./approver or ./$signer
    greenroom admit "$@" --env production --sign-with "${signer:-approver}" \
        --actor 'Approver <approver@example.com>'
}

seal() { # seal KIND/NAME@V... -o FILE
    greenroom seal "$@" --env sandbox
}

# refused_both RULE KIND/NAME@V [OPTION...]: by promote and by admit alike, live unmoved.
refused_both() {
    local rule=$1 draft=$2 before
    shift 2
    before=$(tip production live)
    expect_finding "$rule" promote "$draft" "$@"
    rm -f refused.seal
    run seal "$draft" -o refused.seal
    expect_finding "$rule" admit refused.seal "$@"
    equal 'live after a refusal' "$before" "$(tip production live)"
}
