// An environment made again from a backup.
#include "release/restore.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/audit.h"
#include "release/building.h"
#include "release/control.h"
#include "release/control_edit.h"
#include "release/inspect.h"
#include "store/bundle.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"
#include "trust/sha1_stream.h"

#define RESTORED_MAX_BYTES (64U << 10)

struct restoring {
    const struct content *content;
    const struct restore_plan *plan;
    struct restore_outcome *outcome;
    struct finding_list *findings;
};

// --- what the backup holds becomes files ---

static enum status write_file(const struct content *content, const char *name, const char *folder,
                              struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(file_join(&path, folder, name, err));
    TRY(content_view(&view, content_find(content, name), err));
    int fd OWNED(file_close) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_errno(err, "cannot create", path);
    return file_write_all(fd, view.bytes, view.size_bytes, path, err);
}

static enum status unpack_store(const struct content *content, const char *folder,
                                struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct store *store OWNED(store_release) = NULL;
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(file_join(&path, folder, "store.git", err));
    TRY(store_create(path, err));
    TRY(store_open(&store, path, sha1_stream_new, err));
    TRY(content_view(&view, content_find(content, BACKUP_STORE), err));
    return bundle_read(store, view.bytes, view.size_bytes, err);
}

static enum status unpack(const struct content *content, const char *folder, struct error *err)
{
    char *cache OWNED(memory_release) = NULL;
    TRY(file_join(&cache, folder, "cache", err));
    TRY(write_file(content, BACKUP_IDENTITY, folder, err));
    TRY(write_file(content, BACKUP_LEDGER, folder, err));
    TRY(file_make_folder(cache, err));
    return unpack_store(content, folder, err);
}

// --- what it may have forgotten ---

struct looking {
    const struct backup_head *head;
    bool is_there;
};

static enum status compare_row(void *context, const struct audit_row *row, struct error *err)
{
    (void)err;
    struct looking *looking = context;
    looking->is_there |=
        row->sequence == looking->head->sequence && digest_equal(&row->hash, &looking->head->hash);
    return STATUS_OK;
}

static enum status has_entry(struct environment *environment, const struct backup_head *head,
                             bool *out, struct error *err)
{
    struct looking looking = { .head = head };
    TRY(audit_each(environment->ledger, head->sequence, compare_row, &looking, err));
    *out = looking.is_there;
    return STATUS_OK;
}

static enum status refuse(const struct restore_plan *plan, const struct backup_head *last,
                          struct error *err)
{
    char head[BACKUP_HEAD_BYTES];
    backup_head_format(last, head);
    if (!plan->expected_head) {
        error_set(err, STATUS_REFUSED, "restore_unanchored",
                  "the backup ends at entry %s of the audit, and nobody says whether that was the "
                  "last one: keys that were revoked since would be valid again",
                  head);
        return error_hint(err, "give the newest entry that is known elsewhere (the log of whoever "
                               "runs it, the trailer Audit of a clone's `live`): --expect-head "
                               "NUMBER:HASH; or --accept-loss REASON, which revokes every key");
    }
    error_set(err, STATUS_REFUSED, "restore_behind",
              "the backup ends at entry %s and lacks %.100s: what was revoked or quarantined in "
              "between would come back",
              head, plan->expected_head);
    return error_hint(err, "restore a newer backup; or give --accept-loss REASON, which revokes "
                           "every key, then quarantine again what was quarantined");
}

static enum status look_for_loss(struct restoring *restoring, struct environment *environment,
                                 struct error *err)
{
    const struct restore_plan *plan = restoring->plan;
    struct backup_head expected;
    bool is_whole = false;
    TRY(has_entry(environment, &restoring->outcome->backup.head, &is_whole, err));
    if (!is_whole)
        return error_set(err, STATUS_DAMAGED, "backup_damaged",
                         "the backup's ledger is not the one that it says it has");
    bool has_anchor = false;
    if (plan->expected_head) {
        TRY(backup_head_parse(&expected, plan->expected_head, err));
        TRY(has_entry(environment, &expected, &has_anchor, err));
    }
    restoring->outcome->has_loss = !has_anchor;
    if (has_anchor || plan->accept_loss)
        return STATUS_OK;
    return refuse(plan, &restoring->outcome->backup.head, err);
}

// --- the commit that says so ---

// Edits of control, with the texts they borrow.
struct edits {
    struct control_edit *items;
    char **texts;
    size_t count;
};

static void release_edits(struct edits *edits)
{
    for (size_t i = 0; edits->texts && i < 2 * edits->count; i++)
        free(edits->texts[i]);
    free(edits->texts);
    free(edits->items);
}

