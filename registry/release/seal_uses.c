// What the tools may do that a seal's artifacts use.
#include "release/seal_uses.h"

#include <string.h>

#include "artifact/id.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "release/follow.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

static enum status find_drafts(struct seal_uses *uses, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct store *store = uses->sandbox->store;
    struct oid tip;
    if (!oid_is_none(&uses->drafts))
        return STATUS_OK;
    TRY(store_ref_get(store, DRAFTS_REF, &tip, err));
    if (oid_is_none(&tip))
        return STATUS_OK;
    TRY(commit_read(store, &tip, &commit, err));
    uses->drafts = commit.tree;
    return STATUS_OK;
}

// A draft's manifest was held to its schema when it was published; one that cannot be read says
// nothing here, and is refused where it counts.
static enum status add_tool(struct seal_uses *uses, const struct artifact_id *id, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct error unreadable;
    struct oid blob;
    bool is_tree;
    char name[ID_TEXT_BYTES];
    id_format_bare(id, name);
    if (json_get(uses->side_effects, name))
        return STATUS_OK;
    buffer_append_format(&path, "%s/content/" MANIFEST_PATH, name);
    TRY(buffer_check(&path, err));
    TRY(find_drafts(uses, err));
    TRY(tree_find(uses->sandbox->store, &uses->drafts, path.bytes, &blob, &is_tree, err));
    if (oid_is_none(&blob) || is_tree)
        return STATUS_OK;
    TRY(object_read_blob(uses->sandbox->store, &blob, MANIFEST_MAX_BYTES, &text, err));
    if (json_parse(&document, buffer_text(&text), text.length, &unreadable) != STATUS_OK)
        return STATUS_OK;
    const char *effect = json_get_string(document, "side_effect", NULL);
    if (!effect)
        return STATUS_OK;
    json_set_string(uses->side_effects, name, effect);
    uses->count++;
    return STATUS_OK;
}

enum status seal_uses_add(struct seal_uses *uses, const struct content *artifact, struct error *err)
{
    const struct content_file *file = content_find(artifact, MANIFEST_PATH);
    struct content_view view OWNED(content_view_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct error unreadable;
    if (!file || file->size_bytes > MANIFEST_MAX_BYTES)
        return STATUS_OK;
    TRY(content_view(&view, file, err));
    if (json_parse(&document, view.bytes, view.size_bytes, &unreadable) != STATUS_OK)
        return STATUS_OK;
    for (const struct json *item = json_first(json_get(document, "uses")); item;
         item = json_next(item)) {
        struct artifact_id id;
        if (uses->count < SEAL_USES_MAX && json_string(item) &&
            id_parse_bare(&id, json_string(item), &unreadable) == STATUS_OK && id.kind == KIND_TOOL)
            TRY(add_tool(uses, &id, err));
    }
    return STATUS_OK;
}
