// The owner of the current state: one writer replaces it as a whole, any number of readers use it
// without a lock.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "release/environment.h"
#include "snapshot/snapshot.h"

struct holder;

#define HOLDER_MAX_READERS 256 // threads of a server; far more than a machine's processors use

// Opens the environment's store for reading only (never its ledger) and loads the first state.
// `readers` is how many threads will read; each has its own number from 0 on. `face` (copied; NULL:
// none) prepares each release. STATUS_NOT_FOUND when there is no environment, STATUS_DAMAGED when
// what is live does not verify.
enum status holder_open(struct holder **out, const char *environment_path, unsigned readers,
                        const struct snapshot_face *face, struct error *err);

// After the last reader has left.
void holder_free(struct holder *holder);
void holder_release(struct holder **holder); // for OWNED

const struct environment_identity *holder_identity(const struct holder *holder); // borrowed

// Where git notes that a branch has moved: "<environment>/store.git". Borrowed.
const char *holder_store_path(const struct holder *holder);

// Of the current state; only for the writer's thread. Borrowed until its next reload.
const char *holder_commit(const struct holder *holder);
size_t holder_count(const struct holder *holder);

// Lock-free. A reader enters, uses what it finds, and leaves; it must not enter twice. What it
// wants to use for longer it holds (snapshot_release_hold).
struct snapshot *holder_enter(struct holder *holder, unsigned reader);
void holder_leave(struct holder *holder, unsigned reader);

// One thread only. Looks whether live or control moved; if so loads what changed, verifies it and
// swaps. What does not verify is not taken: the last verified state goes on being served, the
// status says why, and the next call tries again. Also frees what readers have left since.
// *out_changed may be NULL.
enum status holder_reload(struct holder *holder, bool *out_changed, struct error *err);
