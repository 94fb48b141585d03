// Masked copies of made-up people, many of them: nobody is left, twice is as once, JSON stays JSON.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "check/pii_checksum.h"
#include "check/pii_mask.h"

#define VALUE_BYTES 64
#define ROUNDS 1500
#define VALUES_PER_TEXT 4

// The same numbers in each run.
struct lot {
    uint64_t state;
};

static unsigned draw(struct lot *lot, unsigned below)
{
    lot->state = lot->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(lot->state >> 33) % below;
}

// A form: '#' any digit, '^' one of 2-9, 'L' a capital, 'l' a small letter; "\\" takes the next
// character as it is.
static void fill(char out[VALUE_BYTES], const char *form, struct lot *lot)
{
    size_t to = 0;
    for (; *form && to < VALUE_BYTES - 1; form++)
        switch (*form) {
        case '#':
            out[to++] = (char)('0' + draw(lot, 10));
            break;
        case '^':
            out[to++] = (char)('2' + draw(lot, 8));
            break;
        case 'L':
            out[to++] = "ABCEGHJKLMPRSTWXY"[draw(lot, 17)];
            break;
        case 'l':
            out[to++] = (char)('a' + draw(lot, 26));
            break;
        case '\\':
            form++;
            out[to++] = *form;
            break;
        default:
            out[to++] = *form;
        }
    out[to] = '\0';
}

static void only(char out[VALUE_BYTES], const char *text, const char *kept)
{
    size_t to = 0;
    for (; *text; text++)
        if (strchr(kept, *text))
            out[to++] = *text;
    out[to] = '\0';
}

// Makes the last digit a check digit; what has none stays.
static void check_digit(char *value, bool (*holds)(const char *))
{
    char digits[VALUE_BYTES];
    size_t last = strlen(value) - 1;
    for (char c = '0'; c <= '9'; c++) {
        value[last] = c;
        only(digits, value, "0123456789");
        if (holds(digits))
            return;
    }
}

