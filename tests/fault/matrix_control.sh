# The crash matrix, second part: what is decided about production beside its releases. Sourced by
# matrix.sh.
# shellcheck shell=bash disable=SC2154

# Scenarios by their names: the function write_NAME makes the write.
write_policy_set() {
    greenroom policy set second-policy.json --reason why "$@" "${as_approver[@]}"
}
write_approver_add() {
    greenroom approver add third@example.com third.pub "$@"
}
write_approver_remove() {
    greenroom approver remove second@example.com "$@"
}
write_binding_set() {
    greenroom binding set crm https://crm-2.example.com "$@"
}
write_hold() {
    greenroom hold prompt/outbound/greeting --reason 'Complaints.' "$@" "${as_approver[@]}"
}
write_lift() {
    greenroom lift tool/crm/held --reason 'No more complaints.' "$@" "${as_approver[@]}"
}
write_waive() {
    greenroom waive prompt/outbound/greeting injection.override --reason 'It is a quotation.' "$@" \
        "${as_approver[@]}"
}
write_key_create() {
    greenroom key create --role runtime --owner second --expires 90d "$@"
}
write_key_revoke() {
    greenroom key revoke "$bearer_id" "$@"
}
write_audit_restart() {
    greenroom audit restart --reason 'The disk died.' "$@" "${as_approver[@]}"
}

for name in policy_set approver_add approver_remove binding_set hold lift waive key_create key_revoke \
    audit_restart; do
    want "$name" || continue
    [ "$name" != key_revoke ] || make_bearer # only now: two keys have no order that stays
    given production
    case "$name" in
        lift)
            run greenroom hold tool/crm/held --reason 'Complaints.' --env prepared/production \
                "${as_approver[@]}" ;;
        audit_restart) # until then its audit is cut
            rm prepared/production/ledger.db*
            may_lie='^tried/production/ledger\.db\.[0-9a-f]*\.new' # the new one, while it was made
            verify_it() { [ -z "$is_done" ] || run greenroom verify --env "$1"; } ;;
    esac
    write_it() {
        "write_$scenario" --env "$work/tried/production"
    }
    matrix "$name"
done
