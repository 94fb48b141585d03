# A request with a key of its own is done once; what has to be signed is told. That answers are what
# openapi.json says is openapi_answers.sh's matter.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_bearer --role operator
operator="$bearer"
make_bearer --role approver
approver="$bearer"
start_server production --writable

bearer="$operator"
ask() { # ask STATUS OPERATION INPUT [CURL-ARGUMENT...]
    local wanted="$1" name="$2" input="$3"
    shift 3
    expect_get "$wanted" "/v1/operations/$name" -H 'Content-Type: application/json' -d "$input" "$@"
}

bearer="$approver"
ask 428 waive '{"artifact":"prompt/greeting","rule":"injection.phrase","reason":"read","sign-with":{}}'
[ -n "$(json to_sign.sign-with.items.0.bytes body)" ] || fail 'nothing to sign'
bearer="$operator"

# The same request twice is done once; another one with its key is refused.
key='Idempotency-Key: flow-1'
ask 200 binding-set '{"name":"crm","value":"https://crm.example.com/v2"}' -H "$key"
rows="$(audit_rows production)"
ask 200 binding-set '{"name":"crm","value":"https://crm.example.com/v2"}' -H "$key"
equal 'rows of the audit' "$rows" "$(audit_rows production)"
ask 422 binding-set '{"name":"crm","value":"https://crm.example.com/v3"}' -H "$key"
equal 'error code' request_key_reused "$(json error_code body)"
stop_server

# Without --writable no operation is taken.
start_server production
ask 403 list '{}'
equal 'error code' not_writable "$(json error_code body)"
stop_server
