// The blob of an SSH public key, opened for verifying: every field checked, the key in libcrypto's
// hands. Inside trust/ only. Sources: RFC 4253 section 6.6 (RSA), RFC 5656 section 3.1 (ECDSA),
// RFC 8709 section 4 (Ed25519), OpenSSH PROTOCOL.u2f (sk-).
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "trust/crypto_library.h"
#include "trust/ssh_wire.h"

#define SSH_RSA_MIN_BITS 2048             // below, NIST SP 800-131A calls a signature broken
#define SSH_RSA_MAX_BITS 16384            // what libcrypto verifies with, and OpenSSH makes
#define SSH_RSA_MAX_EXPONENT_BYTES 8      // libcrypto's own limit for large keys; bounds the work
#define SSH_ECDSA_MAX_FIELD_BYTES 66      // nistp521
#define SSH_KEY_MAX_APPLICATION_BYTES 255 // "ssh:" and a label, as a rule

enum ssh_key_family { SSH_KEY_ED25519, SSH_KEY_ECDSA, SSH_KEY_RSA };

struct ssh_key_type {
    const char *name; // in the key's line and in its blob
    enum ssh_key_family family;
    bool security_key;  // signs application, flags and counter too
    const char *curve;  // ECDSA: SSH's name, in the blob
    const char *group;  // ECDSA: libcrypto's name
    size_t field_bytes; // ECDSA: of one coordinate
};

// Starts as {0}. `application` is borrowed from the blob.
struct ssh_public_key {
    const struct ssh_key_type *type;
    struct crypto_library crypto; // what made `pkey`, and verifies with it
    EVP_PKEY *pkey;
    struct ssh_span application;
};

// The type of that name; STATUS_INVALID (code "ssh_key_invalid") with the reason when there is none
// that this program verifies with.
enum status ssh_public_key_find_type(const struct ssh_key_type **out, struct ssh_span name,
                                     struct error *err);

// STATUS_INVALID (code "ssh_key_invalid") names what is wrong with the blob.
enum status ssh_public_key_load(struct ssh_public_key *out, struct ssh_span blob,
                                struct error *err);
void ssh_public_key_release(struct ssh_public_key *key);
