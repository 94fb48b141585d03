// Receipts of calls.
#include "receipts.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "ledger/receipt.h"

// All but the ring and the count is the journal's thread's own.
struct receipts {
    struct ring *ring;
    _Atomic uint64_t dropped; // from the batch; the ring counts its own
    size_t count;
    struct receipt_note batch[RECEIPTS_MAX_BATCH];
};

enum status receipts_new(struct receipts **out, struct error *err)
{
    struct receipts *receipts OWNED(receipts_release) = NULL;
    TRY(memory_new(&receipts, 1, sizeof(*receipts), err));
    TRY(ring_new(&receipts->ring, RECEIPTS_MAX_NOTES, sizeof(struct receipt_note), err));
    *out = MOVE(receipts);
    return STATUS_OK;
}

void receipts_free(struct receipts *receipts)
{
    if (!receipts)
        return;
    ring_free(receipts->ring);
    free(receipts);
}

void receipts_release(struct receipts **receipts)
{
    receipts_free(*receipts);
    *receipts = NULL;
}

struct ring *receipts_ring(struct receipts *receipts)
{
    return receipts->ring;
}

uint64_t receipts_dropped(const struct receipts *receipts)
{
    return ring_dropped(receipts->ring) + atomic_load(&receipts->dropped);
}

static void take(void *context, const void *note)
{
    struct receipts *receipts = context;
    if (receipts->count < RECEIPTS_MAX_BATCH)
        receipts->batch[receipts->count++] = *(const struct receipt_note *)note;
    else
        atomic_fetch_add_explicit(&receipts->dropped, 1, memory_order_relaxed);
}

static bool is_due(void *context, int64_t now, bool is_last)
{
    const struct receipts *receipts = context;
    (void)now, (void)is_last;
    return receipts->count > 0;
}

static enum status append(struct ledger *ledger, const struct receipt_note *note, struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    id_format_bare(&note->id, artifact);
    const struct receipt receipt = { .call = note->call,
                                     .artifact = artifact,
                                     .version = note->id.version,
                                     .digest = note->digest,
                                     .key = note->key,
                                     .time = note->time };
    return receipt_append(ledger, &receipt, err);
}

static enum status write(void *context, struct ledger *ledger, struct error *err)
{
    const struct receipts *receipts = context;
    TRY(receipt_begin(ledger, err));
    for (size_t i = 0; i < receipts->count; i++)
        TRY(append(ledger, &receipts->batch[i], err));
    return receipt_trim(ledger, RECEIPT_MAX_ROWS, err);
}

static void written(void *context)
{
    struct receipts *receipts = context;
    receipts->count = 0;
}

struct journal_sink receipts_sink(struct receipts *receipts)
{
    return (struct journal_sink) { .ring = receipts->ring,
                                   .note_bytes = sizeof(struct receipt_note),
                                   .context = receipts,
                                   .take = take,
                                   .is_due = is_due,
                                   .write = write,
                                   .written = written };
}
