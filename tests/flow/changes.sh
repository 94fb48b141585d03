# What a change means: diff, plan and approve say it in the words of those who answer for it.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
# tells KIND SUBJECT CHANGE ATTENTION [TEXT]: the last diff --json has that line.
tells() {
    json_lines | awk -F '\t' -v kind="$1" -v subject="$2" -v change="$3" -v attention="$4" \
        -v text="${5:-}" '
        $1 ~ /^summary\./ { split($1, part, "."); said[part[2], part[3]] = $2; items[part[2]] = 1 }
        END { for (item in items)
                  if (said[item, "kind"] == kind && said[item, "subject"] == subject &&
                      said[item, "change"] == change && said[item, "attention"] == attention &&
                      (text == "" || said[item, "text"] == text))
                      found = 1
              exit !found }' || fail "no $* in $(cat out)"
}
silent() { # silent KIND
    json_lines | grep -E $'^summary\\.[0-9]+\\.kind\t'"$1\$" && fail "$1 is told: $(cat out)"
    return 0
}

# --- a prompt ---
mkdir -p greeting/sections
write() { # write USES VARIABLES SCHEDULE DISCLOSURE SECTIONS
    cat >greeting/artifact.json <<JSON
{ "kind": "prompt", "name": "greeting", "uses": [$1],
  "sections": [$5],
  "fallback": { "file": "sections/fallback.md" },
  "variables": { "type": "object", "properties": { "n": { "type": "string" }$2 },
  "readiness": { "suppression": "crm", "disclosures": ["$4"], "schedule": [
    { "days": ["mon"], "from": "09:00", "to": "$3", "time_zone": "Europe/Berlin" } ] } }
JSON
}
section() {
    printf '{ "name": "%s", "file": "sections/%s.md" }' "$1" "$1"
}
printf 'Recorded call. Hello {{n}}.\nNever promise a discount.\nDo not read out card numbers.\n' \
    >greeting/sections/opening.md
printf 'Say goodbye.\n' >greeting/sections/closing.md
printf 'Stay polite.\n' >greeting/sections/guardrails.md
printf 'Sorry.\n' >greeting/sections/fallback.md
write '' '}' 18:00 'Recorded call' "$(section opening), $(section closing), $(section guardrails)"
write_tool note crm/note
run publish note
run publish greeting
run promote prompt/greeting@1

# The same again is no change; a guardrail that moves is none that is gone.
printf 'Recorded call. Hello {{n}}.\nDo not read out card numbers.\n%0812d\n' 0 \
    >greeting/sections/opening.md
printf 'Say goodbye to {{m}}.\n- Never promise a discount.\n' >greeting/sections/closing.md
printf 'Stay polite.\n' >greeting/sections/guardrails.md
write '"tool/crm/note"' ', "m": { "type": "string" } }, "required": ["m"]' 20:00 'Recorded call' \
    "$(section closing), $(section opening), $(section guardrails)"
run publish greeting
run greenroom diff prompt/greeting@1 --env sandbox
says '^    \+824 characters, 9[0-9]+ of 40,000$'
says '^  ! gains tool/crm/note, which writes to the CRM$'
says '^\+Say goodbye to \{\{m\}\}\.$'
run greenroom diff prompt/greeting@1 --env sandbox --json
equal members 'from to summary files' "$(members '')"
equal 'members of a line' 'kind subject change attention text characters total limit' \
    "$(members summary.0)"
equal characters 824 "$(json summary.0.characters)"
tells section opening changed false 'section opening: changed, +787 characters'
tells section closing changed false
tells order sections changed false
tells variable m added true 'variable m: added, required'
tells schedule 'mon 09:00-20:00 Europe/Berlin' added true
tells schedule 'mon 09:00-18:00 Europe/Berlin' removed false
tells uses tool/crm/note added true
silent guardrails
silent disclosure
silent fallback

# plan and approve show the same, and both know what the tool of the same promotion does.
run greenroom plan prompt/greeting@2 tool/crm/note@1 --from sandbox --to production
says '^  ! gains tool/crm/note, which writes to the CRM$'
says '^  ! variable m: added, required$'
run greenroom approve prompt/greeting@2 --to production --env sandbox --sign-with approver
says '^  ! gains tool/crm/note, which writes to the CRM$' err
# Neither needs to have the tool at hand: the seal says what the sandbox knows of what is used.
run greenroom plan prompt/greeting@2 --from sandbox --to production
says '^  ! gains tool/crm/note, which writes to the CRM$'
run greenroom seal prompt/greeting@2 -o greeting.seal --env sandbox
tar -xOf greeting.seal source.json >source.json
equal 'what a seal says of it' crm-write "$(json side_effects.tool/crm/note source.json)"

printf 'Be brief.\n' >greeting/sections/guardrails.md
printf 'Hello {{n}}, Recorded calls.\n' >greeting/sections/opening.md
printf 'Sorry for that.\n' >greeting/sections/fallback.md
write '' ' }' 20:00 'Recorded calls' "$(section opening), $(section guardrails)"
run publish greeting
run greenroom diff prompt/greeting@2 @3 --env sandbox --json
tells section closing removed true 'section closing: removed, 50 characters'
tells guardrails '' removed true
tells guardrails '' added false "1 guardrail line added: 'Be brief.'"
json_lines | grep 'lines\.[0-9]*.Never promise a discount\.$' >/dev/null || fail 'which guardrail?'
tells disclosure 'Recorded call' removed true
tells disclosure 'Recorded calls' added false
tells fallback '' changed false
tells uses tool/crm/note removed false
tells variable m removed true

# --- a tool ---
sed -i 's/"outcome": { "type": "string" }/"outcome": { "type": "integer" }, "more": {}/
    s/"required": \[ "outcome" \]/"required": [ "more" ]/; s/"examples".*/"timeout_ms": 9 }/
    s/"crm-write"/"call-control"/; s|/v1/|/v2/|; /^}$/d' note/artifact.json
run publish note
run greenroom diff tool/crm/note@1 --env sandbox --json
tells side-effect call-control changed true \
    'side effect widened from crm-write to call-control: it controls the call'
tells argument more added true 'argument more: added, required'
tells argument outcome changed false 'argument outcome: is optional now, was required'
tells endpoint path changed true
tells timeout timeout_ms added false
silent header
silent output

# --- a knowledge base ---
write_knowledge plans plans 4
run publish plans
rm plans/docs/more/page-1.md
printf 'More.\n' >>plans/docs/more/page-2.md
for page in 7 8 9; do
    printf '# %d\n\nOther words on page %d.\n' "$page" "$page" >"plans/docs/page-$page.md"
done
run publish plans
run greenroom diff knowledge/plans@1 --env sandbox
says '^    3 documents added, 1 changed, 1 removed \('
run greenroom diff knowledge/plans@1 --env sandbox --json
tells document docs/more/page-2.md changed false 'document docs/more/page-2.md: changed, +6 bytes'
equal added 3 "$(json summary.0.added)"

# --- nothing ---
run greenroom diff knowledge/plans@2 @2 --env sandbox --json
equal 'no change' '[]' "$(json summary)"
