// backup: an environment as one file, taken while others read and write it.
#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/backup.h"

static enum status run(struct operation_call *call, struct error *err)
{
    struct backup backup;
    char head[BACKUP_HEAD_BYTES];
    TRY(backup_make(&call->result, &backup, call->environment, err));
    backup_head_format(&backup.head, head);
    call->output = json_new_object();
    json_set_string(call->output, "environment", backup.identity.id);
    json_set_string(call->output, "name", backup.identity.name);
    operation_result_set_time(call->output, "made_at", backup.made_at);
    json_set_string(call->output, "audit_head", head);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "out", NULL, "FILE", "the file to write (a tar), or - for standard output", FIELD_OUTPUT,
      true },
    { 0 },
};

const struct operation operation_backup = {
    .name = "backup",
    .summary = "write an environment as one file, while others use it",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .result_form = RESULT_SEAL,
    .fields = fields,
    .run = run,
};
