# What the flow tests share: a folder of their own, keys, artifacts, the two binaries and a server.
# A test sources this first. The binaries stand in GREENROOM_BIN, which ctest sets.
# shellcheck shell=bash

set -eu -o pipefail
shopt -s inherit_errexit
flow_folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PATH="${GREENROOM_BIN:?the folder that holds greenroom and greenroomd}:$PATH"

# Nothing of the person who runs the tests has a say in them. A time zone that is not UTC shows
# whoever mixes the two up.
unset GREENROOM_ENV SSH_AUTH_SOCK SSH_ASKPASS
# A sanitizer's report must not pass for a refusal, which is 1.
export ASAN_OPTIONS="exitcode=99:${ASAN_OPTIONS:-}" UBSAN_OPTIONS="exitcode=99:${UBSAN_OPTIONS:-}"
export LSAN_OPTIONS="exitcode=99:${LSAN_OPTIONS:-}"
export LC_ALL=C TZ=TST-9 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
work="$(mktemp -d "${TMPDIR:-/tmp}/greenroom-flow-XXXXXX")"
export HOME="$work/home" TMPDIR="$work/tmp"
mkdir "$HOME" "$TMPDIR"
cd "$work"

# How long an answer may take. It only ends what hangs: no test asks how fast an answer comes, and the
# largest search index takes ThreadSanitizer more than ten seconds on a busy machine.
patience_s=60

server_pid=''
trap 'flow_end $?' EXIT
trap 'echo "FAILED: $0 line $LINENO: $BASH_COMMAND" >&2' ERR

flow_end() {
    local code="$1"
    [ "${GREENROOM_VIA:-}" != http ] || via_end || code=1
    if [ -n "$server_pid" ]; then
        kill -KILL "$server_pid" && wait "$server_pid" || true
    fi 2>/dev/null
    cd /
    if [ "$1" -ne 0 ] && [ -n "${GREENROOM_KEEP:-}" ]; then
        echo "kept: $work" >&2
    else
        chmod -R u+rwX "$work"
        rm -rf "$work"
    fi
    [ "$code" -eq "$1" ] || exit "$code"
}

fail() {
    printf 'FAILED: %s line %s: %s\n' "$0" "${BASH_LINENO[-2]}" "$*" >&2
    exit 1
}

# --- running and looking ---

# expect_exit CODE COMMAND...: what it prints is in ./out and ./err afterwards.
expect_exit() {
    local wanted="$1" code=0
    shift
    "$@" >out 2>err || code=$?
    [ "$code" -eq "$wanted" ] && return
    cat out err >&2
    fail "exit $code, not $wanted: $*"
}

# run COMMAND...: it must do what it is told.
run() {
    expect_exit 0 "$@"
}

# says PATTERN [FILE]: FILE (./out) matches the extended regular expression.
says() {
    grep -qE -- "$1" "${2:-out}" && return
    cat "${2:-out}" >&2
    fail "'$1' is not in ${2:-out}"
}

# equal WHAT WANTED FOUND
equal() {
    [ "$2" = "$3" ] || fail "$1 should be '$2', not '$3'"
}

# A JSON file as lines of PATH<TAB>VALUE, strings without their quotes: "artifacts.0.version<TAB>1".
# An empty object or array is a line of its own.
json_lines() {
    awk -f "$flow_folder/lib_json.awk" "${1:-out}"
}

# json PATH [FILE]: one value of FILE (./out); fails when it is not there.
json() {
    json_lines "${2:-out}" | awk -F '\t' -v path="$1" '
        $1 == path { print substr($0, length(path) + 2); found = 1 }
        END { exit !found }' || fail "there is no '$1' in $(cat "${2:-out}")"
}

# members PREFIX [FILE]: the names of the members of an object, or "0 1 2" of an array.
members() {
    json_lines "${2:-out}" | awk -F '\t' -v prefix="$1" '
        prefix == "" || index($1, prefix ".") == 1 {
            name = prefix == "" ? $1 : substr($1, length(prefix) + 2)
            sub(/\..*/, "", name)
            if (!seen[name]++)
                printf "%s%s", separator, name
            separator = " "
        }
        END { print "" }'
}

