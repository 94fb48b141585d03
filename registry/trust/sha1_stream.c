// A running SHA-1, by libcrypto.
#include "trust/sha1_stream.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "trust/direct_sha.h"

struct sha1_stream {
    struct hash_stream stream; // first member: callers hand it back
    SHA_CTX context;
    bool failed; // some step since the last finish
};

static void stream_update(struct hash_stream *stream, const void *bytes, size_t length)
{
    struct sha1_stream *self = (struct sha1_stream *)stream;
    self->failed = self->failed || SHA1_Update(&self->context, bytes, length) != 1;
}

static enum status stream_finish(struct hash_stream *stream, uint8_t out[HASH_STREAM_MAX_BYTES],
                                 struct error *err)
{
    struct sha1_stream *self = (struct sha1_stream *)stream;
    bool failed = self->failed || SHA1_Final(out, &self->context) != 1;
    // Begins the next one here, so that update needs no state of its own.
    self->failed = SHA1_Init(&self->context) != 1;
    if (failed)
        return error_set(err, STATUS_IO, "sha1_missing", "libcrypto cannot compute SHA-1");
    return STATUS_OK;
}

static void stream_free(struct hash_stream *stream)
{
    free(stream);
}

enum status sha1_stream_new(struct hash_stream **out, struct error *err)
{
    struct sha1_stream *self = NULL;
    TRY(memory_new(&self, 1, sizeof(*self), err));
    self->stream = (struct hash_stream) { stream_update, stream_finish, stream_free };
    self->failed = SHA1_Init(&self->context) != 1;
    *out = &self->stream;
    return STATUS_OK;
}
