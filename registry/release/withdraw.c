// Takes live back: to an earlier release, or out of service for ever.
#include "release/withdraw.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/control_edit.h"
#include "release/emergency.h"
#include "store/commit.h"
#include "store/tree.h"

// One withdrawal: what it starts from.
struct withdrawing {
    struct environment *environment;
    const struct withdraw_request *request;
    struct control control;
    struct state before;
    struct state after;
    struct writer *writer;
};

static void release_withdrawing(struct withdrawing *withdrawing)
{
    writer_free(withdrawing->writer);
    state_release_all(&withdrawing->before);
    state_release_all(&withdrawing->after);
    control_release(&withdrawing->control);
}

static enum status prepare(struct withdrawing *withdrawing, struct error *err)
{
    struct environment *environment = withdrawing->environment;
    const struct artifact_id *id = &withdrawing->request->id;
    struct oid commit;
    struct oid tree;
    TRY(control_read(&withdrawing->control, environment->store, err));
    TRY(live_tip(environment, &commit, &tree, err));
    TRY(live_state(environment, &tree, id, &withdrawing->before, err));
    TRY(live_state(environment, &tree, id, &withdrawing->after, err));
    if (withdrawing->before.count == 0) {
        char text[ID_TEXT_BYTES];
        id_format_bare(id, text);
        error_set(err, STATUS_NOT_FOUND, "never_released", "%s was never released here", text);
        return error_hint(err, "`greenroom list` shows what is live");
    }
    return STATUS_OK;
}

// The newest release made before `version` (0: of all) that may go live and has other content:
// releases stand in order, and one content may have been released under several numbers.
static const struct state_release *find_fallback(const struct withdrawing *withdrawing,
                                                 uint32_t version)
{
    const struct state *state = &withdrawing->before;
    const struct state_release *gone = state_find(state, version);
    const struct state_release *fallback = NULL;
    for (size_t i = 0; i < state->count && state->releases[i].version != version; i++) {
        struct artifact_id id = state->id;
        id.version = state->releases[i].version;
        bool is_same = gone && digest_equal(&state->releases[i].digest, &gone->digest);
        if (!is_same && !emergency_is_expired(&state->releases[i], clock_now()) &&
            !control_is_quarantined(&withdrawing->control, &id, &state->releases[i].digest))
            fallback = &state->releases[i];
    }
    return fallback;
}

// The content tree that a release's tag leads to.
static enum status find_content(struct store *store, const struct state_release *release,
                                struct oid *out, struct error *err)
{
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    bool is_tree;
    TRY(commit_read_tag(store, &release->tag, &tag, err));
    TRY(commit_read(store, &tag.target, &commit, err));
    return tree_find(store, &commit.tree, RELEASE_CONTENT, out, &is_tree, err);
}

static enum status move(struct withdrawing *withdrawing, enum gate_move kind, const char *operation,
                        uint32_t version, const struct live_signer *signer,
                        struct finding_list *findings, struct withdraw_result *out,
                        struct error *err)
{
    const struct withdraw_request *request = withdrawing->request;
    const struct state_release *release = state_find(&withdrawing->before, version);
    struct gate_item item = { .id = request->id, .state = &withdrawing->before };
    struct live_change change = { .state = &withdrawing->after };
    struct live_plan plan = { .proposal = { .move = kind,
                                            .items = &item,
                                            .count = 1,
                                            .reason = request->reason,
                                            .time = live_signer_time(signer) },
                              .changes = &change,
                              .operation = operation,
                              .actor = request->actor,
                              .time = live_signer_time(signer) };
    item.id.version = version;
    withdrawing->after.live_version = version;
    if (release) {
        item.digest = release->digest;
        TRY(find_content(withdrawing->environment->store, release, &change.stable, err));
    }
    TRY(writer_new(&withdrawing->writer, withdrawing->environment->store, err));
    TRY(live_move(withdrawing->environment, &withdrawing->control, withdrawing->writer, &plan,
                  signer, findings, &out->commit, err));
    out->live = item.id;
    out->before = request->id;
    out->before.version = withdrawing->before.live_version;
    return STATUS_OK;
}

