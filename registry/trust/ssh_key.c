// SSH public keys as people have them: one line of text.
#include "trust/ssh_key.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "trust/base64.h"
#include "trust/hash.h"
#include "trust/ssh_public_key.h"
#include "trust/ssh_wire.h"

#define KEY_FILE_MAX_BYTES (1U << 16) // the largest private key too, so that it is told as such
#define FINGERPRINT_PREFIX "SHA256:"
#define BLANKS " \t\r\n"

// Files that people bring by mistake, known by how they begin.
static const struct {
    const char *prefix;
    const char *part; // must stand in the first line too
    const char *reason;
    const char *hint;
} other_formats[] = {
    { "-----BEGIN ", "PRIVATE KEY", "this is a private key, which must never leave its owner",
      "give the public key beside it: the file of the same name that ends in .pub" },
    { "PuTTY-User-Key-File", "", "this is a private key, which must never leave its owner",
      "export its public key in OpenSSH's form with puttygen" },
    { "---- BEGIN SSH2 PUBLIC KEY", "", "this is a public key in the form of RFC 4716",
      "convert it: ssh-keygen -i -f FILE" },
    { "-----BEGIN ", "PUBLIC KEY", "this is a public key in PEM form",
      "convert it: ssh-keygen -i -m PKCS8 -f FILE" },
};

static enum status invalid(struct error *err, const char *what)
{
    error_set(err, STATUS_INVALID, "ssh_key_invalid", "%s", what);
    return error_hint(err, "a public key is one line, TYPE BASE64 [COMMENT], as ssh-keygen writes "
                           "it to a file that ends in .pub");
}

static enum status refuse_other_formats(const char *text, struct error *err)
{
    char first_line[64] = { 0 };
    size_t length = strnlen(text, sizeof(first_line) - 1);
    memcpy(first_line, text, length);
    first_line[strcspn(first_line, "\n")] = '\0';
    for (size_t i = 0; i < COUNT_OF(other_formats); i++)
        if (text_starts_with(first_line, other_formats[i].prefix) &&
            strstr(first_line, other_formats[i].part)) {
            error_set(err, STATUS_INVALID, "ssh_key_invalid", "%s", other_formats[i].reason);
            return error_hint(err, "%s", other_formats[i].hint);
        }
    return STATUS_OK;
}

// A word of the line: [0, length) of `text`.
static struct ssh_span word_at(const char *text)
{
    return (struct ssh_span) { (const uint8_t *)text, strcspn(text, BLANKS) };
}

// The blob must be a key that opens, and of the type that the line says.
static enum status check_blob(struct ssh_span blob, const struct ssh_key_type *type,
                              struct error *err)
{
    struct ssh_public_key key OWNED(ssh_public_key_release) = { 0 };
    TRY(ssh_public_key_load(&key, blob, err));
    if (key.type == type)
        return STATUS_OK;
    return error_set(err, STATUS_INVALID, "ssh_key_invalid",
                     "the line says that the key is of type %s, but it is of type %s", type->name,
                     key.type->name);
}

enum status ssh_key_parse(struct ssh_key *out, const char *line, struct error *err)
{
    TRY(refuse_other_formats(line, err));
    if (strnlen(line, SSH_KEY_MAX_LINE_BYTES + 1) > SSH_KEY_MAX_LINE_BYTES)
        return error_set(err, STATUS_INVALID, "ssh_key_invalid",
                         "a public key's line is longer than %d bytes", SSH_KEY_MAX_LINE_BYTES);
    struct ssh_span name = word_at(line);
    if (name.length == 0)
        return invalid(err, "there is no public key here");
    const char *text = line + name.length + strspn(line + name.length, " \t");
    struct ssh_span base64 = word_at(text);
    if (text[strcspn(text, "\n")] == '\n' && text[strcspn(text, "\n") + 1] != '\0')
        return invalid(err, "more follows after the public key's line");

    const struct ssh_key_type *type = NULL;
    TRY(ssh_public_key_find_type(&type, name, err));
    struct buffer blob OWNED(buffer_release) = { 0 };
    if (base64.length == 0 || !base64_decode(&blob, text, base64.length))
        return invalid(err, "what follows the key's type is not base64");
    TRY(buffer_check(&blob, err));
    if (blob.length > SSH_KEY_MAX_BLOB_BYTES)
        return invalid(err, "the key is longer than 4096 bytes");
    TRY(check_blob((struct ssh_span) { (const uint8_t *)blob.bytes, blob.length }, type, err));
    *out = (struct ssh_key) { .blob_bytes = blob.length };
    memcpy(out->blob, blob.bytes, blob.length);
    return STATUS_OK;
}

enum status ssh_key_parse_file(struct ssh_key *out, const char *path, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(file_read(&text, path, KEY_FILE_MAX_BYTES, err));
    enum status status = memchr(buffer_text(&text), '\0', text.length)
                             ? invalid(err, "this is not a text file")
                             : ssh_key_parse(out, buffer_text(&text), err);
    return status == STATUS_INVALID ? error_prefix(err, "%s", path) : status;
}

enum status ssh_key_format(char **out, const struct ssh_key *key, struct error *err)
{
    struct ssh_wire wire = ssh_wire_over((struct ssh_span) { key->blob, key->blob_bytes });
    struct ssh_span name = ssh_wire_string(&wire);
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append(&text, name.bytes, name.length);
    buffer_append_byte(&text, ' ');
    base64_append(&text, key->blob, key->blob_bytes);
    TRY(buffer_check(&text, err));
    *out = buffer_detach(&text);
    return STATUS_OK;
}

void ssh_key_fingerprint(const struct ssh_key *key, char out[SSH_KEY_FINGERPRINT_BYTES])
{
    // Without SHA-256 no key could have been verified with; an empty text is then the honest one,
    // as it is without memory.
    out[0] = '\0';
    struct digest digest;
    struct error err;
    if (hash_bytes(&digest, key->blob, key->blob_bytes, &err) != STATUS_OK)
        return;
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append(&text, FINGERPRINT_PREFIX, sizeof(FINGERPRINT_PREFIX) - 1);
    base64_append(&text, digest.bytes, sizeof(digest.bytes));
    if (buffer_check(&text, &err) != STATUS_OK)
        return;
    memcpy(out, text.bytes, SSH_KEY_FINGERPRINT_BYTES - 1); // it ends in one '=', which is cut off
    out[SSH_KEY_FINGERPRINT_BYTES - 1] = '\0';
}

bool ssh_key_equal(const struct ssh_key *a, const struct ssh_key *b)
{
    return a->blob_bytes == b->blob_bytes && memcmp(a->blob, b->blob, a->blob_bytes) == 0;
}
