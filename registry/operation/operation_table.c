// The table of operations, in the order of the help.
#include "operation/operation_rows.h"

const struct operation *const operation_table[] = {
    &operation_init,          &operation_publish,
    &operation_list,          &operation_show,
    &operation_log,           &operation_diff,
    &operation_cat,           &operation_export,
    &operation_promote,       &operation_rollback,
    &operation_quarantine,    &operation_approver_add,
    &operation_approver_list, &operation_approver_remove,
    &operation_key_create,    &operation_key_list,
    &operation_key_revoke,    &operation_verify,
    &operation_reindex,       NULL,
};
