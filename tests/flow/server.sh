# The server: who may read what, what a refusal tells, and that changes show without a restart.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'One.'
write_prompt draft outbound/draft 'Not for callers.'
write_tool note crm/note
write_knowledge plans plans 5
for artifact in greeting draft note plans; do
    run publish "$artifact"
done

# --- nothing is live yet ---
start_server production --threads 2
equal 'what it says' "greenroomd: serving production at $url" "$(cat server.out)"
bearer=none
expect_get 200 /healthz
expect_get 200 /readyz
equal status ready "$(json status body)"
make_bearer
runtime="$bearer"
wait_until 5 answers 404 /v1/prompts/outbound/greeting # the key counts without a restart

# --- a promotion shows at once ---
run promote prompt/outbound/greeting@1 tool/crm/note@1 knowledge/plans@1
promoted="$EPOCHREALTIME"
wait_until 5 answers 200 /v1/prompts/outbound/greeting
shown="$EPOCHREALTIME"
took_ms=$(((${shown/./} - ${promoted/./}) / 1000))
[ "$took_ms" -lt 1000 ] || fail "a promotion took $took_ms ms to show"
write_prompt greeting outbound/greeting 'Two.'
run publish greeting
write_prompt greeting outbound/greeting 'Three.'
run publish greeting
run promote prompt/outbound/greeting@2
run quarantine prompt/outbound/greeting@1 --reason harm
shows_version() {
    get /v1/prompts/outbound/greeting && [ "$(json version body)" = "$1" ]
}
wait_until 5 shows_version 2
commit="$(tip production live)"
equal state "$commit" "$(field Greenroom-State)"
equal version 2 "$(field Greenroom-Version)"
equal 'the release' "$(git -C production/store.git rev-parse 'release/prompt/outbound/greeting/2^{commit}')" \
    "$(json commit body)"
expect_get 200 /v1/prompts/outbound/greeting@2
equal members 'artifact version digest released_at commit prompt' "$(members '' body)"

# --- ETag, 304, HEAD ---
for path in /v1/prompts/outbound/greeting /v1/tools/crm/note /v1/knowledge/plans /v1/live \
    /v1/knowledge/plans/-/files/docs/more/page-1.md; do
    expect_get 200 "$path"
    etag="$(field ETag)"
    length="$(wc -c <body)"
    [[ "$etag" == '"'*'"' ]] || fail "$path has no strong ETag: $etag"
    expect_get 304 "$path" -H "If-None-Match: $etag"
    equal "body of a 304 of $path" 0 "$(wc -c <body)"
    equal "ETag of a 304 of $path" "$etag" "$(field ETag)"
    expect_get 200 "$path" -H 'If-None-Match: "other"'
    expect_get 200 "$path" -I
    equal "length told by HEAD of $path" "$length" "$(field Content-Length)"
done
expect_get 405 /v1/live -X POST
equal Allow 'GET, HEAD, OPTIONS' "$(field Allow)"

# --- files and archives are the very bytes ---
for file in artifact.json docs/more/page-3.md; do
    expect_get 200 "/v1/knowledge/plans/-/files/$file"
    cmp body "plans/$file"
    expect_get 200 "/v1/knowledge/plans@1/-/files/$file"
    cmp body "plans/$file"
done
wait_until 5 answers 200 /v1/knowledge/plans/-/archive.tar.gz
mkdir untarred
tar -xzf body -C untarred
diff -r plans untarred
run greenroom export knowledge/plans plans.tar.gz --env production
cmp body plans.tar.gz
wait_until 5 answers 200 /v1/knowledge/plans/-/archive.zip
run greenroom export knowledge/plans plans.zip --env production
cmp body plans.zip

# --- a tool's endpoint is what production's binding says, from the moment it says so ---
expect_get 200 /v1/tools/crm/note
equal 'endpoint' https://crm.example.com/v1/outcomes "$(json tool.endpoint.url body)"
etag="$(field ETag)"
expect_get 200 /v1/prompts/outbound/greeting
untouched="$(field ETag)"
run greenroom binding set crm https://crm-2.example.com/base/ --env production
rebound() {
    get /v1/tools/crm/note -H "If-None-Match: $etag"
    [ "$status" = 200 ]
}
wait_until 5 rebound
equal 'endpoint' https://crm-2.example.com/base/v1/outcomes "$(json tool.endpoint.url body)"
equal 'bindings' https://crm-2.example.com/base/ "$(json tool.bindings.crm body)"
expect_get 304 /v1/tools/crm/note -H "If-None-Match: $(field ETag)"
expect_get 200 /v1/tools/crm/note@1
equal 'by version' https://crm-2.example.com/base/v1/outcomes "$(json tool.endpoint.url body)"
expect_get 304 /v1/prompts/outbound/greeting -H "If-None-Match: $untouched"

