# What must never go live, and who must never sign: each refused with its reason, live unmoved.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_key stranger
make_key second
write_prompt greeting greeting 'One.'
run publish greeting

# Everything that a refusal must leave as it was.
standing() {
    git -C production/store.git for-each-ref
    git -C production/store.git cat-file --batch-all-objects --batch-check
    sqlite3 production/ledger.db "SELECT * FROM version; SELECT * FROM artifact;
        SELECT * FROM audit WHERE json_extract(entry, '\$.outcome') <> 'refused'"
}
# refused RULE COMMAND...: by the gate, and nothing has changed but that a refusal of a key stands in
# the audit.
refused() {
    local rule=$1 rows wanted=0
    rows=$(audit_rows production)
    standing >before
    expect_finding "$@"
    shift
    expect_exit 1 "$@"
    says '\[gate\.' err
    standing >after
    cmp before after || fail "a refusal changed production: $*"
    case $rule in gate.approver | gate.own-draft) wanted=2 ;; esac
    equal "rows after $rule: $*" "$wanted" $(($(audit_rows production) - rows))
    [ "$wanted" = 0 ] || equal 'the last row' "refused $rule" "$(last_refusal production)"
}
last_refusal() { # last_refusal ENVIRONMENT: its outcome, and the reason's first word
    sqlite3 -readonly "$1/ledger.db" "SELECT json_extract(entry, '\$.outcome') || ' ' ||
        substr(json_extract(entry, '\$.reason'), 1, instr(json_extract(entry, '\$.reason'), ':') - 1)
        FROM audit ORDER BY sequence DESC LIMIT 1"
}

# --- who may sign ---
signer=stranger refused gate.approver promote prompt/greeting@1
run greenroom approver add second@example.com second.pub --env production
run greenroom approver remove second@example.com --env production
signer=second refused gate.approver promote prompt/greeting@1

# One key is one person: not under a second name, nor under one that follows a removed one.
expect_error 4 signer_key_taken greenroom approver add other@example.com approver.pub --env production
expect_error 4 signer_key_taken greenroom approver add other@example.com second.pub --env production
expect_error 2 ssh_key_invalid greenroom approver add other@example.com stranger --env production

# --- nobody approves what they wrote, however they are written ---
own_draft() { # own_draft AUTHOR
    number=$((${number:-0} + 1))
    write_prompt own "own-$number" "By $1."
    run greenroom publish own --env sandbox --actor "$1"
    refused gate.own-draft promote "prompt/own-$number@1"
}
own_draft 'approver@example.com'
own_draft 'Approver <approver@example.com>'
own_draft 'Somebody Else <Approver@Example.COM>'
own_draft 'APPROVER@example.com <other@example.com>'
# An approver named by a name that is no address.
make_key named
run greenroom approver add Reviewer named.pub --env production
signer=named own_draft 'Reviewer <reviewer@example.com>'
signer=named own_draft 'reviewer'
signer=named own_draft 'REVIEWER <x@example.com>'
# The same draft is fine with another's signature.
run promote "prompt/own-$number@1"

# --- where ---
expect_error 1 wrong_class greenroom publish greeting --env production
expect_error 1 wrong_class greenroom promote prompt/greeting@1 --from sandbox --to sandbox \
    --sign-with approver
expect_error 1 wrong_class greenroom promote prompt/greeting@1 --from production --to production \
    --sign-with approver
cp -R sandbox classless
sed -i '/"class"/d; s/\("name": .*\),$/\1/' classless/environment.json
expect_error 1 wrong_class greenroom publish greeting --env classless

# --- what ---
expect_error 3 draft_unknown promote prompt/greeting@2
expect_error 3 draft_unknown promote prompt/nobody@1
expect_error 2 artifact_twice promote prompt/greeting@1 prompt/greeting@1
expect_error 2 artifact_twice promote prompt/own-1@1 prompt/greeting@1 prompt/own-1@1

# All or none: one that may not, among others that may.
write_tool note note
run publish note
write_prompt own approved-by-none 'By the approver.'
run greenroom publish own --env sandbox --actor approver@example.com
refused gate.own-draft promote prompt/greeting@1 prompt/approved-by-none@1 tool/note@1
standing >before
expect_error 3 draft_unknown promote prompt/greeting@1 tool/note@9
standing >after
cmp before after

# --- quarantine holds for a release and for its content ---
run promote prompt/greeting@1 tool/note@1
write_prompt greeting greeting 'Two.'
run publish greeting
run promote prompt/greeting@2
write_prompt greeting greeting 'One.'
run publish greeting # version 3 with the content of version 1
refused gate.approver greenroom quarantine prompt/greeting@2 --reason harm --env production \
    --sign-with stranger
run quarantine prompt/greeting@1 --reason harm --json
equal 'live stays' 2 "$(json live)"
refused gate.quarantined rollback prompt/greeting --to 1 --reason 'all is well'
refused gate.quarantined promote prompt/greeting@1
refused gate.quarantined promote prompt/greeting@3
expect_error 4 nothing_to_roll_back_to rollback prompt/greeting --reason 'to the one before'
run quarantine prompt/greeting@2 --reason harm --json
equal 'nothing is left' null "$(json live)"
expect_error 3 artifact_unknown greenroom show prompt/greeting --env production
expect_error 3 never_released quarantine prompt/nobody@1 --reason harm

# What takes its place is never the same content under another number.
for text in A B A; do
    write_prompt echo echo "$text"
    run publish echo
done
run promote prompt/echo@1
run promote prompt/echo@3
run quarantine prompt/echo@3 --reason harm --json
equal 'nothing is left of that content' null "$(json live)"
expect_error 4 nothing_to_roll_back_to rollback prompt/echo --reason 'to any'
run greenroom verify --env production

# --- rollbacks ---
write_prompt greeting greeting 'Four.'
run publish greeting
run promote prompt/greeting@4
refused gate.already-live rollback prompt/greeting --to 4 --reason why
refused gate.never-released rollback prompt/greeting --to 9 --reason why
refused gate.reason rollback prompt/greeting --to 4 --reason ''
expect_error 2 word_missing rollback prompt/greeting --to 4
sed -i 's/ended/went/' note/artifact.json
run publish note
run promote tool/note@2
refused gate.approver greenroom rollback tool/note --to 1 --reason why --env production \
    --sign-with stranger

# --- a version number means one content, for ever, wherever it comes from ---
run greenroom init elsewhere --class sandbox
write_tool note note
sed -i 's/how a call ended/anything else/' note/artifact.json
run greenroom publish note --env elsewhere --actor "$author"
refused gate.version-differs greenroom promote tool/note@1 --from elsewhere --to production \
    --sign-with approver

# --- a draft that was changed behind the sandbox's back ---
git clone -q sandbox/store.git -b drafts clone
sed -i 's/Four/Five/' clone/prompt/greeting/content/sections/opening.md
git -C clone -c user.name=x -c user.email=x@example.com commit -qam 'Operation: publish'
git -C clone push -q origin drafts
standing >before
expect_exit 5 promote prompt/greeting@4 --reason 'again'
standing >after
cmp before after
