// Base64: RFC 4648's own examples, and one text for one value.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "trust/base64.h"

static const struct {
    const char *plain;
    const char *base64;
} samples[] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
    { "\xFB\xFF\xBF", "+/+/" },
};

static void test_base64__agrees_with_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer plain OWNED(buffer_release) = { 0 };
        base64_append(&text, samples[i].plain, strlen(samples[i].plain));
        assert_string_equal(buffer_text(&text), samples[i].base64);
        assert_true(base64_decode(&plain, samples[i].base64, strlen(samples[i].base64)));
        assert_string_equal(buffer_text(&plain), samples[i].plain);
    }
}

static void test_base64__brings_every_byte_back(void **state)
{
    (void)state;
    uint8_t bytes[257];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t length = 0; length <= sizeof(bytes); length++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer plain OWNED(buffer_release) = { 0 };
        base64_append(&text, bytes, length);
        assert_true(base64_decode(&plain, buffer_text(&text), text.length));
        assert_int_equal(plain.length, length);
        assert_memory_equal(buffer_text(&plain), bytes, length);
    }
}

static void test_base64__refuses_every_other_spelling(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "Z",        "Zg",         "Zg=",      "Zh==",   "Zm9=",  "Z===",     "====",
        "Zg==Zg==", " Zg==",      "Zg==\n",   "Zm9v\n", "Zm 9v", "Zm9v====", "Zm9_",
        "Zm9-",     "Zm\xC3\xA9", "Zm9vYg=a", "=m9v",   "Zm=v",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct buffer plain OWNED(buffer_release) = { 0 };
        buffer_append_text(&plain, "before");
        if (base64_decode(&plain, bad[i], strlen(bad[i])))
            fail_msg("decoded '%s'", bad[i]);
        assert_string_equal(buffer_text(&plain), "before");
    }
}

static void test_base64__refuses_a_nul_inside(void **state)
{
    (void)state;
    struct buffer plain OWNED(buffer_release) = { 0 };
    assert_false(base64_decode(&plain, "Zm\0v", 4));
    assert_false(base64_decode(&plain, "Zm9vYmFy", 7)); // what follows the length is not its
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64__agrees_with_the_rfc),
        cmocka_unit_test(test_base64__brings_every_byte_back),
        cmocka_unit_test(test_base64__refuses_every_other_spelling),
        cmocka_unit_test(test_base64__refuses_a_nul_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
