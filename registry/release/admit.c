// Admits content into a live environment as signed releases, and makes them live.
#include "release/admit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/tree.h"
#include "trust/hash.h"

// What is made of one item on its way.
struct admission {
    struct admit_item *item;
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
    const struct live_signer *signer;
    struct finding_list *findings;
    struct control control;
    struct writer *writer;
    struct admission *admissions;
    struct gate_item *gate_items;
    struct live_change *changes;
    size_t change_count;
    struct oid live_commit;
    struct oid live_tree;
    int64_t time;
};

static void release_admitting(struct admitting *admitting)
{
    for (size_t i = 0; admitting->admissions && i < admitting->request->count; i++) {
        state_release_all(&admitting->admissions[i].before);
        state_release_all(&admitting->admissions[i].after);
        buffer_release(&admitting->admissions[i].tag_text);
        buffer_release(&admitting->admissions[i].signature);
    }
    free(admitting->admissions);
    free(admitting->gate_items);
    free(admitting->changes);
    writer_free(admitting->writer);
    control_release(&admitting->control);
}

// The content is what it is said to be: its digest, and its own manifest's name.
static enum status check_content(struct admit_item *item, struct finding_list *findings,
                                 struct error *err)
{
    struct digest digest;
    struct manifest manifest OWNED(manifest_release) = { 0 };
    char id[ID_TEXT_BYTES];
    id_format(&item->id, id);
    TRY(hash_content(&digest, item->content, err));
    if (!digest_equal(&digest, &item->digest))
        return error_set(err, STATUS_DAMAGED, "digest_mismatch",
                         "%s: its content does not have the digest that it is said to have", id);
    TRY(manifest_read(&manifest, item->content, findings, err));
    if (!id_same_artifact(&manifest.id, &item->id))
        return error_set(err, STATUS_DAMAGED, "name_mismatch", "%s: its manifest names another",
                         id);
    return STATUS_OK;
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
    const struct admit_item *item = admission->item;
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
    json_set_string(document, "source", item->source);
    json_set_string(document, "policy", policy);
    json_set_string(document, "reason",
                    admitting->request->reason ? admitting->request->reason : "");
    set_replaced(document, &admission->before);
    return json_print_pretty(out, document, err);
}

// content/, evidence/ and release.json.
static enum status put_release_tree(struct admitting *admitting, struct admission *admission,
                                    struct oid *out, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid release;
    struct oid draft;
    const struct oid none = { 0 };
    const char *evidence = admission->item->draft;
    TRY(writer_put_content(admitting->writer, admission->item->content, &admission->content_tree,
                           err));
    TRY(print_release_json(admitting, admission, &text, err));
    TRY(writer_put_blob(admitting->writer, text.bytes, text.length, &release, err));
    TRY(writer_put_blob(admitting->writer, evidence, strlen(evidence), &draft, err));
    struct writer_change changes[] = {
        { RELEASE_CONTENT, admission->content_tree, true },
        { RELEASE_EVIDENCE "/draft.json", draft, false },
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

// The signed tag of a new release.
static enum status make_release(struct admitting *admitting, struct admission *admission,
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
    TRY(admitting->signer->sign(admitting->signer->context, name, admission->tag_text.bytes,
                                admission->tag_text.length, &admission->signature, err));
    admission->signed_tag =
        (struct verify_signed) { buffer_text(&admission->tag_text), admission->tag_text.length,
                                 buffer_text(&admission->signature), admission->signature.length,
                                 admitting->time };
    TRY(writer_put_tag(admitting->writer, admission->tag_text.bytes, admission->signature.bytes,
                       &admission->item->tag, err));
    struct state_release release = { admission->item->id.version, admission->item->digest,
                                     admission->item->tag, admitting->time };
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
    struct admit_item *item = admission->item;
    const struct state_release *known = state_find(&admission->before, item->id.version);
    item->is_unchanged = known && digest_equal(&known->digest, &item->digest) &&
                         admission->before.live_version == item->id.version;
    if (known)
        item->tag = known->tag;
    if (item->is_unchanged)
        return;
    admission->after.live_version = item->id.version;
    admitting->gate_items[admitting->change_count] =
        (struct gate_item) { .id = item->id,
                             .digest = item->digest,
                             .author = known ? NULL : item->author,
                             .state = &admission->before };
    admitting->changes[admitting->change_count].state = &admission->after;
    admitting->change_count++;
}

static enum status prepare(struct admitting *admitting, struct error *err)
{
    size_t count = admitting->request->count;
    if (count == 0 || count > ADMIT_MAX_ITEMS)
        return error_set(err, STATUS_INVALID, "artifact_count", "%zu artifacts: give 1 to %d",
                         count, ADMIT_MAX_ITEMS);
    TRY(memory_new(&admitting->admissions, count, sizeof(*admitting->admissions), err));
    TRY(memory_new(&admitting->gate_items, count, sizeof(*admitting->gate_items), err));
    TRY(memory_new(&admitting->changes, count, sizeof(*admitting->changes), err));
    TRY(control_read(&admitting->control, admitting->environment->store, err));
    TRY(live_tip(admitting->environment, &admitting->live_commit, &admitting->live_tree, err));
    TRY(writer_new(&admitting->writer, admitting->environment->store, err));
    for (size_t i = 0; i < count; i++) {
        struct admission *admission = &admitting->admissions[i];
        admission->item = &admitting->request->items[i];
        TRY(check_content(admission->item, admitting->findings, err));
        TRY(read_states(admitting, admission, err));
        propose(admitting, admission);
    }
    return STATUS_OK;
}

// The tree of content that a known release keeps.
static enum status find_released_tree(struct admitting *admitting, struct admission *admission,
                                      struct error *err)
{
    return writer_put_content(admitting->writer, admission->item->content, &admission->content_tree,
                              err);
}

static enum status make_releases(struct admitting *admitting, struct error *err)
{
    size_t change = 0;
    for (size_t i = 0; i < admitting->request->count; i++) {
        struct admission *admission = &admitting->admissions[i];
        if (admission->item->is_unchanged)
            continue;
        bool is_new = !state_find(&admission->before, admission->item->id.version);
        TRY(is_new ? make_release(admitting, admission, err)
                   : find_released_tree(admitting, admission, err));
        if (is_new)
            admitting->gate_items[change].tag = &admission->signed_tag;
        admitting->changes[change++].stable = admission->content_tree;
    }
    return STATUS_OK;
}

enum status admit_releases(struct environment *environment, const struct admit_request *request,
                           const struct live_signer *signer, struct finding_list *findings,
                           struct oid *out_commit, struct error *err)
{
    struct admitting admitting OWNED(release_admitting) = { .environment = environment,
                                                            .request = request,
                                                            .signer = signer,
                                                            .findings = findings,
                                                            .time = clock_now() };
    TRY(prepare(&admitting, err));
    struct live_plan plan = { .proposal = { .move = GATE_PROMOTE,
                                            .items = admitting.gate_items,
                                            .count = admitting.change_count,
                                            .reason = request->reason },
                              .changes = admitting.changes,
                              .operation = "promote",
                              .actor = request->actor,
                              .time = admitting.time };
    // Asked before anybody signs: who would be refused anyway is not asked for a touch of their
    // key.
    TRY(gate_decide(environment, &admitting.control, &plan.proposal, findings, err));
    if (admitting.change_count == 0) {
        *out_commit = admitting.live_commit;
        return STATUS_OK;
    }
    TRY(make_releases(&admitting, err));
    return live_move(environment, &admitting.control, admitting.writer, &plan, signer, findings,
                     out_commit, err);
}
