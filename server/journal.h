// Writes what the server saw into the environment's ledger, in a thread of its own: whoever answers
// leaves a note in a ring and goes on. Serving needs no ledger: where it is locked, full, missing
// or not to be written by this user, the notes wait as far as there is room, and are tried again.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ledger/ledger.h"
#include "ring.h"

#define JOURNAL_INTERVAL_MS 1000 // from a note to its row, and from one attempt to the next
#define JOURNAL_PATIENCE_MS 1000 // how long one attempt waits for another process's write
#define JOURNAL_MAX_SINKS 4
#define JOURNAL_MAX_NOTE_BYTES 1024

// One sort of notes, and what becomes of them. All functions are called in the journal's thread.
struct journal_sink {
    struct ring *ring; // borrowed
    size_t note_bytes; // of one note, at most JOURNAL_MAX_NOTE_BYTES
    void *context;
    void (*take)(void *context, const void *note);
    // Whether something is to be written now. `is_last`: the server ends.
    bool (*is_due)(void *context, int64_t now, bool is_last);
    // Appends the rows, within a transaction that others share.
    enum status (*write)(void *context, struct ledger *ledger, struct error *err);
    void (*written)(void *context); // the transaction was committed: the rows are durable
};

struct journal;
struct log;

// Sinks are copied. The environment's ledger is opened anew for each write, so that one that was
// replaced is noticed, and never made.
enum status journal_start(struct journal **out, const char *environment_path,
                          const struct journal_sink *sinks, size_t count, struct log *log,
                          struct error *err);

// Whether notes wait that could not be written. Any thread.
bool journal_is_behind(const struct journal *journal);

// Writes what is left, if the ledger lets it within JOURNAL_PATIENCE_MS, and ends the thread.
void journal_free(struct journal *journal);
void journal_release(struct journal **journal);
