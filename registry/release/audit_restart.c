// Restarts of the audit.
#include "release/audit_restart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/audit_log.h"
#include "release/control_edit.h"
#include "release/evidence.h"
#include "release/follow.h"
#include "release/state.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

#define FOLDER "audit-restarts"
#define DOCUMENT_MAX_BYTES (64U << 10)
#define MAX_RESTARTS 9999 // four digits; each is a loss

static const char *const refs[] = { LIVE_REF, CONTROL_REF, DRAFTS_REF, EVIDENCE_REF };

void audit_restart_release(struct audit_restart *restart)
{
    json_free(restart->document);
    *restart = (struct audit_restart) { 0 };
}

struct restart_walk {
    struct environment *environment;
    const struct control *control;
    struct finding_list *findings;
    struct audit_restart *last;
    struct oid folder_before;
};

static enum status note_last(void *context, const struct tree_entry *entry, struct error *err)
{
    (void)err;
    *(struct oid *)context = entry->oid; // entries come sorted by name
    return STATUS_OK;
}

static bool is_signed(const struct restart_walk *walk, const struct oid *oid,
                      const struct commit *commit)
{
    struct object_signed parts OWNED(object_signed_release) = { 0 };
    const struct allowed_signer *signer;
    struct error unheard;
    if (walk->environment->identity.environment_class != ENVIRONMENT_LIVE)
        return true; // nothing is live there, and nobody need be an approver
    if (object_read_signed(walk->environment->store, oid, OBJECT_COMMIT, &parts, &unheard) !=
        STATUS_OK)
        return false;
    struct verify_signed what = { buffer_text(&parts.payload), parts.payload.length,
                                  buffer_text(&parts.signature), parts.signature.length,
                                  commit->time };
    return verify_signature(walk->control, &what, &signer, &unheard) == STATUS_OK;
}

static enum status tell(const struct restart_walk *walk, const struct json *document,
                        struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = "audit.restarted",
                                   .mend =
                                       "what was done before is told by git alone: `git log` of "
                                       "each branch" };
    return finding_add(
        walk->findings, &draft, err,
        "the audit began anew on %s: rows up to %s are lost; %s says: %s",
        json_get_string(document, "time", ""), json_get_string(document, "lost", "an unknown one"),
        json_get_string(document, "actor", ""), json_get_string(document, "reason", ""));
}

static enum status take(struct restart_walk *walk, const struct oid *folder, struct error *err)
{
    struct store *store = walk->environment->store;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct oid blob = { 0 };
    TRY(tree_each(store, folder, note_last, &blob, err));
    TRY(object_read_blob(store, &blob, DOCUMENT_MAX_BYTES, &text, err));
    if (json_parse(&document, buffer_text(&text), text.length, err) != STATUS_OK) {
        err->status = STATUS_DAMAGED;
        return error_prefix(err, "control: " FOLDER);
    }
    TRY(tell(walk, document, err));
    json_free(walk->last->document);
    walk->last->document = MOVE(document);
    walk->last->number++;
    return STATUS_OK;
}

static enum status visit(void *context, const struct oid *oid, const struct commit *commit,
                         struct error *err)
{
    struct restart_walk *walk = context;
    struct oid folder;
    bool is_tree;
    TRY(tree_find(walk->environment->store, &commit->tree, FOLDER, &folder, &is_tree, err));
    bool has_changed = !oid_equal(&folder, &walk->folder_before);
    walk->folder_before = folder;
    return has_changed && is_tree && is_signed(walk, oid, commit) ? take(walk, &folder, err)
                                                                  : STATUS_OK;
}

enum status audit_restart_read(struct audit_restart *out, struct environment *environment,
                               const struct control *control, struct finding_list *findings,
                               struct error *err)
{
    struct audit_restart last OWNED(audit_restart_release) = { 0 };
    struct restart_walk walk = {
        .environment = environment, .control = control, .findings = findings, .last = &last
    };
    const struct oid none = { 0 };
    TRY(commit_each_since(environment->store, &none, &control->commit, visit, &walk, err));
    *out = last;
    last = (struct audit_restart) { 0 };
    return STATUS_OK;
}

