// One artifact in one state of live: which of its releases callers get, by name and by version.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "snapshot/snapshot_release.h"

// Immutable once it stands in a state, one allocation; free() lets it go. The releases are
// borrowed: they outlive every entry that names them (snapshot/reload.c sees to it).
struct entry {
    struct snapshot_release **releases; // by version, ascending
    size_t release_count;
    const char *item; // its item in the answer of /v1/live; "" when nothing is live
    size_t item_bytes;
    int64_t emergency_until; // of a live emergency release (release/emergency.h); 0: none
    bool has_uses;           // what is live uses other artifacts

    // What each look-up reads, next to each other.
    enum artifact_kind kind;
    uint64_t hash;
    struct snapshot_release *live; // NULL: nothing under the bare name
    size_t name_bytes;
    const char *name; // the part of `key` behind the kind
    char key[];       // "kind/name"; behind it what `releases` and `item` point to
};

// Spreads names evenly over 64 bits; not meant to withstand an adversary, since every name was
// promoted by an approver.
uint64_t entry_hash(enum artifact_kind kind, const char *name, size_t name_bytes);

// `releases` in any order, one at least; sorts them in place. `live_version` 0, or one that is not
// among them: nothing is live.
enum status entry_new(struct entry **out, const struct artifact_id *id,
                      struct snapshot_release **releases, size_t release_count,
                      uint32_t live_version, struct error *err);

// The release of that version, or NULL; the live one for 0.
struct snapshot_release *entry_find(const struct entry *entry, uint32_t version);

// An artifact before and after; NULL where it does not stand, never both.
struct entry_change {
    struct entry *before;
    struct entry *after;
};
const char *entry_change_key(const struct entry_change *change);
