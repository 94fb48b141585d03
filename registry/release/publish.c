// Publishes drafts: gives each a version and moves the branch `drafts`.
#include "release/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "release/audit_log.h"
#include "release/change_message.h"
#include "release/follow.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/tree.h"
#include "store/writer.h"

#define DRAFT_PATH_BYTES (ID_TEXT_BYTES + 16)

// One publish in progress.
struct publishing {
    struct environment *environment;
    struct writer *writer;
    struct oid tip;
    struct oid tree;
    struct writer_change *changes;
    char (*paths)[DRAFT_PATH_BYTES];
    size_t change_count;
    struct change_message_item *items;
    size_t item_count;
    const char *actor;
    const char *note;
    int64_t time;
};

static void release_publishing(struct publishing *publishing)
{
    writer_free(publishing->writer);
    free(publishing->changes);
    free(publishing->paths);
    free(publishing->items);
}

// Where a name would stand inside another artifact, or another inside it.
static enum status check_place(const struct publishing *publishing, const struct artifact_id *id,
                               struct error *err)
{
    char path[DRAFT_PATH_BYTES];
    struct oid found;
    bool is_tree;
    struct store *store = publishing->environment->store;
    id_format_bare(id, path);
    TRY(tree_find(store, &publishing->tree, path, &found, &is_tree, err));
    if (oid_is_none(&found)) { // a name in front of it may be an artifact's
        for (char *slash = strrchr(path, '/'); slash && strchr(path, '/') != slash;
             slash = strrchr(path, '/')) {
            *slash = '\0';
            char file[DRAFT_PATH_BYTES];
            snprintf(file, sizeof(file), "%.*s/" DRAFT_FILE, (int)ID_TEXT_BYTES, path);
            TRY(tree_find(store, &publishing->tree, file, &found, &is_tree, err));
            if (!oid_is_none(&found)) {
                error_set(err, STATUS_CONFLICT, "name_taken",
                          "%s is an artifact, so nothing can be "
                          "published below it",
                          path);
                return error_hint(err, "choose a name that does not begin with %s/", path);
            }
        }
        return STATUS_OK;
    }
    snprintf(path + strlen(path), 16, "/%s", DRAFT_FILE);
    TRY(tree_find(store, &publishing->tree, path, &found, &is_tree, err));
    if (!oid_is_none(&found))
        return STATUS_OK;
    id_format_bare(id, path);
    error_set(err, STATUS_CONFLICT, "name_taken", "%s is a folder of other artifacts", path);
    return error_hint(err, "choose a name that is not the beginning of another's");
}

struct latest {
    uint32_t version;
    struct digest digest;
};

static enum status take_latest(void *context, const struct index_version *version,
                               struct error *err)
{
    (void)err;
    struct latest *latest = context;
    latest->version = version->id.version;
    latest->digest = version->digest;
    return STATUS_OK;
}

