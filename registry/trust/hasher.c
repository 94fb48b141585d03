// A SHA-256 context that is fetched once and used again and again.
#include "trust/hash.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/memory.h"

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
