# Many hands on one pair of environments: eight processes publish, promote, roll back, make and revoke
# keys and read from a server, all at once, every second command by way of the environment's server and
# the others on its folder. Every third command is killed at some step or moment, and the two servers
# are, too, again and again, at a step of whatever write they are at. Then the history is held to what
# was acknowledged: nothing lost, nothing that nobody did, no version twice, and an order that nobody
# who looked at a clock could object to.
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
deepest_of_server=600
hands=('publish' 'publish publish' 'promote' 'promote publish' 'rollback' 'key revoke' 'key' 'read read read read')

make_environments
write_prompt first shared 'First.'
run publish first
run promote prompt/shared@1
make_bearer

# --- who they are, and by which way they come ---

by() { # by ID: who it is, as git and the audit will have it
    printf 'hand %s <hand-%s@example.com>' "$1" "$1"
}
is_remote() { # is_remote ID: every second command of a hand
    local rest="${1#*-}"
    [ $((${rest%%-*} % 2)) -eq 0 ]
}
# A server knows who acts by their key, so each command that goes there has one of its own.
key_for() { # key_for ID ENVIRONMENT ROLE
    greenroom key create --role "$3" --owner "$(by "$1")" --expires 1d --env "$2" \
        --actor 'Keeper <keeper@example.com>' --json >"$1.key.json"
    json key "$1.key.json" >"$1.key"
}
keys_for() { # keys_for NUMBER VERB...: of that hand
    local number="$1" round count=0 verb
    shift
    for ((round = 1; round <= rounds; round++)); do
        for verb in "$@"; do
            count=$((count + 1))
            is_remote "$number-$count-$verb" || continue
            case "$verb" in
                publish) key_for "$number-$count-$verb" sandbox author ;;
                promote | rollback) key_for "$number-$count-$verb" production approver ;;
                key | revoke) key_for "$number-$count-$verb" production operator ;;
            esac
        done
    done
}
key_for reader sandbox approver # of what is promoted from afar
for ((number = 0; number < ${#hands[@]}; number++)); do
    # shellcheck disable=SC2086 # words
    keys_for $((number + 1)) ${hands[number]}
done

# --- two servers, which die at some step and are started again ---

server_code() { # of the last one to end, once it is over
    local code=0
    wait "$1" || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 137 ] || echo "$code" >>server-codes
}
keep_serving() { # keep_serving ENVIRONMENT PORT: until ./over is there
    trap - EXIT ERR
    RANDOM=$((seed * 1000 + $2 % 7))
    while [ ! -e over ]; do
        (
            export LD_PRELOAD="$GREENROOM_FAULT_LIBRARY" GREENROOM_FAULT_FOLDER="$work/$1"
            export GREENROOM_FAULT_AT=$((1 + RANDOM % deepest_of_server))
            export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
            exec greenroomd --env "$1" --listen "127.0.0.1:$2" --writable --threads 2 --plain-http
        ) >>"$1.out" 2>>"$1.err" &
        echo $! >"$1.pid"
        server_code $!
        echo "$1" >>deaths
    done
}
: >deaths
: >server-codes
declare -A urls
keepers=()
for environment in sandbox production; do
    start_server "$environment" --writable # to learn of a port that is free
    stop_server
    urls[$environment]="$url"
    keep_serving "$environment" "${url##*:}" 2>keeper.err &
    keepers+=($!)
done
url="${urls[production]}"

# --- what a hand does; each prints what was acknowledged ---

# does ID ENVIRONMENT WORD...: the command on that environment, by the way of its id. What it printed
# is in ./ID.out.
does() {
    local id="$1" environment="$2" where=--env
    shift 2
    [ "$1" != promote ] || where=--to
    if ! is_remote "$id"; then
        greenroom "$@" "$where" "$environment" --actor "$(by "$id")" --json >"$id.out" 2>"$id.err"
        return
    fi
    printf '%s %s\n' "${urls[$environment]}" "$(cat "$id.key")" "${urls[sandbox]}" "$(cat reader.key)" |
        sort -u -k1,1 --stable >"$id.credentials"
    chmod 600 "$id.credentials"
    # shellcheck disable=SC2086 # nothing, or a command in front of it
    GREENROOM_CREDENTIALS="$id.credentials" ${dies_soon:-} \
        greenroom "$@" "$where" "${urls[$environment]}" --json >"$id.out" 2>"$id.err"
}
do_publish() { # the version
    write_prompt "draft-$1" shared "Said by $1."
    does "$1" sandbox publish "draft-$1" && json artifacts.0.version "$1.out"
}
versions_of() { # versions_of ENVIRONMENT ID: of the shared prompt, from the lowest on
    LD_PRELOAD='' greenroom log prompt/shared --env "$1" --json >"$2.log" 2>/dev/null &&
        json_lines "$2.log" | awk -F '\t' '$1 ~ /version$/ { print $2 }' | sort -n
}
place_of() { # place_of ID ENVIRONMENT: its folder, or the address of its server
    if is_remote "$1"; then echo "${urls[$2]}"; else echo "$2"; fi
}
do_promote() { # the commit of live
    local version
    version="$(versions_of sandbox "$1" | tail -n 1)"
    does "$1" production promote "prompt/shared@$version" --from "$(place_of "$1" sandbox)" \
        --sign-with approver && json commit "$1.out"
}
do_rollback() { # the commit of live
    local version
    version="$(versions_of production "$1" | shuf -n 1 --random-source=approver.pub)"
    does "$1" production rollback prompt/shared --to "$version" --reason 'as it was' \
        --sign-with approver && json commit "$1.out"
}
do_key() { # the id, "revoked" behind it once that is done
    does "$1" production key create --role runtime --owner "hand-$1" --expires 90d || return
    json id "$1.out" >"$1.id"
    cat "$1.id"
}
do_revoke() {
    local id
    id="$(cat ./*.id 2>/dev/null | shuf -n 1 --random-source=approver.pub)"
    [ -n "$id" ] || return 9
    does "$1" production key revoke "$id" && echo "$id"
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
            dies_soon=''
            [ $((RANDOM % 3)) -ne 0 ] || dies_soon="timeout --signal=KILL 0.$((RANDOM % 300 + 100))"
            if [ "$verb" != read ] && [ -n "$dies_soon" ] && ! is_remote "$id"; then
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

busy=()
for ((number = 0; number < ${#hands[@]}; number++)); do
    # shellcheck disable=SC2086 # words
    hand $((number + 1)) ${hands[number]} &
    busy+=($!)
done
for job in "${busy[@]}"; do
    wait "$job"
done
touch over
kill -KILL "$(cat sandbox.pid)" "$(cat production.pid)" 2>/dev/null || true
wait "${keepers[@]}"
[ ! -s server-codes ] || fail "a server ended with $(cat server-codes): $(cat sandbox.err production.err)"
cat hand-*.log >hands.log
done_count="$(awk '$5 == 0' hands.log | wc -l)"
killed_count="$(awk '$5 == 137' hands.log | wc -l)"
[ "$done_count" -gt 0 ] || fail "nothing was acknowledged: $(cat hands.log ./*.err)"
awk '$5 == 2 || $5 >= 99 && $5 != 137' hands.log | grep . && fail 'a command ended in no way that is known'

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
start_server production
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
remote_count="$(awk '{ split($3, id, "-"); n += id[2] % 2 == 0 && $4 != "read" && $5 == 0 } END { print n + 0 }' hands.log)"
[ "$remote_count" -gt 0 ] || fail "nothing was acknowledged over HTTP: $(cat hands.log ./*.err)"
echo "$(wc -l <hands.log) commands of 8 hands: $done_count acknowledged ($remote_count over HTTP)," \
    "$killed_count killed; servers started again $(wc -l <deaths) times"
