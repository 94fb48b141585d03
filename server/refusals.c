// Refusals of keys, counted for the audit.
#include "refusals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/audit_refusal.h"

#define ACTOR_BYTES 96
#define REASON_BYTES 160

// What cannot be told apart any more is counted in a row of its reason.
#define ROWS (REFUSALS_MAX_ROWS + REFUSAL_COUNT)

struct row {
    struct refusal_note first; // the first of its sort in this window
    bool is_rest;              // of all that had no row of their own
    bool is_known;             // one entry of this window is durable already
    int64_t count;             // that no entry tells of yet
    int64_t since;             // the first of those, and the last
    int64_t last;
};

// All but the ring is the journal's thread's own.
struct refusals {
    char environment_id[ACCESS_KEY_ENVIRONMENT_BYTES];
    struct ring *ring;
    struct row rows[ROWS];
    size_t count;
    size_t own_count; // rows that are no rest
    int64_t window_began;
    bool is_closing; // the window is over: what is written now ends it
    uint64_t told_dropped;
};

enum status refusals_new(struct refusals **out, const struct environment_identity *identity,
                         struct error *err)
{
    struct refusals *refusals OWNED(refusals_release) = NULL;
    TRY(memory_new(&refusals, 1, sizeof(*refusals), err));
    memcpy(refusals->environment_id, identity->id, sizeof(refusals->environment_id));
    TRY(ring_new(&refusals->ring, REFUSALS_MAX_NOTES, sizeof(struct refusal_note), err));
    *out = MOVE(refusals);
    return STATUS_OK;
}

void refusals_free(struct refusals *refusals)
{
    if (!refusals)
        return;
    ring_free(refusals->ring);
    free(refusals);
}

void refusals_release(struct refusals **refusals)
{
    refusals_free(*refusals);
    *refusals = NULL;
}

struct ring *refusals_ring(struct refusals *refusals)
{
    return refusals->ring;
}

static bool is_same_sort(const struct row *row, const struct refusal_note *note, bool is_rest)
{
    return row->first.reason == note->reason && row->is_rest == is_rest &&
           (is_rest || strcmp(row->first.key, note->key) == 0);
}

static struct row *find_row(struct refusals *refusals, const struct refusal_note *note,
                            bool is_rest)
{
    for (size_t i = 0; i < refusals->count; i++)
        if (is_same_sort(&refusals->rows[i], note, is_rest))
            return &refusals->rows[i];
    return NULL;
}

static struct row *add_row(struct refusals *refusals, const struct refusal_note *note, bool is_rest)
{
    struct row *row = &refusals->rows[refusals->count++];
    *row = (struct row) { .first = *note, .is_rest = is_rest };
    refusals->own_count += !is_rest;
    return row;
}

static void take(void *context, const void *bytes)
{
    struct refusals *refusals = context;
    struct refusal_note note;
    memcpy(&note, bytes, sizeof(note));
    if (note.reason == REFUSAL_MISSING) // no key was refused: none was there
        return;
    if (refusals->count == 0)
        refusals->window_began = note.time;
    struct row *row = find_row(refusals, &note, false);
    if (!row && refusals->own_count < REFUSALS_MAX_ROWS)
        row = add_row(refusals, &note, false);
    if (!row)
        row = find_row(refusals, &note, true);
    if (!row)
        row = add_row(refusals, &note, true);
    if (row->count++ == 0)
        row->since = note.time;
    row->last = note.time;
}

// The first of a sort at once, but not the rest: it is told of when the window ends.
static bool is_row_due(const struct refusals *refusals, const struct row *row)
{
    return row->count > 0 && (refusals->is_closing || (!row->is_known && !row->is_rest));
}

static uint64_t fresh_dropped(const struct refusals *refusals)
{
    return refusals->is_closing ? ring_dropped(refusals->ring) - refusals->told_dropped : 0;
}

