// What crosses from a sandbox, sealed and opened.
#include "operation/operation_sealed.h"

#include "base/memory.h"

void operation_sealed_release(struct operation_sealed *source)
{
    seal_release(&source->seal);
    content_release(&source->content);
    environment_free(source->opened);
    *source = (struct operation_sealed) { 0 };
}

static enum status check_artifacts(const struct seal *seal, const struct artifact_id *ids,
                                   size_t count, struct error *err)
{
    bool is_same = seal->count == count;
    for (size_t i = 0; is_same && i < count; i++)
        is_same = id_same_artifact(&seal->items[i].id, &ids[i]) &&
                  seal->items[i].id.version == ids[i].version;
    if (is_same)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "seal_mismatch",
              "the seal holds other artifacts than were named");
    return error_hint(err, "seal what is named, in the same order");
}

enum status operation_sealed_open(struct operation_sealed *out, struct operation_call *call,
                                  struct environment *sandbox, const struct artifact_id *ids,
                                  size_t count, struct error *err)
{
    if (call->content.count > 0) {
        TRY(seal_open(&out->seal, &call->content, err));
        return check_artifacts(&out->seal, ids, count, err);
    }
    if (!sandbox) {
        TRY(environment_open(&out->opened, json_get_string(call->input, "from", ""), err));
        sandbox = out->opened;
    }
    TRY(seal_make(&out->content, sandbox, ids, count, err));
    return seal_open(&out->seal, &out->content, err);
}
