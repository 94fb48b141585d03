// Who may sign: OpenSSH's allowed_signers format, so that `git verify-tag` and `ssh-keygen -Y
// verify` read the very same file. Source: ssh-keygen(1) "ALLOWED SIGNERS".
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "trust/ssh_key.h"

#define ALLOWED_SIGNERS_MAX_BYTES (1U << 20)
#define ALLOWED_SIGNERS_MAX_NAME_BYTES 255

// One line: a principal, its key, and when it was valid. A removed approver keeps its line with
// valid-before, so that what was signed earlier still verifies, and nothing newer does.
struct allowed_signer {
    char *name; // principal: see allowed_signers_check_name
    struct ssh_key *key;
    char *namespaces;     // the namespaces option's pattern list as written; NULL: no option
    int64_t valid_after;  // seconds; INT64_MIN: always
    int64_t valid_before; // seconds; INT64_MAX: never ends
    bool git_namespace;   // whether its namespaces option (or lack of one) admits "git"
};

// Starts as {0}.
struct allowed_signers {
    struct allowed_signer *items;
    size_t count;
    size_t capacity;
};
void allowed_signers_release_line(struct allowed_signer *signer); // leaves it empty
void allowed_signers_release(struct allowed_signers *signers);

// Parses a whole file; comments and empty lines are skipped. Options understood: namespaces=,
// valid-after=, valid-before= (YYYYMMDD[HHMM[SS]][Z]; without Z taken as UTC, since that is what
// this program writes); cert-authority and unknown options are refused, and so are several names
// on one line, and one key under two names. STATUS_INVALID names the line.
enum status allowed_signers_parse(struct allowed_signers *out, const char *text, size_t length,
                                  struct error *err);

// Prints lines as parsed, e.g.
//   lead@example.com namespaces="git",valid-before="20261123103000Z" ssh-ed25519 AAAA…
enum status allowed_signers_print(struct buffer *out, const struct allowed_signers *signers,
                                  struct error *err);

// Whether a name may stand as a principal: 1 to 255 printable ASCII characters without space,
// comma, double quote, '*' or '?', not starting with '#' or '!' (a comment and a negation to
// OpenSSH). STATUS_INVALID with the reason.
enum status allowed_signers_check_name(const char *name, struct error *err);

// Adds a signer for the namespace "git", valid from now on (what it signed earlier does not count);
// a key that was removed begins anew, no earlier than its removal took effect.
// STATUS_CONFLICT when that name is still valid, or that key stands under any other name (one key
// is one person). STATUS_INVALID for a bad name.
enum status allowed_signers_add(struct allowed_signers *signers, const char *name,
                                const struct ssh_key *key, struct error *err);

// Ends a name's validity at `now`; STATUS_NOT_FOUND when no valid line has that name. A line that
// would not have been valid for one second is dropped: OpenSSH refuses to read one.
enum status allowed_signers_end(struct allowed_signers *signers, const char *name, int64_t now,
                                struct error *err);

// The line that `key` signs under in the namespace "git" at `time` (valid_after <= time <
// valid_before; OpenSSH counts the second of valid-before in), or NULL. Borrowed.
const struct allowed_signer *allowed_signers_find(const struct allowed_signers *signers,
                                                  const struct ssh_key *key, int64_t time);
