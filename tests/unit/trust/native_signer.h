// Signs as ssh-keygen does, to the byte, without a process for each signature: for scenes that need
// very many. Only Ed25519 keys in files without a passphrase. Sources: OpenSSH PROTOCOL.key,
// PROTOCOL.sshsig.
#pragma once

#include <string.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/base64.h"
#include "trust/ssh_wire.h"

#define NATIVE_SEED_BYTES 32
#define NATIVE_SIGNATURE_BYTES 64
#define NATIVE_HASH_BYTES 64
#define NATIVE_LINE_CHARACTERS 70
#define NATIVE_KEY_MAX_BYTES 4096

static const char native_key_magic[] = "openssh-key-v1"; // with its NUL
static const char native_signature_magic[] = "SSHSIG";   // without

// Starts as {0}.
struct native_signer {
    EVP_PKEY *pair;
    struct buffer public_blob;
};

static inline void native_signer_release(struct native_signer *signer)
{
    EVP_PKEY_free(signer->pair);
    buffer_release(&signer->public_blob);
}

static inline enum status native_signer_invalid(struct error *err)
{
    return error_set(err, STATUS_INVALID, "key_invalid",
                     "this is no Ed25519 key of OpenSSH's without a passphrase");
}

// What stands between the first and the last line of a file of OpenSSH's, decoded.
static inline enum status native_signer_unwrap(struct buffer *out, const char *text,
                                               struct error *err)
{
    struct buffer letters OWNED(buffer_release) = { 0 };
    const char *at = strchr(text, '\n');
    const char *end = at ? strstr(at, "-----END") : NULL;
    for (; end && at < end; at++)
        if (*at != '\n')
            buffer_append_byte(&letters, *at);
    TRY(buffer_check(&letters, err));
    return end && base64_decode(out, buffer_text(&letters), letters.length)
               ? STATUS_OK
               : native_signer_invalid(err);
}

static inline enum status native_signer_open(struct native_signer *signer, const char *path,
                                             struct error *err)
{
    struct buffer file OWNED(buffer_release) = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    TRY(file_read(&file, path, NATIVE_KEY_MAX_BYTES, err));
    TRY(native_signer_unwrap(&bytes, buffer_text(&file), err));
    struct ssh_wire wire =
        ssh_wire_over((struct ssh_span) { (const uint8_t *)bytes.bytes, bytes.length });
    struct ssh_span magic = ssh_wire_take(&wire, sizeof(native_key_magic));
    bool is_plain =
        !wire.bad && memcmp(magic.bytes, native_key_magic, sizeof(native_key_magic)) == 0;
    is_plain = is_plain && ssh_wire_is(ssh_wire_string(&wire), "none"); // the cipher
    (void)ssh_wire_string(&wire);                                       // how its key is made
    (void)ssh_wire_string(&wire);
    (void)ssh_wire_number(&wire); // of keys: one
    struct ssh_span public_blob = ssh_wire_string(&wire);
    struct ssh_wire private = ssh_wire_over(ssh_wire_string(&wire));
    (void)ssh_wire_take(&private, 2 * sizeof(uint32_t)); // the same number twice
    is_plain = is_plain && ssh_wire_is(ssh_wire_string(&private), "ssh-ed25519");
    (void)ssh_wire_string(&private);
    struct ssh_span seed = ssh_wire_string(&private); // and the public key behind it
    if (!is_plain || wire.bad || private.bad || seed.length < NATIVE_SEED_BYTES)
        return native_signer_invalid(err);
    buffer_append(&signer->public_blob, public_blob.bytes, public_blob.length);
    signer->pair =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.bytes, NATIVE_SEED_BYTES);
    return signer->pair ? buffer_check(&signer->public_blob, err) : native_signer_invalid(err);
}

// What a signature is made over, and what it says beside itself, have most of this in common.
static inline void native_signer_append_frame(struct buffer *out, const char *name_space)
{
    ssh_wire_append_string(out, name_space, strlen(name_space));
    ssh_wire_append_string(out, "", 0);
    ssh_wire_append_string(out, "sha512", strlen("sha512"));
}

static inline enum status native_signer_sign_bytes(EVP_PKEY *pair, const struct buffer *bytes,
                                                   unsigned char out[NATIVE_SIGNATURE_BYTES],
                                                   struct error *err)
{
    size_t length = NATIVE_SIGNATURE_BYTES;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
                   EVP_DigestSign(context, out, &length, (const unsigned char *)bytes->bytes,
                                  bytes->length) == 1;
    EVP_MD_CTX_free(context);
    return is_done ? STATUS_OK
                   : error_set(err, STATUS_IO, "signing_failed", "libcrypto does not sign");
}

static inline void native_signer_append_armoured(struct buffer *out, const struct buffer *blob)
{
    struct buffer letters OWNED(buffer_release) = { 0 };
    base64_append(&letters, blob->bytes, blob->length);
    buffer_append_text(out, "-----BEGIN SSH SIGNATURE-----\n");
    for (size_t at = 0; at < letters.length; at += NATIVE_LINE_CHARACTERS) {
        size_t left = letters.length - at;
        buffer_append(out, letters.bytes + at,
                      left < NATIVE_LINE_CHARACTERS ? left : NATIVE_LINE_CHARACTERS);
        buffer_append_byte(out, '\n');
    }
    buffer_append_text(out, "-----END SSH SIGNATURE-----\n");
}

static inline enum status native_signer_sign(const struct native_signer *signer,
                                             const char *name_space, const void *bytes,
                                             size_t length, struct buffer *out, struct error *err)
{
    static const unsigned char version[] = { 0, 0, 0, 1 };
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer blob OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    unsigned char hash[NATIVE_HASH_BYTES];
    unsigned char raw[NATIVE_SIGNATURE_BYTES];
    if (EVP_Digest(bytes, length, hash, NULL, EVP_sha512(), NULL) != 1)
        return error_set(err, STATUS_IO, "signing_failed", "libcrypto does not hash");
    buffer_append(&message, native_signature_magic, strlen(native_signature_magic));
    native_signer_append_frame(&message, name_space);
    ssh_wire_append_string(&message, hash, sizeof(hash));
    TRY(buffer_check(&message, err));
    TRY(native_signer_sign_bytes(signer->pair, &message, raw, err));
    ssh_wire_append_string(&signature, "ssh-ed25519", strlen("ssh-ed25519"));
    ssh_wire_append_string(&signature, raw, sizeof(raw));
    buffer_append(&blob, native_signature_magic, strlen(native_signature_magic));
    buffer_append(&blob, version, sizeof(version));
    ssh_wire_append_string(&blob, signer->public_blob.bytes, signer->public_blob.length);
    native_signer_append_frame(&blob, name_space);
    ssh_wire_append_string(&blob, signature.bytes, signature.length);
    TRY(buffer_check(&blob, err));
    native_signer_append_armoured(out, &blob);
    return buffer_check(out, err);
}
