// Admits content into a live environment as signed releases, and makes them live.
#include "release/admit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/admit_world.h"
#include "store/tree.h"

// What is made of one item on its way.
struct admission {
    const struct seal_item *item;
    struct admit_outcome *outcome;
    struct state before;
    struct state after;
    struct oid content_tree;
    struct buffer tag_text;
    struct buffer signature;
    struct verify_signed signed_tag;
};

// All of them, and what they share. `live_changes` and `gate_items` leave out what is live already.
struct admitting {
    struct environment *environment;
    const struct admit_request *request;
    struct finding_list *findings;
    struct admit_result result;
    struct control control;
    struct writer *writer;
    struct admission *admissions;
    struct gate_item *gate_items;
    struct live_change *changes;
    size_t change_count;
    struct oid live_commit;
    struct oid live_tree;
    int64_t time;
    struct check_world world;
    struct admit_world known; // what the world's functions look at
};

static void release_admitting(struct admitting *admitting)
{
    for (size_t i = 0; admitting->admissions && i < admitting->request->seal->count; i++) {
        state_release_all(&admitting->admissions[i].before);
        state_release_all(&admitting->admissions[i].after);
        buffer_release(&admitting->admissions[i].tag_text);
        buffer_release(&admitting->admissions[i].signature);
    }
    free(admitting->admissions);
    free(admitting->gate_items);
    free(admitting->changes);
    writer_free(admitting->writer);
    admit_world_release(&admitting->known);
    control_release(&admitting->control);
    admit_result_release(&admitting->result);
}

static void set_replaced(struct json *document, const struct state *before)
{
    const struct state_release *live = state_find(before, before->live_version);
    char digest[DIGEST_TEXT_BYTES];
    if (!live) {
        json_set_null(document, "replaces");
        return;
    }
    digest_format(&live->digest, digest);
    struct json *replaces = json_set_object(document, "replaces");
    json_set_integer(replaces, "version", live->version);
    json_set_string(replaces, "digest", digest);
}