# expect_error EXIT ERROR-CODE COMMAND...: as a person and as a script would see it.
expect_error() {
    local exit_code="$1" error_code="$2"
    shift 2
    expect_exit "$exit_code" "$@"
    [ ! -s out ] || fail "a failed command printed to standard output: $*"
    says '^greenroom: .' err
    expect_exit "$exit_code" "$@" --json
    equal "error code of $*" "$error_code" "$(json error.code)"
    equal 'members of an error' 'code message hint' "$(members error)"
    [ -n "$(json error.message)" ] || fail "an error without a message: $*"
}

# expect_finding RULE COMMAND...: refused, with that finding.
expect_finding() {
    local rule="$1"
    shift
    expect_exit 1 "$@" --json
    equal 'error code' gate_refused "$(json error.code)"
    json_lines | grep -qE $'^findings\\.[0-9]+\\.rule\t'"$rule\$" ||
        fail "no finding $rule in $(cat out)"
}

# wait_until SECONDS COMMAND...: tries until it succeeds. A read that nobody answers is the pause.
wait_until() {
    local deadline=$((SECONDS + $1 + 1)) idle
    shift
    exec {idle}<> <(:)
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "in vain: $*"
        read -r -t 0.02 -u "$idle" || true
    done
    exec {idle}>&-
}

# has COMMAND: for what a test needs only in part.
has() {
    command -v "$1" >/dev/null
}

# --- keys and environments ---

# named DIR: what messages call an environment; over HTTP its address.
named() {
    echo "$1"
}

# keys_of DIR: a file of keys for what `named` says.
keys_of() {
    echo "$work/no-keys"
}

author='Author <author@example.com>'

# make_key NAME [TYPE]: ./NAME and ./NAME.pub
make_key() {
    ssh-keygen -q -t "${2:-ed25519}" -N '' -C '' -f "$1"
}

# make_environments: ./sandbox and ./production, which approver@example.com (./approver) may sign
# for.
make_environments() {
    make_key approver
    run greenroom init sandbox --class sandbox
    run greenroom init production --class live --policy minimal
    run greenroom approver add approver@example.com approver.pub --env production
    run greenroom binding set crm https://crm.example.com --env production # what write_tool names
}

# publish PATH...: into ./sandbox, as the author.
publish() {
    greenroom publish "$@" --env sandbox --actor "$author"
}

# promote KIND/NAME@V...: signed by ./approver, or by ./$signer.
promote() {
    greenroom promote "$@" --from sandbox --to production --sign-with "${signer:-approver}" \
        --actor 'Approver <approver@example.com>'
}

rollback() {
    greenroom rollback "$@" --env production --sign-with approver \
        --actor 'Approver <approver@example.com>'
}

quarantine() {
    greenroom quarantine "$@" --env production --sign-with approver \
        --actor 'Approver <approver@example.com>'
}

tip() { # tip ENVIRONMENT BRANCH
    git -C "$1/store.git" rev-parse -q --verify "refs/heads/$2" || echo none
}

# --- artifacts ---

# write_prompt FOLDER NAME TEXT
write_prompt() {
    mkdir -p "$1/sections"
    cat >"$1/artifact.json" <<JSON
{
  "kind": "prompt",
  "name": "$2",
  "title": "A prompt of a test",
  "sections": [ { "name": "opening", "file": "sections/opening.md" } ]
}
JSON
    printf '%s\n' "$3" >"$1/sections/opening.md"
}

# write_tool FOLDER NAME
write_tool() {
    mkdir -p "$1"
    cat >"$1/artifact.json" <<JSON
{
  "kind": "tool",
  "name": "$2",
  "description": "Writes down how a call ended.",
  "input_schema": {
    "type": "object",
    "properties": { "outcome": { "type": "string" } },
    "required": [ "outcome" ]
  },
  "endpoint": { "binding": "crm", "method": "POST", "path": "/v1/outcomes" },
  "side_effect": "crm-write",
  "examples": [ { "input": { "outcome": "call back" } } ]
}
JSON
}

