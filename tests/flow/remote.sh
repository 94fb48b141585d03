# Environments that servers have: keys, certificates, and what goes from one to the other.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
make_key stranger
write_prompt greeting greeting 'Good morning.'

# A server with a certificate by an authority of the test's own.
openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>openssl.err
key_of() { # key_of ENVIRONMENT ROLE OWNER [OPTION...]
    local environment="$1" role="$2" owner="$3"
    shift 3
    run greenroom key create --env "$environment" --role "$role" --owner "$owner" --expires 1d \
        --json "$@"
    json key
}
author_key="$(key_of sandbox author 'Author <author@example.com>')"
scoped_key="$(key_of sandbox author 'Author <author@example.com>' --scope 'tool/*')"
approver_key="$(key_of production approver 'Approver <approver@example.com>')"
auditor_key="$(key_of production auditor 'Auditor <auditor@example.com>')"
start_tls() { # start_tls ENVIRONMENT: its address is in $url
    : >server.out # what an earlier server said is not this one's
    greenroomd --env "$1" --listen 127.0.0.1:0 --writable --tls-certificate tls.crt \
        --tls-key tls.key >server.out 2>server.err &
    server_pid=$!
    wait_until 20 grep -q ' at https://' server.out
    url="$(sed -n 's|.* at \(https://[0-9.:]*\)$|\1|p' server.out)"
}
start_tls sandbox

# The certificate has to be one that is trusted.
export GREENROOM_KEY="$author_key"
expect_error 6 server_unreachable greenroom list --env "$url"
export GREENROOM_CA="$PWD/tls.crt"
run greenroom publish greeting --env "$url" -m first
says '^prompt/greeting@1 .* published$'
run greenroom show prompt/greeting --env "$url" --json
equal author 'Author <author@example.com>' "$(json author)"
run greenroom export prompt/greeting exported --env "$url"
run diff -r greeting exported
run greenroom seal prompt/greeting@1 -o by-http.seal --env "$url"
run greenroom seal prompt/greeting@1 -o by-hand.seal --env sandbox
run cmp by-http.seal by-hand.seal

# Who acts is the owner of the key, who may is what its role and scopes say.
expect_error 2 actor_unexpected greenroom list --env "$url" --actor 'Somebody <x@example.com>'
expect_error 1 role_missing greenroom key list --env "$url"
GREENROOM_KEY="$approver_key" expect_error 1 unauthenticated greenroom list --env "$url"
GREENROOM_KEY=bogus expect_error 1 unauthenticated greenroom list --env "$url"
export GREENROOM_KEY="$scoped_key"
expect_error 1 scope_missing greenroom publish greeting --env "$url"
expect_error 1 scope_missing greenroom show prompt/greeting --env "$url"
expect_error 1 scope_missing greenroom check greeting --to "$url"
run greenroom list --env "$url"
[ ! -s out ] || fail "a key for tools lists $(cat out)"

# Keys in a file count if nobody else can read it.
unset GREENROOM_KEY
expect_error 1 key_missing greenroom list --env "$url"
mkdir -p "$HOME/.config/greenroom"
echo "$url $author_key" >"$HOME/.config/greenroom/credentials"
chmod 644 "$HOME/.config/greenroom/credentials"
expect_error 1 credentials_open greenroom list --env "$url"
chmod 600 "$HOME/.config/greenroom/credentials"
run greenroom list --env "$url"

# A key does not travel where others can read it.
expect_error 2 url_invalid greenroom list --env http://registry.example.com
expect_error 2 url_invalid greenroom list --env "https://user@registry.example.com"

# Where only a folder will do, an address is told from it.
expect_error 1 role_missing greenroom environment compare production "$url"
equal 'who says so' "$url: 'environment show' is not for this role" "$(json error.message)"
GREENROOM_KEY=bogus expect_error 1 role_missing greenroom environment compare production "$url"
expect_error 1 key_missing greenroom environment compare production http://127.0.0.1:1
expect_error 3 environment_unknown greenroom environment compare nowhere http://127.0.0.1:1
expect_error 2 address_unexpected greenroom init "$url" --class sandbox
# Who stands on the wrong side is told as on folders.
expect_error 1 wrong_class greenroom status prompt/greeting@1 --env sandbox --to "$url"
equal 'what is said of it' "$url is a sandbox" "$(json error.message)"
# From a server's sandbox into a folder's production; GREENROOM_KEY is not for the sandbox.
run greenroom plan prompt/greeting@1 --from "$url" --to production
says 'the gate would let it pass'
run greenroom promote prompt/greeting@1 --from "$url" --to production --sign-with approver
says '^prompt/greeting@1 .* is live$'
GREENROOM_KEY="$approver_key" run greenroom plan prompt/greeting@1 --from "$url" --to production
# What status says is the same from everywhere, but for where each side is.
run greenroom status prompt/greeting@1 --env "$url" --to production --json
sed "s|$url|sandbox|" out >by-http.json
run greenroom status prompt/greeting@1 --env sandbox --to production --json
cp out by-hand.json
run cmp by-http.json by-hand.json
stop_server

# From a folder's sandbox into a server's production, and out of service again: two signatures.
start_tls production
export GREENROOM_KEY="$approver_key"
write_prompt greeting greeting 'Good evening.'
run publish greeting
run greenroom promote prompt/greeting@2 --from sandbox --to "$url" --sign-with approver
echo "$url $approver_key" >>"$HOME/.config/greenroom/credentials"
expect_error 1 wrong_class greenroom plan prompt/greeting@1 --from "$url" --to production
equal 'what is said of it' "$url is not a sandbox" "$(json error.message)"
# What two environments share is the same, wherever each of them is.
run greenroom binding set crm https://crm.example.com --env sandbox
expect_exit 1 greenroom environment compare sandbox production --json
cp out by-hand.json
expect_exit 1 greenroom environment compare sandbox "$url" --json
sed "s|$url|production|" out >by-http.json
run cmp by-http.json by-hand.json
expect_error 1 wrong_class greenroom approve prompt/greeting@1 --env "$url" --to production \
    --sign-with approver
equal 'what is said of it' "$url is a live environment: 'approve' is refused there" "$(json error.message)"
expect_finding gate.approver greenroom rollback prompt/greeting --reason no --sign-with stranger \
    --env "$url"
run greenroom quarantine prompt/greeting@2 --reason wrong --sign-with approver --env "$url"
says '^prompt/greeting@1 is live$'
expect_error 1 gate_refused greenroom promote prompt/greeting@2 --from sandbox --to "$url" \
    --sign-with approver
GREENROOM_KEY="$auditor_key" run greenroom audit --env "$url" --verify
says 'quarantine .*Approver <approver@example.com>'
GREENROOM_KEY="$auditor_key" expect_error 1 role_missing greenroom rollback prompt/greeting \
    --reason no --sign-with approver --env "$url"
stop_server
expect_error 6 server_unreachable greenroom list --env "$url"
expect_sound sandbox production
