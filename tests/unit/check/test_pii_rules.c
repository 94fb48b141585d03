// The rules of the detector as data: all that are built in work, and what is not of the form asked
// for is refused by name; check digits against numbers that their publishers give as samples.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "check/pii_checksum.h"
#include "check/pii_detector.h"
#include "check/pii_rules.h"

static void test_pii_rules__that_are_built_in_all_compile(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct pii_rules rules OWNED(pii_rules_release) = { 0 };
    bool has[PII_ENTITY_COUNT] = { false };
    assert_int_equal(pii_rules_read_embedded(&rules, &err), STATUS_OK);
    for (size_t i = 0; i < rules.count; i++) {
        has[rules.items[i].entity] = true;
        if (pii_rules_compile(&rules.items[i].pattern, rules.items[i].expression, &err) !=
            STATUS_OK)
            fail_msg("%s: %s", rules.items[i].id, err.message);
    }
    for (size_t i = 0; i < rules.allow_count; i++)
        if (pii_rules_compile(&rules.allow[i].pattern, rules.allow[i].expression, &err) !=
            STATUS_OK)
            fail_msg("%s: %s", rules.allow[i].expression, err.message);
    for (size_t i = 0; i < PII_ENTITY_COUNT; i++)
        assert_true(has[i]);
}

static void test_pii_rules__refuses_what_is_no_rule(void **state)
{
    (void)state;
#define RULE(more)                                                                                 \
    "{\"contexts\":{\"c\":[\"w\"],\"e\":[]},\"rules\":[{\"id\":\"r1\",\"entity\":\"email\","       \
    "\"pattern\":\"a\",\"validator\":\"text\"" more "}]}"
    static const struct {
        const char *text;
        const char *words; // NULL: it is fine
    } rows[] = {
        { RULE(""), NULL },
        { RULE(",\"context\":\"c\",\"window\":64"), NULL },
        { "{\"rules\":[{}]}", "'id'" },
        { "{\"rules\":[{\"id\":\"r1\"}]}", "r1: 'id' and 'pattern'" },
        { "{\"rules\":[{\"id\":\"r1\",\"pattern\":\"a\",\"entity\":\"x\"}]}", "r1: 'entity'" },
        { "{\"rules\":[{\"id\":\"r1\",\"pattern\":\"a\",\"entity\":\"iban\"}]}",
          "r1: 'validator'" },
        { RULE(",\"context\":\"d\",\"window\":9"), "r1: 'context'" },
        { RULE(",\"context\":\"e\",\"window\":9"), "r1: 'context'" },
        { RULE(",\"context\":\"c\""), "r1: 'context'" },
        { RULE(",\"context\":\"c\",\"window\":65"), "r1: 'digits', 'together', 'window'" },
        { RULE(",\"together\":65"), "r1: 'digits'" },
        { RULE(",\"shapes\":[\"AA99\",\"a..9\"]"), NULL },
        { RULE(",\"shapes\":[\"a.9.\"]"), "r1: 'shapes'" }, // it ends in no digit
        { RULE(",\"shapes\":[]"), "r1: 'shapes'" },
        { RULE(",\"shapes\":[\"AA9\"]"), "r1: 'shapes'" },
        { RULE(",\"shapes\":[\"AA9x\"]"), "r1: 'shapes'" },
        { RULE(",\"shapes\":[\"A999\",\"A999\",\"A999\",\"A999\",\"A999\"]"), "r1: 'shapes'" },
        { RULE(",\"digits\":-1"), "r1: 'digits'" },
        { RULE(",\"any\":[1]"), "r1: 'any'" },
        { RULE(",\"country\":\"1234\""), "r1: 'country'" },
        { "{\"allow\":[{\"entity\":\"email\",\"pattern\":\"a\"}]}", "'reason'" },
        { "{", "line 1" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = { 0 };
        struct pii_rules rules OWNED(pii_rules_release) = { 0 };
        enum status status = pii_rules_read(&rules, rows[i].text, strlen(rows[i].text), &err);
        assert_int_equal(status, rows[i].words ? STATUS_INVALID : STATUS_OK);
        if (rows[i].words && !strstr(err.message, rows[i].words))
            fail_msg("%s: %s", rows[i].text, err.message);
    }
}

static void test_pii_checksum__takes_samples_and_no_others(void **state)
{
    (void)state;
    assert_true(pii_checksum_luhn("4242424242424242"));
    assert_true(pii_checksum_luhn("378282246310005"));
    assert_false(pii_checksum_luhn("4242424242424243"));
    assert_false(pii_checksum_luhn("2442424242424242"));
    assert_false(pii_checksum_luhn(""));
    assert_true(pii_checksum_verhoeff("2363"));
    assert_true(pii_checksum_verhoeff("123451"));
    assert_true(pii_checksum_verhoeff("1428570"));
    assert_false(pii_checksum_verhoeff("3263"));
    assert_false(pii_checksum_verhoeff("123452"));
    assert_false(pii_checksum_verhoeff(""));
    assert_true(pii_checksum_iban("GB29NWBK60161331926819"));
    assert_true(pii_checksum_iban("DE89370400440532013000"));
    assert_true(pii_checksum_iban("MT84MALT011000012345MTLCAST001S"));
    assert_false(pii_checksum_iban("GB92NWBK60161331926819"));
    assert_false(pii_checksum_iban("DE"));
    assert_int_equal(pii_checksum_iban_length("NO"), 15);
    assert_int_equal(pii_checksum_iban_length("MT"), 31);
    assert_int_equal(pii_checksum_iban_length("XX"), 0);
}

// A long line with as many candidates as fit costs no more per byte than a short one: the work is
// limited, and reaching the limit would be an error.
static void test_pii_detector__is_linear(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "+49 1 2 3 ", "a@a.", "1-",       "12 ",   "A1",      "::",
        "1.2.3.",     "\\",   "phone 1 ", "4111 ", "Name: A",
    };
    struct error err = { 0 };
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    assert_int_equal(pii_detector_new(&detector, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct pii_spans spans OWNED(pii_spans_release) = { 0 };
        while (text.length < 200000)
            buffer_append_text(&text, pieces[i]);
        if (pii_detector_scan(detector, &spans, text.bytes, text.length, PII_JSON, &err) !=
            STATUS_OK)
            fail_msg("%s: %s", pieces[i], err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_rules__that_are_built_in_all_compile),
        cmocka_unit_test(test_pii_rules__refuses_what_is_no_rule),
        cmocka_unit_test(test_pii_checksum__takes_samples_and_no_others),
        cmocka_unit_test(test_pii_detector__is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