enum status withdraw_rollback(struct environment *environment,
                              const struct withdraw_request *request,
                              const struct live_signer *signer, struct finding_list *findings,
                              struct withdraw_result *out, struct error *err)
{
    struct withdrawing withdrawing OWNED(release_withdrawing) = { .environment = environment,
                                                                  .request = request };
    uint32_t version = request->id.version;
    TRY(prepare(&withdrawing, err));
    if (version == 0) {
        const struct state_release *fallback =
            find_fallback(&withdrawing, withdrawing.before.live_version);
        if (!fallback) {
            error_set(err, STATUS_CONFLICT, "nothing_to_roll_back_to",
                      "there is no earlier release that may go live");
            return error_hint(err, "name one with --to, or take the live one out of service with "
                                   "`greenroom quarantine`");
        }
        version = fallback->version;
    }
    return move(&withdrawing, GATE_ROLLBACK, "rollback", version, signer, findings, out, err);
}

// The entry in `control`. It is signed before `live` moves, so that nothing has happened yet when
// the signature is refused, or has to come from elsewhere.
struct entry {
    struct buffer path;
    struct buffer text;
    struct buffer subject;
    struct change_message_item about;
    struct change_message message;
    struct control_edit edit;
    struct control_change change;
    struct control_edit_pending pending;
};

static void release_entry(struct entry *entry)
{
    buffer_release(&entry->path);
    buffer_release(&entry->text);
    buffer_release(&entry->subject);
    control_edit_release(&entry->pending);
}

static enum status sign_entry(struct entry *entry, const struct withdrawing *withdrawing,
                              const struct state_release *release, const struct live_signer *signer,
                              struct error *err)
{
    const struct withdraw_request *request = withdrawing->request;
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    id_format(&request->id, id);
    digest_format(&release->digest, digest);
    json_set_string(document, "artifact", id);
    json_set_string(document, "digest", digest);
    json_set_string(document, "actor", request->actor);
    json_set_string(document, "reason", request->reason);
    TRY(json_print_pretty(&entry->text, document, err));
    buffer_append_format(&entry->path, "quarantine/%s/%s/%u.json", id_kind_word(request->id.kind),
                         request->id.name, request->id.version);
    buffer_append_format(&entry->subject, "quarantine: %s", id);
    TRY(buffer_check(&entry->path, err));
    TRY(buffer_check(&entry->subject, err));
    entry->edit = (struct control_edit) { entry->path.bytes, entry->text.bytes };
    entry->about = (struct change_message_item) { request->id, release->digest };
    entry->message = (struct change_message) { .operation = "quarantine",
                                               .subject = entry->subject.bytes,
                                               .items = &entry->about,
                                               .count = 1,
                                               .actor = request->actor,
                                               .reason = request->reason };
    entry->change =
        (struct control_change) { &withdrawing->control, &entry->edit, 1, &entry->message };
    return control_edit_sign(&entry->pending, withdrawing->environment, &entry->change, signer,
                             err);
}

// What is live stays.
static enum status describe_present(struct withdrawing *withdrawing, struct withdraw_result *out,
                                    struct error *err)
{
    struct oid tree;
    out->live = withdrawing->request->id;
    out->live.version = withdrawing->before.live_version;
    out->before = out->live;
    return live_tip(withdrawing->environment, &out->commit, &tree, err);
}

enum status withdraw_quarantine(struct environment *environment,
                                const struct withdraw_request *request,
                                const struct live_signer *signer, struct finding_list *findings,
                                struct withdraw_result *out, struct error *err)
{
    struct withdrawing withdrawing OWNED(release_withdrawing) = { .environment = environment,
                                                                  .request = request };
    struct entry entry OWNED(release_entry) = { 0 };
    TRY(prepare(&withdrawing, err));
    const struct state_release *release = state_find(&withdrawing.before, request->id.version);
    if (!release) {
        error_set(err, STATUS_NOT_FOUND, "never_released", "that version was never released here");
        return error_hint(err, "`greenroom log` lists the releases");
    }
    bool is_new = !control_is_quarantined(&withdrawing.control, &request->id, &release->digest);
    if (is_new)
        TRY(sign_entry(&entry, &withdrawing, release, signer, err));
    // It is the content that is out, under whatever number it is live.
    const struct state_release *live =
        state_find(&withdrawing.before, withdrawing.before.live_version);
    if (live && digest_equal(&live->digest, &release->digest)) {
        const struct state_release *fallback = find_fallback(&withdrawing, live->version);
        TRY(move(&withdrawing, GATE_QUARANTINE, "quarantine", fallback ? fallback->version : 0,
                 signer, findings, out, err));
    } else {
        TRY(describe_present(&withdrawing, out, err));
    }
    return is_new ? control_edit_finish(&entry.pending, environment, &entry.change, err)
                  : STATUS_OK;
}
