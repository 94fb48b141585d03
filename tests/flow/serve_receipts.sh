# ?call=ID leaves a receipt of what a call was given, and never delays an answer.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'Hello.'
write_knowledge plans plans 2
run publish greeting
run publish plans
run promote prompt/outbound/greeting@1 knowledge/plans@1
run greenroom receipts --call call-1 --env production --json # nothing was ever noted
equal 'receipts of a new environment' '[]' "$(tr -d ' \n' <out)"
start_server production --threads 2
make_bearer
path=/v1/prompts/outbound/greeting
wait_until 5 answers 200 "$path"
digest="$(json digest body)"
etag="$(field ETag)"

receipts() { # receipts CALL: how many there are
    sqlite3 -readonly production/ledger.db "SELECT count(*) FROM receipt WHERE call = '$1'" 2>/dev/null
}
has_receipts() {
    [ "$(receipts "$1")" = "$2" ]
}

# --- what is noted ---
before="$(date +%s)"
expect_get 200 "$path?call=call-1"
wait_until 10 has_receipts call-1 1
equal 'the receipt' "call-1|prompt/outbound/greeting|1|$digest|$bearer_id" \
    "$(sqlite3 -readonly production/ledger.db 'SELECT call, artifact, version, digest, key FROM receipt')"
time="$(sqlite3 -readonly production/ledger.db 'SELECT time FROM receipt')"
[ "$time" -ge "$before" ] && [ "$time" -le "$(date +%s)" ] || fail "noted at $time"

expect_get 304 "$path?call=call-2" -H "If-None-Match: $etag"
expect_get 200 "$path@1?x=1&call=call-2"
expect_get 200 "$path/-/files/artifact.json?call=call-2"
expect_get 200 "$path/-/render?call=call-2" --data-binary '{}'
expect_get 200 "/v1/at/$(tip production live)/prompts/outbound/greeting?call=call-2"
wait_until 5 answers 200 '/v1/knowledge/plans/-/archive.zip?call=call-2'
wait_until 5 answers 200 '/v1/knowledge/plans/-/search?q=page&call=call-2'
wait_until 10 has_receipts call-2 7

# Who asks later, asks the registry.
run greenroom receipts --call call-1 --env production --json
equal 'members of a receipt' 'call artifact version digest key time' "$(members 0)"
equal 'what it names' "call-1 prompt/outbound/greeting 1 $digest $bearer_id" \
    "$(json 0.call) $(json 0.artifact) $(json 0.version) $(json 0.digest) $(json 0.key)"
run greenroom receipts --call call-2 --env production
equal 'what call-2 was given' 7 "$(wc -l <out)"
says "prompt/outbound/greeting@1  sha256:.*  to key $bearer_id\$"
run greenroom receipts --call nobody --env production --json
equal 'receipts of nobody' '[]' "$(tr -d ' \n' <out)"
expect_error 1 wrong_class greenroom receipts --call call-1 --env sandbox
expect_error 2 word_missing greenroom receipts --env production

# --- what is not ---
expect_get 200 "$path?call=call-3" -I
expect_get 404 "/v1/prompts/outbound/nobody?call=call-3"
expect_get 400 "$path/-/render?call=call-3" --data-binary '{'
expect_get 200 "/v1/live?call=call-3"
expect_get 200 '/healthz?call=call-3'
bearer='' expect_get 401 "$path?call=call-3"
for call in '' 'a%20b' '%00' "$(printf '%065d' 0)" "a'b" 'a&call=b'; do
    expect_get 400 "$path?call=$call"
    equal code parameter_invalid "$(json error_code body)"
done
expect_get 200 "$path?call=$(printf '%064d' 0)"
expect_get 200 "$path?call=sip%3A5-6.7_8%40example.com"
wait_until 10 has_receipts 'sip:5-6.7_8@example.com' 1
equal 'receipts of what was not given' 0 "$(receipts call-3)"

# Nothing was dropped.
runtime="$bearer"
make_bearer --role operator
wait_until 5 answers 200 /metrics
says '^greenroom_receipts_dropped_total 0$' body
bearer="$runtime"

# --- a ledger that is locked keeps nobody waiting, and the notes wait for it ---
mkfifo hold
(
    echo 'BEGIN IMMEDIATE;'
    cat hold
    echo 'COMMIT;'
) | sqlite3 -cmd '.timeout 10000' production/ledger.db & # the journal may be writing just now
holder=$!
exec {gate}>hold
is_locked() { ! sqlite3 production/ledger.db 'BEGIN IMMEDIATE; COMMIT' 2>/dev/null; }
wait_until 5 is_locked
for _ in 1 2 3 4 5; do
    expect_get 200 "$path?call=call-4"
done
equal 'written while it is locked' 0 "$(receipts call-4)"
exec {gate}>&-
wait "$holder"
wait_until 10 has_receipts call-4 5

# --- and what is still to be written is written when the server ends ---
expect_get 200 "$path?call=call-5"
stop_server
has_receipts call-5 1 || fail 'the last receipt is lost'
