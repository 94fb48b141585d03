# Stock tools can check us: git, ssh-keygen (through git), sha256sum and sqlite3 agree with greenroom.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_key elder rsa
run greenroom approver add elder@example.com elder.pub --env production
make_key other ecdsa
run greenroom approver add other@example.com other.pub --env production

write_prompt greeting outbound/greeting 'Good morning.'
write_prompt secret outbound/secret 'Words that are not fit for callers yet.'
write_knowledge plans plans 12
printf 'A page with a name that is hard to handle.\n' >"plans/docs/it's \"hard\" \$(é).md"
run publish greeting
run publish secret -m 'also the note is unfit'
run publish plans
run promote prompt/outbound/greeting@1 knowledge/plans@1
write_prompt greeting outbound/greeting 'Good evening, and this was never promoted.'
run publish greeting
write_prompt greeting outbound/greeting 'Good day.'
run publish greeting
signer=elder run promote prompt/outbound/greeting@3
write_tool note note
run publish note
signer=other run promote tool/note@1
run rollback prompt/outbound/greeting --reason 'as it was'
run quarantine knowledge/plans@1 --reason 'prices are wrong'
run greenroom approver remove other@example.com --env production

# --- git: every object sound, nothing left lying about, every tag and commit signed ---
for environment in sandbox production; do
    run git -C "$environment/store.git" fsck --strict --unreachable --no-progress
    grep -v 'HEAD points to an unborn branch' out err && fail 'git fsck has something to say'
done
store=production/store.git
git -C "$store" show control:approvers >approvers
verifying() {
    git -C "$store" -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/approvers" "$@"
}
tags="$(git -C "$store" tag)"
equal 'release tags' 4 "$(wc -l <<<"$tags")"
for tag in $tags; do
    run verifying verify-tag "$tag"
    says 'Good "git" signature for (approver|elder|other)@example.com' err
    equal 'type of a tag' tag "$(git -C "$store" cat-file -t "$tag")"
done
for commit in $(git -C "$store" rev-list live); do
    run verifying verify-commit "$commit"
    git -C "$store" log -1 --format='%(trailers:key=Operation,valueonly)' "$commit" |
        grep -qE '^(promote|rollback|quarantine)$' || fail "commit $commit names no operation"
done
equal 'commits of live' 5 "$(git -C "$store" rev-list --count live)"
# A key that was never an approver's proves nothing.
echo "somebody@example.com namespaces=\"git\" $(cat other.pub)" >strangers
expect_exit 1 git -C "$store" -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/strangers" \
    verify-tag release/prompt/outbound/greeting/1

# --- coreutils: the digest of what was published, of what is exported, of what is live ---
digest_of() {
    (cd "$1" && find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum | sha256sum | cut -c 1-64)
}
stated() { # stated ARTIFACT ENVIRONMENT
    run greenroom show "$1" --env "$2" --json
    json digest
}
equal 'digest of a knowledge base' "sha256:$(digest_of plans)" "$(stated knowledge/plans@1 sandbox)"
for artifact in knowledge/plans@1 prompt/outbound/greeting@1 tool/note@1; do
    run greenroom export "$artifact" exported --env production
    equal "digest of $artifact" "sha256:$(digest_of exported)" "$(stated "$artifact" production)"
    rm -r exported
done
mkdir live
git -C "$store" archive live:tool/note/stable | tar -x -C live
equal 'digest of what is live' "sha256:$(digest_of live)" "$(stated tool/note production)"

# --- sqlite3: the ledger is sound, and the audit is the chain that it says it is ---
equal 'integrity' ok "$(sqlite3 production/ledger.db 'PRAGMA integrity_check')"
equal 'latest greeting' '3|1' \
    "$(sqlite3 production/ledger.db "SELECT latest, live FROM artifact
        WHERE artifact = 'prompt/outbound/greeting'")"
equal 'entries that are no JSON' 0 \
    "$(sqlite3 production/ledger.db 'SELECT count(*) FROM audit WHERE NOT json_valid(entry)')"
chain=0000000000000000000000000000000000000000000000000000000000000000
rows="$(sqlite3 production/ledger.db 'SELECT count(*) FROM audit')"
for ((row = 1; row <= rows; row++)); do
    entry="$(sqlite3 production/ledger.db "SELECT entry FROM audit WHERE sequence = $row")"
    chain="$(printf '%s\n%s' "$chain" "$entry" | sha256sum | cut -c 1-64)"
    equal "hash of audit row $row" "sha256:$chain" \
        "$(sqlite3 production/ledger.db "SELECT hash FROM audit WHERE sequence = $row")"
done
for sql in "UPDATE audit SET entry = '{}' WHERE sequence = 1" 'DELETE FROM audit'; do
    sqlite3 production/ledger.db "$sql" >out 2>err && fail "the audit let '$sql' pass"
    says 'append-only' err
done

# --- no draft in production: not a blob, not a word ---
blobs() { # blobs STORE: the ids of all blobs, reachable or not
    git -C "$1" cat-file --batch-all-objects --batch-check='%(objecttype) %(objectname)' |
        sed -n 's/^blob //p' | sort
}
content_blobs() { # content_blobs COMMIT PATH...: of the sandbox
    local commit="$1" path
    shift
    for path in "$@"; do
        git -C sandbox/store.git ls-tree -r --format='%(objectname)' "$commit:$path/content"
    done
}
draft_commit() { # draft_commit ARTIFACT VERSION
    sqlite3 sandbox/ledger.db "SELECT commit_id FROM version WHERE artifact = '$1' AND version = $2"
}
for commit in $(git -C sandbox/store.git rev-list drafts); do
    for path in $(git -C sandbox/store.git ls-tree -r --name-only "$commit" |
        sed -n 's|/draft.json$||p'); do
        content_blobs "$commit" "$path"
    done
done | sort -u >all-drafts
{
    content_blobs "$(draft_commit prompt/outbound/greeting 1)" prompt/outbound/greeting
    content_blobs "$(draft_commit prompt/outbound/greeting 3)" prompt/outbound/greeting
    content_blobs "$(draft_commit knowledge/plans 1)" knowledge/plans
    content_blobs "$(draft_commit tool/note 1)" tool/note
} | sort -u >promoted
blobs production/store.git >in-production
comm -12 all-drafts in-production >came-from-drafts
cmp promoted came-from-drafts || fail "production's content is not exactly what was promoted"
equal 'drafts that stayed in the sandbox' 3 "$(comm -23 all-drafts in-production | wc -l)"
git -C production/store.git cat-file --batch-all-objects --batch --buffer >everything
grep -qa 'Good morning' everything
for words in 'not fit for callers' 'never promoted' 'note is unfit' 'outbound/secret'; do
    grep -qaF "$words" everything && fail "'$words' is in production's store"
    grep -rqaF "$words" production && fail "'$words' is in production"
done
true
