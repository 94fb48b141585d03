// The artifacts in what an author hands over.
#include "operation/operation_artifacts.h"

#include "artifact/manifest.h"
#include "base/memory.h"

// Content with a manifest is one artifact as it stands.
static enum status take_as_is(struct infer_results *artifacts, struct operation_call *call,
                              struct error *err)
{
    TRY(memory_grow(&artifacts->items, artifacts->count, &artifacts->capacity,
                    sizeof(*artifacts->items), err));
    artifacts->items[artifacts->count++] = (struct infer_result) { .content = call->content };
    call->content = (struct content) { 0 };
    return STATUS_OK;
}

enum status operation_artifacts_split(struct infer_results *artifacts, struct operation_call *call,
                                      struct error *err)
{
    const char *as = json_get_string(call->input, "as", NULL);
    struct artifact_id id;
    if (content_find(&call->content, MANIFEST_PATH))
        return take_as_is(artifacts, call, err);
    if (!as) {
        error_set(err, STATUS_INVALID, "manifest_missing", "there is no " MANIFEST_PATH);
        return error_hint(err,
                          "add one, or name the artifact with --as KIND/NAME so that its manifest "
                          "is made from what is there");
    }
    TRY(id_parse_bare(&id, as, err));
    return infer_manifest(artifacts, &id, &call->content, err);
}
