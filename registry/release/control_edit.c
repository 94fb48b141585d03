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

// An approver who is valid now signs the commit's text.
static enum status sign(const struct control *control, const struct live_signer *signer,
                        const char *what, const struct buffer *text, struct buffer *signature,
                        struct error *err)
{
    const struct allowed_signer *found;
    if (!signer)
        return STATUS_OK;
    TRY(live_signer_sign(signer, "git", what, text, signature, err));
    struct verify_signed what_was_signed = { text->bytes, text->length, buffer_text(signature),
                                             signature->length, clock_now() + 1 };
    return verify_signature(control, &what_was_signed, &found, err);
}

void control_edit_release(struct control_edit_pending *pending)
{
    writer_free(pending->writer);
    buffer_release(&pending->text);
    buffer_release(&pending->signature);
    *pending = (struct control_edit_pending) { 0 };
}

enum status control_edit_sign(struct control_edit_pending *out, struct environment *environment,
                              const struct control *control, const struct control_edit *edits,
                              size_t count, const struct change_message *message,
                              const struct live_signer *signer, struct error *err)
{
    struct buffer words OWNED(buffer_release) = { 0 };
    struct writer_commit commit = { .actor = message->actor, .time = live_signer_time(signer) };
    struct oid base;
    TRY(writer_new(&out->writer, environment->store, err));
    TRY(read_tip(environment, &commit.parent, &base, err));
    TRY(put_tree(out->writer, &base, edits, count, &commit.tree, err));
    change_message_append(&words, message);
    TRY(buffer_check(&words, err));
    commit.message = words.bytes;
    out->parent = commit.parent;
    TRY(writer_commit_text(&out->text, &commit, err));
    return sign(control, signer, message->operation, &out->text, &out->signature, err);
}

enum status control_edit_finish(struct control_edit_pending *pending,
                                struct environment *environment,
                                const struct change_message *message, struct error *err)
{
    const char *signature = pending->signature.length > 0 ? pending->signature.bytes : NULL;
    struct oid oid;
    TRY(writer_put_commit(pending->writer, pending->text.bytes, signature, &oid, err));
    TRY(writer_flush(pending->writer, err));
    TRY(store_ref_move(environment->store, CONTROL_REF, &pending->parent, &oid, err));
    TRY(follow_catch_up(environment, FOLLOW_OWN, err));
    return audit_log_append_change(environment, message, &oid, err);
}

enum status control_edit_signed(struct environment *environment, const struct control *control,
                                const struct control_edit *edits, size_t count,
                                const struct change_message *message,
                                const struct live_signer *signer, struct error *err)
{
    struct control_edit_pending pending OWNED(control_edit_release) = { 0 };
    TRY(control_edit_sign(&pending, environment, control, edits, count, message, signer, err));
    return control_edit_finish(&pending, environment, message, err);
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
