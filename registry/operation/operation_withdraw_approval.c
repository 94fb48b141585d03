// withdraw-approval: an approval, or an attestation, is taken back.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_remark.h"
#include "operation/operation_rows.h"

static enum status check_record(struct operation_call *call, const char *record, struct error *err)
{
    struct artifact_id id;
    char folder[ID_TEXT_BYTES];
    struct content files OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    TRY(id_parse_version(&id, json_get_string(call->input, "artifact", ""), err));
    evidence_folder(&id, folder);
    TRY(evidence_read(&files, call->environment, folder, err));
    TRY(evidence_parse(&evidence, &files, "", err));
    for (size_t i = 0; i < evidence.count; i++)
        if (strcmp(evidence.records[i].name, record) == 0)
            return STATUS_OK;
    error_set(err, STATUS_NOT_FOUND, "record_unknown", "there is no record '%.60s' of it", record);
    return error_hint(err,
                      "`greenroom approve` and `greenroom attest` print the record's name, e.g. "
                      "0003-approval");
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *record = json_get_string(call->input, "record", "");
    TRY(check_record(call, record, err));
    return operation_remark_add(call, EVIDENCE_WITHDRAWAL, "record", record, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, true },
    { "record", NULL, "RECORD", "e.g. 0003-approval", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_withdraw_approval = {
    .name = "withdraw-approval",
    .summary = "take an approval or an attestation back",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .elsewhere = "evidence is kept in the sandbox",
    .writes = true,
    .fields = fields,
    .run = run,
};
