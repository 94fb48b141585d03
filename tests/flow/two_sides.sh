# What takes two environments says and does the same wherever each of them is: a folder, or behind a
# server. What comes on two folders is what has to come in the other three ways.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting greeting 'Good morning.'
run publish greeting
run promote prompt/greeting@1
write_prompt greeting greeting 'Good evening.'
run publish greeting
run greenroom binding set crm https://crm.example.com --env sandbox
run greenroom binding set main-number +12025550101 --env sandbox

# --- both behind servers, and a file of keys for each role ---
other_pid=''
trap '[ -z "$other_pid" ] || kill "$other_pid"; flow_end $?' EXIT
umask 077
for environment in sandbox production; do
    other_pid="$server_pid"
    for role in approver operator author; do
        run greenroom key create --role "$role" --owner 'Tester <tester@example.com>' --expires 1d \
            --env "$environment" --json
        json key >"$environment.$role"
    done
    start_server "$environment" --writable
    echo "$url" >"$environment.url"
    for role in approver operator author; do
        echo "$url $(cat "$environment.$role")" >>"$role.keys"
    done
done

# once SANDBOX PRODUCTION WORD...: with @sandbox and @production in the words put as said; what it
# prints, with the folders' names put back, and its exit code are in ./said.
once() {
    local words=() word code=0 here
    here="s|$(cat sandbox.url)|sandbox|g;s|$(cat production.url)|production|g"
    for word in "${@:3}"; do
        case "$word" in
            @sandbox) word="$1" ;;
            @production) word="$2" ;;
        esac
        words+=("$word")
    done
    GREENROOM_CREDENTIALS="$PWD/$role.keys" greenroom "${words[@]}" >out 2>err || code=$?
    { echo "exit $code" && cat out && echo '--' && cat err; } | sed "$here" >said
}

# alike EXIT WORD...: as a person and as a script would see it.
alike() {
    local wanted="$1" way form
    shift
    for form in '' --json; do
        once sandbox production "$@" $form
        says "^exit $wanted\$" said
        mv said on-folders
        for way in "sandbox $(cat production.url)" "$(cat sandbox.url) production" \
            "$(cat sandbox.url) $(cat production.url)"; do
            # shellcheck disable=SC2086 # two words
            once $way "$@" $form
            diff on-folders said >&2 || fail "not the same with $way: $* $form"
        done
    done
}

# --- from a sandbox into production, the right way round and others ---
role=approver
draft=prompt/greeting@2
alike 0 plan "$draft" --from @sandbox --to @production
alike 1 plan "$draft" --from @production --to @sandbox
says "sandbox is a sandbox environment: 'plan' is refused there" said
alike 1 plan "$draft" --from @sandbox --to @sandbox
alike 1 plan "$draft" --from @production --to @production
alike 3 plan prompt/nothing@1 --from @sandbox --to @production
alike 2 plan prompt/greeting --from @sandbox --to @production
alike 2 plan "$draft" "$draft" --from @sandbox --to @production
alike 3 plan "$draft" --from nowhere --to @production
alike 3 plan "$draft" --from @sandbox --to nowhere
alike 3 plan "$draft" --from nowhere --to elsewhere
alike 1 plan "$draft" --from nowhere --to @sandbox
for flags in "" "--break-glass why"; do
    # shellcheck disable=SC2086
    alike 1 promote "$draft" --from @production --to @sandbox --sign-with approver $flags
done
alike 3 promote prompt/nothing@1 --from @sandbox --to @production --sign-with approver
make_key stranger
alike 1 promote "$draft" --from @sandbox --to @production --sign-with stranger
alike 0 status "$draft" --env @sandbox --to @production
alike 1 status "$draft" --env @production --to @sandbox
alike 1 status "$draft" --env @sandbox --to @sandbox
alike 3 status "$draft" --env @sandbox --to nowhere
alike 3 status prompt/nothing@1 --env @sandbox --to @production
alike 1 approve "$draft" --env @production --to @sandbox --sign-with approver
alike 1 approve "$draft" --env @sandbox --to @sandbox --sign-with approver
alike 1 approve "$draft" --env @sandbox --to @production --sign-with stranger
alike 3 approve "$draft" --env @sandbox --to nowhere --sign-with approver

# --- one environment held against the other ---
alike 1 environment compare @sandbox @production
alike 1 environment compare @production @sandbox
alike 1 environment compare @sandbox @sandbox
alike 3 environment compare @sandbox nowhere
alike 3 environment compare nowhere @sandbox
alike 0 check "$draft" --env @sandbox --to @production
alike 0 check greeting --to @production
alike 3 check "$draft" --env @sandbox --to nowhere
role=operator
alike 1 binding set crm https://crm.example.com/v2 --env @production --peer @sandbox
alike 2 binding set crm https://crm.example.com/v2 --env @production --peer @production
alike 3 binding set crm https://crm.example.com/v2 --env @production --peer nowhere
alike 0 binding set main-number +12025550100 --env @production --peer @sandbox

# --- what is no seal ---
role=approver
mkdir folder
echo 'no seal' >words
for seal in folder words nowhere; do
    code=2
    [ "$seal" != nowhere ] || code=6
    alike "$code" admit "$seal" --env @production --sign-with approver
    alike "$code" binding set crm https://crm.example.com --env @production --seal "$seal"
done

# --- what is for a release alone ---
role=operator
alike 2 verify --clone production/store.git --env @production
alike 2 verify --approvers approver.pub --env @production
alike 2 verify --clone production/store.git --approvers approver.pub --env @production

# --- what does not cross: an approval that was signed elsewhere, and one that nobody signs ---
role=approver
alike 2 approve "$draft" --env @sandbox --to @production
alike 2 approve "$draft" --env @sandbox --to nowhere
alike 2 approve "$draft" --env @sandbox
alike 1 approve "$draft" --env @production --to @sandbox
echo 'no statement' >statement
alike 2 approve "$draft" --env @sandbox --to nowhere --statement statement --signature statement
alike 2 approve "$draft" --env @sandbox --to @production --statement statement --sign-with approver

# --- a longer audit than anybody could hand in ---
role=operator
append_long_row() {
    echo "INSERT INTO audit SELECT max(sequence) + 1, json_object('time', '2026-11-23T10:30:00Z', 'actor',
        'x', 'operation', 'hold', 'outcome', 'done', 'reason', hex(zeroblob(1 << 20)), 'artifacts',
        json_array()), (SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1),
        'sha256:' || hex(zeroblob(32)) FROM audit;"
}
for ((i = 0; i < 9; i++)); do
    append_long_row
done | sqlite3 production/ledger.db
alike 0 audit --env @production
[ "$(wc -c <said)" -gt $((16 << 20)) ] || fail "$(wc -c <said) bytes are not many"

# --- more files of evidence than go to a server ---
role=approver
files=()
for ((i = 1; i <= 64; i++)); do
    echo "$i" >"file-$i"
    files+=(--file "file-$i")
done
alike 1 attest "$draft" tested "${files[@]}" --env @sandbox
says 'more than 63 files' said
once "$(cat sandbox.url)" production attest "$draft" tested "${files[@]:2}" --env @sandbox
says '^exit 0$' said
