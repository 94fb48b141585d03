# What openapi.json documents is what the server answers.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_bearer --role operator
operator="$bearer"
make_bearer --role approver
approver="$bearer"
start_server production --writable

bearer="$operator"
expect_get 200 /openapi.json
equal 'its media type' application/json "$(field content-type)"
cp body openapi.json
says '^\{"openapi":"3\.1\.0",' openapi.json

# The document itself as a schema that begins at one of its components.
for component in Done Problem; do
    sed "1s|^{|{\"\$ref\":\"#/components/schemas/$component\",|" openapi.json >"$component.json"
done

# answers_as COMPONENT STATUS PATH [CURL-ARGUMENT...]: the answer is of that form, and documented.
answers_as() {
    local component="$1" wanted="$2" path="$3"
    shift
    expect_get "$@"
    run greenroom schema validate "$component.json" body
    json_lines openapi.json | cut -f 1 >documented
    grep -qE "^paths\\.$path\\.(get|post)\\.responses\\.$wanted\\." documented ||
        fail "$path does not document $wanted"
}
ask() { # ask COMPONENT STATUS OPERATION INPUT
    answers_as "$1" "$2" "/v1/operations/$3" -H 'Content-Type: application/json' -d "$4"
}

ask Done 200 list '{}'
ask Done 200 approver-list '{}'
ask Done 200 policy-show '{}'
ask Done 200 audit '{"verify":"yes"}'
ask Done 200 verify '{}'
ask Done 200 binding-set '{"name":"crm","value":"https://crm.example.com"}'
ask Problem 400 show '{"bogus":"x"}'
ask Problem 404 show '{"artifact":"prompt/nothing"}'
ask Problem 403 promote '{"artifacts":["prompt/greeting@1"],"sign-with":{}}'
answers_as Problem 415 /v1/operations/list -H 'Content-Type: text/plain' -d '{}'
answers_as Problem 405 /v1/operations/list
bearer="$approver"
ask Problem 428 waive \
    '{"artifact":"prompt/greeting","rule":"injection.phrase","reason":"read","sign-with":{}}'
[ -n "$(json to_sign.sign-with.items.0.bytes body)" ] || fail 'nothing to sign'
bearer=gr_live_bogus
ask Problem 401 list '{}'
bearer="$operator"
expect_get 404 /v1/prompts/nothing
run greenroom schema validate Problem.json body

# The same request twice is done once; another one with its key is refused.
key='Idempotency-Key: flow-1'
answers_as Done 200 /v1/operations/binding-set -H "$key" -H 'Content-Type: application/json' \
    -d '{"name":"crm","value":"https://crm.example.com/v2"}'
rows="$(audit_rows production)"
answers_as Done 200 /v1/operations/binding-set -H "$key" -H 'Content-Type: application/json' \
    -d '{"name":"crm","value":"https://crm.example.com/v2"}'
equal 'rows of the audit' "$rows" "$(audit_rows production)"
answers_as Problem 422 /v1/operations/binding-set -H "$key" -H 'Content-Type: application/json' \
    -d '{"name":"crm","value":"https://crm.example.com/v3"}'
equal 'error code' request_key_reused "$(json error_code body)"
stop_server

# Without --writable no operation is taken.
start_server production
expect_get 403 /v1/operations/list -H 'Content-Type: application/json' -d '{}'
equal 'error code' not_writable "$(json error_code body)"
stop_server
