// The board: what a policy asks of one promotion, and which of it is met.
#include "release/board.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/manifest_bindings.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "release/attestation.h"

#define BOARD_MAX_SIGNERS 64 // distinct approvers counted for one entry

static void release_entry(struct board_entry *entry)
{
    free(entry->stage);
    free(entry->id);
    free(entry->title);
    free(entry->by);
    free(entry->missing);
    free(entry->destination);
    *entry = (struct board_entry) { 0 };
}

void board_release(struct board *board)
{
    for (size_t i = 0; i < board->count; i++)
        release_entry(&board->entries[i]);
    free(board->entries);
    *board = (struct board) { 0 };
}

const struct json *board_find_item(const struct json *policy, const char *id)
{
    for (const struct json *item = json_first(json_get(policy, "items")); item;
         item = json_next(item))
        if (strcmp(json_get_string(item, "id", ""), id) == 0)
            return item;
    return NULL;
}

static bool holds(const struct json *list, const char *word)
{
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (strcmp(json_string(item) ? json_string(item) : "", word) == 0)
            return true;
    return list == NULL;
}

// Whether an item or an approval rule of the policy is about this artifact.
static bool applies(const struct json *rule, const struct manifest *manifest)
{
    const char *side_effect = json_get_string(manifest->document, "side_effect", "");
    return holds(json_get(rule, "kinds"), id_kind_word(manifest->id.kind)) &&
           holds(json_get(rule, "side_effects"), side_effect);
}

static enum status add_entry(struct board *board, struct board_entry *entry, const char *by,
                             const char *missing, struct error *err)
{
    entry->met = !missing;
    TRY(memory_copy_string(&entry->by, by ? by : "", err));
    TRY(memory_copy_string(&entry->missing, missing ? missing : "", err));
    TRY(memory_grow(&board->entries, board->count, &board->capacity, sizeof(*board->entries), err));
    board->entries[board->count++] = *entry;
    *entry = (struct board_entry) { 0 };
    return STATUS_OK;
}

static bool is_of_environment(const struct json *item)
{
    return strcmp(json_get_string(item, "scope", ""), "environment") == 0;
}

// When an attestation ends: by its own word, or by the item's longest span, whichever is sooner.
// What is wrong with its times, or NULL.
static const char *attestation_end(const struct json *document, const struct json *item,
                                   int64_t now, int64_t *out)
{
    static const char malformed[] = "its attestation is malformed";
    struct error ignored;
    int64_t time;
    int64_t span;
    if (clock_parse(&time, json_get_string(document, "time", ""), &ignored) != STATUS_OK)
        return malformed;
    if (time > now + EVIDENCE_CLOCK_SKEW_SECONDS)
        return "its attestation is dated in the future";
    *out = INT64_MAX;
    const char *expires = json_get_string(document, "expires", NULL);
    if (expires && clock_parse(out, expires, &ignored) != STATUS_OK)
        return malformed;
    const char *valid_for = json_get_string(item, "valid_for", NULL);
    if (valid_for && clock_parse_duration(&span, valid_for, &ignored) == STATUS_OK &&
        time + span < *out)
        *out = time + span;
    return now < *out ? NULL : "its attestation expired";
}

// What one attestation is worth for an item; NULL when it meets it. `destination`: what of a
// binding it has to be about; NULL: nothing.
static const char *judge_attestation(const struct board_question *question, const struct json *item,
                                     const char *destination, const struct evidence_record *record,
                                     int64_t *out_until)
{
    bool is_environment = is_of_environment(item);
    const struct evidence *evidence =
        is_environment ? question->environment_evidence : question->evidence;
    char digest[DIGEST_TEXT_BYTES];
    if (evidence_is_withdrawn(evidence, record))
        return "its attestation was withdrawn";
    if (!is_environment) {
        digest_format(&question->subject->digest, digest);
        if (strcmp(json_get_string(record->document, "digest", ""), digest) != 0)
            return "its attestation is about other content";
    }
    if (destination &&
        (!*destination ||
         strcmp(json_get_string(record->document, "destination", ""), destination) != 0))
        return "its attestation is about another destination";
    const char *fault = attestation_end(record->document, item, question->now, out_until);
    if (fault)
        return fault;
    if (json_get_bool(item, "signed", false) &&
        !attestation_is_signed(question->control, record, question->now))
        return "its attestation is not signed by an approver";
    return NULL;
}

