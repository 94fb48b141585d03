// The bearer keys of authors, runtimes and operators: made, and told apart by their own text.
#include "trust/access_key.h"

#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/memory.h"
#include "trust/hash.h"

#define SECRET_BITS 256
#define SECRET_CHARACTERS 43  // 62^43 is just above 2^256: each secret has exactly one text
#define CHECKSUM_CHARACTERS 6 // 62^6: one mistyped key in 5.7e10 is looked up in vain
#define CHECKSUM_FROM_BYTES 8 // of the digest, as a big-endian number modulo 62^6
#define ID_CHARACTERS (ACCESS_KEY_ENVIRONMENT_BYTES - 1)
#define ID_ALPHABET_LENGTH 36
#define ID_UNBIASED_BELOW (256 / ID_ALPHABET_LENGTH * ID_ALPHABET_LENGTH)

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char id_alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static const char *const prefixes[] = {
    [ACCESS_KEY_LIVE] = "gr_live_",
    [ACCESS_KEY_SANDBOX] = "gr_sandbox_",
};

_Static_assert(sizeof("gr_sandbox_") + ID_CHARACTERS + 1 + SECRET_CHARACTERS +
                       CHECKSUM_CHARACTERS <=
                   ACCESS_KEY_BYTES,
               "the longest key must fit");

// Wiped when its scope ends: whoever reads this memory later finds no key.
struct secret {
    uint8_t bytes[SECRET_BITS / 8];
    char text[ACCESS_KEY_BYTES];
};

static void secret_wipe(struct secret *secret)
{
    OPENSSL_cleanse(secret, sizeof(*secret));
}

// Whether all `length` bytes of text stand in the alphabet.
static bool all_in(const char *text, size_t length, const char *alphabet)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0' || !strchr(alphabet, text[i]))
            return false;
    return true;
}

// Divides the big-endian number by 62 and returns what is left over.
static unsigned divide_by_62(uint8_t *number, size_t length)
{
    unsigned left = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned current = left << 8 | number[i];
        number[i] = (uint8_t)(current / 62);
        left = current % 62;
    }
    return left;
}

static void format_number(char *out, struct secret *secret)
{
    for (size_t i = SECRET_CHARACTERS; i-- > 0;)
        out[i] = base62[divide_by_62(secret->bytes, sizeof(secret->bytes))];
}

static enum status format_checksum(char *out, const char *text, size_t length, struct error *err)
{
    struct digest digest;
    TRY(hash_bytes(&digest, text, length, err));
    uint64_t number = 0;
    for (size_t i = 0; i < CHECKSUM_FROM_BYTES; i++)
        number = number << 8 | digest.bytes[i];
    for (size_t i = CHECKSUM_CHARACTERS; i-- > 0; number /= 62)
        out[i] = base62[number % 62];
    return STATUS_OK;
}

enum status access_key_make(char out[ACCESS_KEY_BYTES], struct digest *out_digest,
                            enum access_key_class key_class, const char *environment_id,
                            struct error *err)
{
    if (strnlen(environment_id, ID_CHARACTERS + 1) != ID_CHARACTERS ||
        !all_in(environment_id, ID_CHARACTERS, id_alphabet)) {
        error_set(err, STATUS_INVALID, "environment_id_invalid",
                  "'%.40s' is not an environment's id", environment_id);
        return error_hint(err, "an id is 12 characters of 0-9 and a-z; see environment.json");
    }
    struct secret secret OWNED(secret_wipe) = { 0 };
    TRY(hash_random(secret.bytes, sizeof(secret.bytes), err));
    size_t length = strlen(prefixes[key_class]);
    memcpy(secret.text, prefixes[key_class], length);
    memcpy(secret.text + length, environment_id, ID_CHARACTERS);
    length += ID_CHARACTERS;
    secret.text[length++] = '_';
    format_number(secret.text + length, &secret);
    length += SECRET_CHARACTERS;
    TRY(format_checksum(secret.text + length, secret.text, length, err));
    length += CHECKSUM_CHARACTERS;
    TRY(hash_bytes(out_digest, secret.text, length, err));
    memcpy(out, secret.text, sizeof(secret.text));
    return STATUS_OK;
}

static bool parse(struct access_key_parts *out, const char *text, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        size_t prefix = strlen(prefixes[i]);
        size_t before_checksum = prefix + ID_CHARACTERS + 1 + SECRET_CHARACTERS;
        if (length != before_checksum + CHECKSUM_CHARACTERS ||
            memcmp(text, prefixes[i], prefix) != 0)
            continue;
        const char *id = text + prefix;
        char checksum[CHECKSUM_CHARACTERS];
        struct error unheard;
        if (!all_in(id, ID_CHARACTERS, id_alphabet) || id[ID_CHARACTERS] != '_' ||
            !all_in(id + ID_CHARACTERS + 1, SECRET_CHARACTERS, base62) ||
            format_checksum(checksum, text, before_checksum, &unheard) != STATUS_OK ||
            CRYPTO_memcmp(checksum, text + before_checksum, sizeof(checksum)) != 0)
            return false;
        *out = (struct access_key_parts) { .key_class = (enum access_key_class)i };
        memcpy(out->environment_id, id, ID_CHARACTERS);
        return true;
    }
    return false;
}

enum status access_key_parse(struct access_key_parts *out, const char *text, size_t length,
                             struct error *err)
{
    if (parse(out, text, length))
        return STATUS_OK;
    error_set(err, STATUS_UNAUTHENTICATED, "key_unknown", "this key is not known here");
    return error_hint(err, "check that the whole key was copied");
}

enum status access_key_make_environment_id(char out[ACCESS_KEY_ENVIRONMENT_BYTES],
                                           struct error *err)
{
    char id[ACCESS_KEY_ENVIRONMENT_BYTES] = { 0 };
    for (size_t i = 0; i < ID_CHARACTERS;) {
        uint8_t byte;
        TRY(hash_random(&byte, sizeof(byte), err));
        if (byte < ID_UNBIASED_BELOW) // a plain remainder would favour 0-3
            id[i++] = id_alphabet[byte % ID_ALPHABET_LENGTH];
    }
    memcpy(out, id, sizeof(id));
    return STATUS_OK;
}

bool access_key_digest_equal(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
