# What the crash matrix is made of: a write meets a fault at one of its steps, on a copy of what was
# prepared, and everything that a person relies on afterwards is looked at. Sourced after
# tests/flow/lib.sh.
# shellcheck shell=bash disable=SC2154
#
# A scenario prepares environments below ./prepared and defines:
#   write_it            the command, on what is below ./tried
#   repeat_it           the same once more (else write_it, unless it is done already)
#   may_show            whether what is between before and after may be seen (else never)
#   verify_it           holds an environment to `greenroom verify` (else always)
#   touched             the environments below ./tried that it writes to
#   losses              of power that it is held to (else all five)
#   fewest_steps        that it takes at least
#   may_lie             what may lie about when it was killed: a regular expression (else nothing)
#   state_of_it, audit_of_it, expect_open, expect_whole
#                       how to look at them, where they are no environments that are there before
#                       and after

: "${GREENROOM_FAULT_LIBRARY:?the library built from tests/fault/fault_calls.c}"

fault_modes=(kill torn enospc eio short)
points=0       # faults tried
done_points=0  # of them, those after which the write stands
all_points=0   # faults there are

# What a scenario has that defines nothing else.
usual() {
    losses=(all bytes names 1 2)
    fewest_steps=10
    may_lie='^$'
    repeat_it() {
        [ -n "$is_done" ] || write_it
    }
    may_show() {
        false
    }
    verify_it() { # verify_it ENVIRONMENT
        run greenroom verify --env "$1"
    }
    audit_of_it() {
        local environment
        for environment in "${touched[@]}"; do
            audit_rows "tried/$environment"
        done | xargs
    }
    state_of_it() {
        state_of_environments
    }
    expect_open() { # the next command of any kind works
        local environment
        for environment in "${touched[@]}"; do
            run greenroom list --env "tried/$environment"
        done
    }
    expect_whole() {
        expect_whole_environments
    }
}
usual

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

# All that git holds and the index shows, without times, ids and hashes of what has times in it.
state_of_environments() {
    local environment branch store
    for environment in "${touched[@]}"; do
        store="tried/$environment/store.git"
        for branch in $(git -C "$store" for-each-ref --format='%(refname)' refs/heads); do
            echo "$environment $branch"
            git -C "$store" ls-tree -r --name-only "$branch"
            git -C "$store" archive "$branch" | tar -xO
        done
        git -C "$store" for-each-ref --format='%(refname)' refs/tags
        greenroom list --env "tried/$environment" --json
    done | sed -E 's/[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z/TIME/g; s/[0-9]{14}Z/TIME/g
                   s/[0-9a-f]{64}/HASH/g; s/[0-9a-f]{40}/HASH/g; s/[0-9a-z]{12}\.json/ID.json/
                   s/"id": "[0-9a-z]{12}"/"id": ID/; /BEGIN SSH SIGNATURE/,/END SSH SIGNATURE/d'
}

leftovers() {
    find tried \( -name '*.lock' -o -name 'tmp_*' -o -name '*.tmp' -o -name '*.new' -o \
        -name '*.new-*' -o -name '_git2_*' \) -print
}

expect_tidy() {
    local left
    left="$(leftovers)"
    case "$where" in
        *': kill at'* | *': torn at'* | *': power loss'*) left="$(grep -vE "$may_lie" <<<"$left")" || true ;;
        *': eio at '*' unlink '*) [ "$(wc -l <<<"$left")" -gt 1 ] || left='' ;; # what it could not remove
    esac
    [ -z "$left" ] || fail "$where: left behind: $left"
}

# The next command shows all of the write or nothing of it.
expect_all_or_nothing() {
    expect_open
    state_of_it >state
    if cmp -s state state-after; then
        equal "$where: audit" "$audit_after" "$(audit_of_it)"
        done_points=$((done_points + 1))
        is_done=1
    elif cmp -s state state-before; then
        equal "$where: audit" "$audit_before" "$(audit_of_it)"
        is_done=
    else
        may_show || fail "$where: half a write shows: $(diff state-before state)"
        is_done=
    fi
}

expect_whole_environments() {
    local environment
    for environment in "${touched[@]}"; do
        verify_it "tried/$environment"
        run git -C "tried/$environment/store.git" fsck --strict --no-progress
        grep -vE 'HEAD points to an unborn branch|^dangling ' out err && fail "$where: git fsck"
    done
    return 0
}

