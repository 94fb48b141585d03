# TLS: which versions and protocols, certificates that are read again, callers' certificates, and no
# plain HTTP for others by mistake.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

has openssl || { echo 'no openssl to make certificates with' && exit 0; }

# make_certificate NAME SUBJECT [ISSUER]: ./NAME.pem and ./NAME.key
make_certificate() {
    local by=(-x509)
    [ $# -lt 3 ] || by=(-x509 -CA "$3.pem" -CAkey "$3.key")
    openssl req "${by[@]}" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=$2" -addext 'subjectAltName=IP:127.0.0.1' -keyout "$1.key" -out "$1.pem" \
        2>err || fail "$(cat err)"
    chmod 600 "$1.key"
}

make_environments
write_prompt greeting outbound/greeting 'One.'
write_knowledge plans plans 1
{ yes 'What a page may say.' || true; } | head -c 3000000 >plans/docs/large.txt
run publish greeting
run publish plans
run promote prompt/outbound/greeting@1 knowledge/plans@1
make_bearer
make_certificate first first.example.com
make_certificate second second.example.com
make_certificate callers callers.example.com
make_certificate caller caller.example.com callers
cp first.pem now.pem && cp -p first.key now.key
tls=(--tls-certificate now.pem --tls-key now.key)

# --- it serves, everything ---
start_server production --threads 2 "${tls[@]}"
equal scheme https "${url%%:*}"
export CURL_CA_BUNDLE="$PWD/first.pem"
expect_get 200 /v1/prompts/outbound/greeting
expect_get 200 /v1/knowledge/plans/-/files/docs/large.txt
cmp body plans/docs/large.txt
wait_until 10 answers 200 /v1/knowledge/plans/-/archive.tar.gz
tar -xzOf body docs/large.txt | cmp - plans/docs/large.txt
expect_get 200 /v1/live --tlsv1.2 --tls-max 1.2
expect_get 200 /v1/live --tlsv1.3
! get /v1/live --tlsv1.1 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 2>/dev/null ||
    fail 'TLS 1.1 is spoken'
port="${url##*:}"
openssl s_client -connect "127.0.0.1:$port" -alpn h2,http/1.1 </dev/null >out 2>&1 || true
says '^ALPN protocol: http/1.1'
openssl s_client -connect "127.0.0.1:$port" -alpn h2 </dev/null >out 2>&1 || true
says 'no application protocol'
! curl -sS "http://127.0.0.1:$port/healthz" >out 2>&1 || fail "plain HTTP is answered: $(cat out)"
expect_get 200 /healthz

# --- another certificate, without a restart ---
cp second.pem now.pem # and not its key: nothing changes
kill -HUP "$server_pid"
wait_until 5 grep -q 'was read before goes on being used' server.err
expect_get 200 /healthz
cp -p second.key now.key
kill -HUP "$server_pid"
wait_until 5 grep -q 'were read again' server.err
CURL_CA_BUNDLE="$PWD/second.pem"
expect_get 200 /healthz
stop_server

# --- who has to show a certificate ---
start_server production --threads 1 "${tls[@]}" --tls-client-ca callers.pem
! get /healthz 2>/dev/null || fail 'a caller without a certificate is answered'
! get /healthz --cert first.pem --key first.key 2>/dev/null || fail "anybody's certificate will do"
expect_get 200 /v1/live --cert caller.pem --key caller.key
expect_get 200 /v1/live --cert caller.pem --key caller.key
stop_server

# --- what is refused at the start ---
expect_exit 2 greenroomd --env production --listen 127.0.0.1:0 --tls-key now.key
expect_exit 2 greenroomd --env production --listen 127.0.0.1:0 --tls-client-ca callers.pem
expect_exit 2 greenroomd --env production --listen 127.0.0.1:0 --tls-certificate first.pem \
    --tls-key second.key
says 'first.key|second.key' err
expect_exit 2 greenroomd --env production --listen 127.0.0.1:0 --tls-certificate now.key \
    --tls-key now.key
expect_exit 6 greenroomd --env production --listen 127.0.0.1:0 --tls-certificate nothing.pem \
    --tls-key now.key
chmod 644 now.key
expect_exit 1 greenroomd --env production --listen 127.0.0.1:0 "${tls[@]}"
says 'chmod 600' err
chmod 600 now.key
expect_exit 1 greenroomd --env production --listen 0.0.0.0:0
says 'hint: .*--plain-http' err
start_server production --listen 0.0.0.0:0 --plain-http
stop_server