static enum status print_release_json(const struct admitting *admitting,
                                      const struct admission *admission, struct buffer *out,
                                      struct error *err)
{
    const struct seal_item *item = admission->item;
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    char policy[DIGEST_TEXT_BYTES];
    char time[CLOCK_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    id_format(&item->id, id);
    digest_format(&item->digest, digest);
    digest_format(&admitting->control.policy_digest, policy);
    clock_format(admitting->time, time);
    json_set_integer(document, "format", 1);
    json_set_string(document, "artifact", id);
    json_set_string(document, "digest", digest);
    json_set_string(document, "author", item->author);
    json_set_string(document, "published_at", item->published_at);
    json_set_string(document, "released_at", time);
    json_set_string(document, "environment", admitting->environment->identity.id);
    json_set_string(document, "source", admitting->request->seal->source);
    json_set_string(document, "policy", policy);
    json_set_string(document, "reason",
                    admitting->request->reason ? admitting->request->reason : "");
    set_replaced(document, &admission->before);
    if (admitting->request->break_glass)
        json_set_bool(document, "break_glass", true);
    return json_print_pretty(out, document, err);
}

// What a release keeps as evidence: the draft's document, what was attested and approved of it, and
// what was attested of the environment at that time.
static enum status put_evidence(struct admitting *admitting, struct admission *admission,
                                struct oid *out, struct error *err)
{
    const struct seal_item *item = admission->item;
    struct writer_change changes[3] = { { .path = "draft.json" },
                                        { .path = "version", .is_tree = true },
                                        { .path = "environment", .is_tree = true } };
    const struct content *parts[] = { NULL, &item->evidence_files,
                                      &admitting->request->seal->environment_files };
    const struct oid none = { 0 };
    size_t count = 1;
    TRY(writer_put_blob(admitting->writer, item->draft, strlen(item->draft), &changes[0].oid, err));
    for (size_t i = 1; i < COUNT_OF(parts); i++) {
        if (parts[i]->count == 0)
            continue;
        changes[count] = changes[i];
        TRY(writer_put_content(admitting->writer, parts[i], &changes[count++].oid, err));
    }
    return writer_put_tree(admitting->writer, &none, changes, count, out, err);
}

// content/, evidence/, policy.json and release.json.
static enum status put_release_tree(struct admitting *admitting, struct admission *admission,
                                    struct oid *out, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid release;
    struct oid evidence;
    struct oid policy;
    bool is_tree;
    const struct oid none = { 0 };
    TRY(put_evidence(admitting, admission, &evidence, err));
    TRY(print_release_json(admitting, admission, &text, err));
    TRY(writer_put_blob(admitting->writer, text.bytes, text.length, &release, err));
    TRY(tree_find(admitting->environment->store, &admitting->control.tree, "policy.json", &policy,
                  &is_tree, err));
    struct writer_change changes[] = {
        { RELEASE_CONTENT, admission->content_tree, true },
        { RELEASE_EVIDENCE, evidence, true },
        { "policy.json", policy, false },
        { RELEASE_FILE, release, false },
    };
    return writer_put_tree(admitting->writer, &none, changes, COUNT_OF(changes), out, err);
}

static enum status put_release_commit(struct admitting *admitting, struct admission *admission,
                                      const char *message, struct oid *out, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer_commit commit = { .actor = admitting->request->actor,
                                    .time = admitting->time,
                                    .message = message };
    TRY(put_release_tree(admitting, admission, &commit.tree, err));
    TRY(writer_commit_text(&text, &commit, err));
    return writer_put_commit(admitting->writer, text.bytes, NULL, out, err);
}

// The tag of a new release, to be signed.
static enum status describe_release(struct admitting *admitting, struct admission *admission,
                                    struct error *err)
{
    char name[STORE_REF_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    struct buffer message OWNED(buffer_release) = { 0 };
    struct writer_tag tag = { .name = name,
                              .actor = admitting->request->actor,
                              .time = admitting->time };
    verify_tag_name(&admission->item->id, name);
    digest_format(&admission->item->digest, digest);
    buffer_append_format(&message, "%s\n\nDigest: %s\n", name, digest);
    TRY(buffer_check(&message, err));
    tag.message = message.bytes;
    TRY(put_release_commit(admitting, admission, message.bytes, &tag.target, err));
    TRY(writer_tag_text(&admission->tag_text, &tag, err));
    const struct live_signer *signer = admitting->request->signer;
    return signer->sign(signer->context, "git", name, admission->tag_text.bytes,
                        admission->tag_text.length, &admission->signature, err);
}

static enum status put_tag(struct admitting *admitting, struct admission *admission,
                           struct error *err)
{
    admission->signed_tag =
        (struct verify_signed) { buffer_text(&admission->tag_text), admission->tag_text.length,
                                 buffer_text(&admission->signature), admission->signature.length,
                                 admitting->time };
    TRY(writer_put_tag(admitting->writer, admission->tag_text.bytes, admission->signature.bytes,
                       &admission->outcome->tag, err));
    struct state_release release = { .version = admission->item->id.version,
                                     .digest = admission->item->digest,
                                     .tag = admission->outcome->tag,
                                     .released_at = admitting->time,
                                     .emergency_until = admitting->request->emergency_until };
    return state_add(&admission->after, &release, err);
}

static enum status read_states(struct admitting *admitting, struct admission *admission,
                               struct error *err)
{
    const struct artifact_id *id = &admission->item->id;
    TRY(live_state(admitting->environment, &admitting->live_tree, id, &admission->before, err));
    return live_state(admitting->environment, &admitting->live_tree, id, &admission->after, err);
}

static void propose(struct admitting *admitting, struct admission *admission)
{
    const struct seal_item *item = admission->item;
    const struct state_release *known = state_find(&admission->before, item->id.version);
    admission->outcome->is_unchanged =
        known && digest_equal(&known->digest, &item->digest) &&
        admission->before.live_version == item->id.version &&
        (known->emergency_until == 0 || admitting->request->break_glass);
    if (known)
        admission->outcome->tag = known->tag;
    if (admission->outcome->is_unchanged)
        return;
    admission->after.live_version = item->id.version;
    // Whatever an emergency left out, the gate asks for it now.
    if (known && !admitting->request->break_glass)
        state_end_emergency(&admission->after, item->id.version);
    admitting->gate_items[admitting->change_count] = (struct gate_item) {
        .id = item->id,
        .digest = item->digest,
        .author = item->author,
        .state = &admission->before,
        .content = &item->content,
        .manifest = &item->manifest,
        .evidence = &item->evidence,
        .environment_evidence = &admitting->request->seal->environment_evidence,
    };
    admitting->changes[admitting->change_count].state = &admission->after;
    admitting->change_count++;
}

static enum status prepare(struct admitting *admitting, struct error *err)
{
    const struct seal *seal = admitting->request->seal;
    TRY(memory_new(&admitting->admissions, seal->count, sizeof(*admitting->admissions), err));
    TRY(memory_new(&admitting->gate_items, seal->count, sizeof(*admitting->gate_items), err));
    TRY(memory_new(&admitting->changes, seal->count, sizeof(*admitting->changes), err));
    TRY(memory_new(&admitting->result.items, seal->count, sizeof(*admitting->result.items), err));
    admitting->result.count = seal->count;
    TRY(control_read(&admitting->control, admitting->environment->store, err));
    TRY(live_tip(admitting->environment, &admitting->live_commit, &admitting->live_tree, err));
    for (size_t i = 0; i < seal->count; i++) {
        struct admission *admission = &admitting->admissions[i];
        admission->item = &seal->items[i];
        admission->outcome = &admitting->result.items[i];
        TRY(read_states(admitting, admission, err));
        propose(admitting, admission);
    }
    admitting->result.commit = admitting->live_commit;
    admitting->known = (struct admit_world) { .environment = admitting->environment,
                                              .live_tree = admitting->live_tree,
                                              .seal = seal };
    admitting->world = (struct check_world) { .find_manifest = admit_world_find,
                                              .find_live = admit_world_find_live,
                                              .policy = admitting->control.policy,
                                              .context = &admitting->known };
    return STATUS_OK;
}

// Much content is written while the gate looks at it, where nobody sees it: see writer_flush_ahead.
static enum status put_contents(struct admitting *admitting, struct error *err)
{
    TRY(writer_new(&admitting->writer, admitting->environment->store, err));
    for (size_t i = 0; i < admitting->request->seal->count; i++) {
        struct admission *admission = &admitting->admissions[i];
        if (!admission->outcome->is_unchanged)
            TRY(writer_put_content(admitting->writer, &admission->item->content,
                                   &admission->content_tree, err));
    }
    return writer_flush_ahead(admitting->writer, err);
}

static enum status make_releases(struct admitting *admitting, struct error *err)
{
    size_t change = 0;
    for (size_t i = 0; i < admitting->request->seal->count; i++) {
        struct admission *admission = &admitting->admissions[i];
        if (admission->outcome->is_unchanged)
            continue;
        if (!state_find(&admission->before, admission->item->id.version)) { // never released before
            TRY(describe_release(admitting, admission, err));
            admitting->gate_items[change].tag = &admission->signed_tag;
        }
        admitting->changes[change++].stable = admission->content_tree;
    }
    // All of them are signed before the first is put down: one turn for a person who is elsewhere.
    TRY(live_signer_settle(admitting->request->signer, err));
    for (size_t i = 0; i < admitting->request->seal->count; i++)
        if (admitting->admissions[i].tag_text.length > 0)
            TRY(put_tag(admitting, &admitting->admissions[i], err));
    return STATUS_OK;
}

void admit_result_release(struct admit_result *result)
{
    free(result->items);
    *result = (struct admit_result) { 0 };
}

// What is asked of the gate and of `live`.
static struct live_plan make_plan(const struct admitting *admitting)
{
    const struct admit_request *request = admitting->request;
    return (struct live_plan) { .proposal = { .move = GATE_PROMOTE,
                                              .items = admitting->gate_items,
                                              .count = admitting->change_count,
                                              .reason = request->reason,
                                              .break_glass = request->break_glass,
                                              .source = request->seal->source_zone,
                                              .world = &admitting->world,
                                              .time = admitting->time },
                                .changes = admitting->changes,
                                .operation =
                                    request->break_glass ? "break-glass" : request->operation,
                                .actor = request->actor,
                                .time = admitting->time };
}

static void hand_over(struct admitting *admitting, struct admit_result *out)
{
    *out = admitting->result;
    admitting->result = (struct admit_result) { 0 };
}

enum status admit_preview(struct environment *environment, const struct admit_request *request,
                          struct finding_list *findings, struct admit_result *out,
                          struct error *err)
{
    struct admitting admitting OWNED(release_admitting) = {
        .environment = environment, .request = request, .findings = findings, .time = clock_now()
    };
    TRY(prepare(&admitting, err));
    struct live_plan plan = make_plan(&admitting);
    enum status status =
        gate_decide(environment, &admitting.control, &plan.proposal, findings, err);
    if (status == STATUS_OK || status == STATUS_REFUSED)
        hand_over(&admitting, out);
    return status;
}

enum status admit_releases(struct environment *environment, const struct admit_request *request,
                           struct finding_list *findings, struct admit_result *out,
                           struct error *err)
{
    struct admitting admitting OWNED(release_admitting) = { .environment = environment,
                                                            .request = request,
                                                            .findings = findings,
                                                            .time =
                                                                live_signer_time(request->signer) };
    TRY(prepare(&admitting, err));
    struct live_plan plan = make_plan(&admitting);
    TRY(put_contents(&admitting, err));
    // Asked before anybody signs: who would be refused anyway is not asked for a touch of their
    // key. And asked as of now, whatever time a signer from elsewhere began at.
    plan.proposal.time = clock_now();
    TRY(gate_decide(environment, &admitting.control, &plan.proposal, findings, err));
    plan.proposal.time = admitting.time;
    plan.proposal.world = NULL; // the checks have spoken, and the lock is held
    if (admitting.change_count > 0) {
        const struct live_signer *signer =
            request->second_signer ? request->second_signer : request->signer;
        TRY(make_releases(&admitting, err));
        TRY(live_move(environment, &admitting.control, admitting.writer, &plan, signer, findings,
                      &admitting.result.commit, err));
    }
    hand_over(&admitting, out);
    return STATUS_OK;
}
