# The second half of openapi_answers.sh, which sources it: operations, what any request may meet, and
# the verdict.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what the first half sets

# --- what every operation refuses ---
ask_bogus() { # ask_bogus STATUS OPERATION
    ask "$1" "$(role_of "$2")" "$2" '{"bogus":"x"}'
}

# What is a live environment's alone is refused in a sandbox before its input is looked at.
live_alone='plan promote admit rollback hold lift quarantine evidence receipts'
refusals() {
    local name
    while read -r name; do
        case " $live_alone " in
            *" $name "*) ask_bogus 422 "$name" ;;
            *) ask_bogus 400 "$name" ;;
        esac
        ask 403 runtime "$name" '{}'
        ask 413 "$(role_of "$name")" "$name" '{}' -H 'Content-Length: 99999999999'
        expect_get 415 "/v1/operations/$name" -H 'Content-Type: text/plain' -d '{}'
        bearer=none expect_get 401 "/v1/operations/$name" -d '{}'
    done < <(operations)
}

# What each has to be given at least.
declare -A least=(
    [publish]='{"as":"prompt/closing"}'
    [seal]='{"artifacts":["prompt/closing@1"]}'
    [attest]='{"artifact":"prompt/closing@1","item":"script-read"}'
    [status]='{"artifact":"prompt/closing@1"}'
    [approve]='{"artifact":"prompt/closing@1"}'
    [reject]='{"artifact":"prompt/closing@1","reason":"x"}'
    [withdraw-approval]='{"artifact":"prompt/closing@1","record":"0001-approval"}'
    [waive]='{"artifact":"prompt/closing","rule":"injection.phrase","reason":"x"}'
    [approver-add]="{\"name\":\"second@example.com\",\"key\":\"$(cat second.pub)\"}"
    [approver-remove]='{"name":"second@example.com"}'
    [policy-set]='{"policy":"{}"}'
    [binding-set]='{"name":"crm","value":"https://crm.example.com"}'
    [key-create]='{"role":"runtime","owner":"dialer","expires":"1d"}'
    [key-revoke]='{"id":"nothing"}'
    [audit-restart]='{"reason":"x"}'
    [reindex]='{}'
    [plan]='{"artifacts":["prompt/closing@1"]}'
    [promote]='{"artifacts":["prompt/closing@1"],"sign-with":{}}'
    [admit]='{"sign-with":{}}'
    [rollback]='{"artifact":"prompt/outbound/greeting","reason":"x","sign-with":{}}'
    [hold]='{"artifact":"prompt/outbound/greeting","reason":"x","sign-with":{}}'
    [lift]='{"artifact":"prompt/outbound/greeting","sign-with":{}}'
    [quarantine]='{"artifact":"prompt/outbound/greeting@1","reason":"x","sign-with":{}}'
    [evidence]='{"artifact":"prompt/outbound/greeting@1"}'
    [receipts]='{"call":"call-1"}'
)

# role_of OPERATION: one that may.
role_of() {
    awk -F '\t' -v path="paths./v1/operations/$1.post.x-roles." \
        'index($1, path) == 1 && !found { print $2; found = 1 }' openapi.lines
}

# send STATUS OPERATION FILE [INPUT]: with what goes along.
send() {
    bearer="$(cat "$folder.$(role_of "$2")")"
    expect_get "$1" "/v1/operations/$2" -F "input=${4:-${least[$2]}};type=application/json" -F "content=@$3"
}

# used_all: what an operator may write, with an Idempotency-Key that something else was asked with.
used_all() {
    local name
    ask 200 operator binding-set '{"name":"other","value":"https://other.example.com"}' \
        -H 'Idempotency-Key: used'
    for name in approver-add approver-remove policy-set audit-restart reindex binding-set key-create \
        key-revoke; do
        ask 422 operator "$name" "${least[$name]}" -H 'Idempotency-Key: used'
    done
    ask 200 approver waive "${least[waive]}" -H 'Idempotency-Key: used'
    ask 422 approver waive '{"artifact":"prompt/closing","rule":"*","reason":"x"}' \
        -H 'Idempotency-Key: used'
}

# late OPERATION INPUT: signed too long ago.
late() {
    local input="${2/,\"sign-with\":\{\}/}"
    input="${input/\"sign-with\":\{\}/}"
    input="${input%\}}"
    [ "$input" = '{' ] || input+=,
    ask 409 "$(role_of "$1")" "$1" \
        "$input\"sign-with\":{\"time\":\"2020-01-01T00:00:00Z\",\"signatures\":[]}}"
}

