// The bearer keys of authors, runtimes and operators: gr_live_… and gr_sandbox_…
#pragma once

#include <stdbool.h>

#include "artifact/digest.h"
#include "base/error.h"

// gr_<class>_<environment id>_<secret><checksum>: the environment's id (12 characters of
// [0-9a-z]), the secret 43 characters of base62 that hold 256 random bits, the checksum 6 base62
// characters of the SHA-256 of what stands before it, so that a mistyped or foreign key is told
// from an unknown one without a look-up, and secret scanners can find keys without false alarms.
#define ACCESS_KEY_ENVIRONMENT_BYTES 13 // id and its NUL
#define ACCESS_KEY_BYTES 96             // text and its NUL

enum access_key_class { ACCESS_KEY_LIVE, ACCESS_KEY_SANDBOX };

// Makes a fresh key for an environment; *out_digest is what is stored of it.
enum status access_key_make(char out[ACCESS_KEY_BYTES], struct digest *out_digest,
                            enum access_key_class key_class, const char *environment_id,
                            struct error *err);

// What a key's own text says. STATUS_UNAUTHENTICATED when it is not well-formed or its checksum is
// wrong; never tells which.
struct access_key_parts {
    enum access_key_class key_class;
    char environment_id[ACCESS_KEY_ENVIRONMENT_BYTES];
};
enum status access_key_parse(struct access_key_parts *out, const char *text, size_t length,
                             struct error *err);

// Fresh random id of an environment: 12 characters of [0-9a-z].
enum status access_key_make_environment_id(char out[ACCESS_KEY_ENVIRONMENT_BYTES],
                                           struct error *err);

// Compares without telling by time where two digests differ.
bool access_key_digest_equal(const struct digest *a, const struct digest *b);