# --- the state ---
expect_get 200 /v1/live
equal commit "$commit" "$(json commit body)"
equal 'what is live' 'knowledge/plans@1 prompt/outbound/greeting@2 tool/crm/note@1' \
    "$(for i in 0 1 2; do
        echo "$(json artifacts.$i.artifact body)@$(json artifacts.$i.version body)"
    done | xargs)"
equal 'no more than that' '0 1 2' "$(members artifacts body)"

# --- a refusal tells a runtime key nothing ---
make_bearer --scope 'prompt/outbound/*'
scoped="$bearer"
wait_until 5 answers 200 /v1/prompts/outbound/greeting
expect_get 200 /v1/live
equal 'live within a scope' 0 "$(members artifacts body)"
# What may differ between two answers: the request's id and the time.
anonymous() {
    sed 's/"request_id":"[^"]*"/"request_id":""/' body
    tr -d '\r' <headers | grep -viE '^(Date|.*request-id):' | sort
}
expect_get 404 /v1/prompts/outbound/nobody
equal 'type of a problem' application/problem+json "$(field Content-Type)"
json error_code body >/dev/null
json request_id body >/dev/null
anonymous >unknown-name
for path in /v1/prompts/outbound/draft /v1/prompts/outbound/draft@1 /v1/prompts/outbound/greeting@3 \
    /v1/prompts/outbound/greeting@1 /v1/prompts/outbound/greeting@77 /v1/tools/crm/note \
    /v1/tools/crm/note@1 /v1/tools/crm/note/-/files/artifact.json \
    /v1/tools/crm/note/-/archive.tar.gz /v1/prompts/outbound/greeting/-/files/nothing \
    /v1/prompts/outbound/greeting@1/-/archive.zip /v1/knowledge/plans /v1/nothing /; do
    expect_get 404 "$path"
    anonymous | cmp unknown-name - || fail "$path answers another 404: $(cat headers body)"
done

# --- who is let in ---
for role in auditor operator; do
    make_bearer --role "$role"
    wait_until 5 answers 200 /v1/live
done
for role in author approver; do
    make_bearer --role "$role"
    wait_until 5 answers 403 /v1/live
    equal 'type of a problem' application/problem+json "$(field Content-Type)"
done
run greenroom key create --role runtime --owner dialer --env sandbox --json
sandbox_key="$(json key)"
expires=2s make_bearer
short="$bearer"
for bearer in '' nonsense "$sandbox_key" "${runtime%?}" "${runtime%?}~"; do
    expect_get 401 /v1/prompts/outbound/greeting
    says '^WWW-Authenticate: Bearer' headers
    expect_get 401 /v1/nothing
done
bearer="$short"
wait_until 6 answers 401 /v1/live
run greenroom key list --env production --json
json_lines | grep -F "$runtime" && fail 'key list shows a key'
bearer="$scoped"
expect_get 200 /v1/prompts/outbound/greeting
run greenroom key list --env production --json
scoped_id="$(json_lines | awk -F '\t' '/scopes\.0\t/ { sub(/\..*/, ""); print; exit }')"
run greenroom key revoke "$(json "$scoped_id.id")" --env production
wait_until 5 answers 401 /v1/prompts/outbound/greeting
bearer="$runtime"
expect_get 200 /v1/prompts/outbound/greeting

# --- it writes nothing but refusals into the ledger, and stops when it is told ---
touch stamp
expect_get 200 /v1/live
expect_get 200 /v1/knowledge/plans/-/archive.tar.gz
stop_server
find production -newer stamp ! -name 'ledger.db*' ! -path 'production/cache*' | grep . &&
    fail 'the server wrote into the environment'
says 'keys? of another environment' server.err
grep -qF "$sandbox_key" server.err && fail 'a key stands in the log'
true