expect_sound_and_repeat() {
    expect_whole
    repeat_it >out 2>err || fail "$where: the repeat fails: $(cat out err)"
    state_of_it | cmp - state-after || fail "$where: the repeat did not do it"
    equal "$where: audit of the repeat" "$audit_after" "$(audit_of_it)"
    expect_tidy
}

# Whoever meets this fault leaves nothing that anybody would have to mend, and says yes only to what
# is done.
try_fault() { # try_fault STEP MODE
    local code=0
    fresh_copy
    where="$scenario: $2 at step $1, $(awk -v step="$1" "NR == step" trace)"
    with_faults "GREENROOM_FAULT_AT=$1" "GREENROOM_FAULT_MODE=$2" -- write_it >out 2>err ||
        code=$?
    case "$2:$code" in
    kill:137 | torn:137) ;;
    kill:* | torn:*) fail "$where: exit $code: $(cat out err)" ;;
    *:[0-6]) ;;
    *) fail "$where: exit $code: $(cat out err)" ;;
    esac
    [ "$code" -ne 0 ] || acknowledged=1
    expect_all_or_nothing
    [ -z "$acknowledged" ] || [ -n "$is_done" ] || fail "$where: said to be done, and is not"
    acknowledged=
    expect_sound_and_repeat
    points=$((points + 1))
}

# What was not synced before the step is lost, or some of it.
try_power_loss() { # try_power_loss STEP LOSS; step 0: after the command has ended
    rm -rf tried
    mkdir tried
    where="$scenario: power loss ($2) at step $1, $(awk -v step="$1" "NR == step" trace)"
    run power_loss recording "$work/tried" prepared "$1" "$2" tried
    expect_all_or_nothing
    [ "$1" -ne 0 ] || [ -n "$is_done" ] || fail "$where: an acknowledged write is gone"
    expect_sound_and_repeat
    points=$((points + 1))
}

# The NUMBERth of all faults that a write of $steps steps can meet.
try_point() {
    local number="$1" kinds=$((${#fault_modes[@]} + ${#losses[@]}))
    local step=$((number / kinds)) kind=$((number % kinds))
    if [ "$kind" -ge "${#fault_modes[@]}" ]; then
        try_power_loss "$step" "${losses[kind - ${#fault_modes[@]}]}"
    elif [ "$step" -gt 0 ]; then
        try_fault "$step" "${fault_modes[kind]}"
    fi
}

# matrix NAME: tries the scenario that is defined; every point with GREENROOM_FAULT_ALL, else
# $sample of them.
matrix() {
    local number count stride before="$points"
    scenario="$1"
    acknowledged=
    fresh_copy
    state_of_it >state-before
    audit_before="$(audit_of_it)"
    rm -f trace recording
    fresh_copy # looking leaves files behind
    with_faults "GREENROOM_FAULT_TRACE=$work/trace" "GREENROOM_FAULT_RECORD=$work/recording" -- \
        write_it >out 2>err || fail "$scenario: $(cat out err)"
    state_of_it >state-after
    audit_after="$(audit_of_it)"
    ! grep '^half$' state-after || fail "$scenario: is not even whole when nothing happens"
    if cmp -s state-before state-after && [ "$audit_before" = "$audit_after" ]; then
        fail "$scenario changes nothing that the matrix looks at"
    fi
    steps="$(wc -l <trace)"
    [ "$steps" -ge "$fewest_steps" ] || fail "$scenario: only $steps steps: the library does not see the writes"
    count=$(((steps + 1) * (${#fault_modes[@]} + ${#losses[@]})))
    all_points=$((all_points + count - ${#fault_modes[@]}))
    if [ -n "${GREENROOM_FAULT_ALL:-}" ]; then
        for ((number = 0; number < count; number++)); do
            try_point "$number"
        done
    else
        # Points of about 0.62 of the whole fall into the widest gap that is left, each time.
        stride=$((count * 618 / 1000))
        for ((number = 1; number <= sample; number++)); do
            try_point $(((number * stride + ${#scenario}) % count))
        done
        [ ${#losses[@]} -eq 0 ] || try_power_loss 0 all # what was acknowledged is there
    fi
    echo "$scenario: $((points - before)) points of a write of $steps steps"
    usual
}