// The best of what was attested for an item: by whom and until when, or what is missing.
struct attested {
    const char *missing; // NULL: it is met
    const char *by;
    int64_t until;
};

static struct attested find_attested(const struct board_question *question, const struct json *item,
                                     const char *destination)
{
    struct attested best = { .missing = "nobody has attested it" };
    const struct evidence *evidence =
        is_of_environment(item) ? question->environment_evidence : question->evidence;
    for (size_t i = 0; i < evidence->count; i++) {
        const struct evidence_record *record = &evidence->records[i];
        int64_t until = 0;
        if (record->type != EVIDENCE_ATTESTATION ||
            strcmp(json_get_string(record->document, "item", ""),
                   json_get_string(item, "id", "")) != 0)
            continue;
        const char *fault = judge_attestation(question, item, destination, record, &until);
        if (fault && best.missing)
            best.missing = fault;
        if (fault || until <= best.until)
            continue;
        best.missing = NULL;
        best.until = until;
        best.by = json_get_string(record->document, "author", "");
    }
    return best;
}

// `binding` NULL: the item as it is; else for what that binding means.
static enum status add_item_for(struct board *board, const struct board_question *question,
                                const struct json *item, const char *binding, struct error *err)
{
    struct board_entry entry OWNED(release_entry) = { 0 };
    struct buffer title OWNED(buffer_release) = { 0 };
    const char *value = binding ? json_get_string(question->control->bindings, binding, "") : NULL;
    struct attested attested = find_attested(question, item, value);
    entry.is_environment = is_of_environment(item);
    entry.until = attested.until;
    buffer_append_text(&title, json_get_string(item, "title", ""));
    if (binding)
        buffer_append_format(&title, ": %s", binding);
    TRY(buffer_check(&title, err));
    TRY(memory_copy_string(&entry.stage, json_get_string(item, "stage", ""), err));
    TRY(memory_copy_string(&entry.id, json_get_string(item, "id", ""), err));
    entry.title = buffer_detach(&title);
    if (binding)
        TRY(memory_copy_string(&entry.destination, value, err));
    return add_entry(board, &entry, attested.by, attested.missing, err);
}

static bool is_about(const struct json *item, const char *binding)
{
    for (const struct json *glob = json_first(json_get(item, "bindings")); glob;
         glob = json_next(glob))
        if (json_string(glob) && text_matches(json_string(glob), binding))
            return true;
    return false;
}

// An item about bindings is asked of each one that the artifact names; where it names none, like
// any other.
static enum status add_item(struct board *board, const struct board_question *question,
                            const struct json *item, struct error *err)
{
    struct manifest_binding names[MANIFEST_MAX_BINDINGS];
    size_t count = manifest_bindings(question->manifest, names);
    bool is_asked = false;
    for (size_t i = 0; i < count; i++) {
        if (!is_about(item, names[i].name))
            continue;
        TRY(add_item_for(board, question, item, names[i].name, err));
        is_asked = true;
    }
    return is_asked ? STATUS_OK : add_item_for(board, question, item, NULL, err);
}

const struct json *board_find_binding_item(const struct json *policy, const char *name)
{
    for (const struct json *item = json_first(json_get(policy, "items")); item;
         item = json_next(item))
        if (is_about(item, name))
            return item;
    return NULL;
}

const char *board_judge_destination(const struct control *control, const struct json *item,
                                    const struct evidence *environment_evidence,
                                    const char *destination, int64_t now)
{
    const struct board_question question = { .control = control,
                                             .environment_evidence = environment_evidence,
                                             .now = now };
    return find_attested(&question, item, destination).missing;
}

// Distinct approvers, by key and by name: a second key of the same person is the same person.
struct counted {
    const struct allowed_signer *signers[BOARD_MAX_SIGNERS];
    size_t count;
    int64_t until;
};

