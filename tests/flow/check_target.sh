# What an environment would say before anything is promoted: by its policy, next to what is there.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
# rules of the last check, one a line
rules() {
    json_lines | sed -n 's/^artifacts\.[0-9]*\.findings\.[0-9]*\.rule\t//p' | sort -u
}

write_tool tool log-outcome
write_prompt greeting greeting 'Hello.'
sed -i 's/"title"/"uses": ["tool\/log-outcome"], "title"/' greeting/artifact.json
publish tool >/dev/null

# --- a sandbox: what is used was published, or a warning ---
run greenroom check greeting --to sandbox --json
rules | grep -q uses && fail "$(cat out)"
sed 's/log-outcome/gone/; s/"greeting"/"lonely"/' greeting/artifact.json >gone.json
cp -r greeting lonely && mv gone.json lonely/artifact.json
run greenroom check lonely --to sandbox --json
rules | grep -qx uses.missing || fail "$(cat out)"
run greenroom publish lonely --env sandbox
says 'warning: .*\[uses.missing\]$' err
run greenroom check lonely --json
rules | grep -q uses && fail 'without an environment nothing can be looked up'

# --- a live environment: what is used has to be live ---
expect_exit 1 greenroom check greeting --to production --json
rules | grep -qx uses.missing || fail "$(cat out)"
equal 'severity' error "$(json_lines | sed -n 's/^artifacts.0.findings.[0-9]*.severity\t//p' | sort -u | head -n 1)"
run promote tool/log-outcome@1
run greenroom check greeting --to production
run publish greeting
run greenroom check prompt/greeting@1 --env sandbox --to production

# --- compatibility with what is live there ---
sed -i 's/"required": \[ "outcome" \]/"required": [ "outcome", "reason" ]/; s/"outcome": { "type": "string" } }/"outcome": { "type": "string" }, "reason": { "type": "string" } }/; s/"input": { "outcome": "call back" }/"input": { "outcome": "a", "reason": "b" }/' tool/artifact.json
run greenroom check tool
run greenroom check tool --to sandbox
expect_exit 1 greenroom check tool --to production --json
rules | grep -q '^tool-compatibility\.' || fail "$(cat out)"
expect_exit 1 greenroom check tool --to production --sarif
says '"ruleId": "tool-compatibility\.'

# --- the policy of the target: what it asks for is an error there and a warning elsewhere ---
run greenroom init strict --class live
run greenroom check greeting --json
expect_exit 1 greenroom check greeting --to strict --json
rules | grep -qx readiness.fallback-missing || fail "$(cat out)"

# --- personal data: refused in a sandbox, reported elsewhere; waivers are the target's ---
write_prompt caller caller 'Call jane.roe@acme.de.'
expect_exit 1 greenroom check caller
run greenroom check caller --to production --json
rules | grep -qx personal-data.email || fail "$(cat out)"
expect_exit 1 greenroom check caller --to sandbox
run greenroom waive prompt/caller 'personal-data.*' --reason 'a published address' --env sandbox
run greenroom check caller --to sandbox
expect_exit 1 greenroom check caller

# --- whatever PATH is, and whatever is wrong with it, it is called what was typed ---
printf 'Hello.\n' >hello.md
run greenroom check hello.md --as prompt/hello --to production
says '^prompt/hello: '
expect_error 2 manifest_missing greenroom check hello.md --to production
mkdir broken
echo '{' >broken/artifact.json
expect_exit 1 greenroom check broken --to production --json
equal 'its name' broken "$(json artifacts.0.artifact)"
expect_exit 1 greenroom check broken --to production --sarif
says '"uri": "broken/artifact.json"'
tar -czf tool.tar.gz -C tool .
expect_exit 1 greenroom check tool.tar.gz --to production --sarif
says '"uri": "artifact.json"'

expect_error 3 environment_unknown greenroom check greeting --to nowhere
