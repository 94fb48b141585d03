// Builds SSH keys and signatures field by field, so that tests can say what ssh-keygen never would.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "trust/base64.h"
#include "trust/ssh_wire.h"

#define FORGE __attribute__((unused)) static

FORGE void forge_pkey_release(EVP_PKEY **pkey)
{
    EVP_PKEY_free(*pkey);
}

FORGE void forge_text(struct buffer *out, const char *text)
{
    ssh_wire_append_string(out, text, strlen(text));
}

FORGE void forge_buffer(struct buffer *out, const struct buffer *bytes)
{
    ssh_wire_append_string(out, buffer_text(bytes), bytes->length);
}

FORGE struct ssh_span forge_span(const struct buffer *bytes)
{
    return (struct ssh_span) { (const uint8_t *)buffer_text(bytes), bytes->length };
}

FORGE void forge_number(struct buffer *out, uint32_t number)
{
    const uint8_t bytes[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                               (uint8_t)(number >> 8), (uint8_t)number };
    buffer_append(out, bytes, sizeof(bytes));
}

FORGE void forge_mpint(struct buffer *out, const BIGNUM *number)
{
    uint8_t bytes[4096] = { 0 };
    int length = BN_bn2bin(number, bytes + 1);
    bool sign = bytes[1] & 0x80;
    ssh_wire_append_string(out, bytes + !sign, (size_t)length + sign);
}

// "ED25519", or an EC group's name, or "RSA" of 2048 bits.
FORGE EVP_PKEY *forge_pkey(const char *what)
{
    EVP_PKEY *pkey = NULL;
    if (strcmp(what, "ED25519") == 0)
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, what);
    else if (strcmp(what, "RSA") == 0)
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, what, (size_t)2048);
    else
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", what);
    assert_non_null(pkey);
    return pkey;
}

FORGE void forge_point(struct buffer *out, EVP_PKEY *pkey)
{
    uint8_t point[256];
    size_t length = 0;
    int done = EVP_PKEY_is_a(pkey, "ED25519")
                   ? (length = sizeof(point), EVP_PKEY_get_raw_public_key(pkey, point, &length))
                   : EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point,
                                                     sizeof(point), &length);
    assert_int_equal(done, 1);
    ssh_wire_append_string(out, point, length);
}

// The blob of a key. `curve` NULL for Ed25519; `application` NULL unless a security key.
FORGE void forge_key_blob(struct buffer *out, EVP_PKEY *pkey, const char *type, const char *curve,
                          const char *application)
{
    forge_text(out, type);
    if (curve)
        forge_text(out, curve);
    forge_point(out, pkey);
    if (application)
        forge_text(out, application);
}

FORGE void forge_rsa_blob(struct buffer *out, EVP_PKEY *pkey)
{
    BIGNUM *n = NULL;
    BIGNUM *e = NULL;
    int done = EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) &&
               EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e);
    assert_int_equal(done, 1);
    forge_text(out, "ssh-rsa");
    forge_mpint(out, e);
    forge_mpint(out, n);
    BN_free(n);
    BN_free(e);
}

FORGE void forge_key_line(struct buffer *out, const char *type, const struct buffer *blob)
{
    buffer_append_format(out, "%s ", type);
    base64_append(out, buffer_text(blob), blob->length);
}

// libcrypto's own signature over `data`.
FORGE void forge_sign(struct buffer *out, EVP_PKEY *pkey, const char *digest,
                      const struct buffer *data)
{
    uint8_t bytes[1024];
    size_t length = sizeof(bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int done = EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, pkey, NULL) == 1 &&
               EVP_DigestSign(context, bytes, &length, (const uint8_t *)buffer_text(data),
                              data->length) == 1;
    assert_int_equal(done, 1);
    EVP_MD_CTX_free(context);
    buffer_append(out, bytes, length);
}

// The same in SSH's form: (mpint r, mpint s) for ECDSA, as it is for the others.
FORGE void forge_ssh_sign(struct buffer *out, EVP_PKEY *pkey, const char *digest,
                          const struct buffer *data)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    forge_sign(&bytes, pkey, digest, data);
    if (!EVP_PKEY_is_a(pkey, "EC")) {
        buffer_append(out, bytes.bytes, bytes.length);
        return;
    }
    const uint8_t *at = (const uint8_t *)bytes.bytes;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)bytes.length);
    assert_non_null(signature);
    forge_mpint(out, ECDSA_SIG_get0_r(signature));
    forge_mpint(out, ECDSA_SIG_get0_s(signature));
    ECDSA_SIG_free(signature);
}

// A raw signature: string format, string bytes.
FORGE void forge_raw(struct buffer *out, EVP_PKEY *pkey, const char *format, const char *digest,
                     const struct buffer *data)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    forge_ssh_sign(&bytes, pkey, digest, data);
    forge_text(out, format);
    forge_buffer(out, &bytes);
}

// A raw signature as a security key makes it (PROTOCOL.u2f).
FORGE void forge_raw_by_security_key(struct buffer *out, EVP_PKEY *pkey, const char *format,
                                     const char *digest, const char *application, uint8_t flags,
                                     uint32_t counter, const struct buffer *data)
{
    struct buffer answer OWNED(buffer_release) = { 0 };
    uint8_t hash[32];
    EVP_Q_digest(NULL, "SHA256", NULL, application, strlen(application), hash, NULL);
    buffer_append(&answer, hash, sizeof(hash));
    buffer_append_byte(&answer, (char)flags);
    forge_number(&answer, counter);
    EVP_Q_digest(NULL, "SHA256", NULL, buffer_text(data), data->length, hash, NULL);
    buffer_append(&answer, hash, sizeof(hash));
    forge_raw(out, pkey, format, digest, &answer);
    buffer_append_byte(out, (char)flags);
    forge_number(out, counter);
}

// What SSHSIG has signed: the message hashed by `hash` ("sha512", "sha256", …).
FORGE void forge_signed_data(struct buffer *out, const char *name_space, const char *hash,
                             const char *message)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t length = 0;
    int done = EVP_Q_digest(NULL, hash, NULL, message, strlen(message), digest, &length);
    assert_int_equal(done, 1);
    buffer_append_text(out, "SSHSIG");
    forge_text(out, name_space);
    forge_text(out, "");
    forge_text(out, hash);
    ssh_wire_append_string(out, digest, length);
}

// The outer blob of an SSHSIG signature; whoever wants it wrong changes a field.
struct forge_outer {
    const char *magic;
    uint32_t version;
    const struct buffer *key;
    const char *name_space;
    const char *reserved;
    const char *hash;
    const struct buffer *raw;
    const char *trailing;
};

FORGE void forge_outer_blob(struct buffer *out, const struct forge_outer *outer)
{
    buffer_append_text(out, outer->magic);
    forge_number(out, outer->version);
    forge_buffer(out, outer->key);
    forge_text(out, outer->name_space);
    forge_text(out, outer->reserved);
    forge_text(out, outer->hash);
    forge_buffer(out, outer->raw);
    buffer_append_text(out, outer->trailing);
}

FORGE void forge_armour(struct buffer *out, const struct buffer *blob)
{
    struct buffer base64 OWNED(buffer_release) = { 0 };
    base64_append(&base64, buffer_text(blob), blob->length);
    buffer_append_text(out, "-----BEGIN SSH SIGNATURE-----\n");
    for (size_t i = 0; i < base64.length; i += 70) {
        buffer_append(out, base64.bytes + i, base64.length - i < 70 ? base64.length - i : 70);
        buffer_append_byte(out, '\n');
    }
    buffer_append_text(out, "-----END SSH SIGNATURE-----\n");
}
