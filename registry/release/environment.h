// One environment: its folder, its git store and its ledger, opened together, and the frame that
// every write runs in.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/json.h"
#include "base/error.h"
#include "base/file.h"
#include "ledger/ledger.h"
#include "ledger/request.h"
#include "store/store.h"
#include "trust/access_key.h"

enum environment_class { ENVIRONMENT_SANDBOX = 1 << 0, ENVIRONMENT_LIVE = 1 << 1 };

const char *environment_class_word(enum environment_class environment_class);
enum status environment_class_parse(enum environment_class *out, const char *word,
                                    struct error *err);

// environment.json. A file without a class, or with one that is not known, means a live
// environment.
struct environment_identity {
    char id[ACCESS_KEY_ENVIRONMENT_BYTES];
    char name[64];
    enum environment_class environment_class;
};

// Reads <path>/environment.json. STATUS_NOT_FOUND when `path` is no environment.
enum status environment_identify(struct environment_identity *out, const char *path,
                                 struct error *err);

struct environment {
    char *path;
    const char *label; // what messages call it: its path, unless whoever opened it knows better
    struct environment_identity identity;
    struct store *store;
    struct ledger *ledger;
    struct file_lock lock;       // held between begin and finish
    struct request_row *request; // of the write, noted before its branches move; borrowed, or NULL
};

// Makes a new environment at `path`, which must not exist or be an empty folder: whole, or not at
// all. `policy` is a valid policy's text. One commit on `control` by `actor`.
struct environment_plan {
    const char *name; // NULL: the folder's name
    enum environment_class environment_class;
    const char *policy;
    const char *actor;
};
enum status environment_create(const char *path, const struct environment_plan *plan,
                               struct error *err);

// Opens the parts without looking whether the index follows git (environment_create, reindex).
enum status environment_open_parts(struct environment **out, const char *path, struct error *err);

// Opens for reading and writing; the index is brought up to what git says first.
enum status environment_open(struct environment **out, const char *path, struct error *err);
void environment_free(struct environment *environment);
void environment_release(struct environment **environment); // for OWNED

// The frame of a write: lock, leftovers of killed writers removed, ledger transaction opened (so
// that a full or locked ledger refuses before git is touched), index brought up to git.
#define ENVIRONMENT_LOCK_MS 60000 // a knowledge base of gigabytes may hold the lock for long
enum status environment_begin(struct environment *environment, struct error *err);

// Makes the moves of refs that the store holds, with the environment's request noted before them;
// commits the ledger, tidies the store, and lets the lock go. After STATUS_OK the write is durable.
enum status environment_finish(struct environment *environment, struct error *err);

// Gives up: rolls the ledger back and lets the lock go. Nothing to do outside a frame.
void environment_abandon(struct environment *environment);
