// SSH signatures over bytes (SSHSIG): the armour, the blob, and what was signed.
#include "trust/ssh_signature.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/base64.h"
#include "trust/ssh_keygen.h"
#include "trust/ssh_public_key.h"
#include "trust/ssh_raw_signature.h"
#include "trust/ssh_wire.h"

#define MAGIC "SSHSIG"
#define VERSION 1
#define ARMOUR_BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define ARMOUR_END "-----END SSH SIGNATURE-----"

// The hashes that PROTOCOL.sshsig allows for the message.
static const struct message_hash {
    const char *name;
    const char *algorithm; // libcrypto's name
} message_hashes[] = { { "sha512", "SHA512" }, { "sha256", "SHA256" } };

// The blob's fields; the spans are borrowed from it.
struct signature_parts {
    struct ssh_span key;
    struct ssh_span name_space;
    const struct message_hash *hash;
    struct ssh_span raw;
};

static enum status refused(struct error *err, const char *why)
{
    return error_set(err, STATUS_REFUSED, "signature_invalid", "%s", why);
}

// Joins the base64 lines between the armour's first and last line.
static enum status join_lines(struct buffer *out, const char *text, size_t length,
                              struct error *err)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        if (!newline || newline == text)
            return refused(err, "the signature's armour has an empty line or lacks a line's end");
        buffer_append(out, text, (size_t)(newline - text));
        text = newline + 1;
    }
    return buffer_check(out, err);
}

static enum status remove_armour(struct buffer *out, const char *armored, size_t length,
                                 struct error *err)
{
    const size_t begin = sizeof(ARMOUR_BEGIN) - 1;
    const size_t end = sizeof(ARMOUR_END) - 1;
    if (length > SSH_SIGNATURE_MAX_BYTES)
        return error_set(err, STATUS_REFUSED, "signature_invalid",
                         "the signature is longer than %d bytes", SSH_SIGNATURE_MAX_BYTES);
    if (length < begin || memcmp(armored, ARMOUR_BEGIN, begin) != 0)
        return refused(err, "there is no '-----BEGIN SSH SIGNATURE-----' where one must be");
    if (armored[length - 1] == '\n') // ssh-keygen ends the file so; a commit's header does not
        length--;
    if (length < begin + end || memcmp(armored + length - end, ARMOUR_END, end) != 0)
        return refused(err, "the signature does not end in '-----END SSH SIGNATURE-----'");
    struct buffer base64 OWNED(buffer_release) = { 0 };
    TRY(join_lines(&base64, armored + begin, length - begin - end, err));
    if (!base64_decode(out, buffer_text(&base64), base64.length))
        return refused(err, "what stands in the signature's armour is not base64");
    return buffer_check(out, err);
}

static enum status find_hash(const struct message_hash **out, struct ssh_span name,
                             struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(message_hashes); i++)
        if (ssh_wire_is(name, message_hashes[i].name)) {
            *out = &message_hashes[i];
            return STATUS_OK;
        }
    return refused(err, "the signature's message hash is neither sha512 nor sha256");
}

static enum status parse_blob(struct signature_parts *out, struct ssh_span blob, struct error *err)
{
    struct ssh_wire wire = ssh_wire_over(blob);
    struct ssh_span magic = ssh_wire_take(&wire, sizeof(MAGIC) - 1);
    uint32_t version = ssh_wire_number(&wire);
    if (wire.bad || !ssh_wire_is(magic, MAGIC))
        return refused(err, "what stands in the armour is not an SSH signature");
    if (version != VERSION)
        return error_set(err, STATUS_REFUSED, "signature_invalid",
                         "the signature is of version %u, and only version 1 is known", version);
    struct signature_parts parts = { .key = ssh_wire_string(&wire),
                                     .name_space = ssh_wire_string(&wire) };
    // The protocol: to be ignored when it is not empty. What was signed has it empty.
    ssh_wire_string(&wire);
    struct ssh_span hash = ssh_wire_string(&wire);
    parts.raw = ssh_wire_string(&wire);
    if (!ssh_wire_ended(&wire))
        return refused(err, "the signature is cut short, or bytes follow its end");
    TRY(find_hash(&parts.hash, hash, err));
    *out = parts;
    return STATUS_OK;
}

static enum status check_name_space(struct ssh_span found, const char *expected, struct error *err)
{
    if (expected[0] == '\0')
        return refused(err, "a signature's namespace must not be empty");
    if (ssh_wire_is(found, expected))
        return STATUS_OK;
    return error_set(err, STATUS_REFUSED, "signature_invalid",
                     "the signature was made for another purpose (its namespace is not '%s')",
                     expected);
}

