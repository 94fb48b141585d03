// SHA-256 and what is made of it.
#include "trust/hash.h"

#include <stdlib.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/memory.h"

#define GETENTROPY_MAX_BYTES 256 // at a time; fewer never come short

struct hasher {
    EVP_MD *sha256;
    EVP_MD_CTX *context;
};

static enum status missing_sha256(struct error *err)
{
    ERR_clear_error();
    error_set(err, STATUS_IO, "sha256_missing", "libcrypto cannot compute SHA-256");
    return error_hint(err, "check openssl.cnf: the default (or FIPS) provider must be loaded");
}

enum status hash_bytes(struct digest *out, const void *bytes, size_t length, struct error *err)
{
    struct digest digest;
    if (!EVP_Q_digest(NULL, "SHA256", NULL, bytes, length, digest.bytes, NULL))
        return missing_sha256(err);
    *out = digest;
    return STATUS_OK;
}

enum status hasher_new(struct hasher **out, struct error *err)
{
    struct hasher *hasher OWNED(hasher_release) = NULL;
    TRY(memory_new(&hasher, 1, sizeof(*hasher), err));
    hasher->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!hasher->sha256)
        return missing_sha256(err);
    hasher->context = EVP_MD_CTX_new();
    if (!hasher->context)
        return error_no_memory(err);
    *out = MOVE(hasher);
    return STATUS_OK;
}

void hasher_free(struct hasher *hasher)
{
    if (!hasher)
        return;
    EVP_MD_CTX_free(hasher->context);
    EVP_MD_free(hasher->sha256);
    free(hasher);
}

void hasher_release(struct hasher **hasher)
{
    hasher_free(*hasher);
    *hasher = NULL;
}

enum status hasher_digest(struct hasher *hasher, struct digest *out, const void *bytes,
                          size_t length, struct error *err)
{
    struct digest digest;
    if (!EVP_DigestInit_ex2(hasher->context, hasher->sha256, NULL) ||
        !EVP_DigestUpdate(hasher->context, bytes, length) ||
        !EVP_DigestFinal_ex(hasher->context, digest.bytes, NULL))
        return missing_sha256(err);
    *out = digest;
    return STATUS_OK;
}

static enum status hash_file(struct hasher *hasher, struct content_file *file, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    TRY(hasher_digest(hasher, &file->sha256, view.bytes, view.size_bytes, err));
    file->hashed = true;
    return STATUS_OK;
}

enum status hash_content(struct digest *out, struct content *content, struct error *err)
{
    struct hasher *hasher OWNED(hasher_release) = NULL;
    TRY(hasher_new(&hasher, err));
    for (size_t i = 0; i < content->count; i++)
        if (!content->files[i].hashed)
            TRY(hash_file(hasher, &content->files[i], err));
    struct buffer lines OWNED(buffer_release) = { 0 };
    content_append_digest_lines(content, &lines);
    TRY(buffer_check(&lines, err));
    return hasher_digest(hasher, out, buffer_text(&lines), lines.length, err);
}

enum status hash_random(void *out, size_t length, struct error *err)
{
    unsigned char *at = out;
    while (length > 0) {
        size_t chunk = length < GETENTROPY_MAX_BYTES ? length : GETENTROPY_MAX_BYTES;
        if (getentropy(at, chunk) != 0)
            return error_errno(err, "cannot read", "the system's random generator");
        at += chunk;
        length -= chunk;
    }
    return STATUS_OK;
}
