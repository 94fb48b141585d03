// Takes live back: to an earlier release, or out of service for ever.
#include "release/withdraw.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/admit_world.h"
#include "release/control_edit.h"
#include "release/fallback.h"

// One withdrawal: what it starts from.
struct withdrawing {
    struct environment *environment;
    const struct withdraw_request *request;
    struct control control;
    struct state before;
    struct state after;
    struct writer *writer;
    struct fallback next; // what is to be live; empty: nothing
    struct admit_world live;
    struct check_world world; // what is live, for the checks
    struct fallback_question question;
};

static void release_withdrawing(struct withdrawing *withdrawing)
{
    writer_free(withdrawing->writer);
    fallback_release(&withdrawing->next);
    admit_world_release(&withdrawing->live);
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
    withdrawing->live = (struct admit_world) { .environment = environment, .live_tree = tree };
    withdrawing->world = (struct check_world) { .find_manifest = admit_world_find,
                                                .find_live = admit_world_find_live,
                                                .policy = withdrawing->control.policy,
                                                .context = &withdrawing->live };
    withdrawing->question =
        (struct fallback_question) { environment, &withdrawing->control, &withdrawing->before,
                                     &withdrawing->world };
    return STATUS_OK;
}

// To withdrawing->next; where it was not read, `version` was never released, which the gate says.
static enum status move(struct withdrawing *withdrawing, enum gate_move kind, const char *operation,
                        uint32_t version, const struct live_signer *signer,
                        struct finding_list *findings, struct withdraw_result *out,
                        struct error *err)
{
    const struct withdraw_request *request = withdrawing->request;
    const struct fallback *next = &withdrawing->next;
    struct gate_item item = { .id = request->id, .state = &withdrawing->before };
    struct live_change change = { .state = &withdrawing->after, .stable = next->tree };
    struct live_plan plan = { .proposal = { .move = kind,
                                            .items = &item,
                                            .count = 1,
                                            .reason = request->reason,
                                            .world = &withdrawing->world,
                                            .time = live_signer_time(signer) },
                              .changes = &change,
                              .operation = operation,
                              .actor = request->actor,
                              .time = live_signer_time(signer) };
    item.id.version = version;
    withdrawing->after.live_version = version;
    if (next->release) {
        item.digest = next->release->digest;
        item.content = &next->content;
        item.manifest = &next->manifest;
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
            fallback_find(&withdrawing.question, withdrawing.before.live_version);
        if (!fallback) {
            error_set(err, STATUS_CONFLICT, "nothing_to_roll_back_to",
                      "there is no earlier release that may go live");
            return error_hint(err, "name one with --to, or take the live one out of service with "
                                   "`greenroom quarantine`");
        }
        version = fallback->version;
    }
    const struct state_release *release = state_find(&withdrawing.before, version);
    if (release)
        TRY(fallback_read(&withdrawing.next, &withdrawing.question, release, err));
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
        struct fallback *next = &withdrawing.next;
        TRY(fallback_choose(next, &withdrawing.question, live->version, findings, err));
        TRY(move(&withdrawing, GATE_QUARANTINE, "quarantine",
                 next->release ? next->release->version : 0, signer, findings, out, err));
    } else {
        TRY(describe_present(&withdrawing, out, err));
    }
    return is_new ? control_edit_finish(&entry.pending, environment, &entry.change, err)
                  : STATUS_OK;
}
