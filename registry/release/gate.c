// The gate: the one function that decides whether `live` may move.
#include "release/gate.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/board.h"
#include "release/emergency.h"
#include "release/gate_binding.h"
#include "release/person.h"
#include "release/uses.h"
#include "release/waiver.h"

// What a decision is made from, and where its findings go.
struct decision {
    const struct environment *environment;
    const struct control *control;
    const struct gate_proposal *proposal;
    struct finding_list *findings;
    struct check_kit *kit;
};

static enum status say(const struct decision *decision, const struct finding_draft *draft,
                       const struct gate_item *item, const char *message, struct error *err)
{
    char id[ID_TEXT_BYTES] = "";
    if (item)
        id_format(&item->id, id);
    return finding_add(decision->findings, draft, err, "%s%s%s", id, item ? ": " : "", message);
}

static enum status refuse(const struct decision *decision, const char *rule,
                          const struct gate_item *item, const char *message, const char *mend,
                          struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = rule, .mend = mend };
    return say(decision, &draft, item, message, err);
}

static enum status check_class(const struct decision *decision, struct error *err)
{
    if (decision->environment->identity.environment_class == ENVIRONMENT_LIVE)
        return STATUS_OK;
    return refuse(decision, "gate.class", NULL,
                  "this environment is a sandbox: nothing is live in it",
                  "name the live environment with --to (promote) or --env", err);
}

static enum status check_reason(const struct decision *decision, struct error *err)
{
    if (decision->proposal->reason && *decision->proposal->reason)
        return STATUS_OK;
    return refuse(decision, "gate.reason", NULL, "no reason is given",
                  "say why with --reason: it is kept with the move", err);
}

static enum status check_signature(const struct decision *decision, const struct gate_item *item,
                                   const struct verify_signed *what, struct error *err)
{
    const struct allowed_signer *signer;
    struct error fault = { 0 };
    if (!what)
        return STATUS_OK;
    // Whoever is removed stays valid to the end of that second, for what they signed in it before;
    // what is new has to be signed by somebody who is valid beyond it.
    struct verify_signed now = *what;
    now.time++;
    if (verify_signature(decision->control, &now, &signer, &fault) != STATUS_OK)
        return refuse(decision, "gate.approver", item, fault.message,
                      fault.hint[0] ? fault.hint : "let an approver sign, with --sign-with", err);
    if (item && item->author &&
        person_is_signer(&decision->control->approvers, signer->key, item->author))
        return refuse(decision, "gate.own-draft", item,
                      "the approver who signed is the draft's own author",
                      "let another approver sign: nobody approves what they wrote", err);
    return STATUS_OK;
}

static enum status check_commit_signature(const struct decision *decision, struct error *err)
{
    return check_signature(decision, NULL, decision->proposal->commit, err);
}

static enum status check_tag_signature(const struct decision *decision,
                                       const struct gate_item *item, struct error *err)
{
    return check_signature(decision, item, item->tag, err);
}

static enum status check_quarantine(const struct decision *decision, const struct gate_item *item,
                                    struct error *err)
{
    if (item->id.version == 0 ||
        !control_is_quarantined(decision->control, &item->id, &item->digest))
        return STATUS_OK;
    return refuse(decision, "gate.quarantined", item,
                  "this release, or its very content, is quarantined for ever",
                  "publish a version with other content", err);
}

// A version number means the same content in every environment, for ever.
static enum status check_same_content(const struct decision *decision, const struct gate_item *item,
                                      struct error *err)
{
    const struct state_release *release = state_find(item->state, item->id.version);
    if (!release || digest_equal(&release->digest, &item->digest))
        return STATUS_OK;
    return refuse(decision, "gate.version-differs", item,
                  "this version was released before with other content",
                  "check that it comes from the sandbox that it always came from", err);
}

static enum status check_released(const struct decision *decision, const struct gate_item *item,
                                  struct error *err)
{
    if (state_find(item->state, item->id.version))
        return STATUS_OK;
    return refuse(decision, "gate.never-released", item, "this version was never released here",
                  "`greenroom log` lists the releases; a version that is not among them needs a "
                  "promotion",
                  err);
}

