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

static enum status print(struct buffer *out, const struct draft *draft,
                         const struct operation_call *call, enum evidence_type type,
                         const char *key, const char *value, struct error *err)
{
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    id_format(&draft->id, id);
    digest_format(&draft->digest, digest);
    json_set_integer(document, "format", 1);
    json_set_string(document, "type", evidence_type_word(type));
    json_set_string(document, "artifact", id);
    json_set_string(document, "digest", digest);
    json_set_string(document, "author", call->actor);
    operation_result_set_time(document, "time", clock_now());
    json_set_string(document, key, value);
    return json_print_canonical(out, document, err);
}

enum status operation_remark_add(struct operation_call *call, enum evidence_type type,
                                 const char *key, const char *value, struct error *err)
{
    struct draft draft OWNED(draft_release) = { 0 };
    struct artifact_id id;
    struct buffer text OWNED(buffer_release) = { 0 };
    char folder[ID_TEXT_BYTES];
    char name[EVIDENCE_NAME_BYTES];
    TRY(id_parse_version(&id, json_get_string(call->input, "artifact", ""), err));
    TRY(draft_read(&draft, call->environment, &id, err));
    TRY(print(&text, &draft, call, type, key, value, err));
    evidence_folder(&id, folder);
    struct change_message_item about = { id, draft.digest };
    struct change_message message = { .operation = operations[type],
                                      .items = &about,
                                      .count = 1,
                                      .actor = call->actor,
                                      .reason = value };
    struct evidence_addition addition = {
        .folder = folder, .type = type, .text = text.bytes, .message = &message
    };
    TRY(evidence_add(call->environment, &addition, name, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &id, &draft.digest);
    json_set_string(call->output, "record", name);
    return STATUS_OK;
}
