// Fuzzes bearer keys: what is read of one, the comparison of two, and the making of one for an
// environment whose id may be anything.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/must.h"
#include "trust/access_key.h"
#include "trust/hash.h"

#define CHECKSUM_BYTES 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A good key is good alone: cut by one byte it is none.
static bool check_key(const char *text, size_t length)
{
    struct error err = { 0 };
    struct access_key_parts parts;
    enum status status = access_key_parse(&parts, text, length, &err);
    if (status != STATUS_OK) {
        must(status == STATUS_UNAUTHENTICATED && err.message[0] && err.hint[0]);
        return false;
    }
    must(length < ACCESS_KEY_BYTES && memchr(text, '\0', length) == NULL);
    must(strlen(parts.environment_id) == ACCESS_KEY_ENVIRONMENT_BYTES - 1);
    must(access_key_parse(&parts, text, length - 1, &err) == STATUS_UNAUTHENTICATED);
    return true;
}

// No fuzzer finds a checksum, so it is made here: the first 64 bits of the digest modulo 62^6, in
// base 62.
static void check_with_checksum(const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    struct error err = { 0 };
    struct digest digest;
    uint64_t number = 0;
    char key[2 * ACCESS_KEY_BYTES];
    if (length + CHECKSUM_BYTES > sizeof(key))
        return;
    memcpy(key, text, length);
    must(hash_bytes(&digest, text, length, &err) == STATUS_OK);
    for (size_t i = 0; i < sizeof(number); i++)
        number = number << 8 | digest.bytes[i];
    for (size_t i = CHECKSUM_BYTES; i-- > 0; number /= 62)
        key[length + i] = digits[number % 62];
    if (!check_key(key, length + CHECKSUM_BYTES))
        return;
    key[length] = key[length] == '0' ? '1' : '0';
    must(!check_key(key, length + CHECKSUM_BYTES));
}

static void check_making(const char *id, enum access_key_class key_class)
{
    struct error err = { 0 };
    struct digest digest;
    struct digest of_text;
    struct access_key_parts parts;
    char key[ACCESS_KEY_BYTES] = { 0 };
    size_t id_bytes = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz");
    bool is_id = id[id_bytes] == '\0' && id_bytes == ACCESS_KEY_ENVIRONMENT_BYTES - 1;
    enum status status = access_key_make(key, &digest, key_class, id, &err);
    must((status == STATUS_OK) == is_id);
    if (!is_id) {
        must(err.message[0] && err.hint[0] && !key[0]);
        return;
    }
    must(access_key_parse(&parts, key, strlen(key), &err) == STATUS_OK);
    must(strcmp(parts.environment_id, id) == 0 && parts.key_class == key_class);
    must(hash_bytes(&of_text, key, strlen(key), &err) == STATUS_OK);
    must(access_key_digest_equal(&digest, &of_text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    char made[ACCESS_KEY_ENVIRONMENT_BYTES];
    char *text OWNED(memory_release) = NULL;
    must(memory_copy_bytes(&text, data, size, &err) == STATUS_OK);
    (void)check_key(text, size);
    check_with_checksum(text, size);
    size_t half = size / 2;
    must(memory_equal(text, text + half, half) == (memcmp(text, text + half, half) == 0));
    check_making(text, size % 2 ? ACCESS_KEY_LIVE : ACCESS_KEY_SANDBOX);
    must(access_key_make_environment_id(made, &err) == STATUS_OK);
    check_making(made, ACCESS_KEY_LIVE);
    return 0;
}
