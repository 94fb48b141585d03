// The owner of the current state: one writer replaces it as a whole, any number of readers use it
// without a lock.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "release/environment.h"
#include "snapshot/emergencies.h"
#include "snapshot/snapshot.h"
#include "snapshot/unmet.h"

struct holder;

#define HOLDER_MAX_READERS 256   // threads of a server; far more than a machine's processors use
#define HOLDER_MAX_STATES 1000U  // each keeps what it does not share, and a list of all the others
#define HOLDER_DEFAULT_STATES 32 // a call lasts minutes; few promotions fall into one

struct holder_plan {
    unsigned readers;                 // threads that will read: each has its own number from 0 on
    unsigned states;                  // of live, the newest among them; 0: HOLDER_DEFAULT_STATES
    const struct snapshot_face *face; // copied; prepares each release; NULL: none
};

// Opens the environment's store for reading only (never its ledger) and loads the states of live,
// the earlier ones as far as they still verify. STATUS_NOT_FOUND when there is no environment,
// STATUS_DAMAGED when what is live does not verify.
enum status holder_open(struct holder **out, const char *environment_path,
                        const struct holder_plan *plan, struct error *err);

// After the last reader has left.
void holder_free(struct holder *holder);
void holder_release(struct holder **holder); // for OWNED

const struct environment_identity *holder_identity(const struct holder *holder); // borrowed

// Where git notes that a branch has moved: "<environment>/store.git". Borrowed.
const char *holder_store_path(const struct holder *holder);

// Where files made of releases may be kept: "<environment>/cache". Borrowed.
const char *holder_cache_path(const struct holder *holder);

// Of the current state; only for the writer's thread. Borrowed until its next reload.
const char *holder_commit(const struct holder *holder);
size_t holder_count(const struct holder *holder);
struct emergencies holder_emergencies(const struct holder *holder, int64_t now);
void holder_unmet(const struct holder *holder, struct unmet *unmet); // unmet_look

// Lock-free. A reader enters, uses what it finds, and leaves; it must not enter twice. What it
// wants to use for longer it holds (snapshot_release_hold).
struct snapshot *holder_enter(struct holder *holder, unsigned reader);
void holder_leave(struct holder *holder, unsigned reader);

// One thread only. Looks whether live or control moved; if so loads what changed, verifies it and
// swaps. What does not verify is not taken, but for the rights that it takes away: the last
// verified state goes on being served without those, the status says why, and the next call tries
// again. Also frees what readers have left since. *out_changed may be NULL.
enum status holder_reload(struct holder *holder, bool *out_changed, struct error *err);

// The same thread. Whether the packs that the state was loaded from are still what they were: what
// is served is in memory, but a restart, or the next promotion, would need them. As pack_watch_look
// (store/pack_watch.h).
enum status holder_check_packs(struct holder *holder, struct error *err);
