// Bearer keys: their form, their checksum, and that nothing but a whole key is taken for one.
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "trust/access_key.h"
#include "trust/hash.h"

#define ENVIRONMENT "k3v9x0q2m7ab"
#define BASE62 "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Made once with the recipe in the header by another program: the secret is 2^256 - 1.
static const struct {
    const char *text;
    enum access_key_class key_class;
} known[] = {
    { "gr_live_k3v9x0q2m7ab_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1bIaQHU", ACCESS_KEY_LIVE },
    { "gr_sandbox_k3v9x0q2m7ab_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1ITHpA4",
      ACCESS_KEY_SANDBOX },
};

static enum status parse(const char *text, size_t length)
{
    struct error err = { 0 };
    struct access_key_parts parts = { .environment_id = "untouched" };
    enum status status = access_key_parse(&parts, text, length, &err);
    if (status == STATUS_OK)
        return status;
    assert_string_equal(parts.environment_id, "untouched");
    assert_string_equal(err.code, "key_unknown");
    assert_string_equal(err.message, "this key is not known here"); // for every fault the same
    return status;
}

static void test_access_key__reads_what_another_program_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct error err = { 0 };
        struct access_key_parts parts;
        assert_int_equal(access_key_parse(&parts, known[i].text, strlen(known[i].text), &err),
                         STATUS_OK);
        assert_int_equal(parts.key_class, known[i].key_class);
        assert_string_equal(parts.environment_id, ENVIRONMENT);
    }
}

static void test_access_key__makes_what_it_reads(void **state)
{
    (void)state;
    static const char *const prefixes[] = { [ACCESS_KEY_LIVE] = "gr_live_" ENVIRONMENT "_",
                                            [ACCESS_KEY_SANDBOX] = "gr_sandbox_" ENVIRONMENT "_" };
    for (size_t i = 0; i < 200; i++) {
        enum access_key_class key_class = i % 2 ? ACCESS_KEY_LIVE : ACCESS_KEY_SANDBOX;
        struct error err = { 0 };
        struct digest digest;
        struct digest again;
        struct access_key_parts parts;
        char key[ACCESS_KEY_BYTES];
        assert_int_equal(access_key_make(key, &digest, key_class, ENVIRONMENT, &err), STATUS_OK);
        size_t prefix = strlen(prefixes[key_class]);
        assert_memory_equal(key, prefixes[key_class], prefix);
        assert_int_equal(strlen(key), prefix + 43 + 6);
        assert_int_equal(strspn(key + prefix, BASE62), 43 + 6);
        assert_int_equal(access_key_parse(&parts, key, strlen(key), &err), STATUS_OK);
        assert_int_equal(parts.key_class, key_class);
        assert_string_equal(parts.environment_id, ENVIRONMENT);
        assert_int_equal(hash_bytes(&again, key, strlen(key), &err), STATUS_OK);
        assert_true(access_key_digest_equal(&digest, &again));
    }
}

static void test_access_key__never_makes_the_same_twice(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct digest digests[64];
    for (size_t i = 0; i < COUNT_OF(digests); i++) {
        char key[ACCESS_KEY_BYTES];
        assert_int_equal(access_key_make(key, &digests[i], ACCESS_KEY_LIVE, ENVIRONMENT, &err),
                         STATUS_OK);
        for (size_t j = 0; j < i; j++)
            assert_false(access_key_digest_equal(&digests[i], &digests[j]));
    }
}

// 62^43 is 1.02 times 2^256: the first character alone is not evenly spread, the others are.
static void test_access_key__spreads_secrets_evenly(void **state)
{
    (void)state;
    enum { KEYS = 2000 };
    int seen[256] = { 0 };
    struct error err = { 0 };
    for (size_t i = 0; i < KEYS; i++) {
        struct digest digest;
        char key[ACCESS_KEY_BYTES];
        assert_int_equal(access_key_make(key, &digest, ACCESS_KEY_LIVE, ENVIRONMENT, &err),
                         STATUS_OK);
        const char *secret = key + strlen("gr_live_" ENVIRONMENT "_");
        for (size_t at = 1; at < 43; at++)
            seen[(unsigned char)secret[at]]++;
    }
    // 84,000 characters over 62: 1355 each, with a deviation of 37; ten of those is never.
    for (const char *character = BASE62; *character; character++)
        assert_in_range(seen[(unsigned char)*character], 985, 1725);
}

static void test_access_key__refuses_any_character_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        char text[ACCESS_KEY_BYTES] = { 0 };
        size_t length = strlen(known[i].text);
        memcpy(text, known[i].text, length);
        for (size_t at = 0; at < length; at++)
            for (int change = 1; change < 256; change++) {
                text[at] = (char)(text[at] ^ change);
                assert_int_equal(parse(text, length), STATUS_UNAUTHENTICATED);
                text[at] = (char)(text[at] ^ change);
            }
    }
}

