# The server's log as JSON: one object on each line, from the first word to the last, whatever is
# named in it; never a key, never content.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

cat >line.json <<'JSON'
{
  "type": "object",
  "required": [ "time", "level", "message" ],
  "additionalProperties": false,
  "properties": {
    "time": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$" },
    "level": { "enum": [ "note", "warning", "fault" ] },
    "message": { "type": "string", "minLength": 1 },
    "request_id": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
    "error_code": { "type": "string", "pattern": "^[a-z0-9_]+$" }
  }
}
JSON

# all_json FILE: every line of it is such an object.
all_json() {
    local line
    [ -s "$1" ] || fail "$1 is empty"
    cp "$1" told # out and err are written to below
    while IFS= read -r line || [ -n "$line" ]; do
        printf '%s' "$line" >line
        run greenroom schema validate line.json line
    done <told
}

make_environments
write_prompt greeting outbound/greeting 'Words of a prompt that no log needs.'
run publish greeting
run promote prompt/outbound/greeting@1

# A folder's name may be any bytes; so may what callers send.
hostile=$'pro\nduction","level":"note","x":"\xff\e[2J'
mv production "$hostile"
ln -s "$hostile" production

make_bearer
runtime="$bearer"
: >server.out
GREENROOM_LOG_FORMAT=json greenroomd --env "$hostile" --listen 127.0.0.1:0 --writable \
    >server.out 2>server.err &
server_pid=$!
wait_until 20 server_spoke
says ' at http://' server.out
all_json server.out
url="$(json message server.out | sed -n 's|.* at \(http://[0-9.:]*\)$|\1|p')"
[ -n "$url" ] || fail "no address in $(cat server.out)"

bearer="$runtime"
wait_until 5 answers 200 /v1/prompts/outbound/greeting
bearer=$'gr_live_"\\\x01\xff' get /v1/live -H $'X-Path: "\xff\\' || true
bearer="${runtime%????}aaaa"
expect_get 401 /v1/prompts/outbound/greeting
bearer="$runtime"

# What cannot be taken over is a line as well, and so is the request that fails by it.
make_bearer --role operator
git -C production/store.git cat-file commit live >commit
sed 's/^tree .*/tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904/' commit >forged
git -C production/store.git update-ref refs/heads/live \
    "$(git -C production/store.git hash-object -t commit -w --stdin <forged)"
wait_until 10 grep -q '"level":"fault"' server.err
wait_until 5 answers 200 /v1/prompts/outbound/greeting
get /v1/operations/verify -H 'Content-Type: application/json' -d '{}'
equal 'what a damaged store is answered with' 500 "$status"
wait_until 10 grep -q "\"request_id\":\"$(json request_id body)\"" server.err
stop_server
says 'refused requests .*: [0-9]' server.err
says '"message":"stopping' server.err
all_json server.err
grep -qF -- "${runtime: -40}" server.err && fail 'a key stands in the log'
grep -q 'Words of a prompt' server.err && fail 'content stands in the log'

# A server that cannot start says so in the same way.
expect_exit 1 greenroomd --env sandbox --log-format json
equal 'what stands on standard output' '' "$(cat out)"
all_json err
says '"error_code":"sandbox_not_served"' told

expect_exit 2 greenroomd --env production --log-format xml
says "'xml' is not text or json" err