static enum status find_latest(struct environment *environment, const struct artifact_id *id,
                               struct latest *out, struct error *err)
{
    struct artifact_id bare = *id;
    bare.version = 0;
    *out = (struct latest) { 0 };
    enum status status = index_find_version(environment->ledger, &bare, take_latest, out, err);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status put_draft_json(struct publishing *publishing,
                                  const struct publish_submission *submission, struct oid *out,
                                  struct error *err)
{
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    char time[CLOCK_TEXT_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    id_format_bare(&submission->id, id);
    digest_format(&submission->digest, digest);
    clock_format(publishing->time, time);
    json_set_integer(document, "format", 1);
    json_set_string(document, "artifact", id);
    json_set_integer(document, "version", submission->id.version);
    json_set_string(document, "digest", digest);
    json_set_string(document, "author", publishing->actor);
    json_set_string(document, "published_at", time);
    json_set_string(document, "note", publishing->note ? publishing->note : "");
    TRY(json_print_pretty(&text, document, err));
    return writer_put_blob(publishing->writer, text.bytes, text.length, out, err);
}

static void add_change(struct publishing *publishing, const struct artifact_id *id,
                       const char *name, const struct oid *oid, bool is_tree)
{
    char *path = publishing->paths[publishing->change_count];
    id_format_bare(id, path);
    snprintf(path + strlen(path), 16, "/%s", name);
    publishing->changes[publishing->change_count++] =
        (struct writer_change) { path, *oid, is_tree };
}

static enum status add_submission(struct publishing *publishing,
                                  struct publish_submission *submission, struct error *err)
{
    struct latest latest;
    struct oid content;
    struct oid document;
    TRY(find_latest(publishing->environment, &submission->id, &latest, err));
    submission->is_new = latest.version == 0 || !digest_equal(&latest.digest, &submission->digest);
    submission->id.version = latest.version + submission->is_new;
    if (!submission->is_new)
        return STATUS_OK;
    if (latest.version == 0)
        TRY(check_place(publishing, &submission->id, err));
    TRY(writer_put_content(publishing->writer, submission->content, &content, err));
    TRY(put_draft_json(publishing, submission, &document, err));
    add_change(publishing, &submission->id, RELEASE_CONTENT, &content, true);
    add_change(publishing, &submission->id, DRAFT_FILE, &document, false);
    publishing->items[publishing->item_count++] =
        (struct change_message_item) { submission->id, submission->digest };
    return STATUS_OK;
}

static enum status commit_drafts(struct publishing *publishing, struct error *err)
{
    struct environment *environment = publishing->environment;
    struct buffer words OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct change_message message = { .operation = "publish",
                                      .items = publishing->items,
                                      .count = publishing->item_count,
                                      .actor = publishing->actor,
                                      .reason = publishing->note };
    struct writer_commit commit = { .parent = publishing->tip,
                                    .actor = publishing->actor,
                                    .time = publishing->time };
    struct oid oid;
    TRY(writer_put_tree(publishing->writer, &publishing->tree, publishing->changes,
                        publishing->change_count, &commit.tree, err));
    change_message_append(&words, &message);
    TRY(buffer_check(&words, err));
    commit.message = words.bytes;
    TRY(writer_commit_text(&text, &commit, err));
    TRY(writer_put_commit(publishing->writer, text.bytes, NULL, &oid, err));
    TRY(writer_flush(publishing->writer, err));
    TRY(store_ref_move(environment->store, DRAFTS_REF, &publishing->tip, &oid, err));
    TRY(follow_catch_up(environment, FOLLOW_OWN, err));
    return audit_log_append_change(environment, &message, &oid, err);
}

static enum status prepare(struct publishing *publishing, size_t count, struct error *err)
{
    struct store *store = publishing->environment->store;
    struct commit commit OWNED(commit_release) = { 0 };
    TRY(writer_new(&publishing->writer, store, err));
    TRY(memory_new(&publishing->changes, count * 2, sizeof(*publishing->changes), err));
    TRY(memory_new(&publishing->paths, count * 2, sizeof(*publishing->paths), err));
    TRY(memory_new(&publishing->items, count, sizeof(*publishing->items), err));
    TRY(store_ref_get(store, DRAFTS_REF, &publishing->tip, err));
    if (oid_is_none(&publishing->tip))
        return STATUS_OK;
    TRY(commit_read(store, &publishing->tip, &commit, err));
    publishing->tree = commit.tree;
    return STATUS_OK;
}

enum status publish_drafts(struct environment *environment, struct publish_submission *submissions,
                           size_t count, const char *actor, const char *note, struct error *err)
{
    struct publishing publishing OWNED(release_publishing) = {
        .environment = environment, .actor = actor, .note = note, .time = clock_now()
    };
    if (environment->identity.environment_class != ENVIRONMENT_SANDBOX) {
        error_set(err, STATUS_REFUSED, "live_takes_no_drafts",
                  "%s is a live environment: drafts are never published there", environment->label);
        return error_hint(err, "publish into a sandbox, then `greenroom promote` from it");
    }
    if (count > PUBLISH_MAX_ARTIFACTS)
        return error_set(err, STATUS_TOO_LARGE, "too_many_artifacts",
                         "%zu artifacts in one publish: at most %d", count, PUBLISH_MAX_ARTIFACTS);
    TRY(prepare(&publishing, count, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_submission(&publishing, &submissions[i], err));
    if (publishing.item_count == 0)
        return STATUS_OK;
    return commit_drafts(&publishing, err);
}