static bool is_due(void *context, int64_t now, bool is_last)
{
    struct refusals *refusals = context;
    int64_t age = now - refusals->window_began;
    // A clock that was set back must not keep a window open.
    refusals->is_closing =
        refusals->count > 0 && (is_last || age >= REFUSALS_WINDOW_SECONDS || age < 0);
    for (size_t i = 0; i < refusals->count; i++)
        if (is_row_due(refusals, &refusals->rows[i]))
            return true;
    if (refusals->is_closing && fresh_dropped(refusals) == 0)
        refusals->count = refusals->own_count = 0; // everything is told
    return fresh_dropped(refusals) > 0;
}

static void describe(const struct row *row, char actor[ACTOR_BYTES], char reason[REASON_BYTES])
{
    const struct refusal_note *first = &row->first;
    bool is_known_key = first->reason >= REFUSAL_REVOKED;
    if (row->is_rest)
        snprintf(actor, ACTOR_BYTES, "other keys");
    else if (first->reason == REFUSAL_MALFORMED)
        snprintf(actor, ACTOR_BYTES, "something that is no key");
    else
        snprintf(actor, ACTOR_BYTES, "%skey %s", is_known_key ? "" : "unknown ", first->key);
    snprintf(reason, REASON_BYTES, "asked %s%s%s", authenticator_refusal_words(first->reason),
             first->environment[0] ? ": " : "", first->environment);
}

static enum status write_row(const struct refusals *refusals, const struct row *row,
                             struct ledger *ledger, struct error *err)
{
    char actor[ACTOR_BYTES];
    char reason[REASON_BYTES];
    struct json *artifacts OWNED(json_release) = json_new_array();
    describe(row, actor, reason);
    if (row->first.artifact[0] && !row->is_rest)
        json_append_string(artifacts, row->first.artifact);
    struct audit_refusal entry = {
        .operation = "request",
        .actor = actor,
        .key = row->first.key[0] && !row->is_rest ? row->first.key : NULL,
        .reason = reason,
        .artifacts = artifacts,
        .count = row->count,
        .first = row->since,
        .last = row->last,
    };
    return audit_refusal_append(ledger, refusals->environment_id, &entry, err);
}

static enum status write_dropped(const struct refusals *refusals, uint64_t dropped,
                                 struct ledger *ledger, struct error *err)
{
    char reason[REASON_BYTES];
    snprintf(reason, sizeof(reason), "%llu more, which came too fast to be told apart",
             (unsigned long long)dropped);
    struct audit_refusal entry = {
        .operation = "request", .actor = "other keys", .reason = reason, .count = 1
    };
    return audit_refusal_append(ledger, refusals->environment_id, &entry, err);
}

static enum status write(void *context, struct ledger *ledger, struct error *err)
{
    struct refusals *refusals = context;
    uint64_t dropped = fresh_dropped(refusals);
    for (size_t i = 0; i < refusals->count; i++)
        if (is_row_due(refusals, &refusals->rows[i]))
            TRY(write_row(refusals, &refusals->rows[i], ledger, err));
    if (dropped > 0)
        TRY(write_dropped(refusals, dropped, ledger, err));
    return STATUS_OK;
}

static void written(void *context)
{
    struct refusals *refusals = context;
    if (refusals->is_closing) {
        refusals->told_dropped += fresh_dropped(refusals);
        refusals->count = refusals->own_count = 0;
        return;
    }
    for (size_t i = 0; i < refusals->count; i++) {
        struct row *row = &refusals->rows[i];
        if (!is_row_due(refusals, row))
            continue;
        row->is_known = true;
        row->count = 0;
    }
}

struct journal_sink refusals_sink(struct refusals *refusals)
{
    return (struct journal_sink) { .ring = refusals->ring,
                                   .note_bytes = sizeof(struct refusal_note),
                                   .context = refusals,
                                   .take = take,
                                   .is_due = is_due,
                                   .write = write,
                                   .written = written };
}
