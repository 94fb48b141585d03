# An acknowledged write survives power loss: all that a command changed was synced before it ended,
# each file and each folder that got a new name, in the order objects, ref, ledger.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
: "${GREENROOM_FAULT_LIBRARY:?the library built from tests/fault/fault_calls.c}"

# traced FOLDER COMMAND...: its changes below FOLDER are in ./trace, "NUMBER CALL PATH [OLD-PATH]"
# each.
traced() {
    local folder="$1"
    shift
    rm -f trace
    (
        export GREENROOM_FAULT_FOLDER="$work/$folder" GREENROOM_FAULT_TRACE="$work/trace"
        export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
        export LD_PRELOAD="$GREENROOM_FAULT_LIBRARY"
        "$@"
    ) >out 2>err || fail "$(cat out err)"
    sed -i "s| $work/| |g" trace
}

# What was changed and never synced afterwards. SQLite's -shm is made anew after a crash.
unsynced() {
    awk '
        $3 ~ /-shm$/ { next }
        $2 ~ /^(write|pwrite|writev|truncate|allocate)$/ { open[$3] = $0 }
        $2 ~ /^(rename|link)$/ && ($4 in open) { # what was written goes by its new name
            open[$3] = open[$4]
            delete open[$4]
        }
        $2 ~ /^(rename|link|mkdir)$/ {
            folder = $3
            sub(/\/[^\/]*$/, "", folder)
            open[folder] = $0
        }
        $2 == "fsync" { delete open[$3] }
        END { for (path in open) print open[path] }' trace
}

# number CALL PATTERN: the number of the last such call.
number() {
    awk -v call="$1" -v pattern="$2" '$2 == call && $3 ~ pattern { n = $1 } END { print n + 0 }' trace
}

expect_durable() { # expect_durable WHAT REF
    local objects ref ledger
    [ -z "$(unsynced)" ] || fail "$1 ends before this is synced: $(unsynced)"
    objects="$(number rename '/objects/pack/pack-[0-9a-f]*[.]idx$')"
    ref="$(number rename "/$2\$")"
    ledger="$(number pwrite '/ledger[.]db-wal$')"
    [ "$objects" -gt 0 ] && [ "$ref" -gt "$objects" ] && [ "$ledger" -gt "$ref" ] ||
        fail "$1 does not write objects, ref and ledger in this order: $objects $ref $ledger"
    awk -v from="$objects" -v to="$ref" '
        $1 > from && $1 < to && $2 == "fsync" && $3 ~ /\/objects\/pack$/ { found = 1 }
        END { exit !found }' trace || fail "$1 moves the ref before the objects are safe"
}

mkdir made
traced made greenroom init "$work/made/production" --class live
[ -z "$(unsynced)" ] || fail "an init ends before this is synced: $(unsynced)"

make_environments
write_prompt greeting outbound/greeting 'One.'
traced sandbox greenroom publish greeting --env "$work/sandbox"
expect_durable 'a first publish' refs/heads/drafts
write_knowledge plans plans 40
traced sandbox greenroom publish plans --env "$work/sandbox"
expect_durable 'a publish' refs/heads/drafts
promote_all() {
    greenroom promote prompt/outbound/greeting@1 knowledge/plans@1 --from sandbox \
        --to "$work/production" --sign-with approver
}
traced production promote_all
expect_durable 'a promotion' refs/heads/live
traced production greenroom quarantine knowledge/plans@1 --reason harm --env "$work/production" \
    --sign-with approver
expect_durable 'a quarantine' refs/heads/control
traced production greenroom key create --role runtime --owner dialer --expires 90d \
    --env "$work/production"
expect_durable 'a new key' refs/heads/control
