// What the detector reads off a line before it runs a rule: and that no rule finds less for it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/memory.h"
#include "check/pii_detector.h"
#include "check/pii_line.h"
#include "check/pii_rules.h"

#define LABELLED_PATH TEST_SOURCE_DIR "/tests/unit/check/pii_labelled.txt"

static void test_pii_line__counts_digits_and_those_together(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t end;
        unsigned digits;
        unsigned together;
    } rows[] = {
        { "", 0, 0, 0 },
        { "a\n123", 1, 0, 0 },
        { "12 a 3\n", 6, 3, 2 },
        { "(0)1+2-3.4/5 6", 14, 7, 7 },
        { "1,2_34:5", 8, 5, 2 },
        { "12\xC2\xA0"
          "34",
          6, 4, 2 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pii_line line = { 0 };
        pii_line_read(&line, &(struct pattern_text) { rows[i].text, strlen(rows[i].text) });
        assert_int_equal(line.end, rows[i].end);
        assert_int_equal(line.digits, rows[i].digits);
        assert_int_equal(line.together, rows[i].together);
    }
}

static bool has_shape(const char *text, const char *shape)
{
    struct pii_line line = { 0 };
    unsigned char number = 0;
    assert_true(pii_line_parse_shape(&number, shape));
    pii_line_read(&line, &(struct pattern_text) { text, strlen(text) });
    return line.shapes[number];
}

static void test_pii_line__knows_shapes(void **state)
{
    (void)state;
    unsigned char number = 0;
    assert_true(has_shape("xx DE89", "AA99"));
    assert_true(has_shape("AB 1", "AA.9"));
    assert_true(has_shape("abcdE1234F", "A999"));
    assert_true(has_shape("\xC3\xA9-9z", "...9"));
    assert_true(has_shape("7", "...9"));
    assert_true(has_shape("aB7", ".aA9"));
    assert_false(has_shape("x\n7", ".a.9"));
    assert_false(has_shape("de89", "AA99"));
    assert_false(has_shape("AB\n12", "AA99"));
    assert_false(has_shape("A 999", "A999"));
    assert_false(pii_line_parse_shape(&number, "AA9"));
    assert_false(pii_line_parse_shape(&number, "AA999"));
    assert_false(pii_line_parse_shape(&number, "AA#9"));
    assert_false(pii_line_parse_shape(&number, "9999a"));
    assert_false(pii_line_parse_shape(&number, "999a"));
}

// The built-in rules without what keeps them from looking at lines: the members get names that
// nobody asks for, and each list of context words one that is too short to be looked for.
static void read_all_looking_rules(struct buffer *out)
{
    static const char *const members[][2] = {
        { "\"together\":", "\"-ogether\":" },
        { "\"shapes\":", "\"-hapes\":" },
        { "\"any\":", "\"-ny\":" },
        { "\": [\n      \"", "\": [\"\\u0001\",\n     \"" }, // the lists of "contexts"
    };
    const struct embedded_file *file = embedded_find("pii.json");
    size_t replaced = 0;
    assert_non_null(file);
    for (const char *at = file->bytes; *at;) {
        size_t i = 0;
        while (i < COUNT_OF(members) && strncmp(at, members[i][0], strlen(members[i][0])) != 0)
            i++;
        if (i == COUNT_OF(members)) {
            buffer_append_byte(out, *at++);
            continue;
        }
        buffer_append_text(out, members[i][1]);
        at += strlen(members[i][0]);
        replaced++;
    }
    assert_true(replaced > 30);
}

static void assert_same(struct pii_detector *quick, struct pii_detector *thorough, const char *text,
                        size_t length, enum pii_form form)
{
    struct error err = { 0 };
    struct pii_spans found OWNED(pii_spans_release) = { 0 };
    struct pii_spans wanted OWNED(pii_spans_release) = { 0 };
    assert_int_equal(pii_detector_scan(quick, &found, text, length, form, &err), STATUS_OK);
    assert_int_equal(pii_detector_scan(thorough, &wanted, text, length, form, &err), STATUS_OK);
    for (size_t i = 0; i < found.count && i < wanted.count; i++) {
        const struct pii_span *a = &found.items[i];
        const struct pii_span *b = &wanted.items[i];
        if (a->begin != b->begin || a->end != b->end || strcmp(a->rule, b->rule) != 0)
            fail_msg("%s instead of %s at %zu: %.*s", a->rule, b->rule, b->begin, (int)length,
                     text);
    }
    if (found.count != wanted.count)
        fail_msg("%zu instead of %zu in: %.*s", found.count, wanted.count, (int)length, text);
}

static void test_pii_line__leaves_out_no_rule_that_would_match(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer rules OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct pii_detector *quick OWNED(pii_detector_release) = NULL;
    struct pii_detector *thorough OWNED(pii_detector_release) = NULL;
    read_all_looking_rules(&rules);
    assert_int_equal(pii_detector_new(&quick, &err), STATUS_OK);
    if (pii_detector_new_of(&thorough, rules.bytes, rules.length, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(file_read(&text, LABELLED_PATH, 1U << 20, &err), STATUS_OK);
    static const enum pii_form forms[] = { PII_PLAIN, PII_JSON, PII_MARKUP };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        assert_same(quick, thorough, text.bytes, text.length, forms[i]);
    for (const char *at = text.bytes; *at;) { // each line, whole and cut
        size_t length = strcspn(at, "\n");
        assert_same(quick, thorough, at, length, PII_PLAIN);
        for (size_t cut = length / 4; length > 3 && cut < length; cut += length / 4)
            assert_same(quick, thorough, at + cut, length - cut, PII_PLAIN);
        at += length + (at[length] == '\n');
    }
}

// The first lines are matched by PCRE2's interpreter, the others by machine code.
static void test_pii_line__each_of_many_lines_is_found(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    const size_t lines = 3 * PII_RULES_RUNS_SLOW;
    for (size_t i = 0; i < lines; i++)
        buffer_append_format(&text, "write to caller.%zu@mail.acme-%zu.io\n", i, i);
    assert_int_equal(pii_detector_new(&detector, &err), STATUS_OK);
    assert_int_equal(
        pii_detector_scan(detector, &spans, buffer_text(&text), text.length, PII_PLAIN, &err),
        STATUS_OK);
    assert_int_equal(spans.count, lines);
    for (size_t i = 0; i < lines; i++) {
        assert_int_equal(spans.items[i].entity, PII_EMAIL);
        assert_memory_equal(text.bytes + spans.items[i].begin, "caller.", 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_line__counts_digits_and_those_together),
        cmocka_unit_test(test_pii_line__knows_shapes),
        cmocka_unit_test(test_pii_line__leaves_out_no_rule_that_would_match),
        cmocka_unit_test(test_pii_line__each_of_many_lines_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
