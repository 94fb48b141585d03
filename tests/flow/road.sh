# The whole road, as a user walks it: make, publish, look, promote, serve, roll back, verify.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# --- two environments and somebody who may sign ---
run greenroom init sandbox --class sandbox --name staging --json
equal 'what init prints' 'path id name class' "$(members '')"
equal class sandbox "$(json class)"
equal name staging "$(json name)"
run greenroom init production --class live --policy minimal
make_key approver
run greenroom approver add approver@example.com approver.pub --env production
run greenroom approver list --env production --json
equal 'the approvers' approver@example.com "$(json 0.name)"

# --- publish: folder, archives, standard input, a single file, a list of tools ---
artifact_members='artifact version digest state findings'
published() { # published ARTIFACT VERSION STATE, of the last publish --json
    equal 'what publish prints' artifacts "$(members '')"
    equal 'what publish says of an artifact' "$artifact_members" "$(members artifacts.0)"
    equal artifact "$1" "$(json artifacts.0.artifact)"
    equal version "$2" "$(json artifacts.0.version)"
    equal state "$3" "$(json artifacts.0.state)"
    says '"digest": "sha256:[0-9a-f]{64}"'
}

write_prompt greeting outbound/greeting 'Good morning, {{first_name}}.'
run publish greeting -m 'the first words' --json
published prompt/outbound/greeting 1 new
digest="$(json artifacts.0.digest)"
equal 'what publish says of a finding' 'rule severity file line column pointer message mend' \
    "$(members artifacts.0.findings.0)"
json_lines | grep -E $'severity\terror$' && fail 'an error was published'
run publish greeting
says 'prompt/outbound/greeting@1 .*unchanged'
run publish greeting --json
published prompt/outbound/greeting 1 unchanged
tar -czf greeting.tar.gz -C greeting .
run publish greeting.tar.gz --json
published prompt/outbound/greeting 1 unchanged
equal 'the digest of an archive' "$digest" "$(json artifacts.0.digest)"
tar -czf nested.tar.gz greeting # under one top folder
run publish nested.tar.gz --json
published prompt/outbound/greeting 1 unchanged
if has zstd; then
    tar -cf - -C greeting . | zstd -q >greeting.tar.zst
    run publish greeting.tar.zst --json
    published prompt/outbound/greeting 1 unchanged
fi
if has zip; then
    (cd greeting && zip -qr ../greeting.zip .)
    run publish greeting.zip --json
    published prompt/outbound/greeting 1 unchanged
fi
run publish - --json <greeting.tar.gz
published prompt/outbound/greeting 1 unchanged

write_prompt greeting outbound/greeting 'Good evening, {{first_name}}.'
GREENROOM_ENV=sandbox run greenroom publish greeting --actor "$author" -m 'the second words'
says '^prompt/outbound/greeting@2 .*published'

printf '# Voicemail\n\nPlease call us back.\n' >voicemail.md
run publish voicemail.md --as prompt/outbound/voicemail --json
published prompt/outbound/voicemail 1 new
write_knowledge plans plans 3
run publish plans --json
published knowledge/plans 1 new
mkdir bare
printf '# Prices\n\nAll of them.\n' >bare/prices.md
run publish bare --as knowledge/prices --json
published knowledge/prices 1 new
write_tool log-outcome crm/log-outcome
run publish log-outcome --json
published tool/crm/log-outcome 1 new

cat >tools.json <<'JSON'
{ "tools": [
  { "name": "find-contact", "description": "Finds somebody.",
    "inputSchema": { "type": "object", "properties": { "phone": { "type": "string" } } } },
  { "name": "book-callback", "description": "Books a time.",
    "inputSchema": { "type": "object" } } ] }
JSON
run publish tools.json --as tool/desk --json
equal 'the tools of a list' \
    'tool/desk/find-contact@1 new tool/desk/book-callback@1 new' \
    "$(for i in 0 1; do
        echo "$(json artifacts.$i.artifact)@$(json artifacts.$i.version) $(json artifacts.$i.state)"
    done | xargs)"
cat >function.json <<'JSON'
{ "type": "function", "function": { "name": "hang_up", "description": "Ends the call.",
  "parameters": { "type": "object" } } }
JSON
run publish function.json --as tool/telephony/hang-up --json
published tool/telephony/hang-up 1 new

