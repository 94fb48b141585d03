// Text as the detectors read it: what is decoded and made plain, and the way back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/pii_text.h"

static void read_text(struct pii_text *text, const char *bytes, size_t length, enum pii_form form)
{
    struct error err = { 0 };
    assert_int_equal(pii_text_read(text, bytes, length, form, &err), STATUS_OK);
    assert_true(text_is_utf8(buffer_text(&text->plain), text->plain.length, NULL));
}

static void test_pii_text__makes_look_alikes_plain(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *plain;
        enum pii_form form;
    } rows[] = {
        { "plain \\u0041 &#65;", "plain \\u0041 &#65;", PII_PLAIN },
        { "\xEF\xBC\x91\xEF\xBC\xA0\xEF\xBC\xA1", "1@A", PII_PLAIN }, // full width
        { "a\xC2\xA0"
          "b\xE2\x80\xAF"
          "c\xE3\x80\x80"
          "d",
          "a b c d", PII_PLAIN }, // no-break, narrow, ideographic
        { "1\xE2\x80\x91"
          "2\xE2\x88\x92"
          "3",
          "1-2-3", PII_PLAIN }, // hyphen, minus
        { "4\xE2\x80\x8B"
          "5\xC2\xAD"
          "6\xEF\xBB\xBF",
          "456", PII_PLAIN },                                                // zero width
        { "\xE0\xA5\xA7\xE0\xA5\xAF \xD9\xA0\xD9\xA9", "19 09", PII_PLAIN }, // Devanagari, Arabic
        { "\xF0\x9D\x9F\x8E\xF0\x9D\x9F\xBF", "09", PII_PLAIN },             // mathematical
        { "\xC3\xA9\xE4\xB8\xAD", "\xC3\xA9\xE4\xB8\xAD", PII_PLAIN },
        { "\\u0040\\n\\/\\\"\\ud83d\\ude00\\u00e9", "@\n/\"\xF0\x9F\x98\x80\xC3\xA9", PII_JSON },
        { "\\uFF11\\u00a0\\u200b!", "1 !", PII_JSON },
        { "\\ud83d\\u00", "\x1A\\u00", PII_JSON },
        { "\\x \\", "\\x \\", PII_JSON },
        { "a\\@b&#64;c&#x40;d&nbsp;e&commat;f", "a@b@c@d e@f", PII_MARKUP },
        { "&#; &#x; &#99999999; &#0; &unknown; &", "&#; &#x; &#99999999; \x1A &unknown; &",
          PII_MARKUP },
        { "\xFF\xC0\x80\xE2\x82\xED\xA0\x80", "\x1A\x1A\x1A\x1A\x1A\x1A\x1A\x1A", PII_PLAIN },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pii_text text OWNED(pii_text_release) = { 0 };
        read_text(&text, rows[i].text, strlen(rows[i].text), rows[i].form);
        assert_string_equal(buffer_text(&text.plain), rows[i].plain);
    }
}

static void test_pii_text__knows_the_way_back(void **state)
{
    (void)state;
    static const char bytes[] = "a\\u0040b\\n\xEF\xBC\x91"
                                "2\xE2\x80\x8B"
                                "3x";
    static const size_t places[] = { 0, 1, 7, 8, 10, 13, 17, 18, 19 };
    struct pii_text text OWNED(pii_text_release) = { 0 };
    read_text(&text, bytes, sizeof(bytes) - 1, PII_JSON);
    assert_string_equal(buffer_text(&text.plain), "a@b\n123x");
    for (size_t i = 0; i < COUNT_OF(places); i++)
        assert_int_equal(pii_text_original(&text, i), places[i]);
}

static void test_pii_text__takes_nuls_and_nothing(void **state)
{
    (void)state;
    struct pii_text text OWNED(pii_text_release) = { 0 };
    struct pii_text empty OWNED(pii_text_release) = { 0 };
    read_text(&text, "a\0b", 3, PII_PLAIN);
    assert_string_equal(buffer_text(&text.plain), "a\x1A"
                                                  "b");
    read_text(&empty, "", 0, PII_JSON);
    assert_int_equal(empty.plain.length, 0);
    assert_int_equal(pii_text_original(&empty, 0), 0);
}

static void test_pii_text__tells_the_form_by_the_path(void **state)
{
    (void)state;
    assert_int_equal(pii_text_form_of("artifact.json"), PII_JSON);
    assert_int_equal(pii_text_form_of("docs/a.JSONL"), PII_JSON);
    assert_int_equal(pii_text_form_of("docs/a.b.md"), PII_MARKUP);
    assert_int_equal(pii_text_form_of("docs/a.HTM"), PII_MARKUP);
    assert_int_equal(pii_text_form_of("docs/json"), PII_PLAIN);
    assert_int_equal(pii_text_form_of(""), PII_PLAIN);
}

static void test_pii_text__refuses_what_is_too_large(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct pii_text text = { 0 };
    assert_int_equal(pii_text_read(&text, "", (size_t)PII_TEXT_MAX_BYTES + 1, PII_PLAIN, &err),
                     STATUS_TOO_LARGE);
    assert_null(text.plain.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_text__makes_look_alikes_plain),
        cmocka_unit_test(test_pii_text__knows_the_way_back),
        cmocka_unit_test(test_pii_text__takes_nuls_and_nothing),
        cmocka_unit_test(test_pii_text__tells_the_form_by_the_path),
        cmocka_unit_test(test_pii_text__refuses_what_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