static enum status check_not_live(const struct decision *decision, const struct gate_item *item,
                                  struct error *err)
{
    if (item->state->live_version != item->id.version)
        return STATUS_OK;
    return refuse(decision, "gate.already-live", item, "this version is live already",
                  "name another version with --to", err);
}

static enum status check_freeze(const struct decision *decision, struct error *err)
{
    if (decision->proposal->break_glass)
        return STATUS_OK;
    char now[CLOCK_TEXT_BYTES];
    clock_format(decision->proposal->time, now); // this form of time sorts as text
    for (const struct json *freeze = json_first(json_get(decision->control->policy, "freezes"));
         freeze; freeze = json_next(freeze)) {
        const char *to = json_get_string(freeze, "to", "");
        if (strcmp(now, json_get_string(freeze, "from", "")) < 0 || strcmp(now, to) >= 0)
            continue;
        struct buffer message OWNED(buffer_release) = { 0 };
        buffer_append_format(&message, "promotions are frozen until %s: %s", to,
                             json_get_string(freeze, "reason", ""));
        TRY(buffer_check(&message, err));
        TRY(refuse(decision, "gate.freeze", NULL, message.bytes,
                   "wait, or in an emergency use --break-glass; a rollback works all the same",
                   err));
    }
    return STATUS_OK;
}

static enum status check_break_glass(const struct decision *decision, struct error *err)
{
    if (!decision->proposal->break_glass)
        return STATUS_OK;
    TRY(check_reason(decision, err));
    if (json_get(decision->control->policy, "break_glass"))
        return STATUS_OK;
    return refuse(decision, "gate.break-glass", NULL, "the policy knows no break-glass",
                  "meet the policy, or let an operator change it", err);
}

static enum status check_hold(const struct decision *decision, const struct gate_item *item,
                              struct error *err)
{
    const struct control_hold *hold = control_find_hold(decision->control, &item->id);
    struct buffer message OWNED(buffer_release) = { 0 };
    if (!hold)
        return STATUS_OK;
    buffer_append_format(&message, "it is on hold: %s", hold->reason);
    TRY(buffer_check(&message, err));
    return refuse(decision, "gate.hold", item, message.bytes,
                  "`greenroom lift` ends the hold once its reason is gone", err);
}

static enum status check_rejection(const struct decision *decision, const struct gate_item *item,
                                   struct error *err)
{
    const struct evidence_record *rejection =
        evidence_find_rejection(item->evidence, &item->digest);
    struct buffer message OWNED(buffer_release) = { 0 };
    if (!rejection)
        return STATUS_OK;
    buffer_append_format(&message, "it was rejected by %s: %s",
                         json_get_string(rejection->document, "author", ""),
                         json_get_string(rejection->document, "reason", ""));
    TRY(buffer_check(&message, err));
    return refuse(decision, "gate.rejected", item, message.bytes,
                  "publish a version that mends what was found", err);
}

void gate_approval_subject(struct approval_subject *out, const struct environment *environment,
                           const struct control *control, const struct gate_item *item)
{
    const struct state_release *live = state_find(item->state, item->state->live_version);
    *out = (struct approval_subject) { .id = item->id,
                                       .digest = item->digest,
                                       .author = item->author ? item->author : "",
                                       .environment_id = environment->identity.id,
                                       .replaces = live ? &live->digest : NULL,
                                       .policy = control->policy_digest };
}

// Several artifacts may be promoted at once: their files are told apart by the artifact's name.
static enum status name_artifact(const struct gate_item *item, struct finding_list *findings,
                                 size_t first, struct error *err)
{
    char id[ID_TEXT_BYTES];
    id_format(&item->id, id);
    for (size_t i = first; i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        struct buffer file OWNED(buffer_release) = { 0 };
        buffer_append_format(&file, "%s%s%s", id, finding->file[0] ? "/" : "", finding->file);
        TRY(buffer_check(&file, err));
        free(finding->file);
        finding->file = buffer_detach(&file);
    }
    return STATUS_OK;
}

