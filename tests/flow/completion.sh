# Completion knows what the table knows, and the artifacts that stand in the environment.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting outbound/greeting 'Hello.'
run publish greeting
write_prompt greeting outbound/greeting 'Hello again.'
run publish greeting

# offers WANTED WORD...: all that is offered for the last word.
offers() {
    local wanted="$1"
    shift
    run greenroom completion candidates "$@"
    equal "candidates for $*" "$wanted" "$(tr '\n' ' ' <out | sed 's/ $//')"
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

for shell in bash zsh fish; do
    run greenroom completion "$shell"
    says greenroom
    ! has "$shell" || "$shell" -n out
done
expect_exit 2 greenroom completion tcsh
says 'bash, zsh or fish' err
expect_exit 2 greenroom completion

# As bash calls it: a version is behind '@', where bash begins a new word.
completed="$(bash -c 'source <(greenroom completion bash)
    COMP_LINE="greenroom --env sandbox show prompt/outbound/greeting@"
    COMP_POINT=${#COMP_LINE}
    _greenroom
    echo "${COMPREPLY[*]}"')"
equal 'what bash puts in' 2 "$completed"

# A word too many is told, not taken for something else.
expect_error 2 word_unexpected greenroom check greeting other --env sandbox
