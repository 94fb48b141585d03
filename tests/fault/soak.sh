# Production's server under constant mixed load while everything that an operator and approvers do goes
# on: promotions, rollbacks, holds, quarantines, bindings, keys made and revoked, SIGHUPs. What it takes
# is sampled, and may not grow.
#
#   GREENROOM_SOAK_SECONDS   for how long (8); from 300 on growth is held to its bounds
#   GREENROOM_SOAK_TABLE     where the samples go (./table)
#
# A sample is a line of the table: second, answers a second, wrong answers so far, latency (median,
# 99th of a hundred and longest of its last second, in microseconds), RSS in KiB, descriptors, threads,
# cache/ and ledger.db with its log in KiB, audit rows, operations so far.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"

seconds="${GREENROOM_SOAK_SECONDS:-8}"
table="${GREENROOM_SOAK_TABLE:-$work/table}"
prompts=40
each=$((seconds / 120 + 1)) # seconds between samples

# --- what is live, and who asks ---

make_environments
first=()
for ((number = 1; number <= prompts; number++)); do
    write_prompt "prompt-$number" "outbound/prompt-$number" "The first words of prompt $number."
    run publish "prompt-$number"
    first+=("prompt/outbound/prompt-$number@1")
done
write_tool tool crm/note
run publish tool
write_knowledge pages pages 120
# For those who read slowly: letters, among which no check ever finds an account's number.
head -c 2000000 /dev/urandom | od -An -v -tx1 | tr -d ' ' | tr 0-9a-f g-v >pages/docs/large.txt
run publish pages
run promote "${first[@]}" tool/crm/note@1 knowledge/pages@1
state="$(tip production live)"
make_bearer --scope 'prompt/**'
scoped="$bearer"
make_bearer --role operator
operator="$bearer"
make_bearer
revoked="$bearer"
run greenroom key revoke "$bearer_id" --env production
make_bearer
start_server production --threads 2 --states 16
expect_get 200 /v1/knowledge/pages
etag="$(field ETag)"
wait_until 20 answers 200 /v1/knowledge/pages/-/archive.tar.gz
wait_until 20 answers 200 '/v1/knowledge/pages/-/search?q=known'

# line KIND RATE STATUSES KEY METHOD TARGET [FIELD]: of the plan (see load.c).
lines=0
line() {
    local content=''
    lines=$((lines + 1))
    [ "$5" != POST ] || content='{"variables":{}}'
    printf '%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s%s\r\n%s' \
        "$5" "$6" "$4" "${7:+$7$'\r\n'}" \
        "${content:+Content-Type: application/json$'\r\n'Content-Length: ${#content}$'\r\n'}" \
        "$content" >"line-$lines"
    echo "$1 $2 $3 line-$lines" >>plan
}
# About 200 requests a second. Prompts 1 to 4 are what is changed meanwhile; 404 while one is quarantined.
for number in 1 2 3 4 20 30; do
    line ask 15 200,404 "$bearer" GET "/v1/prompts/outbound/prompt-$number"
done
line ask 10 200 "$scoped" GET /v1/prompts/outbound/prompt-7
line ask 5 404 "$scoped" GET /v1/knowledge/pages
line ask 15 304 "$bearer" GET /v1/knowledge/pages "If-None-Match: $etag"
line ask 10 200 "$bearer" GET /v1/tools/crm/note
line ask 10 200 "$bearer" GET /v1/prompts/outbound/prompt-9@1 'Accept-Encoding: gzip'
line ask 5 200 "$bearer" HEAD /v1/knowledge/pages
line ask 10 200 "$bearer" GET /v1/knowledge/pages/-/files/docs/more/page-7.md
line ask 5 200,404 "$bearer" GET "/v1/at/$state/prompts/outbound/prompt-20"
line ask 3 200 "$bearer" GET /v1/live
line ask 10 200 "$bearer" GET '/v1/knowledge/pages/-/search?q=known'
line ask 10 200 "$bearer" POST /v1/prompts/outbound/prompt-30/-/render
line ask 1 200,202,503 "$bearer" GET /v1/knowledge/pages/-/archive.tar.gz
line ask 2 206,503 "$bearer" GET /v1/knowledge/pages/-/archive.zip 'Range: bytes=1000-1999'
line ask 5 401 "$revoked" GET /v1/live
line ask 3 401 gr_live_nobody GET /v1/live
line ask 5 404 "$bearer" GET /v1/prompts/nobody
line ask 1 200 "$operator" GET /metrics
line ask 1 200 "$bearer" GET /readyz
line sip 40 200 "$bearer" GET /v1/knowledge/pages/-/files/docs/large.txt
line sip 20 200 "$bearer" GET /v1/knowledge/pages/-/files/docs/large.txt
line drip 4 408 "$bearer" GET /v1/live