// The automated checks, in their stage of the gate. Their findings stand among the gate's own: an
// error refuses like any other, whatever the emergency.
static enum status run_checks(const struct decision *decision, const struct gate_item *item,
                              enum check_stage stage, struct error *err)
{
    if (!decision->proposal->world || decision->proposal->commit) // said before anybody signed
        return STATUS_OK;
    struct check_subject subject = { .content = item->content,
                                     .manifest = item->manifest,
                                     .stage = stage,
                                     .is_sandbox = false,
                                     .world = decision->proposal->world,
                                     .kit = decision->kit };
    size_t first = decision->findings->count;
    TRY(check_run_all(&subject, decision->findings, err));
    TRY(waiver_apply(decision->control, &item->id, decision->proposal->time, decision->findings,
                     first, err));
    return name_artifact(item, decision->findings, first, err);
}

static enum status check_checks(const struct decision *decision, const struct gate_item *item,
                                struct error *err)
{
    return run_checks(decision, item, CHECK_GATE, err);
}

// What was judged when it was released and may be another by now: what it uses.
static enum status check_back(const struct decision *decision, const struct gate_item *item,
                              struct error *err)
{
    return item->manifest ? run_checks(decision, item, CHECK_BACK, err) : STATUS_OK;
}

// Nothing stays live without what it uses. Only a quarantine may leave it so: what does harm goes
// at once, and whoever sees to it is told who misses it now.
static enum status check_users(const struct decision *decision, const struct gate_item *item,
                               struct error *err)
{
    struct uses users OWNED(uses_release) = { 0 };
    bool is_allowed = decision->proposal->move == GATE_QUARANTINE;
    bool is_gone = item->id.version == 0 && item->state->live_version != 0;
    if (!is_gone || (is_allowed && decision->proposal->commit)) // said before anybody signed
        return STATUS_OK;
    TRY(uses_find_users(decision->environment, &item->id, &users, err));
    for (size_t i = 0; i < users.count; i++) {
        char user[ID_TEXT_BYTES];
        struct buffer message OWNED(buffer_release) = { 0 };
        struct finding_draft draft = {
            .severity = is_allowed ? SEVERITY_WARNING : SEVERITY_ERROR,
            .rule = "gate.used",
            .mend = is_allowed ? "promote another version of it, or take back what uses it as well"
                               : "take back what uses it first (rollback or quarantine)",
        };
        id_format(&users.items[i], user);
        buffer_append_format(&message, "%s is live and uses it%s", user,
                             is_allowed ? ": it finds nothing under this name from now on" : "");
        TRY(buffer_check(&message, err));
        TRY(say(decision, &draft, item, message.bytes, err));
    }
    return STATUS_OK;
}

// Every item and approval that the policy asks for.
static enum status check_policy(const struct decision *decision, const struct gate_item *item,
                                struct error *err)
{
    struct approval_subject subject;
    struct board board OWNED(board_release) = { 0 };
    if (decision->proposal->break_glass)
        return STATUS_OK;
    gate_approval_subject(&subject, decision->environment, decision->control, item);
    struct board_question question = { decision->control,
                                       &subject,
                                       item->manifest,
                                       item->evidence,
                                       item->environment_evidence,
                                       decision->proposal->time };
    TRY(board_build(&board, &question, err));
    for (size_t i = 0; i < board.count; i++) {
        const struct board_entry *entry = &board.entries[i];
        struct buffer message OWNED(buffer_release) = { 0 };
        if (entry->met)
            continue;
        buffer_append_format(&message, "%s: %s", entry->title, entry->missing);
        TRY(buffer_check(&message, err));
        TRY(refuse(decision, "gate.policy", item, message.bytes,
                   "`greenroom status` shows the board and the command that meets each entry",
                   err));
    }
    return STATUS_OK;
}

// Not passed by an emergency either: a tool that is called nowhere helps nobody.
static enum status check_bindings(const struct decision *decision, const struct gate_item *item,
                                  struct error *err)
{
    if (!item->manifest || decision->proposal->commit) // said before anybody signed
        return STATUS_OK;
    return gate_binding_check(decision->control, decision->proposal->source, item,
                              decision->findings, err);
}