static enum status revoke_keys(struct edits *edits, struct control *control, size_t *out_count,
                               struct error *err)
{
    for (size_t i = 0; i < control->key_count; i++) {
        struct control_key *key = &control->keys[i];
        if (key->revoked != INT64_MAX)
            continue;
        key->revoked = clock_now();
        size_t at = edits->count;
        TRY(control_edit_key(&edits->items[at], &edits->texts[2 * at], &edits->texts[2 * at + 1],
                             key, err));
        edits->count++;
        *out_count += 1;
    }
    return STATUS_OK;
}

static enum status print_restored(char **out, const struct restoring *restoring, struct error *err)
{
    char head[BACKUP_HEAD_BYTES];
    char now[CLOCK_TEXT_BYTES];
    char made[CLOCK_TEXT_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    backup_head_format(&restoring->outcome->backup.head, head);
    clock_format(clock_now(), now);
    clock_format(restoring->outcome->backup.made_at, made);
    json_set_string(document, "restored_at", now);
    json_set_string(document, "made_at", made);
    json_set_string(document, "audit", head);
    if (restoring->plan->expected_head)
        json_set_string(document, "expected", restoring->plan->expected_head);
    if (restoring->outcome->has_loss)
        json_set_string(document, "accepted_loss", restoring->plan->accept_loss);
    TRY(json_print_pretty(&text, document, err));
    *out = buffer_detach(&text);
    return STATUS_OK;
}

static enum status commit(struct restoring *restoring, struct environment *environment,
                          struct error *err)
{
    struct edits edits OWNED(release_edits) = { 0 };
    struct control control OWNED(control_release) = { 0 };
    struct change_message message = { .operation = "restore",
                                      .subject = "restore: made again from a backup",
                                      .actor = restoring->plan->actor,
                                      .reason = restoring->plan->accept_loss };
    TRY(control_read(&control, environment->store, err));
    TRY(memory_new(&edits.items, control.key_count + 1, sizeof(*edits.items), err));
    TRY(memory_new(&edits.texts, 2 * (control.key_count + 1), sizeof(*edits.texts), err));
    TRY(print_restored(&edits.texts[0], restoring, err));
    edits.items[0] = (struct control_edit) { RESTORE_FILE, edits.texts[0] };
    edits.count = 1;
    if (restoring->outcome->has_loss)
        TRY(revoke_keys(&edits, &control, &restoring->outcome->keys_revoked, err));
    return control_edit_commit(environment, edits.items, edits.count, &message, err);
}

static enum status write_down(struct restoring *restoring, struct environment *environment,
                              struct error *err)
{
    TRY(environment_begin(environment, err));
    enum status status = commit(restoring, environment, err);
    if (status != STATUS_OK) {
        environment_abandon(environment);
        return status;
    }
    TRY(environment_finish(environment, err));
    return backup_head_read(&restoring->outcome->head, environment, err);
}

static enum status fill(void *context, const char *folder, struct error *err)
{
    struct restoring *restoring = context;
    struct inspect_counts counts;
    struct environment *environment OWNED(environment_release) = NULL;
    TRY(unpack(restoring->content, folder, err));
    TRY(environment_open(&environment, folder, err));
    restoring->outcome->backup.identity = environment->identity;
    TRY(inspect_environment(environment, &counts, restoring->findings, err));
    if (finding_has_errors(restoring->findings)) {
        error_set(err, STATUS_DAMAGED, "backup_damaged", "the backup does not verify");
        return error_hint(err, "each finding says what is damaged; take another backup");
    }
    TRY(look_for_loss(restoring, environment, err));
    return write_down(restoring, environment, err);
}

enum status restore_make(const char *path, const struct content *content,
                         const struct restore_plan *plan, struct restore_outcome *out,
                         struct finding_list *findings, struct error *err)
{
    struct restore_outcome outcome = { 0 };
    struct restoring restoring = { content, plan, &outcome, findings };
    TRY(backup_read(&outcome.backup, content, err));
    TRY(building_make(path, fill, &restoring, err));
    *out = outcome;
    return STATUS_OK;
}

enum status restore_tell(struct environment *environment, struct finding_list *findings,
                         struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct oid blob;
    bool is_tree;
    TRY(control_read(&control, environment->store, err));
    TRY(tree_find(environment->store, &control.tree, RESTORE_FILE, &blob, &is_tree, err));
    if (oid_is_none(&blob))
        return STATUS_OK;
    TRY(object_read_blob(environment->store, &blob, RESTORED_MAX_BYTES, &text, err));
    TRY(json_parse(&document, buffer_text(&text), text.length, err));
    if (!json_get(document, "accepted_loss"))
        return STATUS_OK;
    const struct finding_draft draft = {
        .severity = SEVERITY_WARNING,
        .rule = "verify.restored",
        .mend = "compare approvers, quarantine and policy with what is known elsewhere",
    };
    return finding_add(findings, &draft, err,
                       "restored on %s from a backup of %s, which ends at entry %s of the audit: "
                       "what was decided after it is not known here",
                       json_get_string(document, "restored_at", "?"),
                       json_get_string(document, "made_at", "?"),
                       json_get_string(document, "audit", "?"));
}
