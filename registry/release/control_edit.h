// Changes the branch `control`: one operation, one commit, with its actor.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "release/change_message.h"
#include "release/control.h"
#include "release/environment.h"
#include "release/live.h"

// One file: its new text, or NULL to remove it.
struct control_edit {
    const char *path; // "approvers", "keys/abc.json"
    const char *text;
};

// Commits the edits on top of the tip, within a write's frame, and enters it into the audit.
enum status control_edit_commit(struct environment *environment, const struct control_edit *edits,
                                size_t count, const struct change_message *message,
                                struct error *err);

// The same with an approver's signature on the commit; `control` is what is in force.
// STATUS_REFUSED when whoever signed is no approver. `signer` NULL: unsigned.
enum status control_edit_signed(struct environment *environment, const struct control *control,
                                const struct control_edit *edits, size_t count,
                                const struct change_message *message,
                                const struct live_signer *signer, struct error *err);

// The same in two steps, for what must be signed before something else happens, and committed
// afterwards. Nothing else may change `control` in between.
struct control_change {
    const struct control *control;
    const struct control_edit *edits;
    size_t count;
    const struct change_message *message;
};
// Starts as {0}.
struct control_edit_pending {
    struct buffer text; // of the commit
    struct buffer signature;
    bool is_signed;
    struct oid parent;
    struct oid base; // its tree
};
void control_edit_release(struct control_edit_pending *pending);
enum status control_edit_sign(struct control_edit_pending *out, struct environment *environment,
                              const struct control_change *change, const struct live_signer *signer,
                              struct error *err);
enum status control_edit_finish(struct control_edit_pending *pending,
                                struct environment *environment,
                                const struct control_change *change, struct error *err);

// The edit of one key's file. `*out_path` and `*out_text` are the caller's to free; the edit
// borrows them.
enum status control_edit_key(struct control_edit *out, char **out_path, char **out_text,
                             const struct control_key *key, struct error *err);
