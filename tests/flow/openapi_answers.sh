# Every answer that openapi.json documents is provoked, on a sandbox's and on production's server, and
# is what is documented; none is seen that is not. A relay writes all of it down.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

relay_pid='' bearer=none
recordings=()

# serve NAME DIR [OPTION...]: a server of DIR behind a relay at $there that writes to ./NAME.
serve() {
    local name="$1"
    shift
    start_server "$@"
    mkdir "$name"
    recordings+=("$name")
    "$GREENROOM_BIN/relay" "${url##*:}" "$name" >relay.port &
    relay_pid=$!
    wait_until 10 test -s relay.port
    url="http://127.0.0.1:$(cat relay.port)"
}

end() {
    [ -z "$server_pid" ] || stop_server
    kill "$relay_pid"
    wait "$relay_pid" 2>/dev/null || true
    relay_pid=''
    : >relay.port
}
trap '[ -z "$relay_pid" ] || kill "$relay_pid"; flow_end $?' EXIT

# key ENVIRONMENT ROLE: makes one, whose text key_of says.
key() {
    run greenroom key create --role "$2" --owner "$2@example.com" --expires 30d --env "$1" --json
    json key >"$1.$2"
}

# as ROLE COMMAND...: by the command line, through the relay.
as() {
    local role="$1"
    shift
    GREENROOM_KEY="$(cat "$folder.$role")" run greenroom "$@" --env "$url"
}

# ask STATUS ROLE OPERATION INPUT [CURL-ARGUMENT...]
ask() {
    local wanted="$1" name="$3" input="$4"
    bearer="$(cat "$folder.$2")"
    shift 4
    expect_get "$wanted" "/v1/operations/$name" -H 'Content-Type: application/json' -d "$input" "$@"
}

# operations: the names of all.
operations() {
    sed -nE 's|^paths\./v1/operations/([a-z-]+)\.post\.operationId\t.*|\1|p' openapi.lines
}

# --- two environments, with something live, and something that was ---
make_strict
for environment in sandbox production; do
    for role in author approver operator auditor runtime; do
        key "$environment" "$role"
    done
done
write_prompt greeting outbound/greeting 'Hello {{first_name}}.'
write_tool note crm/note
write_knowledge plans plans 3
run greenroom binding set crm https://crm.example.com --env production
run publish greeting
run publish note
run publish plans
for draft in prompt/outbound/greeting@1 tool/crm/note@1 knowledge/plans@1; do
    ready "$draft"
done
run promote prompt/outbound/greeting@1 tool/crm/note@1
commit="$(tip production live)"
run promote knowledge/plans@1
sed -i 's/Hello/Good day/' greeting/sections/opening.md
run publish greeting
write_prompt closing closing 'Goodbye.'
run publish closing

# --- what callers read ---
reads() { # reads PREFIX: every route behind it
    local artifact collection name rest
    for artifact in prompts/outbound/greeting tools/crm/note knowledge/plans; do
        collection="${artifact%%/*}"
        name="${artifact#*/}"
        for rest in '' /-/files/artifact.json /-/archive.tar.gz /-/archive.zip; do
            read_one "$1/$collection/$name" "$rest" "$1/$collection/nothing"
        done
    done
    read_one "$1/live" '' ''
    bearer="$(cat production.runtime)"
    knowledge="$1/knowledge/plans"
    expect_get 200 "$knowledge/-/search?q=page&limit=2"
    expect_get 400 "$knowledge/-/search"
    expect_get 404 "$1/knowledge/nothing/-/search?q=page"
    expect_get 413 "$1/knowledge/records/-/search?q=word"
    closed "$knowledge/-/search?q=page"
    greeting="$1/prompts/outbound/greeting"
    expect_get 200 "$greeting/-/render" -d '{"variables":{"first_name":"Casey"}}'
    expect_get 400 "$greeting/-/render" -d '[]'
    expect_get 404 "$1/prompts/nothing/-/render" -d '{}'
    expect_get 413 "$greeting/-/render" -d '{}' -H 'Content-Length: 70000'
    expect_get 422 "$1/prompts/strict/-/render" -d '{"variables":{"first_name":4}}'
    closed "$greeting/-/render" -d '{}'
}

# closed PATH [CURL-ARGUMENT...]: without a key, and with one of a role that reads drafts.
closed() {
    bearer=none expect_get 401 "$@"
    bearer="$(cat production.author)" expect_get 403 "$@"
    bearer="$(cat production.runtime)"
}

read_one() { # read_one BASE REST BASE-OF-NOTHING
    local path="$1$2" tag
    bearer="$(cat production.runtime)"
    expect_get 200 "$path"
    tag="$(field etag)"
    expect_get 304 "$path" -H "If-None-Match: $tag"
    expect_get 200 "$path" --head
    expect_get 400 "$path?call=%20"
    closed "$path"
    [ -z "$3" ] || expect_get 404 "$3$2"
    [ -n "$2" ] || return 0
    expect_get 206 "$path" -H 'Range: bytes=0-9'
    expect_get 416 "$path" -H 'Range: bytes=99999999-'
}

mkdir strict
cp -R greeting/. strict
sed -i 's|"name": "outbound/greeting"|"name": "strict", "variables": {"type": "object", "properties": {"first_name": {"type": "string"}}}|' \
    strict/artifact.json
run publish strict
ready prompt/strict@1
write_knowledge records records 1
awk 'BEGIN { for (i = 0; i < 120000; i++) print "{\"t\":\"word\"}" }' >records/docs/all.jsonl
run publish records
ready knowledge/records@1
run promote prompt/strict@1 knowledge/records@1
echo 'Twice.' >>strict/sections/opening.md
run publish strict
ready prompt/strict@2
commit="$(tip production live)"
folder=production
serve reading production
wait_until 5 answers 200 /healthz
bearer="$(cat production.operator)"
expect_get 200 /openapi.json
cp body openapi.json
json_lines openapi.json >openapi.lines
reads /v1
reads "/v1/at/$commit"
bearer="$(cat production.runtime)"
expect_get 404 /v1/at/0000/live
expect_get 200 /v1/prompts/outbound/greeting -H 'Accept-Encoding: zstd'
for path in /healthz /readyz /metrics /openapi.json; do
    bearer="$(cat production.operator)"
    expect_get 200 "$path"
    expect_get 400 "$path?call=%20"
done
bearer=none expect_get 401 /openapi.json
closed /metrics
end
# shellcheck source=tests/flow/lib_openapi.sh
. "$flow_folder/lib_openapi.sh"
