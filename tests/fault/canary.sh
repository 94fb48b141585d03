# No way to a draft: every draft in a sandbox carries a word of its own, and production's server is
# asked in every way that somebody thought of, with every role's key. The word may be in no answer, no
# log, no file of production's (its objects inflated), not in its ledger and not in the process's
# memory. A word that is live is looked for by the same means, and must be found.
#
#   GREENROOM_CANARY_ALL=1    every role, verb, field and operation, not only some
#   GREENROOM_CANARY_DRAFTS   how many drafts (4)
#   GREENROOM_CANARY_TIMING   requests of each kind that are timed, in turn; 0: none (the default)
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"

all="${GREENROOM_CANARY_ALL:-}"
drafts="${GREENROOM_CANARY_DRAFTS:-4}"
timing="${GREENROOM_CANARY_TIMING:-0}"
hidden=zqxhidden # what no draft may be known by; no request holds it
shown=zqxshown   # what callers get
gone=zqxgone     # what they got before it was quarantined

make_environments
write_prompt live outbound/greeting "Hello from $shown."
run publish live
run promote prompt/outbound/greeting@1
write_prompt taken outbound/taken "Hello from $gone."
run publish taken
run promote prompt/outbound/taken@1
run quarantine prompt/outbound/taken@1 --reason "it says what it should not"

# Drafts: new artifacts of each kind, and a newer version of what is live.
for ((number = 1; number <= drafts; number++)); do
    write_prompt "draft-$number" "hidden-$number" "Draft $number says $hidden-$number-text."
    sed -i "s/A prompt of a test/$hidden-$number-title/" "draft-$number/artifact.json"
    run greenroom publish "draft-$number" --env sandbox -m "$hidden-$number-note" \
        --actor "$hidden-$number-author <$hidden-$number@example.com>"
done
write_prompt live outbound/greeting "Hello from $hidden-next."
run publish live
write_tool tool hidden/tool
sed -i "s/Writes down how a call ended/Says $hidden-tool/" tool/artifact.json
run publish tool
write_knowledge knowledge hidden/knowledge 3
echo "What $hidden-page knows." >>knowledge/docs/more/page-1.md
run publish knowledge

declare -A keys=([none]='' [garbage]='gr_live_000000000000_nothing')
for role in runtime author approver operator auditor; do
    make_bearer --role "$role"
    keys[$role]="$bearer"
done
run greenroom key create --role runtime --owner dialer --expires 90d --env sandbox --json
keys[sandbox]="$(json key)"
start_server production --writable

# --- what is asked for ---

names() { # of artifacts: live, quarantined, drafts, nobody's
    printf '%s\n' prompts/outbound/greeting prompts/outbound/taken tools/hidden/tool \
        knowledge/hidden/knowledge prompts/outbound/nobody tools/nobody
    seq -f 'prompts/hidden-%g' 1 "$drafts"
}
commits() { # and other ids that git knows, of both environments
    local environment
    for environment in sandbox production; do
        git -C "$environment/store.git" for-each-ref --format='%(refname:short) %(objectname)'
        git -C "$environment/store.git" log --all --format='%H %T'
        git -C "$environment/store.git" rev-parse --all | cut -c 1-8
    done | tr ' ' '\n' | sort -u
}
digests() {
    greenroom list --env sandbox --json >listed
    json_lines listed | awk -F '\t' '$1 ~ /digest$/ { print $2 }'
}
targets() {
    local name commit digest
    printf '%s\n' / /v1 /v1/ /v1/live /healthz /readyz /metrics /v1/operations /v1/drafts \
        /v1/at /openapi.json /v1/live/-/files/x /store.git/HEAD /v1/../../sandbox/ledger.db \
        '/v1/live?env=sandbox' '/v1/live?environment=../sandbox' /sandbox/ledger.db \
        /v1/prompts /v1/prompts/ '/v1/prompts?draft=1' /v1/tools /v1/knowledge /v1/evidence
    names | while read -r name; do
        printf "/v1/$name%s\n" '' @1 @2 @3 @0 @latest @draft @4294967296 @-1 '@1?draft=true' '?version=2' \
            / // '?env=sandbox' '%2e%2e' '/-/files/artifact.json' '/-/files/sections/opening.md' \
            '@2/-/files/sections/opening.md' '/-/files/../artifact.json' '/-/files/%2e%2e/draft.json' \
            '/-/archive.tar.gz' '@2/-/archive.zip' '/-/archive.tar' '/-/search?q=hidden' \
            '/-/search?q=*' '@2/-/search?q=knows' '/-/render' '/-/drafts' '/-/evidence' '%00' '%40' \
            '%402' '%252f' ';v=2' '#2' '/-/files/' '/content/artifact.json' '/draft.json'
        printf '/v1/%s\n' "${name/\//%2f}" "${name^^}" "${name/hidden/hid%64en}" "./$name" "../v1/$name" \
            "/$name" "${name/s\//\/}"
    done
    commits | while read -r commit; do
        printf "/v1/at/$commit/%s\n" live prompts/hidden-1 prompts/outbound/greeting \
            prompts/outbound/greeting@2 knowledge/hidden/knowledge prompts/outbound/taken
    done
    digests | while read -r digest; do
        printf '/v1/%s\n' "prompts/hidden-1@$digest" "prompts/$digest" "at/$digest/live" \
            "tools/hidden/tool@${digest#sha256:}"
    done
}
targets | grep -v ' ' | sort -u >targets
asked=0

