# Production's store, changed behind Greenroom's back: verify says so with exit 5, and the running
# server goes on serving the last state that it verified.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_key stranger
make_bearer
write_prompt greeting greeting 'One.'
run publish greeting
run promote prompt/greeting@1
write_prompt greeting greeting 'Two.'
run publish greeting
run promote prompt/greeting@2
write_tool note note
run publish note
run promote tool/note@1
expect_sound sandbox production
cp -R production intact

store=production/store.git
raw() {
    git -C "$store" -c user.name=x -c user.email=x@example.com "$@"
}
# tree_with REF PATH FILE: that tree with one file replaced (FILE "-": removed).
tree_with() {
    export GIT_INDEX_FILE="$work/index"
    rm -f "$GIT_INDEX_FILE"
    raw read-tree "$1"
    if [ "$3" = - ]; then
        printf '0 %040d\t%s\n' 0 "$2" | raw update-index --index-info
    else
        raw update-index --add --cacheinfo "100644,$(raw hash-object -w "$work/$3"),$2"
    fi
    raw write-tree
    unset GIT_INDEX_FILE
}
# commit_on BRANCH TREE [COMMIT-TREE-ARGUMENT...]
commit_on() {
    local branch="$1" tree="$2"
    shift 2
    raw update-ref "refs/heads/$branch" "$(raw -c gpg.format=ssh commit-tree -p "$branch" \
        -m 'promote prompt/greeting@1' "$@" "$tree")"
}

# restart: production as it was, served.
restart() {
    [ -z "$server_pid" ] || stop_server
    rm -rf production
    cp -R intact production
    start_server production
    expect_get 200 /readyz
    equal 'readiness' ready "$(json status body)"
}
is_degraded() {
    get /readyz
    [ "$(json status body)" = degraded ]
}
serves_on() {
    expect_get 200 /v1/prompts/greeting
    equal version 2 "$(json version body)"
    equal text 'Two.\n' "$(json prompt.sections.0.text body)"
    equal 'state' "$(git -C intact/store.git rev-parse live)" "$(field Greenroom-State)"
}
# found RULE PATTERN: verify tells, as a person and as a script would see it.
found() {
    expect_exit 5 greenroom verify --env production
    says "$2" err
    expect_exit 5 greenroom verify --env production --json
    equal 'error code' environment_damaged "$(json error.code)"
    json_lines | grep -qE $'^findings\\.[0-9]+\\.rule\t'"$1\$" || fail "no $1 in $(cat out)"
}
refuses_to_start() {
    expect_exit 5 greenroomd --env production --listen 127.0.0.1:0
}

# --- live moved by somebody who may not: noticed by verify and by the server ---
unverified() { # unverified RULE PATTERN
    wait_until 5 is_degraded
    serves_on
    found "$@"
    refuses_to_start
}
restart
sed 's/"live": 2/"live": 1/' <(raw cat-file blob live:prompt/greeting/state.json) >state.json
commit_on live "$(tree_with live prompt/greeting/state.json state.json)"
unverified verify.live 'not signed'
raw update-ref refs/heads/live "$(git -C intact/store.git rev-parse live)" # and put right again
wait_until 5 answers 200 /readyz
until_ready() {
    get /readyz
    [ "$(json status body)" = ready ]
}
wait_until 5 until_ready

restart
commit_on live "$(tree_with live prompt/greeting/state.json state.json)" -S"$work/stranger"
unverified verify.live 'no approver'

# Even by an approver, but past the gate: what is live must be the content of its release.
restart
echo 'Words that nobody ever released.' >words.md
commit_on live "$(tree_with live prompt/greeting/stable/sections/opening.md words.md)" \
    -S"$work/approver"
unverified verify.release 'not the content of its release'

restart
raw update-ref refs/heads/live live~1
wait_until 5 is_degraded
serves_on
expect_exit 5 greenroom list --env production
says 'history is only ever added to' err

# --- objects and refs ---
restart
raw update-ref refs/tags/release/prompt/greeting/2 refs/tags/release/prompt/greeting/1
serves_on
found verify.release 'refs/tags/release/prompt/greeting/2 is missing or names another tag'
raw update-ref -d refs/tags/release/prompt/greeting/2
found verify.release 'refs/tags/release/prompt/greeting/2 is missing or names another tag'
run greenroom reindex --env production # the tag itself is in the store: its ref comes back
expect_sound production
serves_on

# damage BLOB: a byte in the middle of that object's place in its pack.
damage() {
    local index offset pack
    for index in "$store"/objects/pack/*.idx; do
        offset="$(git show-index <"$index" | sed -n "s/^\([0-9]*\) $1 .*/\1/p")"
        [ -n "$offset" ] || continue
        pack="${index%.idx}.pack"
        chmod u+w "$pack"
        printf '\377\377\377' | dd of="$pack" bs=1 seek=$((offset + 6)) conv=notrunc status=none
        return
    done
    fail "no pack has $1"
}
restart
damage "$(raw rev-parse live:prompt/greeting/stable/sections/opening.md)"
serves_on
found verify.object '.'
refuses_to_start

