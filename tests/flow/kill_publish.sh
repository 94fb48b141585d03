# A publish is killed at its steps: nothing acknowledged is lost, nothing unacknowledged shows.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_kill.sh
. "$flow_folder/lib_kill.sh"

mkdir prepared
run greenroom init prepared/sandbox --class sandbox
write_prompt greeting outbound/greeting 'One.'
run greenroom publish greeting --env prepared/sandbox --actor "$author"
write_prompt greeting outbound/greeting 'Two.'
write_knowledge plans plans 3
touched=(sandbox)

write_it() {
    greenroom publish "$subject" --env "$work/tried/sandbox" --actor "$author"
}
state_of_it() {
    greenroom list --env tried/sandbox --json >listed
    json_lines listed | grep -E '\.(artifact|version|digest|author|note)'
    greenroom show prompt/outbound/greeting@1 --env tried/sandbox >/dev/null # never lost
}

for subject in greeting plans; do # a new version, a new artifact
    kill_at_each_step
done
