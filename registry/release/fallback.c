// What may take the place of a live release.
#include "release/fallback.h"

#include "base/clock.h"
#include "base/memory.h"
#include "release/emergency.h"
#include "release/verify.h"
#include "release/waiver.h"
#include "store/commit.h"
#include "store/tree.h"
#include "store/tree_content.h"

void fallback_release(struct fallback *fallback)
{
    manifest_release(&fallback->manifest);
    content_release(&fallback->content);
    *fallback = (struct fallback) { 0 };
}

// Releases stand in order, and one content may have been released under several numbers: whatever
// is `gone` is gone under all of them.
static const struct state_release *find_before(const struct fallback_question *question,
                                               const struct state_release *gone, uint32_t version)
{
    const struct state *state = question->state;
    const struct state_release *found = NULL;
    for (size_t i = 0; i < state->count && state->releases[i].version != version; i++) {
        const struct state_release *release = &state->releases[i];
        struct artifact_id id = state->id;
        id.version = release->version;
        bool is_same = gone && digest_equal(&release->digest, &gone->digest);
        if (!is_same && !emergency_is_expired(release, clock_now()) &&
            !control_is_quarantined(question->control, &id, &release->digest))
            found = release;
    }
    return found;
}

const struct state_release *fallback_find(const struct fallback_question *question,
                                          uint32_t version)
{
    return find_before(question, state_find(question->state, version), version);
}

enum status fallback_read(struct fallback *out, const struct fallback_question *question,
                          const struct state_release *release, struct error *err)
{
    struct store *store = question->environment->store;
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    bool is_tree;
    fallback_release(out);
    TRY(commit_read_tag(store, &release->tag, &tag, err));
    TRY(commit_read(store, &tag.target, &commit, err));
    TRY(tree_find(store, &commit.tree, RELEASE_CONTENT, &out->tree, &is_tree, err));
    TRY(tree_content_read(store, &out->tree, &out->content, err));
    TRY(manifest_read(&out->manifest, &out->content, &findings, err));
    out->release = release;
    return STATUS_OK;
}

static enum status pass_over(const struct fallback_question *question,
                             const struct state_release *release, const char *rule,
                             const char *reason, struct finding_list *findings, struct error *err)
{
    char text[ID_TEXT_BYTES];
    struct artifact_id id = question->state->id;
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = rule,
                                   .mend = "nothing need be done; `greenroom log` shows what there "
                                           "is to go back to" };
    id.version = release->version;
    id_format(&id, text);
    return finding_add(findings, &draft, err, "%s does not take its place: %s", text, reason);
}

// The checks that a release has to pass again before it goes live a second time.
static enum status judge(const struct fallback_question *question, struct fallback *candidate,
                         struct finding_list *findings, struct error *err)
{
    struct finding_list found OWNED(finding_list_release) = { 0 };
    struct check_kit *kit OWNED(check_kit_release) = NULL;
    TRY(check_kit_new(&kit, err));
    struct check_subject subject = { .content = &candidate->content,
                                     .manifest = &candidate->manifest,
                                     .stage = CHECK_BACK,
                                     .world = question->world,
                                     .kit = kit };
    TRY(check_run_all(&subject, &found, err));
    TRY(waiver_apply(question->control, &question->state->id, clock_now(), &found, 0, err));
    if (!finding_has_errors(&found))
        return STATUS_OK;
    for (size_t i = 0; i < found.count; i++)
        if (found.items[i].severity == SEVERITY_ERROR)
            TRY(pass_over(question, candidate->release, found.items[i].rule, found.items[i].message,
                          findings, err));
    candidate->release = NULL;
    return STATUS_OK;
}

enum status fallback_choose(struct fallback *out, const struct fallback_question *question,
                            uint32_t version, struct finding_list *findings, struct error *err)
{
    const struct state_release *gone = state_find(question->state, version);
    const struct state_release *next = find_before(question, gone, version);
    for (; next; next = find_before(question, gone, next->version)) {
        struct fallback candidate OWNED(fallback_release) = { 0 };
        struct error unreadable;
        // Whatever is wrong with it must not hold up what has to go.
        if (fallback_read(&candidate, question, next, &unreadable) != STATUS_OK) {
            TRY(pass_over(question, next, "gate.unreadable", unreadable.message, findings, err));
            continue;
        }
        TRY(judge(question, &candidate, findings, err));
        if (candidate.release) {
            *out = candidate;
            candidate = (struct fallback) { 0 };
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}