// In an emergency the tag and the commit of live are signed by two people.
static enum status check_second_signature(const struct decision *decision,
                                          const struct gate_item *item, struct error *err)
{
    const struct allowed_signer *first;
    const struct allowed_signer *second;
    struct error known; // what is wrong with either was said by its own check
    if (!decision->proposal->break_glass || !item->tag || !decision->proposal->commit ||
        verify_signature(decision->control, item->tag, &first, &known) != STATUS_OK ||
        verify_signature(decision->control, decision->proposal->commit, &second, &known) !=
            STATUS_OK)
        return STATUS_OK;
    bool is_author =
        item->author && person_is_signer(&decision->control->approvers, second->key, item->author);
    if (!is_author && !ssh_key_equal(first->key, second->key) &&
        strcmp(first->name, second->name) != 0)
        return STATUS_OK;
    return refuse(decision, "gate.second-signature", item,
                  "break-glass takes the signatures of two people, neither of them the author",
                  "name a second approver's key with --second-sign-with", err);
}

// An emergency that was not made up for in time holds nothing up any longer: no second one goes on
// top of it, nothing that uses it is promoted, and there is no way back to it.
static enum status refuse_expired(const struct decision *decision, const struct gate_item *item,
                                  const char *what, struct error *err)
{
    return refuse(decision, "gate.emergency-expired", item, what,
                  "meet its items and approvals and promote it in the ordinary way, or roll back",
                  err);
}

static enum status check_emergency(const struct decision *decision, const struct gate_item *item,
                                   struct error *err)
{
    char used[ID_TEXT_BYTES];
    struct buffer message OWNED(buffer_release) = { 0 };
    int64_t now = decision->proposal->time;
    if (decision->proposal->break_glass &&
        emergency_is_expired(emergency_find_live(item->state), now))
        return refuse_expired(decision, item,
                              "an emergency release of it is live past its time, and a second "
                              "emergency does not make up for it",
                              err);
    TRY(emergency_find_used(decision->environment->store, item->manifest, now, used, err));
    if (!*used)
        return STATUS_OK;
    buffer_append_format(&message, "it uses %s, an emergency release that is live past its time",
                         used);
    TRY(buffer_check(&message, err));
    return refuse_expired(decision, item, message.bytes, err);
}

static enum status check_emergency_back(const struct decision *decision,
                                        const struct gate_item *item, struct error *err)
{
    if (!emergency_is_expired(state_find(item->state, item->id.version), decision->proposal->time))
        return STATUS_OK;
    return refuse_expired(
        decision, item, "it was an emergency release that nobody made up for, and its time is over",
        err);
}

typedef enum status (*whole_check)(const struct decision *decision, struct error *err);
typedef enum status (*item_check)(const struct decision *decision, const struct gate_item *item,
                                  struct error *err);

#define GATE_MAX_CHECKS 10

// What each move has to pass. A rollback is to a release that was approved when it was made, so it
// asks for no approval again; taking something out of service asks for least.
static const struct {
    whole_check whole[GATE_MAX_CHECKS];
    item_check item[GATE_MAX_CHECKS];
} moves[] = {
    [GATE_PROMOTE] = { { check_class, check_freeze, check_break_glass, check_commit_signature },
                       { check_quarantine, check_same_content, check_hold, check_rejection,
                         check_emergency, check_checks, check_bindings, check_policy,
                         check_tag_signature, check_second_signature } },
    [GATE_ROLLBACK] = { { check_class, check_reason, check_commit_signature },
                        { check_released, check_not_live, check_quarantine, check_emergency_back,
                          check_back, check_users } },
    [GATE_QUARANTINE] = { { check_class, check_reason, check_commit_signature },
                          { check_quarantine, check_users } },
};

enum status gate_decide(const struct environment *environment, const struct control *control,
                        const struct gate_proposal *proposal, struct finding_list *findings,
                        struct error *err)
{
    struct check_kit *kit OWNED(check_kit_release) = NULL;
    TRY(check_kit_new(&kit, err));
    struct decision decision = { environment, control, proposal, findings, kit };
    size_t before = finding_count(findings, SEVERITY_ERROR);
    for (size_t c = 0; c < GATE_MAX_CHECKS && moves[proposal->move].whole[c]; c++)
        TRY(moves[proposal->move].whole[c](&decision, err));
    for (size_t i = 0; i < proposal->count; i++)
        for (size_t c = 0; c < GATE_MAX_CHECKS && moves[proposal->move].item[c]; c++)
            TRY(moves[proposal->move].item[c](&decision, &proposal->items[i], err));
    if (finding_count(findings, SEVERITY_ERROR) == before)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "gate_refused", "the gate refuses this move of live");
    return error_hint(err, "each finding says how it can be mended");
}
