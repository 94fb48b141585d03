# Each key that the server refuses is in the audit, by its id or the beginning of its hash and never by
# itself; a flood of one is one more row; and where the ledger is locked or gone, calls are answered.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
for name in greeting/mine greeting/other; do
    write_prompt folder "$name" 'One.'
    run publish folder
    run promote "prompt/$name@1"
done
run greenroom key create --role runtime --owner tester --env sandbox --json
sandbox_key=$(json key)
run greenroom key create --role author --owner writer --expires 30d --env production --json
author_key=$(json key) author_id=$(json id)
make_bearer --role runtime --scope 'prompt/greeting/mine'
scoped=$bearer scoped_id=$bearer_id
make_bearer
revoked=$bearer revoked_id=$bearer_id
run greenroom key revoke "$revoked_id" --env production
expires=1s make_bearer
expired=$bearer expired_id=$bearer_id
make_bearer
good=$bearer
run greenroom init elsewhere --class live --policy minimal
run greenroom key create --role runtime --owner other --expires 30d --env elsewhere --json
foreign=$(json key)
cp -R production forgotten # a key of production that production does not know
run greenroom key create --role runtime --owner nobody --expires 30d --env forgotten --json
unknown=$(json key)
digits() { # digits KEY: as the audit names one that is not known
    printf %s "$1" | sha256sum | cut -c 1-12
}

start_server production --threads 2
before=$(audit_rows production)
refusals() { # of the audit, one a line: actor|key|reason|artifacts|count
    sqlite3 -readonly production/ledger.db "SELECT json_extract(entry, '\$.actor') || '|' ||
        coalesce(json_extract(entry, '\$.key'), '') || '|' || json_extract(entry, '\$.reason') || '|' ||
        json_extract(entry, '\$.artifacts') || '|' || coalesce(json_extract(entry, '\$.count'), 1)
        FROM audit WHERE json_extract(entry, '\$.outcome') = 'refused' ORDER BY sequence"
}
is_audited() { # is_audited LINE
    refusals | grep -qxF -- "$1"
}
refused() { # refused STATUS KEY LINE [PATH]
    bearer=$2
    wait_until 5 answers "$1" "${4:-/v1/prompts/greeting/mine}"
    wait_until 10 is_audited "$3"
}
refused 401 "$unknown" "unknown key $(digits "$unknown")|$(digits "$unknown")|asked with a key that is unknown|[]|1"
refused 401 "$sandbox_key" "unknown key $(digits "$sandbox_key")|$(digits "$sandbox_key")|asked with a key of another environment: $(cut -d _ -f 3 <<<"$sandbox_key")|[]|1"
refused 401 "$foreign" "unknown key $(digits "$foreign")|$(digits "$foreign")|asked with a key of another environment: $(cut -d _ -f 3 <<<"$foreign")|[]|1"
refused 401 "$revoked" "key $revoked_id|$revoked_id|asked with a key that was revoked|[]|1"
refused 403 "$author_key" "key $author_id|$author_id|asked with a key whose role may not do that|[]|1"
refused 404 "$scoped" "key $scoped_id|$scoped_id|asked with a key whose scopes do not reach that|[\"prompt/greeting/other@1\"]|1" /v1/prompts/greeting/other
refused 401 'hello' 'something that is no key||asked with something that is no key|[]|1'
bearer=$expired
wait_until 5 answers 401 /v1/live # its second is over
is_expired_audited() {
    refusals | grep -qE "^key $expired_id\|$expired_id\|asked with a key that expired\|\[\]\|[0-9]+\$"
}
wait_until 10 is_expired_audited
expect_get 401 /v1/live
bearer=$scoped
expect_get 200 /v1/prompts/greeting/mine

# --- nothing of a key stands anywhere, and the chain holds ---
for key in "$unknown" "$sandbox_key" "$foreign" "$revoked" "$author_key" "$scoped" "$expired"; do
    ! grep -raqF -- "${key: -49}" production server.err || fail "a key's secret is kept"
done
run greenroom audit --verify --env production
run greenroom verify --env production
run greenroom audit --env production --actor "key $revoked_id"
says "request +REFUSED  key $revoked_id  asked with a key that was revoked"
equal 'rows of one key' 1 "$(wc -l <out)"

# --- a flood is counted: one more row when the server ends (or a window does) ---
rows=$(audit_rows production)
bearer=$revoked
for ((i = 0; i < 50; i++)); do
    printf 'url = "%s/v1/live"\noutput = /dev/null\n' "$url"
done >requests
curl -sS -H "Authorization: Bearer $bearer" -K requests
equal 'rows after a flood' "$rows" "$(audit_rows production)"
stop_server
is_audited "key $revoked_id|$revoked_id|asked with a key that was revoked|[]|50" || fail "no count: $(refusals)"

# --- a locked ledger: refused and served all the same, and entered once it is free ---
start_server production
rows=$(audit_rows production)
mkfifo hold
sqlite3 production/ledger.db <hold >locked 2>&1 &
locker=$!
exec 7>hold
printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&7
wait_until 5 grep -q 1 locked
bearer=$revoked
expect_get 401 /v1/live
warned() {
    grep -q 'refusals are not in the audit yet' server.err
}
wait_until 10 warned
bearer=$good
expect_get 200 /v1/prompts/greeting/mine
expect_get 200 /readyz
equal 'rows while locked' "$rows" "$(audit_rows production)"
printf 'ROLLBACK;\n' >&7
exec 7>&-
wait "$locker"
has_more_rows() {
    [ "$(audit_rows production)" -gt "$rows" ]
}
wait_until 10 has_more_rows

# --- a ledger that is gone is not made by the server; one that comes back is used ---
mkdir away
mv production/ledger.db* away
bearer=$author_key
expect_get 403 /v1/live
gone() {
    grep -q 'refusals are not in the audit yet.*there is no ledger' server.err
}
wait_until 10 gone
[ ! -e production/ledger.db ] || fail 'the server made a ledger'
bearer=$good
expect_get 200 /v1/prompts/greeting/mine
cp away/* production
rows=$(audit_rows production)
wait_until 10 has_more_rows
stop_server
run greenroom audit --verify --env production

# --- neither a runtime's nor an author's key can do anything to production, by whatever operation ---
start_server production --writable
run greenroom key create --role runtime --owner caller --expires 30d --env production --json
runtime_key=$(json key) runtime_id=$(json id)
bearer=$runtime_key
wait_until 5 answers 200 /v1/live
standing() {
    git -C production/store.git for-each-ref
}
standing >before
for operation in admit rollback quarantine hold lift waive policy-set binding-set approver-add \
    approver-remove key-create key-revoke audit-restart reindex; do
    for bearer in "$runtime_key" "$author_key"; do
        expect_get 403 "/v1/operations/$operation" -X POST -H 'Content-Type: application/json' -d '{}'
    done
done
standing >after
cmp before after
is_role_audited() {
    refusals | grep -qE "^key $1\|$1\|asked with a key whose role may not do that\|"
}
wait_until 10 is_role_audited "$runtime_id"
wait_until 10 is_role_audited "$author_id"
stop_server
run greenroom verify --env production
