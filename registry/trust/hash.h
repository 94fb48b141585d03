// SHA-256 and what is made of it: file digests, content digests, random bytes. With the rest of
// trust/, the only door to libcrypto.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "base/error.h"

// One shot; cannot fail once libcrypto has SHA-256 (checked at first use, STATUS_IO otherwise).
enum status hash_bytes(struct digest *out, const void *bytes, size_t length, struct error *err);

// A fetched context that is used again and again (a fetch per hash costs five times the hash of a
// key). One thread at a time.
struct hasher;
enum status hasher_new(struct hasher **out, struct error *err);
void hasher_free(struct hasher *hasher);
void hasher_release(struct hasher **hasher); // for OWNED
enum status hasher_digest(struct hasher *hasher, struct digest *out, const void *bytes,
                          size_t length, struct error *err);

// The whole of a regular file (or memfd), from its beginning. STATUS_IO.
enum status hash_fd(struct digest *out, int fd, const char *label, struct error *err);

// Hashes each file that is not hashed yet, then the content's digest (DESIGN: the sha256sum lines).
enum status hash_content(struct digest *out, struct content *content, struct error *err);

// Random bytes from the system's generator.
enum status hash_random(void *out, size_t length, struct error *err);