# ask ROLE CURL-ARGUMENT...: all targets over one connection; what comes back is added to ./answers.
ask() {
    local role="$1" line
    shift
    {
        printf 'silent\ngloboff\npath-as-is\ninclude\nmax-time = 20\n'
        [ -z "${keys[$role]}" ] || printf 'header = "Authorization: Bearer %s"\n' "${keys[$role]}"
        while read -r line; do
            printf 'url = "%s%s"\noutput = "-"\n' "$url" "$line"
        done <targets
    } >asking
    curl --config asking "$@" >>answers 2>>curl.err || true # some it refuses itself
    asked=$((asked + $(wc -l <targets)))
}
: >answers
crawling=(runtime operator)
verbs=(HEAD POST)
fields=("If-None-Match: \"$(digests | head -n 1)\"")
if [ -n "$all" ]; then
    crawling=("${!keys[@]}")
    verbs=(HEAD OPTIONS POST PUT PATCH DELETE TRACE PROPFIND)
    fields+=('If-None-Match: *' 'Range: bytes=0-' 'Range: bytes=-1' 'Accept-Encoding: gzip'
        'Accept: text/html' 'Host: sandbox' 'X-Greenroom-Environment: sandbox'
        'X-Original-URL: /sandbox' 'Forwarded: host=sandbox')
fi
for role in "${crawling[@]}"; do
    ask "$role"
done
for verb in "${verbs[@]}"; do
    [ "$verb" != HEAD ] || { ask operator --head && continue; }
    ask operator --request "$verb" --data '{"data":{},"environment":"../sandbox"}'
done
for field in "${fields[@]}"; do
    ask runtime --header "$field" --compressed
done

# Every operation that there is, with what might lead to a draft.
operations="$(greenroom --help | awk '/^Commands/ { on = 1; next } /^Every/ { on = 0 } on && NF { print substr($0, 3, 18) }' |
    sed 's/ *$//; s/ /-/g')"
[ "$(wc -w <<<"$operations")" -gt 30 ] || fail 'the operations could not be listed'
bodies=('{}' '{"artifact":"prompt/hidden-1@1"}' '{"artifact":"prompt/hidden-1"}'
    '{"artifacts":["prompt/hidden-1@1"]}' '{"from":"../sandbox","artifacts":["prompt/hidden-1@1"]}'
    '{"subject":"prompt/outbound/greeting@2"}' '{"environment":"../sandbox"}' '{"path":"../sandbox"}'
    '{"directory":"../sandbox"}' '{"pattern":"*"}' '{"clone":"../sandbox/store.git","release":"x"}')
[ -n "$all" ] || bodies=("${bodies[@]:3:3}")
for role in "${crawling[@]}"; do
    for operation in $operations; do
        for body in "${bodies[@]}"; do
            printf 'next\nsilent\ninclude\nmax-time = 20\nurl = "%s/v1/operations/%s"\noutput = "-"\n' "$url" "$operation"
            printf 'header = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\n' "${keys[$role]}"
            printf 'data = "%s"\n' "${body//\"/\\\"}"
        done
    done | sed 1d >asking
    curl --config asking >>answers 2>>curl.err || true
    asked=$((asked + $(grep -c '^url' asking)))
done

# --- nowhere ---