static bool is_counted(const struct counted *counted, const struct allowed_signer *signer)
{
    for (size_t i = 0; i < counted->count; i++)
        if (ssh_key_equal(counted->signers[i]->key, signer->key) ||
            strcmp(counted->signers[i]->name, signer->name) == 0)
            return true;
    return false;
}

static enum status count_approvals(struct counted *counted, const struct board_question *question,
                                   const struct json *group, struct buffer *reasons,
                                   struct error *err)
{
    for (size_t i = 0; i < question->evidence->count; i++) {
        const struct evidence_record *record = &question->evidence->records[i];
        struct approval_verdict verdict;
        if (record->type != EVIDENCE_APPROVAL)
            continue;
        approval_judge(&verdict, question->control, question->subject, question->evidence, record,
                       question->now);
        if (!verdict.counts) {
            buffer_append_format(reasons, "; %s does not count: %s", record->name, verdict.reason);
            continue;
        }
        if (is_counted(counted, verdict.signer) || counted->count == BOARD_MAX_SIGNERS ||
            !holds(group, verdict.signer->name))
            continue;
        counted->signers[counted->count++] = verdict.signer;
        if (counted->until == 0 || verdict.expires < counted->until)
            counted->until = verdict.expires;
    }
    return buffer_check(reasons, err);
}

static enum status add_approval(struct board *board, const struct board_question *question,
                                const struct json *rule, struct error *err)
{
    struct board_entry entry OWNED(release_entry) = { 0 };
    struct counted counted = { 0 };
    struct buffer reasons OWNED(buffer_release) = { 0 };
    struct buffer names OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    const char *group_name = json_get_string(rule, "group", "");
    size_t wanted = (size_t)json_get_integer(rule, "count", 1);
    const struct json *groups = json_get(question->control->policy, "groups");
    struct json *nobody OWNED(json_release) = json_new_array();
    const struct json *group = *group_name ? json_get(groups, group_name) : NULL;
    if (*group_name && !group) // a group that the policy does not list has no members
        group = nobody;
    TRY(count_approvals(&counted, question, group, &reasons, err));
    for (size_t i = 0; i < counted.count; i++)
        buffer_append_format(&names, "%s%s", i ? ", " : "", counted.signers[i]->name);
    buffer_append_format(&text, "%zu of %zu%s", counted.count, wanted, buffer_text(&reasons));
    TRY(buffer_check(&names, err));
    TRY(buffer_check(&text, err));
    TRY(memory_copy_string(&entry.stage, "approvals", err));
    TRY(memory_copy_string(&entry.id, group_name, err));
    struct buffer title OWNED(buffer_release) = { 0 };
    buffer_append_format(&title, "%zu approval%s%s%s", wanted, wanted == 1 ? "" : "s",
                         *group_name ? " by " : "", group_name);
    TRY(buffer_check(&title, err));
    entry.title = buffer_detach(&title);
    bool met = counted.count >= wanted;
    entry.until = met ? counted.until : 0;
    return add_entry(board, &entry, buffer_text(&names), met ? NULL : text.bytes, err);
}

enum status board_build(struct board *out, const struct board_question *question, struct error *err)
{
    const struct json *policy = question->control->policy;
    struct board board OWNED(board_release) = { 0 };
    for (const struct json *stage = json_first(json_get(policy, "stages")); stage;
         stage = json_next(stage)) {
        for (const struct json *item = json_first(json_get(policy, "items")); item;
             item = json_next(item)) {
            bool is_here =
                strcmp(json_get_string(item, "stage", ""), json_get_string(stage, "id", "")) == 0;
            if (is_here && applies(item, question->manifest))
                TRY(add_item(&board, question, item, err));
        }
    }
    for (const struct json *rule = json_first(json_get(policy, "approvals")); rule;
         rule = json_next(rule))
        if (applies(rule, question->manifest))
            TRY(add_approval(&board, question, rule, err));
    *out = board;
    board = (struct board) { 0 };
    return STATUS_OK;
}