static void check_iban(char *value)
{
    char plain[VALUE_BYTES];
    for (unsigned check = 2; check < 99; check++) {
        value[2] = (char)('0' + check / 10);
        value[3] = (char)('0' + check % 10);
        only(plain, value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (pii_checksum_iban(plain))
            return;
    }
}

static const struct maker {
    const char *form;
    bool (*holds)(const char *); // of its last digit; NULL: it has none
    bool is_iban;
} makers[] = {
    { .form = "llll\\.llll@llllll\\.de" },
    { .form = "l\\.llllll+l#@mai\\l\\.lllll\\.co\\.uk" },
    { .form = "llll [at] lllllll\\.com" },
    { .form = "+1 ^^# ^## ####" },
    { .form = "(^^#) ^##-####" },
    { .form = "^^#-^##-####" },
    { .form = "1-^^#-^##-####" },
    { .form = "+49 1\\51 ########" },
    { .form = "0171-#######" },
    { .form = "(030) ^#######" },
    { .form = "020 7### ####" },
    { .form = "07^## ######" },
    { .form = "+44 7^## ######" },
    { .form = "06 ## ## ## ##" },
    { .form = "+33 6 ## ## ## ##" },
    { .form = "+91 98### #####" },
    { .form = "+81-90-####-####" },
    { .form = "03-####-####" },
    { .form = "(11) 9####-####" },
    { .form = "phone: ^#########" },
    { .form = "tel ^##^###" },
    { .form = "4### #### #### ####", .holds = pii_checksum_luhn },
    { .form = "5\\1#############5", .holds = pii_checksum_luhn },
    { .form = "37## ###### #####", .holds = pii_checksum_luhn },
    { .form = "DE## #### #### #### #### ##", .is_iban = true },
    { .form = "NL##ABNA##########", .is_iban = true },
    { .form = "^##-4#-1###" },
    { .form = "SSN: ^##4#1###" },
    { .form = "AB ## ## ## C" },
    { .form = "JK######D" },
    { .form = "^### #### ####", .holds = pii_checksum_verhoeff },
    { .form = "aadhaar ^###########", .holds = pii_checksum_verhoeff },
    { .form = "LLLPL####L" },
    { .form = "passport L#######" },
    { .form = "passport no\\. #########" },
    { .form = "8^\\.1^#\\.1#\\.^" },
    { .form = "2a02:####:##::1" },
    { .form = "born 1^\\.0^\\.19^#" },
    { .form = "born on ^ March 19^#" },
    { .form = "DOB 19^#-0^-1#" },
    { .form = "date of birth: 0^/1^/^#" },
    { .form = "Mr John Lllllll" },
    { .form = "Name: Lllll Lllllll" },
};

static void make(char out[VALUE_BYTES], struct lot *lot)
{
    const struct maker *maker = &makers[draw(lot, COUNT_OF(makers))];
    fill(out, maker->form, lot);
    if (maker->holds)
        check_digit(out, maker->holds);
    if (maker->is_iban)
        check_iban(out);
}

static const char *const joints[] = { " ",     ", ", "; ", "\n", " / ", ".\n\n", " - ", " (",
                                      ") or ", "|",  "\t", ": ", ",",   "\"",    "'s " };

static void make_text(struct buffer *out, struct lot *lot)
{
    char value[VALUE_BYTES];
    buffer_append_text(out, "Reach me at ");
    for (int i = 0; i < VALUES_PER_TEXT; i++) {
        make(value, lot);
        buffer_append_text(out, value);
        buffer_append_text(out, joints[draw(lot, COUNT_OF(joints))]);
    }
}

// Values as strings and, where they are digits alone, as numbers; some as keys.
static void make_json(struct buffer *out, struct lot *lot)
{
    static const char *const keys[] = { "phone", "note", "ssn", "passport", "born", "card" };
    struct error err = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    char value[VALUE_BYTES];
    char digits[VALUE_BYTES];
    char key[VALUE_BYTES];
    char text[2 * VALUE_BYTES];
    for (size_t i = 0; i < VALUES_PER_TEXT; i++) {
        snprintf(key, sizeof(key), "%s %zu", keys[draw(lot, COUNT_OF(keys))], i);
        make(value, lot);
        only(digits, value, "0123456789");
        snprintf(text, sizeof(text), "\"quoted\"\n%s\\", value);
        if (strlen(digits) >= 7 && digits[0] != '0' && draw(lot, 2) == 0)
            json_set_raw(document, key, digits);
        else if (draw(lot, 4) == 0)
            json_set_integer(document, value, (int64_t)i);
        else
            json_set_string(document, key, text);
    }
    assert_int_equal(draw(lot, 2) ? json_print(out, document, &err)
                                  : json_print_pretty(out, document, &err),
                     STATUS_OK);
}

static void mask(void **state, struct buffer *out, size_t *count, const struct buffer *text,
                 enum pii_form form)
{
    struct error err = { 0 };
    const struct pii_mask_text what = { buffer_text(text), text->length, form };
    if (pii_mask_bytes(out, count, *state, &what, &err) != STATUS_OK)
        fail_msg("%s: %s", buffer_text(text), err.message);
}

static void expect_clean(void **state, const struct buffer *text, const struct buffer *masked,
                         enum pii_form form)
{
    struct error err = { 0 };
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    assert_int_equal(
        pii_detector_scan(*state, &spans, buffer_text(masked), masked->length, form, &err),
        STATUS_OK);
    if (pii_spans_count_refused(&spans) > 0)
        fail_msg("'%s' became '%s'", buffer_text(text), buffer_text(masked));
}

static void expect_json(const struct buffer *text)
{
    struct error err = { 0 };
    struct json *value OWNED(json_release) = NULL;
    if (json_parse(&value, buffer_text(text), text->length, &err) != STATUS_OK)
        fail_msg("%s: %s", err.message, buffer_text(text));
}

static void try_many(void **state, enum pii_form form,
                     void (*compose)(struct buffer *, struct lot *))
{
    struct lot lot = { 20 };
    size_t total = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        struct buffer masked OWNED(buffer_release) = { 0 };
        struct buffer again OWNED(buffer_release) = { 0 };
        size_t count = 0;
        size_t second = 0;
        compose(&text, &lot);
        mask(state, &masked, &count, &text, form);
        expect_clean(state, &text, &masked, form);
        mask(state, &again, &second, &masked, form);
        assert_int_equal(second, 0);
        assert_string_equal(buffer_text(&again), buffer_text(&masked));
        if (form == PII_JSON)
            expect_json(&masked);
        total += count;
    }
    // Most of what is made up is found; else this would say nothing.
    assert_true(total > ROUNDS * VALUES_PER_TEXT * 2 / 3);
}

static void test_pii_mask_property__leaves_nobody_in_a_text(void **state)
{
    try_many(state, PII_PLAIN, make_text);
    try_many(state, PII_MARKUP, make_text);
}

static void test_pii_mask_property__leaves_nobody_in_json_that_stays_json(void **state)
{
    try_many(state, PII_JSON, make_json);
}

static int open_detector(void **state)
{
    struct error err = { 0 };
    struct pii_detector *detector = NULL;
    int status = pii_detector_new(&detector, &err) == STATUS_OK ? 0 : -1;
    *state = detector;
    return status;
}

static int close_detector(void **state)
{
    pii_detector_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_mask_property__leaves_nobody_in_a_text),
        cmocka_unit_test(test_pii_mask_property__leaves_nobody_in_json_that_stays_json),
    };
    return cmocka_run_group_tests(tests, open_detector, close_detector);
}
