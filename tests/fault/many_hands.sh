# Many hands on one pair of environments: eight processes publish, promote, roll back, make and revoke
# keys and read from a server, all at once, and every third command is killed at some step. Then the
# history is held to what was acknowledged: nothing lost, nothing that nobody did, no version twice,
# and an order that nobody who looked at a clock could object to.
#
#   GREENROOM_HANDS_ROUNDS   commands of each hand (4)
#   GREENROOM_HANDS_SEED     which lots are drawn (1)
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # waiting for a disk would only slow it down
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"
: "${GREENROOM_FAULT_LIBRARY:?the library built from tests/fault/fault_calls.c}"

rounds="${GREENROOM_HANDS_ROUNDS:-4}"
seed="${GREENROOM_HANDS_SEED:-1}"
deepest_step=60 # a write has about so many

make_environments
write_prompt first shared 'First.'
run publish first
run promote prompt/shared@1
make_bearer
start_server production

# --- what a hand does; each prints what was acknowledged ---

by() { # by ID: who it is, as git and the audit will have it
    printf 'hand %s <hand-%s@example.com>' "$1" "$1"
}
do_publish() { # the version
    write_prompt "draft-$1" shared "Said by $1."
    greenroom publish "draft-$1" --env sandbox --actor "$(by "$1")" --json >"$1.out" 2>"$1.err" &&
        json artifacts.0.version "$1.out"
}
versions_of() { # versions_of ENVIRONMENT ID: of the shared prompt, from the lowest on
    LD_PRELOAD='' greenroom log prompt/shared --env "$1" --json >"$2.log" 2>/dev/null &&
        json_lines "$2.log" | awk -F '\t' '$1 ~ /version$/ { print $2 }' | sort -n
}
do_promote() { # the commit of live
    local version
    version="$(versions_of sandbox "$1" | tail -n 1)"
    greenroom promote "prompt/shared@$version" --from sandbox --to production --sign-with approver \
        --actor "$(by "$1")" --json >"$1.out" 2>"$1.err" && json commit "$1.out"
}
do_rollback() { # the commit of live
    local version
    version="$(versions_of production "$1" | shuf -n 1 --random-source=approver.pub)"
    greenroom rollback prompt/shared --to "$version" --reason 'as it was' --env production \
        --sign-with approver --actor "$(by "$1")" --json >"$1.out" 2>"$1.err" && json commit "$1.out"
}
do_key() { # the id, "revoked" behind it once that is done
    greenroom key create --role runtime --owner "hand-$1" --expires 90d --env production \
        --actor "$(by "$1")" --json >"$1.out" 2>"$1.err" || return
    json id "$1.out" >"$1.id"
    cat "$1.id"
}
do_revoke() {
    local id
    id="$(cat ./*.id 2>/dev/null | shuf -n 1 --random-source=approver.pub)"
    [ -n "$id" ] || return 9
    greenroom key revoke "$id" --env production --actor "$(by "$1")" --json >"$1.out" 2>"$1.err" &&
        echo "$id"
}
do_read() { # "VERSION STATE"
    curl -sS --max-time 10 -H "Authorization: Bearer $bearer" -D "$1.head" -o "$1.body" \
        "$url/v1/prompts/shared" 2>"$1.err" || return
    tr -d '\r' <"$1.head" | awk -F ': ' '
        /^HTTP/ && $0 !~ / 200/ { exit 1 }
        $1 == "Greenroom-Version" { version = $2 }
        $1 == "Greenroom-State" { state = $2 }
        END { print version, state }'
}

# hand NUMBER VERB...: its rounds, each a line "START END ID VERB CODE ACKNOWLEDGED" in its log.
hand() {
    local number="$1" round count=0 verb id begin end code said
    shift
    RANDOM=$((seed * 100 + number))
    trap - EXIT ERR
    for ((round = 1; round <= rounds; round++)); do
        for verb in "$@"; do
            count=$((count + 1))
            id="$number-$count-$verb"
            begin="$EPOCHREALTIME"
            code=0
            if [ "$verb" != read ] && [ $((RANDOM % 3)) -eq 0 ]; then
                said="$(
                    export LD_PRELOAD="$GREENROOM_FAULT_LIBRARY" GREENROOM_FAULT_FOLDER="$work"
                    export GREENROOM_FAULT_AT=$((1 + RANDOM % deepest_step))
                    export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
                    "do_$verb" "$id"
                )" 2>/dev/null || code=$?
            else
                said="$("do_$verb" "$id")" 2>/dev/null || code=$?
            fi
            end="$EPOCHREALTIME"
            printf '%s %s %s %s %s %s\n' "$begin" "$end" "$id" "$verb" "$code" "$said" \
                >>"hand-$number.log"
        done
    done
}

hand 1 publish &
hand 2 publish publish &
hand 3 promote &
hand 4 promote publish &
hand 5 rollback &
hand 6 key revoke &
hand 7 key &
hand 8 read read read read &
for job in $(jobs -p); do
    [ "$job" = "$server_pid" ] || wait "$job"
done
cat hand-*.log >hands.log
done_count="$(awk '$5 == 0' hands.log | wc -l)"
killed_count="$(awk '$5 == 137' hands.log | wc -l)"
[ "$done_count" -gt 0 ] || fail "nothing was acknowledged: $(cat hands.log ./*.err)"
awk '$5 >= 99 && $5 != 137' hands.log | grep . && fail 'a command ended in no way that is known'

