// What reject and withdraw-approval share.
#include "operation/operation_remark.h"

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "release/draft.h"

// Commits and audit name what was done by the operation, like those of every other.
static const char *const operations[EVIDENCE_TYPE_COUNT] = {
    [EVIDENCE_REJECTION] = "reject",
    [EVIDENCE_WITHDRAWAL] = "withdraw-approval",
};

enum status operation_remark_find(struct operation_remark_subject *out, struct operation_call *call,
                                  const char *artifact, struct error *err)
{
    struct draft draft OWNED(draft_release) = { 0 };
    struct operation_remark_subject subject = { .folder = EVIDENCE_ENVIRONMENT_FOLDER };
    if (artifact) {
        TRY(id_parse_version(&subject.id, artifact, err));
        TRY(draft_read(&draft, call->environment, &subject.id, err));
        subject.digest = draft.digest;
        evidence_folder(&subject.id, subject.folder);
    }
    *out = subject;
    return STATUS_OK;
}

static enum status print(struct buffer *out, const struct operation_remark_subject *subject,
                         const struct operation_call *call, enum evidence_type type,
                         const char *key, const char *value, struct error *err)
{
    struct json *document OWNED(json_release) = json_new_object();
    json_set_integer(document, "format", 1);
    json_set_string(document, "type", evidence_type_word(type));
    if (subject->id.version != 0) {
        char id[ID_TEXT_BYTES];
        char digest[DIGEST_TEXT_BYTES];
        id_format(&subject->id, id);
        digest_format(&subject->digest, digest);
        json_set_string(document, "artifact", id);
        json_set_string(document, "digest", digest);
    }
    json_set_string(document, "author", call->actor);
    operation_result_set_time(document, "time", clock_now());
    json_set_string(document, key, value);
    return json_print_canonical(out, document, err);
}

enum status operation_remark_add(struct operation_call *call,
                                 const struct operation_remark_subject *subject,
                                 enum evidence_type type, const char *key, const char *value,
                                 struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    char name[EVIDENCE_NAME_BYTES];
    bool of_draft = subject->id.version != 0;
    TRY(print(&text, subject, call, type, key, value, err));
    struct change_message_item about = { subject->id, subject->digest };
    struct change_message message = { .operation = operations[type],
                                      .items = &about,
                                      .count = of_draft,
                                      .actor = call->actor,
                                      .reason = value };
    struct evidence_addition addition = {
        .folder = subject->folder, .type = type, .text = text.bytes, .message = &message
    };
    TRY(evidence_add(call->environment, &addition, name, err));
    call->output = json_new_object();
    if (of_draft)
        operation_result_set_version(call->output, &subject->id, &subject->digest);
    else
        json_set_string(call->output, "folder", subject->folder);
    json_set_string(call->output, "record", name);
    return STATUS_OK;
}
