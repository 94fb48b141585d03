// The digest that names content.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/digest.h"
#include "base/memory.h"

#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff"

static void test_digest__formats_and_parses_both_ways(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct digest digest;
    char text[DIGEST_TEXT_BYTES];
    char hex[DIGEST_HEX_BYTES];
    assert_int_equal(digest_parse(&digest, "sha256:" HEX, &err), STATUS_OK);
    assert_int_equal(digest.bytes[0], 0);
    assert_int_equal(digest.bytes[10], 0x0a);
    assert_int_equal(digest.bytes[30], 0xfe);
    assert_int_equal(digest.bytes[31], 0xff);
    memset(text, 'x', sizeof(text));
    memset(hex, 'x', sizeof(hex));
    digest_format(&digest, text);
    assert_string_equal(text, "sha256:" HEX);
    digest_format_hex(&digest, hex);
    assert_string_equal(hex, HEX);
}

static void test_digest__refuses_every_other_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "sha256:",
        HEX,
        "sha256:" HEX "0",
        "sha512:" HEX,
        "SHA256:" HEX,
        "sha256:000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1dfeff",
        "sha256:g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff",
        "sha256:0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff",
        " sha256:0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        struct digest digest;
        memset(&digest, 0x55, sizeof(digest));
        assert_int_equal(digest_parse(&digest, bad[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "digest_invalid");
        assert_int_equal(digest.bytes[0], 0x55);
    }
}

static void test_digest__is_equal_only_when_every_byte_is(void **state)
{
    (void)state;
    struct digest a = { { 0 } };
    for (int i = 0; i < DIGEST_BYTES; i++) {
        struct digest b = a;
        assert_true(digest_equal(&a, &b));
        b.bytes[i] = 1;
        assert_false(digest_equal(&a, &b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest__formats_and_parses_both_ways),
        cmocka_unit_test(test_digest__refuses_every_other_form),
        cmocka_unit_test(test_digest__is_equal_only_when_every_byte_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