// "gr_live_" and the rest of a key, with the checksum that fits.
static void append_checked(struct buffer *out, const char *rest)
{
    struct error err = { 0 };
    struct digest digest;
    buffer_append_format(out, "gr_live_%s", rest);
    assert_int_equal(hash_bytes(&digest, out->bytes, out->length, &err), STATUS_OK);
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | digest.bytes[i];
    char checksum[7] = { 0 };
    for (size_t i = 6; i-- > 0; number /= 62)
        checksum[i] = BASE62[number % 62];
    buffer_append_text(out, checksum);
}

static void test_access_key__refuses_other_forms_even_with_their_checksum(void **state)
{
    (void)state;
    static const struct {
        const char *rest;
        enum status status;
    } forms[] = {
        { "k3v9x0q2m7ab_0123456789012345678901234567890123456789012", STATUS_OK },
        { "K3v9x0q2m7ab_0123456789012345678901234567890123456789012", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7a-_0123456789012345678901234567890123456789012", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7ab-0123456789012345678901234567890123456789012", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7ab_-123456789012345678901234567890123456789012", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7ab_012345678901234567890123456789012345678901_", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7ab_01234567890123456789012345678901234567890123", STATUS_UNAUTHENTICATED },
        { "k3v9x0q2m7ab_012345678901234567890123456789012345678901", STATUS_UNAUTHENTICATED },
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        append_checked(&text, forms[i].rest);
        assert_int_equal(parse(text.bytes, text.length), forms[i].status);
    }
}

static void test_access_key__refuses_any_other_length(void **state)
{
    (void)state;
    char text[ACCESS_KEY_BYTES + 64] = { 0 };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        memcpy(text, known[i].text, strlen(known[i].text) + 1);
        for (size_t length = 0; length < sizeof(text); length++)
            assert_int_equal(parse(text, length),
                             length == strlen(known[i].text) ? STATUS_OK : STATUS_UNAUTHENTICATED);
    }
    static const char *const bad[] = { "", "gr_live_", "gr_", "Bearer gr_live_" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(parse(bad[i], strlen(bad[i])), STATUS_UNAUTHENTICATED);
}

static void test_access_key__refuses_a_foreign_environment_id(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "k3v9x0q2m7a", "k3v9x0q2m7abc", "K3V9X0Q2M7AB", "k3v9x0q2m7a_", "k3v9x0q2m7a "
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        struct digest digest;
        char key[ACCESS_KEY_BYTES] = "untouched";
        assert_int_equal(access_key_make(key, &digest, ACCESS_KEY_LIVE, bad[i], &err),
                         STATUS_INVALID);
        assert_string_equal(err.code, "environment_id_invalid");
        assert_string_equal(key, "untouched");
    }
}

static void test_access_key__makes_environment_ids_of_every_character(void **state)
{
    (void)state;
    bool seen[256] = { false };
    for (size_t i = 0; i < 400; i++) {
        struct error err = { 0 };
        char id[ACCESS_KEY_ENVIRONMENT_BYTES];
        assert_int_equal(access_key_make_environment_id(id, &err), STATUS_OK);
        assert_int_equal(strlen(id), ACCESS_KEY_ENVIRONMENT_BYTES - 1);
        assert_int_equal(strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz"), strlen(id));
        for (const char *at = id; *at; at++)
            seen[(unsigned char)*at] = true;
    }
    for (int character = 0; character < 256; character++)
        assert_int_equal(seen[character], isdigit(character) || islower(character) ? 1 : 0);
}

static void test_access_key__compares_whole_digests(void **state)
{
    (void)state;
    struct digest a = { { 0 } };
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        struct digest b = a;
        assert_true(access_key_digest_equal(&a, &b));
        b.bytes[i] ^= 0x80;
        assert_false(access_key_digest_equal(&a, &b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_key__reads_what_another_program_made),
        cmocka_unit_test(test_access_key__makes_what_it_reads),
        cmocka_unit_test(test_access_key__never_makes_the_same_twice),
        cmocka_unit_test(test_access_key__spreads_secrets_evenly),
        cmocka_unit_test(test_access_key__refuses_any_character_changed),
        cmocka_unit_test(test_access_key__refuses_other_forms_even_with_their_checksum),
        cmocka_unit_test(test_access_key__refuses_any_other_length),
        cmocka_unit_test(test_access_key__refuses_a_foreign_environment_id),
        cmocka_unit_test(test_access_key__makes_environment_ids_of_every_character),
        cmocka_unit_test(test_access_key__compares_whole_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
