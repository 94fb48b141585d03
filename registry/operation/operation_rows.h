// The rows of the table: each stands in the file of its name.
#pragma once

#include "operation/operation.h"

extern const struct operation operation_init;
extern const struct operation operation_publish;
extern const struct operation operation_list;
extern const struct operation operation_show;
extern const struct operation operation_log;
extern const struct operation operation_diff;
extern const struct operation operation_cat;
extern const struct operation operation_export;
extern const struct operation operation_promote;
extern const struct operation operation_rollback;
extern const struct operation operation_quarantine;
extern const struct operation operation_approver_add;
extern const struct operation operation_approver_list;
extern const struct operation operation_approver_remove;
extern const struct operation operation_key_create;
extern const struct operation operation_key_list;
extern const struct operation operation_key_revoke;
extern const struct operation operation_verify;
extern const struct operation operation_reindex;
