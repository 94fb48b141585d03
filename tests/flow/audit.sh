# The audit: each change appends its row, nobody can change, cut or reorder the rows unnoticed, and a
# ledger that cannot be written stops promotions but no call.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

make_strict
write_prompt folder greeting 'One.'

# rows ENVIRONMENT OPERATION... -- COMMAND...: the command enters exactly these rows, in this order;
# the other environment's audit stands still.
rows() {
    local environment=$1 wanted=() other before other_before found
    shift
    while [ "$1" != -- ]; do
        wanted+=("$1")
        shift
    done
    shift
    other=sandbox
    [ "$environment" = production ] || other=production
    before=$(audit_rows "$environment")
    other_before=$(audit_rows "$other")
    run "$@"
    found=$(sqlite3 -readonly "$environment/ledger.db" "SELECT json_extract(entry, '\$.operation')
        FROM audit WHERE sequence > $before ORDER BY sequence" | paste -sd ' ')
    equal "rows of $*" "${wanted[*]}" "$found"
    equal "rows of $other after $*" "$other_before" "$(audit_rows "$other")"
}
at_production() {
    greenroom "$@" --env production
}

# --- everything that changes something is one row; quarantine of what is live moves live as well ---
rows sandbox publish -- publish folder
rows sandbox attest -- attest --environment numbers-tested
rows sandbox attest -- attest prompt/greeting@1 script-read
rows sandbox approve -- approve prompt/greeting@1
rows sandbox withdraw-approval -- greenroom withdraw-approval prompt/greeting@1 0002-approval --env sandbox
rows sandbox withdraw-approval -- greenroom withdraw-approval --environment 0001-attestation --env sandbox
rows sandbox attest -- attest --environment numbers-tested
rows sandbox approve -- approve prompt/greeting@1
rows production promote -- promote prompt/greeting@1
write_prompt folder greeting 'Two.'
rows sandbox publish -- publish folder
rows sandbox attest -- attest prompt/greeting@2 script-read
rows sandbox approve -- approve prompt/greeting@2
run seal prompt/greeting@2 -o two.seal
rows production admit -- admit two.seal
rows production rollback -- rollback prompt/greeting --reason 'Back.'
rows production rollback -- rollback prompt/greeting --to 2 --reason 'And forth.'
rows production hold -- at_production hold prompt/greeting --reason 'Wait.' --sign-with approver
rows production lift -- at_production lift prompt/greeting --sign-with approver
rows production 'binding set' -- at_production binding set crm https://crm.example.com
rows production 'key create' -- at_production key create --role runtime --owner dialer --expires 90d --json
key_id=$(json id)
rows production 'key revoke' -- at_production key revoke "$key_id"
make_key third
rows production 'approver add' -- at_production approver add third@example.com third.pub
rows production 'approver remove' -- at_production approver remove third@example.com
write_policy newer.json 2
rows production 'policy set' -- at_production policy set newer.json --sign-with approver
rows production quarantine quarantine -- quarantine prompt/greeting@2 --reason 'Wrong price.'
write_prompt folder greeting 'Three.'
rows sandbox publish -- publish folder
rows sandbox reject -- greenroom reject prompt/greeting@3 --reason 'No.' --env sandbox

# --- what changes nothing, and what is refused, enters nothing ---
rows sandbox -- publish folder # the same content again
rows production -- quarantine prompt/greeting@2 --reason 'Wrong price.'
rows sandbox -- seal prompt/greeting@2 -o again.seal
rows sandbox -- greenroom status prompt/greeting@3 --to production --env sandbox
rows sandbox -- greenroom plan prompt/greeting@3 --from sandbox --to production
rows production -- at_production evidence prompt/greeting@1 -o evidence.json
rows production -- at_production verify
rows production -- at_production audit --verify
rows production -- at_production reindex
before=$(audit_rows production)
expect_finding gate.rejected promote prompt/greeting@3
equal 'rows after a refusal' "$before" "$(audit_rows production)"

# --- the chain, by hand ---
by_hand() {
    local row previous entry
    previous=$(printf '%064d' 0)
    for ((row = 1; row <= $(audit_rows "$1"); row++)); do
        entry=$(sqlite3 -readonly "$1/ledger.db" "SELECT entry FROM audit WHERE sequence = $row")
        equal "previous of row $row" "sha256:$previous" \
            "$(sqlite3 -readonly "$1/ledger.db" "SELECT previous FROM audit WHERE sequence = $row")"
        previous=$(printf '%s\n%s' "$previous" "$entry" | sha256sum | cut -d ' ' -f 1)
        equal "hash of row $row" "sha256:$previous" \
            "$(sqlite3 -readonly "$1/ledger.db" "SELECT hash FROM audit WHERE sequence = $row")"
    done
}
by_hand sandbox
by_hand production

# --- filters ---
count() { # count ENVIRONMENT OPTION...
    local environment=$1
    shift
    run greenroom audit --env "$environment" "$@" --json
    members '' | wc -w
}
equal 'all' "$(audit_rows production)" "$(count production)"
equal 'since long ago' "$(audit_rows production)" "$(count production --since 2020-01-01T00:00:00Z)"
equal 'since the far future' 0 "$(count production --since 2090-01-01T00:00:00Z)"
equal 'by the approver' 6 "$(count production --actor 'Approver <*')" # 1 promote, admit, 2 rollbacks, 2 quarantine
equal 'by nobody' 0 "$(count production --actor 'Nobody*')"
equal 'of one version' 2 "$(count sandbox --artifact prompt/greeting@3)" # publish, reject
equal 'of the artifact' 3 "$(count sandbox --artifact prompt/greeting --actor 'Author*')"
equal 'both at once' 1 "$(count sandbox --artifact prompt/greeting@3 --actor 'Author*' \
    --since 2020-01-01T00:00:00Z)"
equal 'a hold, a lift, a quarantine' 3 "$(sqlite3 -readonly production/ledger.db "SELECT count(*) FROM audit
    WHERE entry LIKE '%\"hold\"%' AND entry LIKE '%\"prompt/greeting\"%'
        OR entry LIKE '%\"lift\"%' AND entry LIKE '%\"prompt/greeting\"%'
        OR entry LIKE '%\"quarantine\"%' AND entry LIKE '%\"prompt/greeting@2\"%'")"
expect_exit 2 greenroom audit --env production --since yesterday

# --- a refusal of somebody's key is a row as well, with the key's fingerprint and what was asked for ---
make_key stranger
fingerprint=$(ssh-keygen -lf stranger.pub | cut -d ' ' -f 2 | sed 's|[+]|[+]|g')
refused() { # refused ENVIRONMENT OPERATION PATTERN COMMAND...
    local environment=$1 operation=$2 pattern=$3 rows
    shift 3
    rows=$(audit_rows "$environment")
    expect_exit 1 "$@"
    equal "rows of $*" $((rows + 1)) "$(audit_rows "$environment")"
    run greenroom audit --env "$environment"
    says "^ *$((rows + 1))  .*$operation +REFUSED  .*$pattern"
}
write_prompt other closing 'Goodbye.'
run publish other
ready prompt/closing@1
run seal prompt/closing@1 -o closing.seal
signer=stranger refused production promote "prompt/closing@1.*$fingerprint" promote prompt/closing@1
signer=stranger refused production admit "$fingerprint" admit closing.seal
refused production quarantine "prompt/greeting@1.*$fingerprint" at_production quarantine prompt/greeting@1 --reason no \
    --sign-with stranger
refused production hold "prompt/greeting .*$fingerprint" at_production hold prompt/greeting --reason no --sign-with stranger
write_policy next.json 3
refused production 'policy set' "$fingerprint" at_production policy set next.json --sign-with stranger
# Whoever judges an approval enters what it refuses: the sandbox's folder, or the live environment's
# server, to which the draft came as a seal.
judge=sandbox
[ "${GREENROOM_VIA:-}" != http ] || judge=production
signer=stranger refused "$judge" approve 'prompt/greeting@3.*no approver' approve prompt/greeting@3
run greenroom audit --verify --env production
# What comes after has its commit, which shows a cut at the end (a refusal at the very end has none).
run greenroom binding set crm https://other.example.com --env production
run attest --environment numbers-tested

# --- changed by hand: the row is named, by audit --verify and by verify ---
cp -R production intact
cp -R sandbox sandbox-intact
last=$(audit_rows production)
triggers="$(sqlite3 production/ledger.db "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'")"
rewrite() { # rewrite ENVIRONMENT SQL: as somebody would who leaves no other trace
    sqlite3 "$1/ledger.db" "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks;
        DROP TRIGGER audit_follows; $2; $triggers"
}
changed() { # changed PATTERN SQL
    rm -rf production
    cp -R intact production
    rewrite production "$2"
    expect_error 5 audit_damaged greenroom audit --verify --env production
    expect_exit 5 greenroom audit --verify --env production
    says "$1" err
    expect_error 5 environment_damaged greenroom verify --env production
    expect_exit 5 greenroom verify --env production
    says "$1" err
}
for row in 1 3 "$last"; do
    changed "audit row $row " "UPDATE audit SET entry = replace(entry, '\"actor\":\"', '\"actor\":\"x')
        WHERE sequence = $row"
done
changed 'audit row 4 ' 'DELETE FROM audit WHERE sequence = 3'
changed 'audit row 2 ' 'DELETE FROM audit WHERE sequence = 1'
changed 'audit row 3 ' 'UPDATE audit SET sequence = -3 WHERE sequence = 3;
    UPDATE audit SET sequence = 3 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = -3'
changed 'audit row 3 ' "UPDATE audit SET sequence = sequence + 1000 WHERE sequence > 2;
    UPDATE audit SET sequence = sequence - 999 WHERE sequence > 1000;
    INSERT INTO audit VALUES (3, '{}', (SELECT hash FROM audit WHERE sequence = 2),
        'sha256:' || printf('%064d', 7))"

# --- cut at the end, which the chain itself cannot show: each commit has its row, and live names some ---
changed 'has no row in the audit' "DELETE FROM audit WHERE sequence = $last"
named=$(git -C intact/store.git log -1 --format='%(trailers:key=Audit,valueonly)' live | cut -d ' ' -f 1)
[ "$named" -lt "$last" ] && [ "$named" -gt 4 ] || fail "live names row $named of $last"
changed "audit row $named" "DELETE FROM audit WHERE sequence >= $named"
changed 'audit row' 'DELETE FROM audit'
# Grown again after the cut: what earlier commits of live name shows it.
rm -rf production
cp -R intact production
rewrite production 'DELETE FROM audit WHERE sequence > 4'
for number in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
    run greenroom binding set crm "https://crm-$number.example.com" --env production
done
expect_exit 5 greenroom audit --verify --env production
says "audit row [0-9]+ is another than" err
# A sandbox has no live, but its commits have their rows as well.
rewrite sandbox 'DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)'
expect_exit 5 greenroom audit --verify --env sandbox
says 'refs/heads/evidence: .*has no row in the audit' err
rm -rf sandbox production
cp -R sandbox-intact sandbox
cp -R intact production

# --- rows kept from getting in: the chain is whole without them, and what keeps them out is named ---
altered() { # altered WORDS SQL
    sqlite3 production/ledger.db "$2"
    expect_exit 5 greenroom audit --verify --env production
    says "$1 \[audit.altered\]" err
    equal 'findings' 1 "$(grep -c '^error: ' err)"
    expect_exit 5 greenroom verify --env production
    says "$1 \[audit.altered\]" err
}
altered 'trigger quiet is not as Greenroom made it' "CREATE TRIGGER quiet BEFORE INSERT ON audit
    WHEN NEW.entry LIKE '%refused%' BEGIN SELECT RAISE(IGNORE); END"
expect_exit 1 at_production quarantine prompt/greeting@1 --reason no --sign-with stranger
equal 'rows of a refusal that was kept out' "$last" "$(audit_rows production)"
altered 'view v is not as Greenroom made it' 'DROP TRIGGER quiet; CREATE VIEW v AS SELECT 1'
altered 'index i is not as Greenroom made it' 'DROP VIEW v; CREATE INDEX i ON audit (entry)'
altered 'trigger audit_never_shrinks is gone' 'DROP INDEX i; DROP TRIGGER audit_never_shrinks'
rm -rf production
cp -R intact production
run greenroom audit --verify --env production
run greenroom audit --verify --env sandbox

# --- the writer died between git and the ledger: entered by the next command, the first time as well ---
run greenroom init young --class sandbox
cp -R young young-before
run greenroom publish folder --env young --actor "$author"
rm young/ledger.db*
cp young-before/ledger.db* young/
run greenroom list --env young
says 'prompt/greeting'
equal 'recovered rows' 1 "$(sqlite3 young/ledger.db "SELECT count(*) FROM audit
    WHERE entry LIKE '%\"operation\":\"publish\"%\"recovered\":true%'")"
run greenroom audit --verify --env young

# --- a locked ledger: promotions are refused, and nothing moves; calls go on being served ---
write_prompt folder greeting 'Four.'
run publish folder
ready prompt/greeting@4
make_bearer
start_server production
expect_get 200 /v1/prompts/greeting
equal 'served' 1 "$(json version body)"
before=$(tip production live)

mkfifo hold
sqlite3 production/ledger.db <hold >locked 2>&1 &
locker=$!
exec 7>hold
printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&7
wait_until 5 grep -q 1 locked
expect_exit 4 promote prompt/greeting@4
equal 'live under a locked ledger' "$before" "$(tip production live)"
expect_get 200 /v1/prompts/greeting
equal 'served' 1 "$(json version body)"
printf 'ROLLBACK;\n' >&7
exec 7>&-
wait "$locker"

# --- a full ledger, and one that may not be written ---
if [ "$(id -u)" -ne 0 ]; then
    chmod a-w production/ledger.db*
    expect_exit 6 promote prompt/greeting@4
    chmod u+w production/ledger.db*
fi
on_folder() { # whatever is tried is tried on the process that writes
    unset -f greenroom
}
full() { # full COMMAND...: production's disk has no room left
    (
        on_folder
        export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
        export GREENROOM_FAULT_FOLDER="$work/production" LD_PRELOAD="$GREENROOM_FULL_DISK_LIBRARY"
        "$@"
    )
}
unwritable() { # no file may grow over 1 KiB: SIGXFSZ ignored, so that a write fails as on a full disk
    (
        on_folder
        trap '' XFSZ
        ulimit -f 1
        "$@"
    )
}
if [ -n "${GREENROOM_FULL_DISK_LIBRARY:-}" ]; then
    rows=$(audit_rows production)
    expect_error 6 disk_full full promote prompt/greeting@4
    expect_error 6 disk_full full greenroom hold prompt/greeting --reason no --env production --sign-with approver
    expect_error 6 disk_full full rollback prompt/greeting --to 1 --reason no
    equal 'rows on a full disk' "$rows" "$(audit_rows production)"
else
    echo 'GREENROOM_FULL_DISK_LIBRARY is not set: a full ledger is not tried'
fi
expect_exit 6 unwritable promote prompt/greeting@4
equal 'live on a full disk' "$before" "$(tip production live)"
expect_get 200 /v1/prompts/greeting
equal 'served' 1 "$(json version body)"
expect_get 200 /readyz
run promote prompt/greeting@4
wait_until 5 answers 200 /v1/prompts/greeting@4
stop_server
expect_sound sandbox production
