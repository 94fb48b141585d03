# Making an environment is killed at its steps: there is a whole one or none, and never one in the
# way of the next try.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/fault/lib.sh
. "$flow_folder/../fault/lib.sh"

write_it() {
    greenroom init "$work/tried/production" --class live --json
}

mkdir tried
with_faults "GREENROOM_FAULT_TRACE=$work/trace" -- write_it >out 2>err
steps="$(wc -l <trace)"
step=0
stride=$((steps / ${GREENROOM_FAULT_SAMPLE:-12} + 1))
[ -z "${GREENROOM_FAULT_ALL:-}" ] || stride=1
for ((step = 1; step <= steps; step += stride)); do
    where="killed at step $step, $(sed -n "${step}p" trace)"
    rm -rf tried
    mkdir tried
    code=0
    with_faults "GREENROOM_FAULT_AT=$step" -- write_it >out 2>err || code=$?
    [ "$code" -eq 137 ] || fail "$where: exit $code: $(cat out err)"
    if [ ! -e tried/production ]; then
        run write_it # whatever lies beside it
    fi
    run greenroom list --env tried/production
    run greenroom verify --env tried/production
    equal "$where: audit" 1 "$(audit_rows tried/production)"
    tried_count=$((${tried_count:-0} + 1))
done
echo "$tried_count kills of $steps steps"
