// The gate: the one function that decides whether `live` may move.
#include "release/gate.h"

#include <string.h>

#include "base/memory.h"
#include "release/person.h"

// What a decision is made from, and where its findings go.
struct decision {
    const struct environment *environment;
    const struct control *control;
    const struct gate_proposal *proposal;
    struct finding_list *findings;
};

static enum status refuse(const struct decision *decision, const char *rule,
                          const struct gate_item *item, const char *message, const char *mend,
                          struct error *err)
{
    char id[ID_TEXT_BYTES] = "";
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = rule, .mend = mend };
    if (item)
        id_format(&item->id, id);
    return finding_add(decision->findings, &draft, err, "%s%s%s", id, item ? ": " : "", message);
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
        return refuse(decision, "gate.approver", item, fault.message, fault.hint, err);
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

typedef enum status (*whole_check)(const struct decision *decision, struct error *err);
typedef enum status (*item_check)(const struct decision *decision, const struct gate_item *item,
                                  struct error *err);

#define GATE_MAX_CHECKS 8

// What each move has to pass. A rollback is to a release that was approved when it was made, so it
// asks for no approval again; taking something out of service asks for least.
static const struct {
    whole_check whole[GATE_MAX_CHECKS];
    item_check item[GATE_MAX_CHECKS];
} moves[] = {
    [GATE_PROMOTE] = { { check_class, check_commit_signature },
                       { check_quarantine, check_same_content, check_tag_signature } },
    [GATE_ROLLBACK] = { { check_class, check_reason, check_commit_signature },
                        { check_released, check_not_live, check_quarantine } },
    [GATE_QUARANTINE] = { { check_class, check_reason, check_commit_signature },
                          { check_quarantine } },
};

enum status gate_decide(const struct environment *environment, const struct control *control,
                        const struct gate_proposal *proposal, struct finding_list *findings,
                        struct error *err)
{
    struct decision decision = { environment, control, proposal, findings };
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