# write_knowledge FOLDER NAME COUNT
write_knowledge() {
    local number
    mkdir -p "$1/docs/more"
    printf '{ "kind": "knowledge", "name": "%s", "title": "What we know" }\n' "$2" >"$1/artifact.json"
    for ((number = 1; number <= $3; number++)); do
        printf '# Page %d\n\nWhat is known of %s, part %d.\n' "$number" "$2" "$number" \
            >"$1/docs/more/page-$number.md"
    done
}

# --- the server ---

# start_server DIR [ARGUMENT...]: serves at $url; its words are in ./server.out and ./server.err.
start_server() {
    local folder="$1"
    shift
    : >server.out # what an earlier server said is not this one's
    greenroomd --env "$folder" --listen 127.0.0.1:0 "$@" >server.out 2>server.err &
    server_pid=$!
    wait_until 20 server_spoke
    url="$(sed -n 's|.* at \(https*://[0-9.:]*\)$|\1|p' server.out)"
    [ -n "$url" ] || fail "the server did not start: $(cat server.out server.err)"
}

server_spoke() {
    grep -q ' at https*://' server.out || ! kill -0 "$server_pid"
}

# stop_server: as an operator does; it must end well.
stop_server() {
    local code=0
    kill -TERM "$server_pid"
    wait "$server_pid" || code=$?
    server_pid=''
    [ "$code" -eq 0 ] || fail "the server ended with $code: $(cat server.err)"
}

# make_bearer OPTION...: a key of ./production (role runtime unless said); its text is in $bearer.
make_bearer() {
    local role=runtime
    if [ "${1:-}" = --role ]; then
        role="$2"
        shift 2
    fi
    run greenroom key create --role "$role" --owner dialer --expires "${expires:-90d}" \
        --env production --json "$@"
    bearer="$(json key)"
    bearer_id="$(json id)"
}

# get PATH [CURL-ARGUMENT...]: with $bearer; the status is in $status, ./headers and ./body hold the
# answer.
get() {
    local path="$1"
    shift
    : >body # curl leaves it alone when there is none
    status="$(curl -sS --max-time "$patience_s" -H "Authorization: Bearer $bearer" -D headers -o body \
        -w '%{http_code}' "$@" "$url$path")"
}

# expect_get STATUS PATH [CURL-ARGUMENT...]
expect_get() {
    local wanted="$1"
    shift
    get "$@"
    [ "$status" = "$wanted" ] || fail "$1 answers $status, not $wanted: $(cat body)"
}

# field NAME: of the last answer's head.
field() {
    tr -d '\r' <headers | awk -v name="$1" -F ': ' 'tolower($1) == tolower(name) { print $2; exit }'
}

# answers STATUS PATH: for wait_until.
answers() {
    get "$2"
    [ "$status" = "$1" ]
}

# --- the ledger ---

# The index of an environment, as text: every table that git can rebuild.
index_of() {
    local table
    for table in artifact version emergency live_use tip; do
        echo "$table"
        sqlite3 -readonly "$1/ledger.db" "SELECT * FROM $table ORDER BY 1, 2"
    done
}

audit_rows() {
    sqlite3 -readonly "$1/ledger.db" 'SELECT count(*) FROM audit'
}

# Everything at rest is sound, by our own check and by git's, and nothing lies about.
expect_sound() {
    local environment
    for environment in "$@"; do
        run greenroom verify --env "$environment"
        run git -C "$environment/store.git" fsck --strict --unreachable --no-progress
        grep -v 'HEAD points to an unborn branch' out err && fail "git fsck on $environment"
    done
    return 0
}

# Run a second time, the flow tests that look at what commands say do so through servers.
if [ "${GREENROOM_VIA:-}" = http ]; then
    . "$flow_folder/lib_via.sh"
fi
