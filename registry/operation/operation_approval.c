// One approval on its way.
#include "operation/operation_approval.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/draft.h"
#include "trust/ssh_signature.h"

void operation_approval_release(struct operation_approval *approval)
{
    buffer_release(&approval->text);
    buffer_release(&approval->signature);
}

enum status operation_approval_check(const struct operation_approval *approval,
                                     const struct operation_target *target, struct error *err)
{
    struct approval_verdict verdict;
    struct evidence none = { 0 };
    char name[] = "approval";
    struct evidence_record record = { .type = EVIDENCE_APPROVAL,
                                      .name = name,
                                      .text = approval->text.bytes,
                                      .text_bytes = approval->text.length,
                                      .signature = approval->signature.bytes };
    struct json *document OWNED(json_release) = NULL;
    TRY(json_parse(&document, approval->text.bytes, approval->text.length, err));
    record.document = document;
    approval_judge(&verdict, &target->control, &target->subject, &none, &record, clock_now());
    if (verdict.counts)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "approval_void", "this approval would not count: %s",
              verdict.reason);
    return error_hint(err, "`greenroom approver list --env %s` shows who may approve",
                      target->environment->label);
}

// What a statement says must be what it would say were it made here.
static enum status check_statement(const struct operation_approval *approval,
                                   const struct json *statement, struct error *err)
{
    char id[ID_TEXT_BYTES];
    char hex[DIGEST_HEX_BYTES];
    id_format(&approval->id, id);
    digest_format_hex(&approval->digest, hex);
    const char *type = json_get_string(statement, "predicateType", "");
    const char *name = json_string(json_at(statement, "/subject/0/name"));
    const char *digest = json_string(json_at(statement, "/subject/0/digest/sha256"));
    if (strcmp(type, APPROVAL_PREDICATE_TYPE) == 0 && name && strcmp(name, id) == 0 && digest &&
        strcmp(digest, hex) == 0)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "approval_void", "the statement is no approval of %s", id);
    return error_hint(err, "bring the statement that was signed for this very draft");
}

enum status operation_approval_read(struct operation_approval *out, struct operation_call *call,
                                    struct error *err)
{
    struct draft draft OWNED(draft_release) = { 0 };
    struct json *statement OWNED(json_release) = NULL;
    struct ssh_key signer;
    TRY(id_parse_version(&out->id, json_get_string(call->input, "artifact", ""), err));
    TRY(draft_read(&draft, call->environment, &out->id, err));
    out->digest = draft.digest;
    buffer_append_text(&out->text, json_get_string(call->input, "statement", ""));
    buffer_append_text(&out->signature, json_get_string(call->input, "signature", ""));
    TRY(buffer_check(&out->text, err));
    TRY(buffer_check(&out->signature, err));
    TRY(json_parse(&statement, out->text.bytes, out->text.length, err));
    TRY(check_statement(out, statement, err));
    TRY(ssh_signature_verify(&signer, buffer_text(&out->signature), out->signature.length,
                             APPROVAL_NAMESPACE, out->text.bytes, out->text.length, err));
    const char *expires = json_string(json_at(statement, "/predicate/expires"));
    return clock_parse(&out->expires, expires ? expires : "", err);
}

enum status operation_approval_keep(struct operation_call *call,
                                    const struct operation_approval *approval, struct error *err)
{
    char folder[ID_TEXT_BYTES];
    char name[EVIDENCE_NAME_BYTES];
    evidence_folder(&approval->id, folder);
    struct change_message_item about = { approval->id, approval->digest };
    struct change_message message = {
        .operation = "approve", .items = &about, .count = 1, .actor = call->actor
    };
    struct evidence_addition addition = { .folder = folder,
                                          .type = EVIDENCE_APPROVAL,
                                          .text = approval->text.bytes,
                                          .signature = approval->signature.bytes,
                                          .message = &message };
    TRY(evidence_add(call->environment, &addition, name, err));
    json_set_string(call->output, "record", name);
    return STATUS_OK;
}