# --- look ---
run greenroom list --env sandbox --json
equal 'drafts listed' 8 "$(members '' | wc -w)"
run greenroom list 'prompt/outbound/*' --env sandbox --json
equal 'prompts listed' '0 1' "$(members '')"
equal artifact prompt/outbound/greeting "$(json 0.artifact)"
equal version 2 "$(json 0.version)"
run greenroom list --env sandbox
says '^knowledge/plans@1 '
run greenroom log prompt/outbound/greeting --env sandbox --json
equal 'versions, newest first' '2 1' "$(json 0.version) $(json 1.version)"
equal note 'the second words' "$(json 0.note)"
equal author "$author" "$(json 0.author)"
run greenroom show prompt/outbound/greeting@1 --env sandbox --json
equal digest "$digest" "$(json digest)"
equal file artifact.json "$(json files.0.path)"
equal 'hash of a file' "$(sha256sum <greeting/artifact.json | cut -d ' ' -f 1)" "$(json files.0.sha256)"
run greenroom show prompt/outbound/greeting --env sandbox
says '^prompt/outbound/greeting@2'
run greenroom diff prompt/outbound/greeting@1 @2 --env sandbox
says '^-Good morning'
says '^\+Good evening'
run greenroom diff prompt/outbound/greeting@1 --env sandbox --json
equal 'the changed file' sections/opening.md "$(json files.0.path)"
equal change changed "$(json files.0.change)"
run greenroom cat prompt/outbound/greeting@2 sections/opening.md --env sandbox
cmp out greeting/sections/opening.md
for form in folder archive.tar.gz archive.tar.zst archive.zip; do
    run greenroom export prompt/outbound/greeting@2 "$form" --env sandbox
done
diff -r greeting folder
mkdir untarred && tar -xzf archive.tar.gz -C untarred
diff -r greeting untarred
run greenroom export prompt/outbound/greeting@2 - --env sandbox
cmp out archive.tar.gz

# --- a tool waits until production says what its binding means ---
expect_finding gate.binding promote tool/crm/log-outcome@1
run greenroom binding set crm +12025550100 --env production
expect_finding gate.binding promote tool/crm/log-outcome@1 # a tool is called at a URL
run greenroom binding set crm https://crm.example.com --env production

# --- promote: several are one commit ---
run promote prompt/outbound/greeting@1 knowledge/plans@1 tool/crm/log-outcome@1 \
    --reason 'the first campaign' --json
equal 'what promote prints' 'commit releases' "$(members '')"
equal 'releases' '0 1 2' "$(members releases)"
equal artifact prompt/outbound/greeting "$(json releases.0.artifact)"
equal version 1 "$(json releases.0.version)"
equal digest "$digest" "$(json releases.0.digest)"
equal tag release/prompt/outbound/greeting/1 "$(json releases.0.tag)"
first="$(json commit)"
equal 'the tip of live' "$first" "$(tip production live)"
equal 'commits of live' 1 "$(git -C production/store.git rev-list --count live)"
run promote prompt/outbound/greeting@1 --json
equal 'the commit of a repeat' "$first" "$(json commit)"
run greenroom list --env production --json
equal 'what is live' 3 "$(members '' | wc -w)"
run greenroom diff prompt/outbound/greeting@1 --env production

# --- serve ---
start_server production
make_bearer
wait_until 5 answers 200 /v1/prompts/outbound/greeting
equal artifact prompt/outbound/greeting "$(json artifact body)"
equal version 1 "$(json version body)"
equal digest "$digest" "$(json digest body)"
equal 'text of a section' 'Good morning, {{first_name}}.\n' "$(json prompt.sections.0.text body)"
expect_get 200 /v1/tools/crm/log-outcome
equal 'the schema' object "$(json tool.inputSchema.type body)"
expect_get 200 /v1/knowledge/plans/-/files/docs/more/page-2.md
cmp body plans/docs/more/page-2.md
expect_get 404 /v1/prompts/outbound/greeting@2
expect_get 404 /v1/prompts/outbound/voicemail
run promote prompt/outbound/greeting@2 prompt/outbound/voicemail@1
says '^prompt/outbound/greeting@2 .*is live'
wait_until 5 answers 200 /v1/prompts/outbound/voicemail
expect_get 200 /v1/prompts/outbound/greeting
equal version 2 "$(json version body)"

# --- and back ---
run rollback prompt/outbound/greeting --reason 'too cheerful' --json
equal 'live after a rollback' 1 "$(json live)"
equal 'live before it' 2 "$(json before)"
run greenroom show prompt/outbound/greeting --env production --json
equal version 1 "$(json version)"
run rollback prompt/outbound/greeting --to 2 --reason 'it was not'
wait_until 5 answers 200 /v1/prompts/outbound/greeting
run greenroom log prompt/outbound/greeting --env production --json
equal 'releases, newest first' '2 1' "$(json 0.version) $(json 1.version)"
equal 'who approved' approver@example.com "$(json 0.approver)"
equal live true "$(json 0.live)"
stop_server

for environment in sandbox production; do
    run greenroom verify --env "$environment" --json
    equal state verified "$(json state)"
    equal findings '[]' "$(json findings)"
    run greenroom verify --env "$environment"
    says '^verified: '
done
