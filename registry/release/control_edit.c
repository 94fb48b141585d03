// Changes the branch `control`.
#include "release/control_edit.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/audit_log.h"
#include "release/follow.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/writer.h"

static enum status read_tip(struct environment *environment, struct oid *out_tip,
                            struct oid *out_tree, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    TRY(store_ref_get(environment->store, CONTROL_REF, out_tip, err));
    *out_tree = (struct oid) { 0 };
    if (oid_is_none(out_tip))
        return STATUS_OK;
    TRY(commit_read(environment->store, out_tip, &commit, err));
    *out_tree = commit.tree;
    return STATUS_OK;
}

static enum status put_tree(struct writer *writer, const struct oid *base,
                            const struct control_edit *edits, size_t count, struct oid *out,
                            struct error *err)
{
    struct writer_change *changes OWNED(memory_release) = NULL;
    TRY(memory_new(&changes, count, sizeof(*changes), err));
    for (size_t i = 0; i < count; i++) {
        changes[i].path = edits[i].path;
        if (edits[i].text)
            TRY(writer_put_blob(writer, edits[i].text, strlen(edits[i].text), &changes[i].oid,
                                err));
    }
    return writer_put_tree(writer, base, changes, count, out, err);
}

// Whoever signed the commit's text must be an approver who is valid now.
static enum status check_signer(const struct control *control,
                                const struct control_edit_pending *pending, struct error *err)
{
    const struct allowed_signer *found;
    struct verify_signed what = { pending->text.bytes, pending->text.length,
                                  buffer_text(&pending->signature), pending->signature.length,
                                  clock_now() + 1 };
    return pending->is_signed ? verify_signature(control, &what, &found, err) : STATUS_OK;
}

void control_edit_release(struct control_edit_pending *pending)
{
    buffer_release(&pending->text);
    buffer_release(&pending->signature);
    *pending = (struct control_edit_pending) { 0 };
}

enum status control_edit_sign(struct control_edit_pending *out, struct environment *environment,
                              const struct control_change *change, const struct live_signer *signer,
                              struct error *err)
{
    struct writer *writer OWNED(writer_release) = NULL;
    struct buffer words OWNED(buffer_release) = { 0 };
    const struct change_message *message = change->message;
    struct writer_commit commit = { .actor = message->actor, .time = live_signer_time(signer) };
    TRY(writer_new(&writer, environment->store, err));
    TRY(read_tip(environment, &out->parent, &out->base, err));
    TRY(put_tree(writer, &out->base, change->edits, change->count, &commit.tree, err));
    change_message_append(&words, message);
    TRY(buffer_check(&words, err));
    commit.parent = out->parent;
    commit.message = words.bytes;
    TRY(writer_commit_text(&out->text, &commit, err));
    out->is_signed = signer != NULL;
    return signer ? live_signer_sign(signer, "git", message->operation, &out->text, &out->signature,
                                     err)
                  : STATUS_OK;
}

enum status control_edit_finish(struct control_edit_pending *pending,
                                struct environment *environment,
                                const struct control_change *change, struct error *err)
{
    struct writer *writer OWNED(writer_release) = NULL;
    struct oid tree; // the one that the text names
    struct oid oid;
    TRY(check_signer(change->control, pending, err));
    TRY(writer_new(&writer, environment->store, err));
    TRY(put_tree(writer, &pending->base, change->edits, change->count, &tree, err));
    TRY(writer_put_commit(writer, pending->text.bytes,
                          pending->is_signed ? pending->signature.bytes : NULL, &oid, err));
    TRY(writer_flush(writer, err));
    TRY(store_ref_move(environment->store, CONTROL_REF, &pending->parent, &oid, err));
    TRY(follow_catch_up(environment, FOLLOW_OWN, err));
    return audit_log_append_change(environment, change->message, &oid, err);
}

enum status control_edit_signed(struct environment *environment, const struct control *control,
                                const struct control_edit *edits, size_t count,
                                const struct change_message *message,
                                const struct live_signer *signer, struct error *err)
{
    struct control_edit_pending pending OWNED(control_edit_release) = { 0 };
    struct control_change change = { control, edits, count, message };
    TRY(control_edit_sign(&pending, environment, &change, signer, err));
    return control_edit_finish(&pending, environment, &change, err);
}

enum status control_edit_commit(struct environment *environment, const struct control_edit *edits,
                                size_t count, const struct change_message *message,
                                struct error *err)
{
    return control_edit_signed(environment, NULL, edits, count, message, NULL, err);
}

enum status control_edit_key(struct control_edit *out, char **out_path, char **out_text,
                             const struct control_key *key, struct error *err)
{
    struct json *document OWNED(json_release) = control_key_document(key);
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&path, "keys/%s.json", key->id);
    TRY(buffer_check(&path, err));
    TRY(json_print_pretty(&text, document, err));
    *out_path = buffer_detach(&path);
    *out_text = buffer_detach(&text);
    *out = (struct control_edit) { *out_path, *out_text };
    return STATUS_OK;
}
