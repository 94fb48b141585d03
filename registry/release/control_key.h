// A bearer key as the branch `control` keeps it: keys/<id>.json. The key itself is nowhere, only
// its SHA-256.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"

// Roles, as bits, so that an operation's or a route's row can name several.
enum control_role {
    ROLE_RUNTIME = 1 << 0,  // fetches what is live
    ROLE_AUTHOR = 1 << 1,   // publishes drafts
    ROLE_APPROVER = 1 << 2, // promotes and rolls back
    ROLE_OPERATOR = 1 << 3, // keys, approvers, policy
    ROLE_AUDITOR = 1 << 4,  // reads everything, changes nothing
};
#define ROLE_ANY (ROLE_RUNTIME | ROLE_AUTHOR | ROLE_APPROVER | ROLE_OPERATOR | ROLE_AUDITOR)

const char *control_key_role_word(enum control_role role);
enum status control_key_role_parse(enum control_role *out, const char *word, struct error *err);

#define CONTROL_KEY_ID_BYTES 13 // 12 characters of [0-9a-z] and the NUL
#define CONTROL_KEY_MAX_SCOPES 64

// Starts as {0}.
struct control_key {
    char id[CONTROL_KEY_ID_BYTES];
    struct digest digest;
    enum control_role role;
    char *owner;
    char **scopes; // globs over "kind/name"; none: everything
    size_t scope_count;
    size_t scope_capacity;
    int64_t created;
    int64_t expires; // INT64_MAX: never (not in a live environment)
    int64_t revoked; // INT64_MAX: not
};
void control_key_release(struct control_key *key);

enum status control_key_add_scope(struct control_key *key, const char *scope, struct error *err);

// Reads keys/<id>.json; STATUS_DAMAGED with the member that is wrong.
enum status control_key_read(struct control_key *out, const struct json *document,
                             struct error *err);

// The document of keys/<id>.json; NULL when memory ran out. The caller frees it.
struct json *control_key_document(const struct control_key *key);

// Whether a key is of use at `now`: not revoked, not expired.
bool control_key_is_valid(const struct control_key *key, int64_t now);

// What a key may is judged here, for every way in: by its role, which is to be among `roles`, and
// by its scopes, which are to hold the artifact (without scopes: all of them).
bool control_key_role_may(unsigned role, unsigned allowed);
bool control_key_covers_all(const struct control_key *key);
bool control_key_covers(const struct control_key *key, const struct artifact_id *id);
bool control_key_covers_name(const struct control_key *key, const char *name); // "kind/name"