void audit_restart_tip(const struct audit_restart *restart, const char *ref, struct oid *out)
{
    struct error unheard;
    const struct json *branches = json_get(restart->document, "branches");
    *out = (struct oid) { 0 };
    (void)oid_parse(out, json_get_string(branches, ref, ""), &unheard);
}

// What the tip of live says of the last row before it: "<sequence> <hash>".
static enum status set_lost(struct json *document, struct environment *environment,
                            struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid tip;
    const char *value;
    size_t length;
    char text[AUDIT_LOG_HEAD_BYTES];
    TRY(store_ref_get(environment->store, LIVE_REF, &tip, err));
    if (oid_is_none(&tip))
        return STATUS_OK;
    TRY(commit_read(environment->store, &tip, &commit, err));
    if (!commit_trailer(&commit, "Audit", 0, &value, &length) || length >= sizeof(text))
        return STATUS_OK;
    memcpy(text, value, length);
    text[length] = '\0';
    json_set_string(document, "lost", text);
    return STATUS_OK;
}

static enum status set_branches(struct json *document, struct environment *environment,
                                struct error *err)
{
    struct json *branches = json_set_object(document, "branches");
    for (size_t i = 0; i < COUNT_OF(refs); i++) {
        struct oid tip;
        char text[OID_TEXT_BYTES];
        TRY(store_ref_get(environment->store, refs[i], &tip, err));
        if (oid_is_none(&tip))
            continue;
        oid_format(&tip, text);
        json_set_string(branches, refs[i], text);
    }
    return STATUS_OK;
}

static enum status make_document(struct json **out, struct environment *environment,
                                 const struct audit_restart_request *request, struct error *err)
{
    struct json *document OWNED(json_release) = json_new_object();
    char now[CLOCK_TEXT_BYTES];
    char head[AUDIT_LOG_HEAD_BYTES];
    clock_format(clock_now(), now);
    TRY(audit_log_head(environment, head, err));
    json_set_integer(document, "format", 1);
    json_set_string(document, "time", now);
    json_set_string(document, "actor", request->actor);
    json_set_string(document, "reason", request->reason);
    json_set_string(document, "left", head); // what the ledger holds
    TRY(set_lost(document, environment, err));
    TRY(set_branches(document, environment, err));
    *out = MOVE(document);
    return *out ? STATUS_OK : error_no_memory(err);
}

enum status audit_restart_make(struct environment *environment, const struct control *control,
                               const struct audit_restart_request *request, struct json **out,
                               struct error *err)
{
    struct finding_list unheard OWNED(finding_list_release) = { 0 };
    struct audit_restart last OWNED(audit_restart_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer reason OWNED(buffer_release) = { 0 };
    char path[sizeof(FOLDER) + 16];
    TRY(audit_restart_read(&last, environment, control, &unheard, err));
    if (last.number >= MAX_RESTARTS)
        return error_set(err, STATUS_TOO_LARGE, "too_many_restarts",
                         "the audit began anew %d times", MAX_RESTARTS);
    TRY(make_document(&document, environment, request, err));
    TRY(json_print_pretty(&text, document, err));
    snprintf(path, sizeof(path), FOLDER "/%04u.json", last.number + 1);
    buffer_append_format(&reason, "the log begins anew after a loss: live names row %s last; %s",
                         json_get_string(document, "lost", "none"), request->reason);
    TRY(buffer_check(&reason, err));
    struct control_edit edit = { path, text.bytes };
    struct change_message message = { .operation = "audit restart",
                                      .subject = "audit restart: the log begins anew after a loss",
                                      .actor = request->actor,
                                      .reason = reason.bytes };
    TRY(control_edit_signed(environment, control, &edit, 1, &message, request->signer, err));
    *out = MOVE(document);
    return STATUS_OK;
}
