# A server that has loaded a state goes on serving it, whatever becomes of the ledger, the git store,
# the disk, the log and the clock; it says what is wrong, and heals without a restart.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'One.'
write_knowledge plans plans 3
run publish greeting
run publish plans
run promote prompt/outbound/greeting@1 knowledge/plans@1
make_bearer --role operator
good="$bearer"

serves() { # serves VERSION: for wait_until
    get /v1/prompts/outbound/greeting && [ "$status" = 200 ] && [ "$(json version body)" = "$1" ]
}

goes_on() { # nothing that callers see has changed
    bearer="$good"
    expect_get 200 /v1/prompts/outbound/greeting
    equal version "${1:-1}" "$(json version body)"
    expect_get 200 /v1/knowledge/plans/-/files/docs/more/page-1.md
    expect_get 200 /v1/live
    expect_get 200 /healthz
    expect_get 200 /readyz
}

call_one() { # call_one ID: a receipt that has to be entered into the ledger
    bearer="$good"
    expect_get 200 "/v1/prompts/outbound/greeting?call=$1"
}

has_receipt() { # has_receipt ID: for wait_until
    [ "$(sqlite3 -readonly production/ledger.db "SELECT count(*) FROM receipt WHERE call = '$1'")" = 1 ]
}

metric() { # metric NAME VALUE: for wait_until; the name with its labels, or the first row of that name
    bearer="$good"
    get /metrics
    awk -v name="greenroom_$1" -v value="$2" 'index($1, name) == 1 && $2 == value { found = 1 }
        END { exit !found }' body
}

is() { # is STATUS: for wait_until; what /readyz says
    get /readyz && [ "$(json status body)" = "$1" ]
}

# outside ARGUMENT...: a server with the library that puts faults around it.
outside() {
    export GREENROOM_OUTSIDE_FULL="$work/full" GREENROOM_OUTSIDE_CLOCK="$work/clock"
    export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
    LD_PRELOAD="${GREENROOM_OUTSIDE_LIBRARY:?built from tests/fault/outside.c}" exec greenroomd "$@"
}

begin_server() { # as start_server, with the library
    : >server.out
    outside --env production --listen 127.0.0.1:0 --threads 2 >server.out 2>server.err &
    server_pid=$!
    wait_until 20 server_spoke
    url="$(sed -n 's|.* at \(http://[0-9.:]*\)$|\1|p' server.out)"
    [ -n "$url" ] || fail "the server did not start: $(cat server.out server.err)"
}

begin_server
goes_on

# --- the ledger is locked ---
coproc locker { exec sqlite3 production/ledger.db; }
locker_pid=$!
printf 'BEGIN EXCLUSIVE;\n.print locked\n' >&"${locker[1]}"
IFS= read -r answer <&"${locker[0]}"
equal 'the ledger' locked "$answer"
call_one locked
wait_until 10 metric audit_behind 1
goes_on
printf 'ROLLBACK;\n.quit\n' >&"${locker[1]}"
wait "$locker_pid" || true
wait_until 10 metric audit_behind 0
wait_until 10 has_receipt locked

# --- it is damaged, and it is gone ---
for damage in damaged gone; do
    mkdir away
    mv production/ledger.db* away
    [ "$damage" = gone ] || head -c 20000 /dev/urandom >production/ledger.db
    call_one "$damage"
    wait_until 10 metric audit_behind 1
    goes_on
    rm -f production/ledger.db*
    mv away/* production
    rmdir away
    wait_until 10 metric audit_behind 0
    wait_until 10 has_receipt "$damage"
done

# --- the git store is gone, and it is damaged ---
mv production/store.git away
wait_until 5 is degraded
goes_on
metric degraded 1 || fail "$(cat body)"
mv away production/store.git
wait_until 5 is ready
cp production/store.git/refs/heads/live sound-ref
echo 0123456789012345678901234567890123456789 >production/store.git/refs/heads/live
wait_until 5 is degraded
goes_on
cp sound-ref production/store.git/refs/heads/live
wait_until 5 is ready
mv production/store.git/objects away
wait_until 5 metric degraded 0
goes_on
mv away production/store.git/objects
write_prompt greeting outbound/greeting 'Two.'
run publish greeting
run promote prompt/outbound/greeting@2
wait_until 5 serves 2

# --- bytes inside packs are damaged ---
damage() { # damage FILE: one byte in its middle becomes another
    local at=$(($(stat -c %s "$1") / 2)) byte
    byte="$(od -An -tu1 -j "$at" -N 1 "$1")"
    chmod u+w "$1"
    # shellcheck disable=SC2059
    printf "\\$(printf %o $((byte ^ 255)))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}
packs=production/store.git/objects/pack
mkdir kept
cp "$packs"/* kept
for pack in "$packs"/*.pack "$packs"/*.idx; do # under a state that is loaded
    damage "$pack"
    wait_until 5 is degraded
    equal reason pack_damaged "$(json reason body)"
    metric 'degraded{reason="pack_damaged"}' 1 || fail "$(cat body)"
    goes_on 2
    cat "kept/${pack##*/}" >"$pack"
    wait_until 5 is ready
done
kill -STOP "$server_pid" # and before it is loaded
write_prompt greeting outbound/greeting 'Three.'
run publish greeting
run promote prompt/outbound/greeting@3
for pack in "$packs"/*.pack; do
    [ -e "kept/${pack##*/}" ] || cp "$pack" kept
    damage "$pack"
done
kill -CONT "$server_pid"
wait_until 5 is degraded
goes_on 2
for pack in "$packs"/*.pack; do
    cat "kept/${pack##*/}" >"$pack"
done
wait_until 5 is ready
wait_until 5 serves 3
goes_on 3
# --- the disk is full ---
touch full
call_one full
wait_until 10 metric audit_behind 1
goes_on 3
get /v1/knowledge/plans/-/archive.tar.gz
[ "$status" = 503 ] || fail "an archive on a full disk: $status"
goes_on 3
rm full
wait_until 10 metric audit_behind 0
wait_until 10 has_receipt full
wait_until 10 answers 200 /v1/knowledge/plans/-/archive.tar.gz

# --- the clock jumps ---
touch -d '2020-01-01' clock
goes_on 3
touch -d '2040-01-01' clock
expect_get 200 /healthz
expect_get 401 /v1/live # the key's time is over, as far as anybody can tell
rm clock
goes_on 3
stop_server

# --- nobody reads the log ---
mkfifo log
exec 7<>log
dd if=/dev/zero of=log oflag=nonblock bs=4096 count=1000 2>/dev/null || true
: >server.out
greenroomd --env production --listen 127.0.0.1:0 >server.out 2>log &
server_pid=$!
wait_until 20 server_spoke
url="$(sed -n 's|.* at \(http://[0-9.:]*\)$|\1|p' server.out)"
goes_on 3
mv production/store.git away
wait_until 5 is degraded
mv away production/store.git
wait_until 5 is ready
goes_on 3
stop_server
