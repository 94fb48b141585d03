// Promotes as `greenroom promote` does, signing by itself instead of asking ssh-keygen for each
// signature, so that a hundred thousand releases are made in minutes. Only for benchmarks: the key
// is an Ed25519 key in a file without a passphrase. Sources: OpenSSH PROTOCOL.key, PROTOCOL.sshsig.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "artifact/json.h"
#include "base/file.h"
#include "base/memory.h"
#include "operation/operation.h"
#include "release/control_key.h"
#include "trust/base64.h"
#include "trust/ssh_wire.h"

#define SEED_BYTES 32
#define SIGNATURE_BYTES 64
#define HASH_BYTES 64
#define LINE_CHARACTERS 70
#define KEY_FILE_MAX_BYTES 4096

static const char key_magic[] = "openssh-key-v1"; // with its NUL
static const char signature_magic[] = "SSHSIG";   // without

// The approver's key, as it goes into signatures.
struct key {
    EVP_PKEY *pair;
    struct buffer public_blob;
};

static void key_release(struct key *key)
{
    EVP_PKEY_free(key->pair);
    buffer_release(&key->public_blob);
}

static enum status key_invalid(struct error *err)
{
    return error_set(err, STATUS_INVALID, "key_invalid",
                     "this is no Ed25519 key of OpenSSH's without a passphrase");
}

// What stands between the first and the last line of a file of OpenSSH's, decoded.
static enum status unwrap(struct buffer *out, const char *text, struct error *err)
{
    struct buffer letters OWNED(buffer_release) = { 0 };
    const char *at = strchr(text, '\n');
    const char *end = at ? strstr(at, "-----END") : NULL;
    for (; end && at < end; at++)
        if (*at != '\n')
            buffer_append_byte(&letters, *at);
    TRY(buffer_check(&letters, err));
    return end && base64_decode(out, buffer_text(&letters), letters.length) ? STATUS_OK
                                                                            : key_invalid(err);
}

static enum status read_key(struct key *key, const char *path, struct error *err)
{
    struct buffer file OWNED(buffer_release) = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    TRY(file_read(&file, path, KEY_FILE_MAX_BYTES, err));
    TRY(unwrap(&bytes, buffer_text(&file), err));
    struct ssh_wire wire =
        ssh_wire_over((struct ssh_span) { (const uint8_t *)bytes.bytes, bytes.length });
    struct ssh_span magic = ssh_wire_take(&wire, sizeof(key_magic));
    bool is_plain = !wire.bad && memcmp(magic.bytes, key_magic, sizeof(key_magic)) == 0;
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
    if (!is_plain || wire.bad || private.bad || seed.length < SEED_BYTES)
        return key_invalid(err);
    buffer_append(&key->public_blob, public_blob.bytes, public_blob.length);
    key->pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.bytes, SEED_BYTES);
    return key->pair ? buffer_check(&key->public_blob, err) : key_invalid(err);
}

// What a signature is made over, and what it says beside itself, have most of this in common.
static void append_frame(struct buffer *out, const char *name_space)
{
    ssh_wire_append_string(out, name_space, strlen(name_space));
    ssh_wire_append_string(out, "", 0);
    ssh_wire_append_string(out, "sha512", strlen("sha512"));
}

static enum status sign_bytes(EVP_PKEY *pair, const struct buffer *bytes,
                              unsigned char out[SIGNATURE_BYTES], struct error *err)
{
    size_t length = SIGNATURE_BYTES;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
                   EVP_DigestSign(context, out, &length, (const unsigned char *)bytes->bytes,
                                  bytes->length) == 1;
    EVP_MD_CTX_free(context);
    return is_done ? STATUS_OK
                   : error_set(err, STATUS_IO, "signing_failed", "libcrypto does not sign");
}

static void append_armoured(struct buffer *out, const struct buffer *blob)
{
    struct buffer letters OWNED(buffer_release) = { 0 };
    base64_append(&letters, blob->bytes, blob->length);
    buffer_append_text(out, "-----BEGIN SSH SIGNATURE-----\n");
    for (size_t at = 0; at < letters.length; at += LINE_CHARACTERS) {
        size_t left = letters.length - at;
        buffer_append(out, letters.bytes + at, left < LINE_CHARACTERS ? left : LINE_CHARACTERS);
        buffer_append_byte(out, '\n');
    }
    buffer_append_text(out, "-----END SSH SIGNATURE-----\n");
}

static enum status sign(void *context, const char *name_space, const char *what, const void *bytes,
                        size_t length, struct buffer *out, struct error *err)
{
    static const unsigned char version[] = { 0, 0, 0, 1 };
    const struct key *key = context;
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer blob OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    unsigned char hash[HASH_BYTES];
    unsigned char raw[SIGNATURE_BYTES];
    (void)what;
    if (EVP_Digest(bytes, length, hash, NULL, EVP_sha512(), NULL) != 1)
        return error_set(err, STATUS_IO, "signing_failed", "libcrypto does not hash");
    buffer_append(&message, signature_magic, strlen(signature_magic));
    append_frame(&message, name_space);
    ssh_wire_append_string(&message, hash, sizeof(hash));
    TRY(buffer_check(&message, err));
    TRY(sign_bytes(key->pair, &message, raw, err));
    ssh_wire_append_string(&signature, "ssh-ed25519", strlen("ssh-ed25519"));
    ssh_wire_append_string(&signature, raw, sizeof(raw));
    buffer_append(&blob, signature_magic, strlen(signature_magic));
    buffer_append(&blob, version, sizeof(version));
    ssh_wire_append_string(&blob, key->public_blob.bytes, key->public_blob.length);
    append_frame(&blob, name_space);
    ssh_wire_append_string(&blob, signature.bytes, signature.length);
    TRY(buffer_check(&blob, err));
    append_armoured(out, &blob);
    return buffer_check(out, err);
}

static enum status promote(int argc, char *argv[], struct error *err)
{
    struct key key OWNED(key_release) = { 0 };
    TRY(read_key(&key, argv[3], err));
    const struct live_signer signer = { .sign = sign, .context = &key };
    struct json *input OWNED(json_release) = json_new_object();
    json_set_string(input, "from", argv[1]);
    struct json *artifacts = json_set_array(input, "artifacts");
    for (int i = 4; i < argc; i++)
        json_append_string(artifacts, argv[i]);
    struct operation_call call OWNED(operation_call_release) = { .environment_path = argv[2],
                                                                 .actor = "approver@example.com",
                                                                 .roles = ROLE_ANY,
                                                                 .input = input,
                                                                 .signer = &signer };
    return operation_run(operation_find("promote"), &call, err);
}

int main(int argc, char *argv[])
{
    struct error err = { 0 };
    if (argc < 5) {
        fprintf(stderr, "usage: promote_natively SANDBOX LIVE-ENVIRONMENT KEY KIND/NAME@V...\n");
        return 2;
    }
    if (promote(argc, argv, &err) == STATUS_OK)
        return 0;
    fprintf(stderr, "promote_natively: %s\n", err.message);
    return 1;
}
