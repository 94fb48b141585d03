// Manifests that infer writes.
#include "artifact/infer_draft.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"

struct json *infer_draft_begin(const struct artifact_id *id, const char *title)
{
    struct json *manifest = json_new_object();
    json_set_string(manifest, "kind", id_kind_word(id->kind));
    json_set_string(manifest, "name", id->name);
    json_set_string(manifest, "title", title);
    return manifest;
}

enum status infer_draft_finish(struct infer_results *results, const struct artifact_id *id,
                               const struct json *manifest, struct content *content,
                               struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(json_print_pretty(&text, manifest, err));
    TRY(memory_grow(&results->items, results->count, &results->capacity, sizeof(*results->items),
                    err));
    TRY(content_add_bytes(content, MANIFEST_PATH, text.bytes, text.length, err));
    TRY(content_seal(content, err));
    struct infer_result *result = &results->items[results->count++];
    *result = (struct infer_result) { .id = *id, .content = *content };
    result->id.version = 0;
    *content = (struct content) { 0 };
    return STATUS_OK;
}

enum status infer_draft_rename(struct content *content, const char *path, struct error *err)
{
    char *copy = NULL;
    TRY(memory_copy_string(&copy, path, err));
    free(content->files[0].path);
    content->files[0].path = copy;
    return STATUS_OK;
}
