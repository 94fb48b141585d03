# The crash matrix: every write meets a kill, a torn write, a full disk, a broken disk, a short write
# and a power loss at its steps. A sample by default, all points with GREENROOM_FAULT_ALL=1; named
# scenarios only when some are named.
# In memory where there is such a folder: what is safe from a power loss is told by the record of
# syncs, not by the disk, and a real sync takes most of the time.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"
# shellcheck source=tests/fault/lib.sh
. "$flow_folder/../fault/lib.sh"

wanted=" $* "
sample="${GREENROOM_FAULT_SAMPLE:-1}"
as_author=(--actor "$author")
as_approver=(--sign-with "$work/approver" --actor 'Approver <approver@example.com>')

# want NAME: whether that scenario is asked for. Its environments are those that are made once.
want() {
    [ "$wanted" = '  ' ] || [[ "$wanted" == *" $1 "* ]]
}

# given ENVIRONMENT...: those environments are what the next scenario changes.
given() {
    rm -rf prepared
    mkdir prepared
    touched=("$@")
    cp -R "$@" prepared
}

# --- what is there before: releases 1 and 2 of a prompt, a draft 3, a tool, a policy ---

make_strict
make_key third
run greenroom binding set crm https://crm.example.com --env production
write_policy second-policy.json 2
write_prompt greeting outbound/greeting 'One.'
run publish greeting
ready prompt/outbound/greeting@1
run promote prompt/outbound/greeting@1
write_prompt greeting outbound/greeting 'Two.'
run publish greeting
ready prompt/outbound/greeting@2
run promote prompt/outbound/greeting@2
write_prompt greeting outbound/greeting 'Three.'
run publish greeting
write_tool note crm/note
run publish note
write_knowledge few few 3
write_knowledge many many 200

# --- a sandbox is written to ---

if want publish_update; then
    write_prompt greeting outbound/greeting 'Four.'
    given sandbox
    write_it() { greenroom publish greeting --env "$work/tried/sandbox" "${as_author[@]}"; }
    repeat_it() { write_it; } # done twice is done once
    matrix publish_update
fi
if want publish_new; then
    given sandbox
    write_it() { greenroom publish few --env "$work/tried/sandbox" "${as_author[@]}"; }
    repeat_it() { write_it; } # done twice is done once
    matrix publish_new
fi
if want publish_200; then
    given sandbox
    write_it() { greenroom publish many --env "$work/tried/sandbox" "${as_author[@]}"; }
    repeat_it() { write_it; } # done twice is done once
    matrix publish_200
fi
if want attest; then
    given sandbox
    write_it() {
        greenroom attest prompt/outbound/greeting@3 script-read --env "$work/tried/sandbox" \
            --actor 'Tester <tester@example.com>'
    }
    matrix attest
fi
if want approve; then
    given sandbox
    write_it() {
        greenroom approve prompt/outbound/greeting@3 --env "$work/tried/sandbox" --to production \
            "${as_approver[@]}"
    }
    matrix approve
fi
if want attest_environment; then
    given sandbox
    write_it() {
        greenroom attest --environment numbers-tested --env "$work/tried/sandbox" \
            --actor 'Second <second@example.com>'
    }
    matrix attest_environment
fi
if want reject; then
    given sandbox
    write_it() {
        greenroom reject prompt/outbound/greeting@3 --reason 'Too long.' \
            --env "$work/tried/sandbox" --actor 'Tester <tester@example.com>'
    }
    matrix reject
fi
if want withdraw_approval; then
    given sandbox
    write_it() {
        greenroom withdraw-approval prompt/outbound/greeting@2 0002-approval \
            --env "$work/tried/sandbox" --actor 'Approver <approver@example.com>'
    }
    matrix withdraw_approval
fi
if want reindex; then
    given sandbox
    # A row that somebody took away, which nothing but the rebuilding brings back.
    sqlite3 prepared/sandbox/ledger.db "DELETE FROM version WHERE artifact = 'tool/crm/note'"
    write_it() { greenroom reindex --env "$work/tried/sandbox"; }
    verify_it() { [ -z "$is_done" ] || run greenroom verify --env "$1"; } # until then it is damaged
    matrix reindex
fi

# --- production is written to ---

ready prompt/outbound/greeting@3
run attest tool/crm/note@1 script-read
run approve tool/crm/note@1
run seal prompt/outbound/greeting@3 tool/crm/note@1 -o two.seal
if want promote; then
    given production
    write_it() {
        greenroom promote prompt/outbound/greeting@3 tool/crm/note@1 --from sandbox \
            --to "$work/tried/production" "${as_approver[@]}"
    }
    matrix promote
fi
# So much content is packed while the gate looks at it.
if want promote_much; then
    write_knowledge much much 24
    for page in much/docs/more/*.md; do
        printf "${page##*/}"', what is known of it, line %d.\n' {1..4500} >>"$page"
    done
    run publish much
    ready knowledge/much@1
    given production
    write_it() {
        greenroom promote knowledge/much@1 --from sandbox --to "$work/tried/production" \
            "${as_approver[@]}"
    }
    fewest_steps=40
    matrix promote_much
fi
if want admit; then
    given production
    write_it() { greenroom admit two.seal --env "$work/tried/production" "${as_approver[@]}"; }
    matrix admit
fi
if want rollback; then
    given production
    write_it() {
        greenroom rollback prompt/outbound/greeting --to 1 --reason why \
            --env "$work/tried/production" "${as_approver[@]}"
    }
    matrix rollback
fi
if want quarantine; then
    given production
    write_it() {
        greenroom quarantine prompt/outbound/greeting@2 --reason why \
            --env "$work/tried/production" "${as_approver[@]}"
    }
    # Two branches move: out of service first, then never again. Whoever dies in between repeats it.
    may_show() {
        run greenroom show prompt/outbound/greeting --env tried/production --json
        equal "$where: out of service" 1 "$(json version)"
    }
    repeat_it() { write_it; } # done twice is done once
    matrix quarantine
fi
if want break_glass; then
    given production
    write_it() {
        greenroom promote tool/crm/note@1 --from sandbox --to "$work/tried/production" \
            --break-glass 'Nothing is noted.' --second-sign-with "$work/second" "${as_approver[@]}"
    }
    matrix break_glass
fi
# shellcheck source=tests/fault/matrix_control.sh
. "$flow_folder/../fault/matrix_control.sh"
# shellcheck source=tests/fault/matrix_files.sh
. "$flow_folder/../fault/matrix_files.sh"

echo "$points points tried of $all_points; after $done_points of them the write stood"
[ "$points" -gt 0 ] || fail 'no scenario by that name'
