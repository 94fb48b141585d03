# A promotion of two, a rollback and a quarantine are killed at their steps: callers get all of one
# state or all of the other.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_kill.sh
. "$flow_folder/lib_kill.sh"

make_environments
write_prompt greeting outbound/greeting 'One.'
run publish greeting
run promote prompt/outbound/greeting@1
write_prompt greeting outbound/greeting 'Two.'
write_tool note crm/note
run publish greeting
run publish note
mkdir prepared
mv sandbox production prepared
touched=(production)

state_of_it() {
    greenroom list --env tried/production --json >listed
    json_lines listed | grep -E '\.(artifact|version|digest|author|approver|reason)'
    git -C tried/production/store.git ls-tree -r --format='%(path) %(objectname)' live |
        grep /stable/
    git -C tried/production/store.git ls-tree -r --name-only control
}

write_it() {
    greenroom promote prompt/outbound/greeting@2 tool/crm/note@1 --from prepared/sandbox \
        --to "$work/tried/production" --sign-with approver
}
kill_at_each_step

# What was promoted stands, so that there is something to take back.
rm -rf prepared/production
mv tried/production prepared
write_it() {
    greenroom rollback prompt/outbound/greeting --to 1 --reason why \
        --env "$work/tried/production" --sign-with approver
}
repeat_it() {
    write_it || grep -q already-live err
}
GREENROOM_KILL_SECONDS=$((${GREENROOM_KILL_SECONDS:-8} / 2))
kill_at_each_step
write_it() {
    greenroom quarantine prompt/outbound/greeting@2 --reason why \
        --env "$work/tried/production" --sign-with approver
}
repeat_it() {
    write_it
}
# Two branches move: out of service first, then never again. Whoever dies in between repeats it.
may_show() {
    run greenroom show prompt/outbound/greeting --env tried/production --json
    equal "$where: out of service" 1 "$(json version)"
}
kill_at_each_step
