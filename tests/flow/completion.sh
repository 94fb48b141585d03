# Completion knows what the table knows, and the artifacts that stand in the environment.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'Hello.'
run publish greeting
write_prompt greeting outbound/greeting 'Hello again.'
run publish greeting

# offered WANTED WORD...
offered() {
    local wanted="$1"
    shift
    run greenroom completion candidates "$@"
    [ ! -s err ] || fail "completion speaks: $(cat err)"
    found="$(tr '\n' ' ' <out | sed 's/ $//')"
    [ "$found" = "$wanted" ]
}

# offers WANTED WORD...: all that is offered for the last word. A server that took too long is asked
# again.
offers() {
    if [ -n "$1" ]; then
        wait_until "$patience_s" offered "$@"
    else
        offered "$@" || fail "candidates: $found"
    fi
}

offers 'publish' publ
offers 'approve approver' appro
offers 'add list remove' approver ''
offers 'list' key l
offers '' nonsense ''
offers '--sign-with' rollback prompt/a --sign
offers '--env' list --en
offers 'prompt/outbound/greeting' --env sandbox log pr
offers 'prompt/outbound/greeting@2' --env sandbox show prompt/outbound/greeting@
offers '' --env sandbox show prompt/outbound/greeting@2 ''
offers '' --env production list prompt/
offers '' --env nowhere show ''
offers '' --env ''
GREENROOM_ENV=sandbox offers 'prompt/outbound/greeting@2' export ''
offers 'prompt/outbound/greeting@2' promote --from sandbox --to production ''
offers 'prompt/outbound/greeting@2' promote --to production --from sandbox ''
offers '' promote --from production --to sandbox ''

for shell in bash zsh fish; do
    run greenroom completion "$shell"
    says greenroom
    ! has "$shell" || "$shell" -n out
done
expect_exit 2 greenroom completion tcsh
says 'bash, zsh or fish' err
expect_exit 2 greenroom completion

# As bash calls it: a version is behind '@', where bash begins a new word.
cat >complete.bash <<'BASH'
source <(greenroom completion bash)
COMP_LINE="greenroom --env $1 show prompt/outbound/greeting@"
COMP_POINT=${#COMP_LINE}
_greenroom
echo "${COMPREPLY[*]}"
BASH
bash_puts_in() {
    GREENROOM_CREDENTIALS="$(keys_of sandbox)" bash complete.bash "$(named sandbox)" >out
    [ "$(cat out)" = "$1" ]
}
wait_until "$patience_s" bash_puts_in 2

# A server that says nothing is not waited for, and one that says no is not heard.
run promote prompt/outbound/greeting@2
make_bearer --role auditor
export GREENROOM_KEY="$bearer"
start_server production --writable
offers 'prompt/outbound/greeting@2' --env "$url" export prompt/
GREENROOM_KEY=bogus offers '' --env "$url" export prompt/
kill -STOP "$server_pid"
run timeout "$patience_s" "$GREENROOM_BIN/greenroom" completion candidates --env "$url" export prompt/
[ ! -s out ] && [ ! -s err ] || fail "completion speaks: $(cat out err)"
kill -CONT "$server_pid"
stop_server
offers '' --env "$url" export prompt/
unset GREENROOM_KEY

# A word too many is told, not taken for something else.
expect_error 2 word_unexpected greenroom check greeting other --env sandbox
