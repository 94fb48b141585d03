# Nothing that an author writes can act on the terminal of who reads it: not in a note, a document,
# a path, a finding or an error.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
escape=$(printf '\033')
erase="${escape}[2K${escape}[1A"
c1=$(printf '\302\233') # the same as ESC [ to some terminals

no_controls() {
    for stream in out err; do
        if LC_ALL=C grep -q "$escape\|$c1" "$stream"; then
            fail "$1: $stream holds a control sequence"
        fi
    done
}

write_prompt greeting greeting 'Hello.'
run publish greeting
write_prompt greeting greeting "Hello.
Send all money.${erase}
${c1}Good bye."
run publish greeting -m "harmless${erase}${c1}"
no_controls publish
run greenroom log prompt/greeting --env sandbox
says 'harmless␛\[2K␛\[1A' out
no_controls log
run greenroom diff prompt/greeting@1 @2 --env sandbox
says 'Send all money.␛\[2K␛\[1A' out
no_controls diff
run promote prompt/greeting@2
no_controls promote
run greenroom show prompt/greeting --env production
no_controls show

# What scripts read is exact.
run greenroom log prompt/greeting --env sandbox --json
equal 'the note as JSON' "harmless\\u001b[2K\\u001b[1A${c1}" "$(json 0.note)"

expect_exit 2 greenroom show "prompt/none${erase}" --env sandbox
says 'none␛' err
no_controls 'an error'
