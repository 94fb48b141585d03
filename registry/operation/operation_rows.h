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
extern const struct operation operation_seal;
extern const struct operation operation_admit;
extern const struct operation operation_plan;
extern const struct operation operation_attest;
extern const struct operation operation_status;
extern const struct operation operation_approve;
extern const struct operation operation_reject;
extern const struct operation operation_withdraw_approval;
extern const struct operation operation_hold;
extern const struct operation operation_lift;
extern const struct operation operation_audit;
extern const struct operation operation_audit_restart;
extern const struct operation operation_receipts;
extern const struct operation operation_evidence;
extern const struct operation operation_policy_show;
extern const struct operation operation_policy_set;
extern const struct operation operation_policy_diff;
extern const struct operation operation_binding_set;
extern const struct operation operation_binding_list;
extern const struct operation operation_environment_show;
extern const struct operation operation_environment_compare;
extern const struct operation operation_environment_describe;
extern const struct operation operation_check;
extern const struct operation operation_waive;
extern const struct operation operation_schema_validate;
extern const struct operation operation_template_render;
extern const struct operation operation_pii_scan;
extern const struct operation operation_mask;
extern const struct operation operation_new;
extern const struct operation operation_backup;
extern const struct operation operation_restore;
extern const struct operation operation_watch;
