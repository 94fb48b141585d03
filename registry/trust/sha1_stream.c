// A running SHA-1, by libcrypto.
#include "trust/sha1_stream.h"

#include <stdbool.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/memory.h"

// `sha1` is fetched once: a fetch costs several times the hash of a small object.
struct sha1_stream {
    struct hash_stream stream; // first member: callers hand it back
    EVP_MD *sha1;
    EVP_MD_CTX *context;
    bool failed; // some step since the last finish
};

static enum status fail_sha1(struct error *err)
{
    ERR_clear_error();
    error_set(err, STATUS_IO, "sha1_missing", "libcrypto cannot compute SHA-1");
    return error_hint(err, "check openssl.cnf: the default (or FIPS) provider must be loaded");
}

static void stream_update(struct hash_stream *stream, const void *bytes, size_t length)
{
    struct sha1_stream *self = (struct sha1_stream *)stream;
    self->failed = self->failed || EVP_DigestUpdate(self->context, bytes, length) != 1;
}

static enum status stream_finish(struct hash_stream *stream, uint8_t out[HASH_STREAM_MAX_BYTES],
                                 struct error *err)
{
    struct sha1_stream *self = (struct sha1_stream *)stream;
    uint8_t sum[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    bool failed = self->failed || EVP_DigestFinal_ex(self->context, sum, &length) != 1;
    // Begins the next one here, so that update needs no state of its own.
    self->failed = EVP_DigestInit_ex2(self->context, self->sha1, NULL) != 1;
    if (failed)
        return fail_sha1(err);
    __builtin_memcpy(out, sum, length);
    return STATUS_OK;
}

static void stream_free(struct hash_stream *stream)
{
    struct sha1_stream *self = (struct sha1_stream *)stream;
    EVP_MD_CTX_free(self->context);
    EVP_MD_free(self->sha1);
    free(self);
}

static void release_stream(struct sha1_stream **self)
{
    if (*self)
        stream_free(&(*self)->stream);
}

enum status sha1_stream_new(struct hash_stream **out, struct error *err)
{
    struct sha1_stream *self OWNED(release_stream) = NULL;
    TRY(memory_new(&self, 1, sizeof(*self), err));
    self->stream = (struct hash_stream) { stream_update, stream_finish, stream_free };
    self->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    self->context = EVP_MD_CTX_new();
    if (!self->context)
        return error_no_memory(err);
    if (!self->sha1 || EVP_DigestInit_ex2(self->context, self->sha1, NULL) != 1)
        return fail_sha1(err);
    *out = &MOVE(self)->stream;
    return STATUS_OK;
}
