// restore: an environment made again from a backup.
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/restore.h"

static enum status run(struct operation_call *call, struct error *err)
{
    const char *path = json_get_string(call->input, "directory", "");
    const struct restore_plan plan = {
        .actor = call->actor,
        .expected_head = json_get_string(call->input, "expect_head", NULL),
        .accept_loss = json_get_string(call->input, "accept_loss", NULL),
    };
    struct restore_outcome outcome;
    char head[BACKUP_HEAD_BYTES];
    TRY(restore_make(path, &call->content, &plan, &outcome, &call->findings, err));
    call->output = json_new_object();
    json_set_string(call->output, "path", path);
    json_set_string(call->output, "id", outcome.backup.identity.id);
    json_set_string(call->output, "name", outcome.backup.identity.name);
    operation_result_set_time(call->output, "made_at", outcome.backup.made_at);
    backup_head_format(&outcome.backup.head, head);
    json_set_string(call->output, "backup_head", head);
    backup_head_format(&outcome.head, head);
    json_set_string(call->output, "audit_head", head);
    json_set_bool(call->output, "has_loss", outcome.has_loss);
    json_set_integer(call->output, "keys_revoked", (int64_t)outcome.keys_revoked);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "file", NULL, "FILE", "what `greenroom backup` wrote", FIELD_CONTENT, true },
    { "directory", NULL, "DIR", "the folder to make", FIELD_PLACE, true },
    { "expect_head", "--expect-head", "NUMBER:HASH",
      "the newest entry of the audit that is known from elsewhere: refused if the backup lacks it",
      FIELD_TEXT, false },
    { "accept_loss", "--accept-loss", "REASON",
      "restore what may have forgotten revocations; every key is revoked", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_restore = {
    .name = "restore",
    .summary = "make an environment again from a backup",
    .roles = ROLE_OPERATOR,
    .fields = fields,
    .run = run,
};
