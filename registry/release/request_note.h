// What a request with a key of its own was answered, noted beside the ledger just before its branch
// moves: should the process die between that move and the ledger's commit, whoever comes next puts
// the note into the ledger, and the request asked again is answered as it would have been.
//
// <environment>/request.json: {"format":1,"key","input","answer","expires","moves":[{"ref","to"}]}.
// There is one at most, since there is one writer.
#pragma once

#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"
#include "ledger/request.h"
#include "store/store.h"

struct environment;

#define REQUEST_NOTE_FILE "request.json"

// A longer answer is not noted: after such a death the request is known to be done, and no more.
// Within the note it is a string, which takes twice as much at most: the note stays below
// JSON_MAX_BYTES.
#define REQUEST_NOTE_MAX_ANSWER_BYTES (7U << 20)

// What the ledger has for an answer that nobody knows any more.
#define REQUEST_NOTE_NO_ANSWER "null"

// Durable after STATUS_OK. `moves` are those that the write is about to make.
enum status request_note_write(const struct environment *environment, const struct request_row *row,
                               const struct store_move *moves, size_t count, struct error *err);

// With the lock, in the ledger's transaction, when the index follows git: if the noted branches
// have moved, the request goes into the ledger. *out_is_there: the note can go once that is
// committed. One that is not whole was being written when its writer died, before any branch moved.
// STATUS_DAMAGED when it is whole and nothing that is written here.
enum status request_note_take_up(struct environment *environment, bool *out_is_there,
                                 struct error *err);

void request_note_remove(const struct environment *environment);
