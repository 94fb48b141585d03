// Masked copies: nobody is left in them, what was the same stays the same, and forms are kept.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/json.h"
#include "base/file.h"
#include "base/memory.h"
#include "check/pii_mask.h"

#define LABELLED_PATH TEST_SOURCE_DIR "/tests/unit/check/pii_labelled.txt"

static int open_detector(void **state)
{
    struct error err = { 0 };
    struct pii_detector *detector = NULL;
    if (pii_detector_new(&detector, &err) != STATUS_OK)
        return -1;
    *state = detector;
    return 0;
}

static int close_detector(void **state)
{
    pii_detector_free(*state);
    return 0;
}

static void mask(void **state, struct buffer *out, const char *text, enum pii_form form)
{
    struct error err = { 0 };
    if (pii_mask_bytes(out, NULL, *state, &(struct pii_mask_text) { text, strlen(text), form },
                       &err) != STATUS_OK)
        fail_msg("%s", err.message);
}

static size_t count_refused(void **state, const char *bytes, size_t length, enum pii_form form)
{
    struct error err = { 0 };
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    assert_int_equal(pii_detector_scan(*state, &spans, bytes, length, form, &err), STATUS_OK);
    for (size_t i = 0; i < spans.count; i++)
        if (!spans.items[i].allowed)
            print_message("left: %.*s\n", (int)(spans.items[i].end - spans.items[i].begin),
                          bytes + spans.items[i].begin);
    return pii_spans_count_refused(&spans);
}

static void test_pii_mask__leaves_nobody(void **state)
{
    struct error err = { 0 };
    struct buffer file OWNED(buffer_release) = { 0 };
    size_t left = 0;
    assert_int_equal(file_read(&file, LABELLED_PATH, 1U << 20, &err), STATUS_OK);
    for (const char *at = file.bytes; *at;) {
        struct buffer masked OWNED(buffer_release) = { 0 };
        size_t length = strcspn(at, "\n");
        assert_int_equal(pii_mask_bytes(&masked, NULL, *state,
                                        &(struct pii_mask_text) { at, length, PII_PLAIN }, &err),
                         STATUS_OK);
        if (count_refused(state, buffer_text(&masked), masked.length, PII_PLAIN) > 0) {
            print_message("%.*s -> %s\n", (int)length, at, buffer_text(&masked));
            left++;
        }
        at += length + 1;
    }
    assert_int_equal(left, 0);
}

static void test_pii_mask__gives_one_value_one_stand_in(void **state)
{
    struct buffer one OWNED(buffer_release) = { 0 };
    struct buffer other OWNED(buffer_release) = { 0 };
    struct buffer third OWNED(buffer_release) = { 0 };
    mask(state, &one, "(415) 736-2671", PII_PLAIN);
    mask(state, &other, "415-736-2671", PII_PLAIN);
    mask(state, &third, "415-736-2672", PII_PLAIN);
    assert_memory_equal(one.bytes + 1, other.bytes, 3);
    assert_string_equal(one.bytes + 6, other.bytes + 4);
    assert_string_not_equal(other.bytes, third.bytes);
    buffer_truncate(&one, 0);
    buffer_truncate(&other, 0);
    mask(state, &one, "jane@acme.de", PII_PLAIN);
    mask(state, &other, "JANE\\u0040acme.de", PII_JSON);
    assert_string_equal(one.bytes, other.bytes);
}

static void test_pii_mask__keeps_the_form(void **state)
{
    // '#' stands for any digit, '?' for any lower-case hex digit.
    static const struct {
        const char *text;
        const char *masked;
    } rows[] = {
        { "mail jane@acme.de!", "mail person-????????@example.com!" },
        { "+49 30 1234-567 now", "+493023125### now" },
        { "0171-1234567", "+493023125###" },
        { "020 7123 4567", "020 7946 0###" },
        { "07712 345678", "07700 900###" },
        { "+44 7712 345678", "+44 7700 900###" },
        { "06 12 34 56 78", "06 39 98 ## ##" },
        { "451-62-1234", "900-00-####" },
        { "DE89 3704 0044 0532 0130 00", "DE00 #### #### #### #### ##" },
        { "AB 12 34 56 C", "QQ ## ## ## C" },
        { "2341 2341 2346", "1### #### ####" },
        { "ABCPK1234L", "XXXXX####X" },
        { "passport X1234567", "passport X0000####" },
        { "born 12.03.1984", "born ##.##.1900" },
        { "born 12 March 1984", "born ## March 1900" },
        { "born 1984-03-12", "born 1900-##-##" },
        { "user@example.com 10.0.0.1", "user@example.com 10.0.0.1" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer masked OWNED(buffer_release) = { 0 };
        mask(state, &masked, rows[i].text, PII_PLAIN);
        bool same = masked.length == strlen(rows[i].masked);
        for (size_t j = 0; same && j < masked.length; j++) {
            char want = rows[i].masked[j];
            char got = masked.bytes[j];
            same = want == '#'   ? strchr("0123456789", got) != NULL
                   : want == '?' ? strchr("0123456789abcdef", got) != NULL
                                 : want == got;
        }
        if (!same)
            fail_msg("%s: %s, not %s", rows[i].text, buffer_text(&masked), rows[i].masked);
    }
}

static void test_pii_mask__keeps_json_json(void **state)
{
    static const char text[] =
        "{\"phone\":4915123456789,\"card\":4532015112830366,\"ssn\":451621234,"
        "\"aadhaar\":234123412346,\"passport\":531234567,\"email\":\"a\\u0040acme.de\","
        "\"note\":\"born\\n12.03.1984 \\\"AB 12 34 56 C\\\"\"}";
    struct error err = { 0 };
    struct buffer masked OWNED(buffer_release) = { 0 };
    struct json *value OWNED(json_release) = NULL;
    size_t count = 0;
    assert_int_equal(pii_mask_bytes(&masked, &count, *state,
                                    &(struct pii_mask_text) { text, strlen(text), PII_JSON }, &err),
                     STATUS_OK);
    assert_int_equal(count, 8);
    if (json_parse(&value, masked.bytes, masked.length, &err) != STATUS_OK)
        fail_msg("%s: %s", err.message, masked.bytes);
    assert_true(json_is(json_get(value, "phone"), JSON_NUMBER));
    assert_int_equal(count_refused(state, masked.bytes, masked.length, PII_JSON), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_mask__leaves_nobody),
        cmocka_unit_test(test_pii_mask__gives_one_value_one_stand_in),
        cmocka_unit_test(test_pii_mask__keeps_the_form),
        cmocka_unit_test(test_pii_mask__keeps_json_json),
    };
    return cmocka_run_group_tests(tests, open_detector, close_detector);
}
