// Who would miss what.
#include "release/uses.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "ledger/index_use.h"
#include "store/object.h"
#include "store/tree.h"

#define STABLE_MANIFEST "stable/" MANIFEST_PATH

void uses_release(struct uses *uses)
{
    free(uses->items);
    *uses = (struct uses) { 0 };
}

static enum status add(void *context, const struct artifact_id *id, struct error *err)
{
    struct uses *uses = context;
    TRY(memory_grow(&uses->items, uses->count, &uses->capacity, sizeof(*uses->items), err));
    uses->items[uses->count++] = *id;
    return STATUS_OK;
}

static int by_text(const void *a, const void *b)
{
    char left[ID_TEXT_BYTES];
    char right[ID_TEXT_BYTES];
    id_format_bare(a, left);
    id_format_bare(b, right);
    return strcmp(left, right);
}

static enum status collect(struct uses *uses, const struct json *document, struct error *err)
{
    for (const struct json *item = json_first(json_get(document, "uses")); item;
         item = json_next(item)) {
        struct artifact_id id;
        struct error malformed; // the manifest's own validation says it
        if (json_string(item) && id_parse_bare(&id, json_string(item), &malformed) == STATUS_OK)
            TRY(add(uses, &id, err));
    }
    if (uses->count > 1)
        qsort(uses->items, uses->count, sizeof(*uses->items), by_text);
    return STATUS_OK;
}

// What an artifact's live version names, in bytewise order; nothing where none is live, or its
// manifest cannot be read, which the server and `verify` say.
static enum status read_live(struct uses *out, struct store *store, const struct state *state,
                             const struct oid *folder, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct error unreadable;
    struct oid blob;
    bool is_tree;
    if (state->live_version == 0)
        return STATUS_OK;
    TRY(tree_find(store, folder, STABLE_MANIFEST, &blob, &is_tree, err));
    if (oid_is_none(&blob) || is_tree)
        return STATUS_OK;
    TRY(object_read_blob(store, &blob, MANIFEST_MAX_BYTES, &text, err));
    if (json_parse(&document, buffer_text(&text), text.length, &unreadable) != STATUS_OK)
        return STATUS_OK;
    return collect(out, document, err);
}

enum status uses_index(struct environment *environment, const struct state *state,
                       const struct oid *folder, struct error *err)
{
    struct uses uses OWNED(uses_release) = { 0 };
    TRY(read_live(&uses, environment->store, state, folder, err));
    return index_use_set(environment->ledger, &state->id, uses.items, uses.count, err);
}

enum status uses_find_users(const struct environment *environment, const struct artifact_id *id,
                            struct uses *out, struct error *err)
{
    return index_use_each_user(environment->ledger, id, add, out, err);
}

enum status uses_describe_users(struct json *object, const struct environment *environment,
                                const struct artifact_id *id, struct error *err)
{
    struct uses users OWNED(uses_release) = { 0 };
    struct json *list = json_set_array(object, "users");
    TRY(uses_find_users(environment, id, &users, err));
    for (size_t i = 0; i < users.count; i++) {
        char text[ID_TEXT_BYTES];
        id_format(&users.items[i], text);
        json_append_string(list, text);
    }
    return STATUS_OK;
}

static enum status warn_missing(const struct state *state, const struct artifact_id *used,
                                struct finding_list *findings, struct error *err)
{
    char user_text[ID_TEXT_BYTES];
    char used_text[ID_TEXT_BYTES];
    struct artifact_id user = state->id;
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = "verify.uses",
                                   .mend = "promote a version of what it uses, or take it back as "
                                           "well" };
    user.version = state->live_version;
    id_format(&user, user_text);
    id_format_bare(used, used_text);
    return finding_add(findings, &draft, err, "%s is live and uses %s, of which nothing is live",
                       user_text, used_text);
}

static enum status is_live(struct store *store, const struct oid *live_tree,
                           const struct artifact_id *id, bool *out, struct error *err)
{
    char path[ID_TEXT_BYTES];
    struct state state OWNED(state_release_all) = { 0 };
    struct oid folder;
    bool is_tree;
    id_format_bare(id, path);
    TRY(tree_find(store, live_tree, path, &folder, &is_tree, err));
    TRY(state_read(&state, store, &folder, path, err));
    *out = state.live_version != 0;
    return STATUS_OK;
}

static bool same(const struct uses *a, const struct uses *b)
{
    bool is_same = a->count == b->count;
    for (size_t i = 0; is_same && i < a->count; i++)
        is_same = id_same_artifact(&a->items[i], &b->items[i]);
    return is_same;
}

enum status uses_inspect(struct environment *environment, const struct oid *live_tree,
                         const struct state *state, const struct oid *folder,
                         struct finding_list *findings, struct error *err)
{
    struct uses uses OWNED(uses_release) = { 0 };
    struct uses indexed OWNED(uses_release) = { 0 };
    TRY(read_live(&uses, environment->store, state, folder, err));
    for (size_t i = 0; i < uses.count; i++) {
        bool is_there = false;
        TRY(is_live(environment->store, live_tree, &uses.items[i], &is_there, err));
        if (!is_there)
            TRY(warn_missing(state, &uses.items[i], findings, err));
    }
    TRY(index_use_each(environment->ledger, &state->id, add, &indexed, err));
    if (same(&uses, &indexed))
        return STATUS_OK;
    char text[ID_TEXT_BYTES];
    id_format_bare(&state->id, text);
    return error_set(err, STATUS_DAMAGED, "index_mismatch",
                     "%s: the index does not agree with git about what it uses; "
                     "`greenroom reindex`",
                     text);
}