# --- is all of it sound, and explained? ---

for environment in sandbox production; do
    run greenroom verify --env "$environment"
    run git -C "$environment/store.git" fsck --strict --no-dangling --no-progress # the killed left some
done

# history ENVIRONMENT BRANCH: "ID OPERATION VERSION COMMIT" for each commit, oldest first; the ID is
# of the command that its actor names, "-" for those of the preparation.
history() {
    git -C "$1/store.git" log --reverse --format='%H%x09%(trailers:key=Operation,valueonly,separator=)%x09%(trailers:key=Version,valueonly,separator=)%x09%(trailers:key=Actor,valueonly,separator=)' "$2" |
        awk -F '\t' '{
            id = "-"
            if (match($4, /<hand-[^@]*/))
                id = substr($4, RSTART + 6, RLENGTH - 6)
            print id, ($2 == "" ? "-" : $2), ($3 == "" ? "-" : $3), $1
        }'
}
history sandbox drafts >drafts.history
history production live >live.history
history production control >control.history

# Each command made one commit at most, and one that was acknowledged made one (or was told of the
# one that had done the same before); no commit is without a command; those that followed each other
# in time follow each other in the history.
check_history() { # check_history HISTORY VERB...
    local file="$1"
    shift
    awk -v verbs=" $* " -v name="$file" '
        function tell(words) { print name ": " words; bad = 1 }
        NR == FNR { # the log
            if (index(verbs, " " $4 " ")) {
                begin[$3] = $1; end[$3] = $2; verb[$3] = $4; code[$3] = $5; said[$3] = $6
            }
            next
        }
        { made[$4] = 1 }
        $1 == "-" { next }
        {
            if (!($1 in code))
                tell("commit " $4 " is by nobody: " $1)
            if (seen[$1]++)
                tell($1 " made two commits")
            order[++count] = $1
            commit[$1] = $4
            version[$1] = $3
        }
        END {
            for (id in code)
                if (code[id] == 0 && !(id in commit) && !(said[id] in made) && verb[id] != "revoke")
                    tell("acknowledged and lost: " id)
            for (i = 1; i <= count; i++) {
                id = order[i]
                if (end[id] != "" && code[id] == 0 && latest_begin != "" && end[id] < latest_begin)
                    tell(id " ended before " latest " began, and stands after it")
                if (begin[id] > latest_begin) { latest_begin = begin[id]; latest = id }
            }
            exit bad
        }' hands.log "$file" || fail "$file does not follow from the log: $(cat "$file" hands.log)"
}
check_history drafts.history publish
check_history live.history promote rollback
check_history control.history key revoke

# No version twice, and each with the text of the command that it was acknowledged to.
awk '$2 == "publish" { print $3 }' drafts.history | sort | uniq -d | grep . &&
    fail 'a version was given twice'
while read -r _ _ id verb code version; do
    [ "$verb:$code" = publish:0 ] || continue
    run greenroom cat "prompt/shared@$version" sections/opening.md --env sandbox
    equal "text of version $version" "Said by $id." "$(cat out)"
done <hands.log

# The commit that a promotion or rollback was told is its own, unless that was done already.
while read -r _ _ id verb code commit; do
    [ "$code" = 0 ] && [[ "$verb" =~ ^(promote|rollback)$ ]] || continue
    grep -q "^$id " live.history || continue
    grep -qx "$id [a-z]* [0-9]* $commit" live.history || fail "$id made another commit than $commit"
done <hands.log

# What is live is what the last commit says, for the index and for callers.
last_version="$(tail -n 1 live.history | cut -d ' ' -f 3)"
[ "$last_version" != - ] || last_version=1
run greenroom show prompt/shared --env production --json
equal 'what is live' "$last_version" "$(json version)"
serves_last() {
    expect_get 200 /v1/prompts/shared
    [ "$(field Greenroom-State)" = "$(tip production live)" ] &&
        [ "$(field Greenroom-Version)" = "$last_version" ]
}
wait_until 20 serves_last

# Readers saw states of live only, each with its version, and never went back.
awk '
    NR == FNR { place[$4] = FNR; if ($3 != "-") version[$4] = $3; next }
    $4 == "read" && $5 == 0 {
        if (!($7 in place)) { print "a state that never was: " $0; bad = 1 }
        if (($7 in version) && version[$7] != $6) { print "another version: " $0; bad = 1 }
        if (place[$7] < before) { print "a reader went back: " $0; bad = 1 }
        before = place[$7]
    }
    END { exit bad }' live.history <(sort -n hands.log) || fail 'what was read does not fit'

# A key that was said to be revoked is.
run greenroom key list --env production
while read -r _ _ _ verb code id; do
    [ "$verb:$code" = revoke:0 ] || continue
    grep -E "^$id .* revoked " out >/dev/null || fail "$id is not revoked"
done <hands.log
while read -r _ _ _ verb code id; do
    [ "$verb:$code" = key:0 ] || continue
    grep -E "^$id " out >/dev/null || fail "key $id is gone"
done <hands.log

stop_server
echo "$(wc -l <hands.log) commands of 8 hands: $done_count acknowledged, $killed_count killed"
