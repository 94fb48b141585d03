# What openapi.json is to a linter of others: openapi.sh REDOCLY, with GREENROOM_BIN.
redocly="$(realpath "$1")"
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"

make_environments
make_bearer --role operator
start_server production
expect_get 200 /openapi.json
cp body openapi.json
stop_server
REDOCLY_TELEMETRY=off "$redocly" lint --max-problems 200 openapi.json
