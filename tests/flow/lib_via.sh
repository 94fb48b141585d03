# The commands of a flow test, run on servers: with GREENROOM_VIA=http each environment that a command
# names gets a server of its own, and each actor keys of their own. Sourced by lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what lib.sh sets

via="$work/via" # what is known of servers and keys, in files: commands run in subshells, too
mkdir "$via"

# What stands where in a command line.
via_is_environment() {
    [ -f "$1/environment.json" ]
}

# The role that an operation needs of its caller, here and where it only reads.
via_role() {
    case "$1" in
        publish) echo author ;;
        'approver add' | 'approver remove' | key* | 'binding set' | 'policy set' | reindex | verify | \
            audit* | backup | receipts) echo operator ;;
        *) echo approver ;;
    esac
}

# via_place DIR [WORDS]: where something about it is noted, by whatever path it is named.
via_place() {
    tr -c 'a-zA-Z0-9/\n' '_' <<<"$(realpath "$1")${2:+ $2}" | tr / - | sed "s|^|$via/|"
}

# via_server DIR: its address; starts it at first, and anew where a test has put another folder in its
# place: a server keeps to the folder that it was started on.
via_server() {
    local place
    place="$(via_place "$1")"
    if [ -s "$place.url" ] && [ "$(stat -c %i "$1")" != "$(cat "$place.inode")" ]; then
        kill -KILL "$(cat "$place.pid")"
        rm "$place.url"
    fi
    if [ ! -s "$place.url" ]; then
        stat -c %i "$1" >"$place.inode"
        : >"$place.out" # what an earlier one said is not this one's
        # It holds the folder open, so that no other gets its number.
        greenroomd --env "$1" --listen 127.0.0.1:0 --writable >"$place.out" 2>>"$place.err" 7<"$1" &
        echo $! >"$place.pid"
        wait_until 60 grep -q ' at http://' "$place.out"
        sed -n 's|.* at \(http://[0-9.:]*\)$|\1|p' "$place.out" >"$place.url"
    fi
    cat "$place.url"
}

via_is_let_in() { # URL KEY
    [ "$(curl -sS -o "$via/body" -w '%{http_code}' -H "Authorization: Bearer $2" \
        -H 'Content-Type: application/json' -d '{}' "$1/v1/operations/approver-list")" = 200 ]
}

# via_key DIR URL ROLE OWNER: its text; makes it at first, and waits until the server at URL ('': none
# runs yet) knows of it.
via_key() {
    local place
    place="$(via_place "$1" "$3 $4").key"
    if [ ! -s "$place" ]; then
        command greenroom key create --role "$3" --owner "$4" --expires 30d --env "$1" \
            --actor 'Key Keeper <keeper@example.com>' --json >"$place.json"
        json key "$place.json" >"$place"
        [ -z "$2" ] || wait_until 20 via_is_let_in "$2" "$(cat "$place")"
    fi
    cat "$place"
}

# named DIR: what messages call an environment that was named so; its server runs already.
named() {
    via_server "$1"
}

keys_of() {
    local url place
    place="$(via_place "$1").keys"
    url="$(via_server "$1")"
    (umask 077 && echo "$url $(via_key "$1" "$url" approver 'Tester <tester@example.com>')" >"$place")
    echo "$place"
}

# The same command with addresses for folders, and without --actor: that is the key's owner.
greenroom() {
    local words=() operation='' owner='Tester <tester@example.com>' word next='' url
    local environments=()
    for word in "$@"; do
        case "$next" in
            actor) owner="$word" next='' ; continue ;;
            environment)
                next=''
                if via_is_environment "$word"; then
                    environments+=("$word")
                    url="$(via_server "$word")" || return 6
                    word="$url"
                fi
                words+=("$word")
                continue
                ;;
        esac
        case "$word" in
            --env | --from | --peer) next=environment ;;
            --to) [ "${operation%% *}" = rollback ] || next=environment ;;
            --actor) [ "$operation" = audit ] || { next=actor; continue; } ;;
            -*) ;;
            add | remove | list | set | show | diff | create | revoke | restart | compare | describe)
                case "$operation" in
                    approver | key | binding | policy | audit | environment) operation+=" $word" ;;
                esac
                ;;
            *)
                if [ "$operation" = 'environment compare' ] && via_is_environment "$word"; then
                    environments+=("$word")
                    word="$(via_server "$word")" || return 6
                fi
                ;;
        esac
        [ -n "$operation" ] || operation="$word"
        words+=("$word")
    done
    if [ "${#environments[@]}" -eq 0 ]; then
        # In the background it is a shell of its own, and signals are for the command.
        [ "$operation" != watch ] || [ "$BASHPID" = "$$" ] || exec greenroom "$@"
        command greenroom "$@" || return
        [ "$operation" != init ] || via_prepare "$2"
        return
    fi
    via_run
}

# The keys that the tests need again and again, before they begin to look at what changes, and before
# the server starts: a key that it does not know yet would be refused, and the refusal audited.
via_prepare() {
    if via_is_environment "$1"; then
        via_key "$1" '' author 'Author <author@example.com>'
        via_key "$1" '' author 'Tester <tester@example.com>'
        via_key "$1" '' approver 'Author <author@example.com>'
        via_key "$1" '' approver 'Approver <approver@example.com>'
        via_key "$1" '' approver 'Tester <tester@example.com>'
        via_key "$1" '' operator 'Tester <tester@example.com>'
        (via_server "$1")
    fi >"$via/prepared"
}

# With the words, environments, operation and owner that greenroom() has found.
via_run() {
    : >"$via/used"
    local environment url role credentials="$via/credentials.$BASHPID"
    (umask 077 && : >"$credentials")
    for environment in "${environments[@]}"; do
        url="$(via_server "$environment")"
        role="$(via_role "$operation")"
        echo "$url $(via_key "$environment" "$url" "$role" "$owner")" >>"$credentials"
    done
    [ "$operation" != watch ] || [ "$BASHPID" = "$$" ] ||
        GREENROOM_CREDENTIALS="$credentials" exec greenroom "${words[@]}"
    GREENROOM_CREDENTIALS="$credentials" command greenroom "${words[@]}"
}

# Ends every server that was started; fails when a sanitizer had something to say of one, and when none
# was ever asked: then the test shows nothing of servers.
via_end() {
    local file pids=()
    for file in "$via"/*.pid; do
        [ ! -e "$file" ] || pids+=("$(cat "$file")")
    done
    if [ "${#pids[@]}" -eq 0 ]; then
        via_was_asked
        return $? # in a trap, nothing else says so
    fi
    kill -TERM "${pids[@]}" 2>/dev/null || true
    wait_until 20 via_is_over "${pids[@]}"
    ! grep -E 'Sanitizer|runtime error' "$via"/*.err >&2 && via_was_asked
}

via_was_asked() {
    [ ! -e "$via/used" ] || return 0
    echo "FAILED: no command of $0 names an environment: tests/CMakeLists.txt lists such tests" >&2
    return 1
}

via_is_over() {
    ! kill -0 "$@"
}