# nowhere WHAT FILE: the drafts' word is not in it, in any letter case, nor as base64 has it.
nowhere() {
    grep -a -i -c -e "$hidden" -e "$(printf '%s' "$hidden" | base64 | cut -c 1-11)" "$2" >found || true
    equal "lines of $1 with a draft's word" 0 "$(cat found)"
}
# somewhere WHAT FILE: so that looking there means something.
somewhere() {
    grep -a -q "$shown" "$2" || fail "$1 does not even hold what is live: nothing was looked at"
}
answered="$(grep -a -o 'HTTP/1.1 [0-9][0-9][0-9]' answers | wc -l)"
[ "$answered" -ge $((asked * 9 / 10)) ] || fail "$asked requests, and only $answered answers"
somewhere 'the answers' answers
nowhere 'the answers' answers
cat server.out server.err >logs
nowhere 'the logs' logs
git -C production/store.git cat-file --batch-all-objects --batch >objects
somewhere 'the store' objects
nowhere 'the store' objects
find production -type f -exec cat {} + >files
nowhere "production's files" files
sqlite3 -readonly production/ledger.db .dump >dump
nowhere 'the ledger' dump

# A quarantined release is out of service for whoever calls, at once: the server was started after.
awk '/^HTTP/ { on = 0 } { print }' answers | grep -a -q "$gone" &&
    fail 'what is quarantined was answered'

# Memory: not that of a build with sanitizers, which reserves terabytes.
reserved_kib="$(awk '/^VmSize/ { print $2 }' "/proc/$server_pid/status")"
if [ -n "$all" ] && [ "$reserved_kib" -lt 8000000 ] && has gcore; then
    run gcore -o core "$server_pid"
    somewhere 'the memory' core."$server_pid"
    nowhere 'the memory' core."$server_pid"
    remembered=', its memory'
fi

# A runtime key is told the same of what is a draft, quarantined, or nobody's.
bearer="${keys[runtime]}"
plain_answer() { # plain_answer NAME FILE: without what differs from request to request
    expect_get 404 "/v1/prompts/$1"
    sed -E '/^(Date|X-Request-Id):/d; s/"request_id":"[^"]*"//' headers body >"$2"
}
plain_answer outbound/nobody nobody
for name in hidden-1 hidden-1@1 outbound/greeting@2 outbound/taken outbound/taken@1; do
    plain_answer "$name" it
    diff nobody it >out || fail "$name is told apart from nobody: $(cat out)"
done

# --- time ---

# times NAME OTHER: asks for both in turn and prints z of the Mann-Whitney U test, by ranks.
times() {
    local number
    {
        printf 'silent\nheader = "Authorization: Bearer %s"\n' "$bearer"
        for ((number = 0; number < timing; number++)); do
            printf 'url = "%s/v1/prompts/%s"\noutput = "/dev/null"\n' "$url" "$1" "$url" "$2"
        done
    } >asking
    curl --config asking --write-out '%{time_pretransfer} %{time_starttransfer}\n' |
        awk 'NR > 20 { printf "%.0f %d\n", ($2 - $1) * 1e6, NR % 2 }' | sort -n | awk '
            function flush(   i) { # ties share the mean of their ranks
                for (i in tied) if (kind[i] == 1) sum += (first + NR_ - 1) / 2
                ties += (NR_ - first) ^ 3 - (NR_ - first)
                delete tied; delete kind
            }
            { NR_ = NR; if (NR == 1 || $1 != last) { if (NR > 1) flush(); first = NR; last = $1 } tied[NR]; kind[NR] = $2; n[$2]++ }
            END { NR_ = NR + 1; flush()
                total = n[0] + n[1]; u = sum - n[1] * (n[1] + 1) / 2
                sigma = sqrt(n[0] * n[1] / 12 * (total + 1 - ties / (total * (total - 1))))
                printf "%.2f\n", (u - n[0] * n[1] / 2) / sigma }'
}
if [ "$timing" -gt 0 ]; then
    for name in hidden-1 outbound/taken; do
        z="$(times "$name" outbound/nobody)"
        echo "time of $name against nobody: z = $z of the Mann-Whitney U test ($timing each)"
        awk -v z="$z" 'BEGIN { exit !(z < 4 && z > -4) }' || fail "its time tells $name from nobody"
    done
fi

stop_server
echo "$asked requests, $answered answers, production's files, objects and ledger${remembered:-}: no draft"