# --- the sandbox ---
folder=sandbox
run greenroom approver add approver@example.com approver.pub --env sandbox
serve drafts sandbox --writable
refusals
echo 'What was heard.' >notes.txt
as author publish closing
as author check closing
as author check prompt/closing@1
as author check prompt/closing@1 --sarif
as approver waive prompt/closing 'injection.*' --reason 'It was read.' --sign-with approver
as author list
as author show prompt/closing
as author log prompt/outbound/greeting
as author diff prompt/outbound/greeting@1
as author cat prompt/closing artifact.json
as author export prompt/closing exported
as author attest prompt/closing@1 script-read --file notes.txt --sign-with approver
as author attest --environment numbers-tested
as approver reject prompt/closing@1 --reason 'Too short.'
as approver withdraw-approval prompt/closing@1 0001-attestation
as author seal prompt/closing@1 -o closing.seal
as operator approver list
as operator approver add second@example.com second.pub --sign-with approver
as operator approver remove second@example.com --sign-with approver
write_policy newer.json 2
as operator policy set newer.json --reason 'Another.' --sign-with approver
as operator policy show
as operator policy diff policy.json
as operator binding set crm https://crm.sandbox.example.com
as operator binding list
as operator key create --role author --owner spare@example.com --expires 1d --json
spare="$(json id)"
as operator key list
as operator key revoke "$spare"
as operator audit
as operator verify
as operator reindex
as operator backup sandbox.backup
as operator environment describe -o side.tar
as operator environment show
ask 200 author export '{"artifact":"prompt/closing"}'
ask 404 author check '{"subject":"prompt/nothing@1"}'
ask 404 author log '{"artifact":"prompt/nothing"}'
for name in show diff export; do
    ask 404 author "$name" '{"artifact":"prompt/nothing@1"}'
done
ask 404 author cat '{"artifact":"prompt/nothing","path":"x"}'
ask 404 author attest '{"artifact":"prompt/nothing@1","item":"script-read"}'
ask 404 approver reject '{"artifact":"prompt/nothing@1","reason":"x"}'
ask 404 approver withdraw-approval '{"artifact":"prompt/nothing@1","record":"0001-attestation"}'
ask 404 author seal '{"artifacts":["prompt/nothing@1"]}'
ask 404 operator approver-remove '{"name":"nobody@example.com"}'
ask 404 operator key-revoke '{"id":"nothing"}'
for name in rollback hold lift quarantine evidence receipts; do
    ask 422 "$(role_of "$name")" "$name" "${least[$name]}"
done
for name in plan promote admit status approve; do
    send 422 "$name" closing.seal
done
for name in waive attest approver-add approver-remove policy-set audit-restart; do
    late "$name" "${least[$name]}"
done
used_all
tar -czf closing.tar.gz -C closing .
send 409 publish closing.tar.gz '{"as":"prompt/other"}' # any request may meet a conflict
end

# --- production ---
folder=production
serve releases production --writable
(umask 077 && echo "$url $(cat production.approver)" >credentials)
export GREENROOM_CREDENTIALS="$work/credentials"
run greenroom attest prompt/outbound/greeting@2 script-read --env sandbox --actor 'Tester <tester@example.com>'
run greenroom check prompt/outbound/greeting@2 --env sandbox --to "$url"
run greenroom status prompt/outbound/greeting@2 --env sandbox --to "$url"
run greenroom approve prompt/outbound/greeting@2 --env sandbox --to "$url" --sign-with approver
run greenroom plan prompt/outbound/greeting@2 --from sandbox --to "$url"
run greenroom promote prompt/outbound/greeting@2 --from sandbox --to "$url" --sign-with approver
run greenroom seal prompt/strict@2 -o strict.seal --env sandbox
as approver admit strict.seal --sign-with approver
as operator hold prompt/outbound/greeting --reason 'Wait.' --sign-with approver
as operator lift prompt/outbound/greeting --sign-with approver
as approver rollback prompt/outbound/greeting --to 1 --reason 'Back.' --sign-with approver
as approver quarantine tool/crm/note@1 --reason 'Wrong system.' --sign-with approver
for name in $live_alone; do
    ask_bogus 400 "$name"
