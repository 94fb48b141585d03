# What an author hears before publishing: findings in place, for people, scripts and editors.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# --- a folder that is not published, without any environment ---
write_tool good lookup
run greenroom check good
says '^passed$'

# --- an error is shown with its line and a caret, and refuses ---
cp -r good bad
sed -i '0,/"type": *"string"/s//"type": "strng"/' bad/artifact.json
expect_exit 1 greenroom check bad
says '^refused$'
says 'artifact.json:[0-9]+:[0-9]+: error: .*\[tool-schema.invalid\]' err
says '^    \| +\^$' err
expect_exit 1 greenroom check bad --json
equal 'rule' tool-schema.invalid "$(json artifacts.0.findings.0.rule)"
equal 'passed' false "$(json passed)"
expect_exit 1 greenroom check bad --sarif
equal 'version' 2.1.0 "$(json version)"
equal 'ruleId' tool-schema.invalid "$(json runs.0.results.0.ruleId)"
equal 'level' error "$(json runs.0.results.0.level)"

# --- what does not pass is not published, and leaves nothing ---
run greenroom init sandbox --class sandbox
expect_exit 1 greenroom publish bad --env sandbox
equal 'drafts' none "$(tip sandbox drafts)"

# --- a version that was published, and a single file ---
run publish good
run greenroom check tool/lookup@1 --env sandbox
says '^tool/lookup@1: '
printf 'Say hello.\n' >hello.md
run greenroom check hello.md --as prompt/hello
expect_error 2 manifest_missing greenroom check hello.md
expect_error 2 environment_missing greenroom check tool/lookup@1

# --- the page about a rule ---
run greenroom check --explain tool-schema.invalid
says 'tool-schema'
expect_error 3 rule_unknown greenroom check --explain no-such-rule
