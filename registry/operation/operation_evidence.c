// evidence: one file that tells an auditor all about a release.
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "ledger/audit.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"
#include "release/audit_log.h"
#include "release/dossier.h"

// One release's dossier being put together.
struct dossier {
    struct operation_call *call;
    struct operation_version version;
    struct json *document;
    char id[ID_TEXT_BYTES];
    struct json *entries; // of the audit; borrowed from the document
};

static void release_dossier(struct dossier *dossier)
{
    operation_version_release(&dossier->version);
    json_free(dossier->document);
}

static enum status add_entry(void *context, const struct audit_row *row, struct error *err)
{
    struct dossier *dossier = context;
    struct json *entry OWNED(json_release) = NULL;
    char previous[DIGEST_TEXT_BYTES];
    char hash[DIGEST_TEXT_BYTES];
    TRY(json_parse(&entry, row->entry, strlen(row->entry), err));
    bool names_it = false;
    for (const struct json *item = json_first(json_get(entry, "artifacts")); item;
         item = json_next(item))
        names_it = names_it || (json_string(item) && strcmp(json_string(item), dossier->id) == 0);
    if (!names_it)
        return STATUS_OK;
    digest_format(&row->previous, previous);
    digest_format(&row->hash, hash);
    struct json *proof = json_append_object(dossier->entries);
    json_set_integer(proof, "sequence", row->sequence);
    json_set_string(proof, "previous", previous);
    json_set_string(proof, "entry", row->entry);
    json_set_string(proof, "hash", hash);
    return STATUS_OK;
}

static enum status add_audit(struct dossier *dossier, struct error *err)
{
    struct environment *environment = dossier->call->environment;
    char head[AUDIT_LOG_HEAD_BYTES];
    struct json *log = json_set_object(dossier->document, "log");
    TRY(audit_log_head(environment, head, err));
    json_set_string(log, "head", head);
    dossier->entries = json_set_array(log, "entries");
    return audit_each(environment->ledger, 1, add_entry, dossier, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct dossier dossier OWNED(release_dossier) = { .call = call };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid tag;
    struct oid commit;
    TRY(operation_version_find(&dossier.version, call, json_get_string(call->input, "artifact", ""),
                               err));
    dossier.document = json_new_object();
    id_format(&dossier.version.row.id, dossier.id);
    operation_result_set_row(dossier.document, &dossier.version.row);
    TRY(oid_parse(&tag, dossier.version.row.tag, err));
    TRY(oid_parse(&commit, dossier.version.row.commit, err));
    TRY(dossier_add(dossier.document, call->environment->store, &tag, &commit, err));
    TRY(add_audit(&dossier, err));
    TRY(json_print_pretty(&text, dossier.document, err));
    TRY(content_add_bytes(&call->result, "evidence.json", text.bytes, text.length, err));
    TRY(content_seal(&call->result, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &dossier.version.row.id,
                                 &dossier.version.row.digest);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the release", FIELD_TEXT, true },
    { "out", "-o", "FILE", "the file to write, or - for standard output", FIELD_OUTPUT, true },
    { 0 },
};

const struct operation operation_evidence = {
    .name = "evidence",
    .summary = "write all that is known of a release as one file for an auditor",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR | ROLE_APPROVER,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "releases are in a live environment: name it with --env",
    .result_form = RESULT_FILE,
    .fields = fields,
    .run = run,
};