# --- what goes on meanwhile, one operation a tick ---

versions=(0 1 1 1 1) # the newest of prompts 1 to 4
turn=0
as_approver=(--env production --sign-with approver --actor 'Approver <approver@example.com>')
next_version() { # next_version NUMBER: promoted
    local number="$1"
    versions[number]=$((versions[number] + 1))
    write_prompt "prompt-$number" "outbound/prompt-$number" "Words ${versions[number]} of prompt $number."
    run publish "prompt-$number"
    run promote "prompt/outbound/prompt-$number@${versions[number]}"
}
operate() {
    local number=$((1 + turn / 10 % 4))
    local name="prompt/outbound/prompt-$number"
    case $((turn % 10)) in
        0 | 5) next_version "$number" ;;
        1) run greenroom rollback "$name" --reason 'As it was.' "${as_approver[@]}" ;;
        2) run greenroom hold "$name" --reason 'Wait.' "${as_approver[@]}" ;;
        3) run greenroom lift "$name" --reason 'Go on.' "${as_approver[@]}" ;;
        4) run greenroom key create --role runtime --owner passing --expires 1d --env production --json
            passing="$(json id)" ;;
        6) run greenroom key revoke "$passing" --env production ;;
        7) kill -HUP "$server_pid" ;;
        8) run greenroom quarantine "$name@${versions[number]}" --reason 'No more.' "${as_approver[@]}" ;;
        9) run greenroom binding set crm "https://crm-$((turn % 3)).example.com" --env production ;;
    esac
    turn=$((turn + 1))
}
kib_of() {
    du -ck "$@" 2>/dev/null | awk 'END { print $1 }'
}
sample() { # sample TICK-LINE...
    local process="/proc/$server_pid"
    printf '%s %s %s %s %s %s %s %s\n' "$*" "$(awk '/^VmRSS/ { print $2 }' "$process/status")" \
        "$(find "$process/fd" -mindepth 1 | wc -l)" "$(find "$process/task" -mindepth 1 -maxdepth 1 | wc -l)" \
        "$(kib_of production/cache)" "$(kib_of production/ledger.db production/ledger.db-wal)" \
        "$(audit_rows production)" "$turn" >>"$table"
}

: >"$table"
mkfifo ticks
load "${url##*:}" plan "$seconds" >ticks 2>load.err &
load_pid=$!
while read -r tick said; do
    operate
    [ $((tick % each)) -ne 0 ] || sample "$tick" "$said"
done <ticks
code=0
wait "$load_pid" || code=$?
[ "$code" -eq 0 ] || fail "not answered as expected: $(head -c 2000 load.err)"
stop_server
expect_sound sandbox production

# --- what it took ---

# In quarters: the first is for warming up, the second is what the last is held to. A release that was
# promoted stays in memory, so RSS grows a little with each.
awk -v seconds="$seconds" '
    function median(column, from, to,   i, j, n, value, sorted) {
        n = 0
        for (i = from; i <= to; i++) {
            value = cell[i, column]
            for (j = n++; j > 0 && sorted[j] > value; j--)
                sorted[j + 1] = sorted[j]
            sorted[j + 1] = value
        }
        return sorted[int((n + 1) / 2)]
    }
    function hold(name, column, factor, room,   before, after) {
        before = median(column, quarter + 1, 2 * quarter)
        after = median(column, 3 * quarter + 1, NR)
        grew = after > before * factor + room
        printf "%-22s %10d %10d  at most %d%s\n", name, before, after, before * factor + room,
            grew ? "  GREW" : ""
        bad = bad || grew
    }
    { for (i = 1; i <= NF; i++) cell[NR, i] = $i; answers += $2 }
    END {
        printf "%d samples in %d s, %d operations, %.0f answers a second\n", NR, seconds, cell[NR, 13], answers / NR
        if (seconds < 300)
            exit
        quarter = int(NR / 4)
        print "                   2nd quarter   4th quarter (medians)"
        hold("latency, median (us)", 4, 2, 1000)
        hold("latency, 99 % (us)", 5, 2, 20000)
        hold("RSS (KiB)", 7, 1.05, 16 * (cell[NR, 13] - cell[quarter, 13]) / 5)
        hold("descriptors", 8, 1, 4)
        hold("threads", 9, 1, 0)
        hold("cache (KiB)", 10, 1.1, 1024)
        hold("ledger (KiB)", 11, 1, 4 * (cell[NR, 12] - cell[quarter, 12]) + 4096)
        exit bad
    }' "$table" || fail 'it grows'
