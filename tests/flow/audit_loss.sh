# A ledger that is lost takes the audit with it: verify says so until an approver signs that the log
# begins anew, which stays to be seen for ever and covers nothing that is lost later.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_key stranger
write_prompt folder greeting 'One.'
run publish folder
run promote prompt/greeting@1
write_prompt folder greeting 'Two.'
run publish folder
run promote prompt/greeting@2
anchor=$(git -C production/store.git log -1 --format='%(trailers:key=Audit,valueonly)' live)
restart() { # restart [OPTION...]
    greenroom audit restart --reason 'The disk died.' --env production \
        --actor 'Operator <operator@example.com>' "$@"
}
expect_error 1 audit_whole restart --sign-with approver

lose() {
    rm "$1"/ledger.db*
}
is_cut() { # is_cut ENVIRONMENT
    expect_exit 5 greenroom verify --env "$1"
    says '\[audit.cut\]' err
    expect_error 5 audit_damaged greenroom audit --verify --env "$1"
}
lose production
is_cut production
run greenroom list --env production # the index comes back, the audit does not
says 'prompt/greeting@2'
is_cut production

# --- who may say that it begins anew ---
expect_error 2 signature_missing restart
expect_error 1 approver_unknown restart --sign-with stranger
expect_error 2 word_missing greenroom audit restart --env production --sign-with approver
is_cut production

# Not somebody who writes it into the store.
cp -R production smuggled
git clone -q -b control production/store.git clone
mkdir clone/audit-restarts
printf '{"branches": {"refs/heads/live": "%s", "refs/heads/control": "%s"}}' "$(tip production live)" \
    "$(tip production control)" >clone/audit-restarts/0001.json
git -C clone add .
git -C clone -c user.name=x -c user.email=x@example.com commit -qm 'audit restart: mine'
git -C clone push -q "$work/smuggled/store.git" control
is_cut smuggled
expect_exit 5 greenroom verify --env smuggled
says 'changes audit-restarts: it is not signed \[verify.control-commit\]' err

# --- begun anew: sound from here on, and the break is shown ---
run restart --sign-with approver --json
equal 'lost' "$anchor" "$(json lost)"
shows_break() { # shows_break ENVIRONMENT
    run greenroom verify --env "$1"
    says "audit began anew on .* rows up to $2.*Operator <operator@example.com> says: The disk died. \[audit.restarted\]" err
    run greenroom audit --verify --env "$1"
    says '\[audit.restarted\]' err
}
shows_break production "$anchor"
run greenroom audit --env production
says "audit restart .*Operator.*live names row $anchor last; The disk died."
run git -C production/store.git log -1 --format=%B control
says '^Operation: audit restart'
git -C production/store.git show control:approvers >signers
run git -C production/store.git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$work/signers" \
    verify-commit control
expect_error 1 audit_whole restart --sign-with approver

# --- everything goes on as before, and what is lost later is found ---
run promote prompt/greeting@1
run rollback prompt/greeting --to 2 --reason back
shows_break production "$anchor"
run greenroom reindex --env production
shows_break production "$anchor"
cp -R production before
sqlite3 production/ledger.db "DROP TRIGGER audit_never_shrinks;
    DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)"
is_cut production
# Rows that are there but were changed are not papered over.
rm -rf production
cp -R before production
sqlite3 production/ledger.db "DROP TRIGGER audit_never_changes;
    UPDATE audit SET entry = replace(entry, 'promote', 'nothing')"
expect_error 1 audit_damaged restart --sign-with approver
# A second loss, a second restart: both are shown.
lose production
is_cut production
run restart --sign-with approver
shows_break production "$anchor"
equal 'breaks shown' 2 "$(grep -c 'audit.restarted' err)"

# --- a sandbox has no approvers: it takes no signature ---
lose sandbox
is_cut sandbox
run greenroom audit restart --reason 'The disk died.' --env sandbox --actor 'Operator <operator@example.com>'
shows_break sandbox 'an unknown one'
run publish folder
expect_sound sandbox production