# --- who may sign, rewritten ---
restart
raw cat-file blob control:approvers | grep -v approver@example.com >nobody || true
commit_on control "$(tree_with control approvers nobody)"
serves_on
found verify.live 'no approver'
found verify.release 'no approver'
refuses_to_start
restart
sed 's/ssh-ed25519 .*/ssh-ed25519 nonsense/' <(raw cat-file blob control:approvers) >nonsense
commit_on control "$(tree_with control approvers nonsense)"
wait_until 5 is_degraded
serves_on
found verify.control approvers
stop_server

# --- what decides about what is live carries an approver's signature ---
smuggled() { # smuggled PATTERN PATH FILE [COMMIT-TREE-ARGUMENT...]
    local pattern=$1 path=$2 file=$3
    shift 3
    rm -rf production
    cp -R intact production
    commit_on control "$(tree_with control "$path" "$file")" "$@"
    found verify.control-commit "$pattern"
}
rm -rf production
cp -R intact production
run greenroom hold prompt/greeting --reason wait --env production --sign-with approver
run quarantine prompt/greeting@1 --reason harm
run greenroom verify --env production
rm -rf intact
cp -R production intact
digest=$(raw cat-file blob control:quarantine/prompt/greeting/1.json | sed -n 's/.*"digest": "\(.*\)".*/\1/p')
printf '{"artifact": "tool/note@1", "digest": "%s"}' "$digest" >quarantine.json
printf '{"artifact": "tool/note", "reason": "mine"}' >hold.json
sed 's/"number": 1/"number": 2/' <(raw cat-file blob control:policy.json) >policy.json
smuggled 'changes holds: it is not signed' holds/prompt/greeting.json -
smuggled 'changes holds: it is not signed' holds/tool/note.json hold.json
smuggled 'changes quarantine: it is not signed' quarantine/prompt/greeting/1.json -
smuggled 'changes quarantine: the key .* was no approver' quarantine/tool/note/1.json quarantine.json \
    -S"$work/stranger"
smuggled 'changes policy.json: it is not signed' policy.json policy.json
smuggled 'changes the environment: the key .* was no approver' bindings.json hold.json -S"$work/stranger"
# Nor does an approver's signature make up for the gate: what is quarantined must not be live.
rm -rf production
cp -R intact production
commit_on live "$(tree_with live prompt/greeting/state.json state.json)" -S"$work/approver"
found verify.quarantined 'prompt/greeting@1 is live, and in quarantine'
# Who may sign may be changed by whoever holds the folder; where no approver signed that, it is shown.
rm -rf production
cp -R intact production
run greenroom approver add stranger@example.com stranger.pub --env production --sign-with approver
run greenroom verify --env production
equal 'warnings of a signed change' '' "$(cat err)"
run greenroom approver remove stranger@example.com --env production
run greenroom verify --env production
says 'changes who may sign: no approver signed that \[verify.approvers\]' err
expect_error 1 approver_unknown greenroom approver remove approver@example.com --env production \
    --sign-with stranger
rm -rf production
cp -R intact production

# --- the ledger ---
changed() { # changed RULE PATTERN SQL
    rm -rf production
    cp -R intact production
    sqlite3 production/ledger.db "$3"
    found "$1" "$2"
}
changed audit.chain 'audit row 5' 'DROP TRIGGER audit_never_changes;
    UPDATE audit SET entry = replace(entry, '\''promote'\'', '\''nothing'\'') WHERE sequence = 5'
changed audit.chain 'audit row' 'DROP TRIGGER audit_never_shrinks; DELETE FROM audit WHERE sequence = 2'
changed verify.release 'does not agree with git' 'UPDATE artifact SET live = 1'
changed verify.release 'does not agree with git' 'UPDATE version SET digest = "sha256:" ||
    "0000000000000000000000000000000000000000000000000000000000000000" WHERE version = 2'
run greenroom reindex --env production
expect_sound production

changed verify.release 'does not agree with git' 'DELETE FROM version WHERE version = 1'
changed verify.index 'prompt/greeting: the index does not have what git has' \
    'INSERT INTO version SELECT artifact, 3, digest, content_id, commit_id, tag_id, author, approver,
    time, note FROM version WHERE version = 2'
changed verify.index 'list of artifacts: the index does not have what git has' \
    "INSERT INTO artifact VALUES ('prompt/more', 1, 0, 0); INSERT INTO version SELECT 'prompt/more', 1,
    digest, content_id, commit_id, tag_id, author, approver, time, note FROM version WHERE version = 2"
cp -R sandbox sandbox-intact
sqlite3 sandbox/ledger.db 'DELETE FROM version WHERE version = 2; UPDATE artifact SET latest = 1'
expect_exit 5 greenroom verify --env sandbox
says 'prompt/greeting: the index does not have what git has' err
run greenroom reindex --env sandbox
expect_sound sandbox
rm -rf sandbox
mv sandbox-intact sandbox

# --- a draft ---
store=sandbox/store.git
echo 'Not what was published.' >words.md
tree="$(tree_with drafts prompt/greeting/content/sections/opening.md words.md)"
commit_on drafts "$tree"
expect_exit 5 greenroom verify --env sandbox
says 'draft prompt/greeting@2: its content does not have its digest' err
