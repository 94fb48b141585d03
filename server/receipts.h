// Receipts of calls: a request with ?call=ID leaves a note of what it was given; the journal writes
// the notes into the ledger. What finds no room is dropped and counted: serving never waits.
#pragma once

#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "base/error.h"
#include "journal.h"
#include "release/control_key.h"

#define RECEIPTS_CALL_BYTES 65   // a caller's id for a call, and the NUL; a UUID has 36
#define RECEIPTS_MAX_NOTES 4096U // between two looks of the journal, a power of two
#define RECEIPTS_MAX_BATCH 8192U // that wait for the ledger

// What a worker leaves in the ring.
struct receipt_note {
    char call[RECEIPTS_CALL_BYTES];
    char key[CONTROL_KEY_ID_BYTES];
    struct artifact_id id; // with its version
    struct digest digest;
    int64_t time;
};

struct receipts;

enum status receipts_new(struct receipts **out, struct error *err);
void receipts_free(struct receipts *receipts);
void receipts_release(struct receipts **receipts); // for OWNED

struct ring *receipts_ring(struct receipts *receipts); // where workers put their notes
struct journal_sink receipts_sink(struct receipts *receipts);

// How many found no room. Any thread.
uint64_t receipts_dropped(const struct receipts *receipts);
