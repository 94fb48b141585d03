# What the kill tests share: a write is stopped at each of its steps, on a copy of what was prepared,
# and everything that a person relies on afterwards is looked at. Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154
#
# A test prepares environments below ./prepared and defines, for the write that it kills:
#   write_it            the command, on the environments below ./tried
#   state_of_it         prints what it changes, without times and ids
#   repeat_it           the same once more, where it says no to what is done already (else write_it)
#   may_show            whether what is between before and after may be seen (else never)
#   touched             the environments below ./tried that it writes to
# then calls kill_at_each_step. By default as many steps are tried as fit into
# GREENROOM_KILL_SECONDS (8), spread over the whole write; GREENROOM_KILL_ALL=1 tries all of them,
# each both before the step and in the middle of it.

: "${GREENROOM_FAULT_LIBRARY:?the library built from tests/fault/kill_at.c}"

repeat_it() {
    write_it
}
may_show() {
    false
}

fresh_copy() {
    rm -rf tried
    cp -R prepared tried
}

# with_faults ASSIGNMENT... -- COMMAND...: the library counts what happens below ./tried.
with_faults() {
    local settings=()
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    (
        export "${settings[@]}" GREENROOM_FAULT_FOLDER="$work/tried"
        export ASAN_OPTIONS="verify_asan_link_order=0:$ASAN_OPTIONS"
        export LD_PRELOAD="$GREENROOM_FAULT_LIBRARY"
        "$@"
    )
}

entries_of_audit() {
    local environment
    for environment in "${touched[@]}"; do
        audit_rows "tried/$environment"
    done | xargs
}

leftovers() {
    find tried \( -name '*.lock' -o -name 'tmp_*' -o -name '*.tmp' -o -name '*.new' -o \
        -name '*.new-*' -o -name '_git2_*' \) -print
}

# Whoever dies at this step leaves nothing that anybody would have to mend.
kill_at() { # kill_at STEP [SETTING]
    local code=0 environment state
    fresh_copy
    with_faults "GREENROOM_FAULT_AT=$1" "${2:-GREENROOM_FAULT_NOTHING=}" -- write_it >out 2>err ||
        code=$?
    where="killed at step $1 (${2:-before it}), $(sed -n "$1p" trace)"
    [ "$code" -eq 137 ] || fail "$where: exit $code: $(cat out err)"

    # The next command of any kind works, and shows all of the write or nothing of it.
    for environment in "${touched[@]}"; do
        run greenroom list --env "tried/$environment"
    done
    state_of_it >state
    if cmp -s state state-after; then
        equal "$where: audit" "$audit_after" "$(entries_of_audit)"
        done_count=$((done_count + 1))
    elif cmp -s state state-before; then
        equal "$where: audit" "$audit_before" "$(entries_of_audit)"
    else
        may_show || fail "$where: half a write shows: $(cat state)"
    fi
    for environment in "${touched[@]}"; do
        run greenroom verify --env "tried/$environment"
        run git -C "tried/$environment/store.git" fsck --strict --no-progress
        grep -vE 'HEAD points to an unborn branch|^dangling ' out err && fail "$where: git fsck"
    done

    # The same again succeeds, and nothing lies about.
    repeat_it >out 2>err || fail "$where: the repeat fails: $(cat out err)"
    state_of_it | cmp - state-after || fail "$where: the repeat did not do it"
    equal "$where: audit of the repeat" "$audit_after" "$(entries_of_audit)"
    [ -z "$(leftovers)" ] || fail "$where: left behind: $(leftovers)"
}

kill_at_each_step() {
    local steps tried=0 step stride deadline
    done_count=0
    fresh_copy
    state_of_it >state-before
    audit_before="$(entries_of_audit)"
    rm -f trace
    with_faults "GREENROOM_FAULT_TRACE=$work/trace" -- write_it >out 2>err || fail "$(cat err)"
    state_of_it >state-after
    audit_after="$(entries_of_audit)"
    cmp -s state-before state-after && fail 'the write changes nothing that the test looks at'
    steps="$(wc -l <trace)"
    [ "$steps" -ge 10 ] || fail "only $steps steps: the library does not see the writes"

    if [ -n "${GREENROOM_KILL_ALL:-}" ]; then
        for ((step = 1; step <= steps; step++)); do
            kill_at "$step"
            kill_at "$step" GREENROOM_FAULT_TORN=1
        done
        tried=$((2 * steps))
    else
        # Steps of about 0.62 of the whole fall into the widest gap that is left, each time.
        stride=$((steps * 618 / 1000))
        while [ "$(common_divisor "$stride" "$steps")" -ne 1 ]; do
            stride=$((stride + 1))
        done
        deadline=$((SECONDS + ${GREENROOM_KILL_SECONDS:-8}))
        while [ "$tried" -lt "$steps" ] && [ "$SECONDS" -lt "$deadline" ]; do
            step=$((1 + tried * stride % steps))
            if [ $((tried % 2)) -eq 0 ]; then
                kill_at "$step" GREENROOM_FAULT_TORN=1
            else
                kill_at "$step"
            fi
            tried=$((tried + 1))
        done
    fi
    echo "$tried kills of a write of $steps steps; $done_count came after the point of no return"
}

common_divisor() {
    if [ "$2" -eq 0 ]; then
        echo "$1"
    else
        common_divisor "$2" $(($1 % $2))
    fi
}
