# Changes to who may sign and who may ask are killed at their steps.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_kill.sh
. "$flow_folder/lib_kill.sh"

make_environments
make_key second
write_prompt greeting outbound/greeting 'One.'
run publish greeting
run promote prompt/outbound/greeting@1
mkdir prepared
mv production prepared
touched=(production)
GREENROOM_KILL_SECONDS=$((${GREENROOM_KILL_SECONDS:-8} / 2))

state_of_it() {
    git -C tried/production/store.git show control:approvers | cut -d ' ' -f 1
}
write_it() {
    greenroom approver add second@example.com second.pub --env "$work/tried/production"
}
repeat_it() {
    write_it || grep -q second@example.com err
}
kill_at_each_step

state_of_it() {
    local key
    for key in $(git -C tried/production/store.git ls-tree -r --name-only control keys/); do
        git -C tried/production/store.git show "control:$key" | grep -E '"(role|owner)"'
    done
}
write_it() {
    greenroom key create --role runtime --owner "dialer" --expires 90d --env "$work/tried/production"
}
repeat_it() {
    # Nobody has seen the key of a command that was killed: the next one makes another.
    cmp -s state state-after || write_it
}
kill_at_each_step