// What the key signed: magic, namespace, reserved, hash's name, hash (PROTOCOL.sshsig section 3).
static enum status append_signed_data(struct buffer *out, const struct crypto_library *crypto,
                                      const struct message_hash *hash, const char *name_space,
                                      const void *message, size_t message_bytes, struct error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t digest_bytes = 0;
    if (!crypto->EVP_Q_digest(NULL, hash->algorithm, NULL, message, message_bytes, digest,
                              &digest_bytes))
        return error_set(err, STATUS_IO, "hash_missing", "libcrypto cannot compute %s",
                         hash->algorithm);
    buffer_append(out, MAGIC, sizeof(MAGIC) - 1);
    ssh_wire_append_string(out, name_space, strlen(name_space));
    ssh_wire_append_string(out, "", 0);
    ssh_wire_append_string(out, hash->name, strlen(hash->name));
    ssh_wire_append_string(out, digest, digest_bytes);
    return buffer_check(out, err);
}

// A key that does not open makes the signature bad, not the caller's words.
static enum status load_signer(struct ssh_public_key *out, struct ssh_span blob, struct error *err)
{
    if (blob.length > SSH_KEY_MAX_BLOB_BYTES)
        return refused(err, "the signature's public key is longer than 4096 bytes");
    struct error why = { 0 };
    enum status status = ssh_public_key_load(out, blob, &why);
    if (status == STATUS_OK)
        return STATUS_OK;
    *err = why;
    if (status != STATUS_INVALID)
        return status;
    err->status = STATUS_REFUSED;
    err->code = "signature_invalid";
    return error_prefix(err, "the signature's public key");
}

enum status ssh_signature_verify(struct ssh_key *out_key, const char *armored, size_t armored_bytes,
                                 const char *name_space, const void *message, size_t message_bytes,
                                 struct error *err)
{
    struct buffer blob OWNED(buffer_release) = { 0 };
    TRY(remove_armour(&blob, armored, armored_bytes, err));
    struct signature_parts parts = { 0 };
    struct ssh_span whole = { (const uint8_t *)buffer_text(&blob), blob.length };
    TRY(parse_blob(&parts, whole, err));
    TRY(check_name_space(parts.name_space, name_space, err));
    struct ssh_public_key key OWNED(ssh_public_key_release) = { 0 };
    TRY(load_signer(&key, parts.key, err));
    struct buffer data OWNED(buffer_release) = { 0 };
    TRY(append_signed_data(&data, &key.crypto, parts.hash, name_space, message, message_bytes,
                           err));
    struct ssh_span signed_data = { (const uint8_t *)data.bytes, data.length };
    TRY(ssh_raw_signature_verify(&key, parts.raw, signed_data, err));
    out_key->blob_bytes = parts.key.length;
    memcpy(out_key->blob, parts.key.bytes, parts.key.length);
    return STATUS_OK;
}

// ssh-keygen signs with an agent's key when only its public half is there.
static enum status check_key_file(const char *key_path, struct error *err)
{
    struct buffer public_path OWNED(buffer_release) = { 0 };
    buffer_append_format(&public_path, "%s.pub", key_path);
    TRY(buffer_check(&public_path, err));
    if (file_exists(key_path) || file_exists(public_path.bytes))
        return STATUS_OK;
    error_set(err, STATUS_NOT_FOUND, "signing_key_not_found", "%s: there is no such key", key_path);
    return error_hint(err, "name a private key, or the .pub file of one that ssh-agent holds; make "
                           "one with ssh-keygen -t ed25519");
}

enum status ssh_signature_make(struct buffer *out, const char *key_path, const char *name_space,
                               const void *message, size_t message_bytes, struct error *err)
{
    TRY(check_key_file(key_path, err));
    struct buffer armored OWNED(buffer_release) = { 0 };
    TRY(ssh_keygen_sign(&armored, key_path, name_space, message, message_bytes, err));
    // Better heard now than when the release is refused: a key too weak, an agent too old.
    struct ssh_key key;
    if (ssh_signature_verify(&key, buffer_text(&armored), armored.length, name_space, message,
                             message_bytes, err) != STATUS_OK)
        return error_prefix(err, "%s: what ssh-keygen signed does not verify", key_path);
    buffer_append(out, armored.bytes, armored.length);
    return buffer_check(out, err);
}
