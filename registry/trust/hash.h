// SHA-256 and what is made of it: file digests, content digests, random bytes. With the rest of
// trust/, the only door to libcrypto.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "base/error.h"

// One shot, without a lock or an allocation; any thread.
enum status hash_bytes(struct digest *out, const void *bytes, size_t length, struct error *err);

// The whole of a regular file (or memfd), from its beginning. STATUS_IO.
enum status hash_fd(struct digest *out, int fd, const char *label, struct error *err);

// Hashes each file that is not hashed yet, then the content's digest (DESIGN: the sha256sum lines).
enum status hash_content(struct digest *out, struct content *content, struct error *err);

// Random bytes from the system's generator.
enum status hash_random(void *out, size_t length, struct error *err);