done
as auditor evidence prompt/outbound/greeting@2 -o evidence
ask 200 auditor evidence '{"artifact":"prompt/outbound/greeting@2"}'
bearer="$(cat production.runtime)"
expect_get 200 '/v1/knowledge/plans?call=call-1'
receipts_are_there() {
    ask 200 auditor receipts '{"call":"call-1"}'
    grep -q '"call":"call-1"' body
}
wait_until 20 receipts_are_there
ask 404 auditor evidence '{"artifact":"prompt/nothing@1"}'
for name in rollback lift quarantine; do
    ask 404 approver "$name" "${least[$name]/outbound\/greeting/nothing}"
done
send 422 publish closing.tar.gz
for name in seal attest reject withdraw-approval; do
    ask 422 "$(role_of "$name")" "$name" "${least[$name]}"
done
for name in promote admit approve rollback hold lift quarantine; do
    late "$name" "${least[$name]}"
done
rm production/ledger.db*
as operator audit restart --reason 'The disk died.' --sign-with approver
end

# --- what any request may meet ---
say_raw() { # say_raw STATUS TEXT: as it is; the server may have answered and closed before its end
    exec {line}<>"/dev/tcp/127.0.0.1/${url##*:}"
    trap '' PIPE
    printf '%b' "$2" >&"$line" || true
    trap - PIPE
    IFS=' ' read -r _ status _ <&"$line"
    exec {line}>&-
    equal "the answer to ${2:0:40}" "$1" "$status"
}
host='Host: x\r\n'
bearer=none
serve hasty production --request-timeout 1s
say_raw 408 "GET /healthz HTTP/1.1\r\n$host"
end
serve any production --request-timeout 60s --stop-timeout 60s \
    --writable --threads 1
expect_get 405 /healthz -X DELETE
say_raw 414 "GET /$(printf '%09000d' 0) HTTP/1.1\r\n$host\r\n"
say_raw 417 "GET /healthz HTTP/1.1\r\n${host}Expect: more\r\n\r\n"
say_raw 431 "GET /healthz HTTP/1.1\r\n${host}A: $(printf '%020000d' 0)\r\n\r\n"
say_raw 501 "BREW /healthz HTTP/1.1\r\n$host\r\n"
say_raw 505 "GET /healthz HTTP/2.0\r\n$host\r\n"
mv production/ledger.db kept
mkdir production/ledger.db
ask 500 operator audit '{}'
rmdir production/ledger.db
mv kept production/ledger.db
# Somebody writes, and more wait than may.
reindex_as_well() { # reindex_as_well NUMBER
    (
        exec {lock}<&- # or the lock would be theirs as well
        exec curl -sS --max-time "$patience_s" -o "answer-$1" -d '{}' "$url/v1/operations/reindex" \
            -H "Authorization: Bearer $(cat production.operator)" -H 'Content-Type: application/json'
    ) &
    callers+=($!)
}
exec {lock}<production
flock "$lock"
callers=()
for ((i = 0; i < 70; i++)); do
    reindex_as_well "$i"
done
wait_until 50 grep -rq 'HTTP/1.1 503' any
exec {lock}<&-
wait "${callers[@]}"
# A last answer while it stops, which takes until somebody else has theirs.
exec {lock}<production
flock "$lock"
callers=()
requests_seen="$(find any -name '*.request' | wc -l)"
reindex_as_well last
one_more_is_asked() {
    grep -q '^{}' "any/$(printf '%06d' $((requests_seen + 1))).request"
}
wait_until 10 one_more_is_asked
exec {line}<>"/dev/tcp/127.0.0.1/${url##*:}"
printf 'GET /readyz HTTP/1.1\r\nHost: x\r\n' >&"$line"
wait_until 10 grep -rq readyz any
kill -TERM "$server_pid"
wait_until 10 grep -q 'stopping: answers' server.err
printf '\r\n' >&"$line"
IFS=' ' read -r _ status _ <&"$line"
exec {line}>&-
equal 'readyz while it stops' 503 "$status"
exec {lock}<&-
wait "${callers[@]}"
end

# --- the verdict ---
"$GREENROOM_BIN/openapi_answers" openapi.json "${recordings[@]}" >verdict || fail "$(cat verdict)"
grep -E '^[0-9]+ answers, [0-9]+ documented, 0 faults$' verdict
