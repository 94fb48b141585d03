# Many processes publish at once, and some promote: no write is lost, no number given twice.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

processes=8
publishes=15
make_environments
rows_before=$(audit_rows sandbox)

# Every process publishes to its own artifact and to one that all share, in turn.
publish_many() {
    local process="$1" turn name
    for ((turn = 1; turn <= publishes; turn++)); do
        name="own-$process"
        [ $((turn % 2)) -eq 0 ] || name=shared
        write_prompt "content-$process" "$name" "Turn $turn of process $process."
        publish "content-$process" --json >"said-$process-$turn" || return
    done
}
pids=()
for ((process = 1; process <= processes; process++)); do
    publish_many "$process" &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid" || fail 'a publish failed'
done

# What each was told: its version, and that it is new.
for said in said-*; do
    equal "state in $said" new "$(json artifacts.0.state "$said")"
    echo "$(json artifacts.0.artifact "$said") $(json artifacts.0.version "$said")" \
        "$(json artifacts.0.digest "$said")"
done | sort >acknowledged
equal 'acknowledged publishes' $((processes * publishes)) "$(wc -l <acknowledged)"
each=$((publishes / 2))
{
    for ((process = 1; process <= processes; process++)); do
        seq -f "prompt/own-$process %.0f" "$each"
    done
    seq -f 'prompt/shared %.0f' $((processes * (publishes - each)))
} | sort >wanted
cut -d ' ' -f 1,2 acknowledged | cmp - wanted || fail 'version numbers have gaps or repeats'

# git has each of them, one commit for each, and the index says the same.
git -C sandbox/store.git log --reverse \
    --format='%(trailers:key=Artifact,valueonly,separator=)%x20%(trailers:key=Version,valueonly,separator=)%x20%(trailers:key=Digest,valueonly,separator=)' \
    drafts | sort >in-git
cmp acknowledged in-git || fail 'git does not have what was acknowledged'
sqlite3 -separator ' ' sandbox/ledger.db 'SELECT artifact, version, digest FROM version' |
    sort | cmp acknowledged - || fail 'the index does not have what was acknowledged'
equal 'rows of the audit' $((rows_before + processes * publishes)) "$(audit_rows sandbox)"
index_of sandbox >live-index
run greenroom reindex --env sandbox
index_of sandbox | cmp live-index - || fail 'the rebuilt index differs'

# Promotions from many processes: each its own commit of live, in one line.
promote_one() {
    promote "prompt/own-$1@$each" --json >"promoted-$1"
}
pids=()
for ((process = 1; process <= processes; process++)); do
    promote_one "$process" &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid" || fail 'a promotion failed'
done
for ((process = 1; process <= processes; process++)); do
    json commit "promoted-$process"
done | sort >acknowledged
git -C production/store.git rev-list live | sort | cmp acknowledged - ||
    fail 'live does not have what was acknowledged'
run greenroom list --env production --json
equal 'what is live' "$processes" "$(members '' | wc -w)"

expect_sound sandbox production
find sandbox production \( -name '*.lock' -o -name 'tmp_*' -o -name '*.tmp' -o -name '*.new*' \) |
    grep . && fail 'something was left behind'
true
