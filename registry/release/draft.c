// Drafts, read.
#include "release/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "release/follow.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

#define DRAFT_MAX_BYTES (64U << 10) // draft.json
#define DRAFT_PATH_BYTES (ID_TEXT_BYTES + 16)

void draft_release(struct draft *draft)
{
    free(draft->author);
    free(draft->published_at);
    free(draft->note);
    free(draft->document);
    *draft = (struct draft) { 0 };
}

static enum status take_commit(void *context, const struct index_version *version,
                               struct error *err)
{
    return oid_parse(context, version->commit, err);
}

static enum status fill_draft(struct draft *draft, struct store *store, const struct oid *tree,
                              struct error *err)
{
    char path[DRAFT_PATH_BYTES];
    struct oid blob;
    bool is_tree;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    id_format_bare(&draft->id, path);
    size_t length = strlen(path);
    snprintf(path + length, sizeof(path) - length, "/%s", DRAFT_FILE);
    TRY(tree_find(store, tree, path, &blob, &is_tree, err));
    if (oid_is_none(&blob))
        return error_set(err, STATUS_DAMAGED, "draft_missing", "%s is not in its commit", path);
    TRY(object_read_blob(store, &blob, DRAFT_MAX_BYTES, &text, err));
    TRY(json_parse(&document, buffer_text(&text), text.length, err));
    TRY(digest_parse(&draft->digest, json_get_string(document, "digest", ""), err));
    TRY(memory_copy_string(&draft->author, json_get_string(document, "author", ""), err));
    TRY(memory_copy_string(&draft->published_at, json_get_string(document, "published_at", ""),
                           err));
    TRY(memory_copy_string(&draft->note, json_get_string(document, "note", ""), err));
    snprintf(path + length, sizeof(path) - length, "/%s", RELEASE_CONTENT);
    TRY(tree_find(store, tree, path, &draft->content_tree, &is_tree, err));
    if (json_get_integer(document, "version", 0) != draft->id.version || !is_tree)
        return error_set(err, STATUS_DAMAGED, "draft_mismatch", "%s: not the version asked for",
                         path);
    draft->document = buffer_detach(&text);
    return STATUS_OK;
}

enum status draft_read(struct draft *out, struct environment *environment,
                       const struct artifact_id *id, struct error *err)
{
    struct draft draft OWNED(draft_release) = { .id = *id };
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid oid;
    TRY(index_find_version(environment->ledger, id, take_commit, &oid, err));
    TRY(commit_read(environment->store, &oid, &commit, err));
    TRY(fill_draft(&draft, environment->store, &commit.tree, err));
    *out = draft;
    draft = (struct draft) { 0 };
    return STATUS_OK;
}
