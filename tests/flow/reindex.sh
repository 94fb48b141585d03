# git gives back the index: rebuilt after any loss, it is what live writes had made.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting greeting 'One.'
run publish greeting -m 'the first'
write_tool note crm/note
run publish note
write_knowledge plans plans 3
run publish plans
run promote prompt/greeting@1 tool/crm/note@1 --reason 'go'
write_prompt greeting greeting 'Two.'
run publish greeting
run promote prompt/greeting@2 knowledge/plans@1
run rollback prompt/greeting --reason 'back'
run quarantine knowledge/plans@1 --reason 'wrong'
cp -R sandbox sandbox-intact
cp -R production production-intact
for environment in sandbox production; do
    index_of "$environment" >"$environment-index"
    audit_rows "$environment" >"$environment-audit"
    [ "$(grep -c / "$environment-index")" -ge 6 ] || fail "there is little to compare"
done

restore() {
    for environment in sandbox production; do
        rm -rf "$environment"
        cp -R "$environment-intact" "$environment"
    done
}
rebuilt() { # rebuilt WHAT: by reindex, in both environments
    for environment in sandbox production; do
        run greenroom reindex --env "$environment"
        index_of "$environment" | cmp "$environment-index" - ||
            fail "$environment's index differs from what live writes made: $1"
    done
}
audit_stands() {
    for environment in sandbox production; do
        equal "audit rows of $environment" "$(cat "$environment-audit")" "$(audit_rows "$environment")"
    done
}
sql() {
    for environment in sandbox production; do
        sqlite3 "$environment/ledger.db" "$1"
    done
}

rebuilt 'nothing was lost'
audit_stands

sql 'PRAGMA foreign_keys = OFF; DELETE FROM version; DELETE FROM artifact; DELETE FROM tip'
rebuilt 'rows were deleted'
audit_stands
expect_sound sandbox production

restore
sql "UPDATE version SET author = 'Somebody', digest = 'sha256:' || substr(digest, 8, 63) || 'x'"
sql 'UPDATE artifact SET live = 0, latest = 99'
rebuilt 'rows were falsified'

restore
sql 'DROP TABLE version; DROP TABLE artifact; DROP TABLE tip'
rebuilt 'tables were dropped'
audit_stands
expect_sound sandbox production

# Without its ledger an environment is whole but for the audit, which only the ledger had. Any
# command makes a new one.
restore
rm sandbox/ledger.db* production/ledger.db*
run greenroom list --env production --json
equal 'what is live' 2 "$(members '' | wc -w)"
equal 'audit rows' 0 "$(audit_rows production)"
for environment in sandbox production; do
    run greenroom list --env "$environment"
    index_of "$environment" | cmp "$environment-index" - || fail "the index without a ledger differs"
done
rebuilt 'the ledger was deleted'
# All else is sound; that the audit is gone, git tells.
for environment in sandbox production; do
    expect_exit 5 greenroom verify --env "$environment"
    says 'has no row in the audit' err
    says '^[^ ]*error.*audit' err
    [ "$(grep -c 'audit.cut' err)" -eq "$(grep -c '^ *[^ ]*error' err)" ] || fail "$(cat err)"
done

# An index that lost only its newest commits is brought up to git by the next command of any kind.
restore
sql 'DELETE FROM version WHERE version > 1'
sql "UPDATE artifact SET latest = 1"
tip_before="$(git -C sandbox/store.git rev-list drafts | sed -n 2p)"
sqlite3 sandbox/ledger.db "UPDATE tip SET commit_id = '$tip_before'
    WHERE ref = 'refs/heads/drafts'"
run greenroom log prompt/greeting --env sandbox --json
equal 'versions' '2 1' "$(json 0.version) $(json 1.version)"
index_of sandbox | cmp sandbox-index - || fail 'the index that caught up differs'
equal 'the recovered entry of the audit' 1 \
    "$(sqlite3 sandbox/ledger.db "SELECT count(*) FROM audit WHERE entry LIKE '%\"recovered\":true%'")"
