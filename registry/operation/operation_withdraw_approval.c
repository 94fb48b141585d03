// withdraw-approval: an approval, or an attestation, is taken back.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_remark.h"
#include "operation/operation_rows.h"

// With --environment its value is the record; otherwise the words are the draft and the record.
static enum status read_input(struct operation_call *call, const char **out_artifact,
                              const char **out_record, struct error *err)
{
    const char *environment = json_get_string(call->input, "environment", NULL);
    const char *artifact = json_get_string(call->input, "artifact", NULL);
    const char *record = json_get_string(call->input, "record", NULL);
    bool of_environment = environment && !artifact;
    if (!of_environment && (environment || !artifact || !record)) {
        error_set(err, STATUS_INVALID, "record_missing", "say which record of what is taken back");
        return error_hint(err, "`greenroom withdraw-approval KIND/NAME@V RECORD`, or `greenroom "
                               "withdraw-approval --environment RECORD`");
    }
    *out_artifact = artifact;
    *out_record = of_environment ? environment : record;
    return STATUS_OK;
}

static const struct evidence_record *find(const struct evidence *evidence, const char *name)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (strcmp(evidence->records[i].name, name) == 0)
            return &evidence->records[i];
    return NULL;
}

// A word that was given: an approval or an attestation, and not taken back yet.
static enum status check_record(struct operation_call *call, const char *folder, const char *name,
                                struct error *err)
{
    struct content files OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    TRY(evidence_read(&files, call->environment, folder, err));
    TRY(evidence_parse(&evidence, &files, "", err));
    const struct evidence_record *record = find(&evidence, name);
    if (!record) {
        error_set(err, STATUS_NOT_FOUND, "record_unknown", "there is no record '%.60s' of it",
                  name);
        return error_hint(err, "`greenroom approve` and `greenroom attest` print the record's "
                               "name, e.g. 0003-approval");
    }
    if (record->type != EVIDENCE_APPROVAL && record->type != EVIDENCE_ATTESTATION) {
        error_set(err, STATUS_REFUSED, "record_stays", "a %s cannot be taken back",
                  evidence_type_word(record->type));
        return error_hint(err, "publish a version that mends what was found");
    }
    if (!evidence_is_withdrawn(&evidence, record))
        return STATUS_OK;
    return error_set(err, STATUS_CONFLICT, "record_withdrawn", "%.60s was taken back already",
                     name);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_remark_subject subject;
    const char *artifact = NULL;
    const char *record = NULL;
    TRY(read_input(call, &artifact, &record, err));
    TRY(operation_remark_find(&subject, call, artifact, err));
    TRY(check_record(call, subject.folder, record, err));
    return operation_remark_add(call, &subject, EVIDENCE_WITHDRAWAL, "record", record, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, false },
    { "record", NULL, "RECORD", "e.g. 0003-approval", FIELD_TEXT, false },
    { "environment", "--environment", "RECORD",
      "take back a record of the environment instead, e.g. 0001-attestation", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_withdraw_approval = {
    .name = "withdraw-approval",
    .summary = "take an approval or an attestation back",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_SANDBOX,
    .is_scoped = true,
    .elsewhere = "evidence is kept in the sandbox",
    .writes = true,
    .fields = fields,
    .run = run,
};
