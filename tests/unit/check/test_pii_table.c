// Columns of versions in Markdown tables: what stands there is no address of a machine.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/pii_detector.h"
#include "check/pii_table.h"

#define VALUE "20.0.0.12"

static void test_pii_table_holds_versions__goes_by_the_heading_of_the_column(void **state)
{
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        { "| Server | Version |\n|---|---|\n| Liberty | " VALUE " |\n", true },
        { "| Server | Version |\n| :--- | ---: |\n| a | 1 |\n| Liberty | 1.2, " VALUE " |", true },
        { "  | VERSIONS | x |\r\n  |-|-|\r\n  | " VALUE " | y |", true },
        { "| サーバー | バージョン |\n|---|---|\n| a | " VALUE " |", true },
        { "| 服务器 | 版本 |\n|---|---|\n| a | " VALUE " |", true },
        { "| Server | Address |\n|---|---|\n| a | " VALUE " |", false },
        { "| Version | Server |\n|---|---|\n| a | " VALUE " |", false },
        { "| Version of the IP |\n|---|\n| " VALUE " |", false },
        { "| Release | Host of the release |\n|---|---|\n| a | " VALUE " |", false },
        { "| Server | Version |\n| Liberty | " VALUE " |\n", false }, // no delimiter row
        { "Version\n|---|\n| " VALUE " |", false },
        { "|---|\n| " VALUE " |", false },
        { "| Version |\n|---|\n\n| " VALUE " |", false }, // another table
        { "| Version |\n|---|\n " VALUE, false },
        { VALUE, false },
        { "| " VALUE " |", false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *value = strstr(cases[i].text, VALUE);
        size_t begin = (size_t)(value - cases[i].text);
        if (pii_table_holds_versions(cases[i].text, begin) != cases[i].holds)
            fail_msg("case %zu: %s", i, cases[i].text);
    }
}

static void test_pii_table_holds_versions__looks_no_further_than_it_says(void **state)
{
    static const char head[] = "| Version |\n|---|\n";
    static const char *const rows[] = { "| 1.2.3 |\n",
                                        "| 1.2.3 | a server whose name is long, and whose "
                                        "description is longer than anybody would care to read at "
                                        "once, since it goes on for more than two hundred bytes, "
                                        "which forty of take more than is looked through |\n" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer text OWNED(buffer_release) = { 0 };
        size_t length = strlen(rows[i]);
        size_t most = (PII_TABLE_MAX_BYTES - sizeof(head)) / length;
        buffer_append_text(&text, head);
        for (size_t row = 0; row < most && row < PII_TABLE_MAX_ROWS; row++)
            buffer_append_text(&text, rows[i]);
        assert_true(pii_table_holds_versions(buffer_text(&text), text.length - length + 2));
        for (int more = 0; more < 2; more++)
            buffer_append_text(&text, rows[i]);
        assert_false(pii_table_holds_versions(buffer_text(&text), text.length - length + 2));
    }
}

// The same values, by the detector: a person's address in the next column is still found.
static void test_pii_detector_scan__finds_addresses_beside_versions(void **state)
{
    static const char text[] = "| Version | Address |\n|---|---|\n| 20.0.0.12 | 84.23.11.9 |\n"
                               "| 21.0.0.12, 22.0.0.12 | 84.23.11.10 |\n\n23.0.0.12\n";
    static const char *const wanted[] = { "84.23.11.9", "84.23.11.10", "23.0.0.12" };
    struct error err = { 0 };
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    (void)state;
    assert_int_equal(pii_detector_new(&detector, &err), STATUS_OK);
    assert_int_equal(pii_detector_scan(detector, &spans, text, sizeof(text) - 1, PII_MARKUP, &err),
                     STATUS_OK);
    assert_int_equal(spans.count, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        assert_int_equal(strncmp(text + spans.items[i].begin, wanted[i], strlen(wanted[i])), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_table_holds_versions__goes_by_the_heading_of_the_column),
        cmocka_unit_test(test_pii_table_holds_versions__looks_no_further_than_it_says),
        cmocka_unit_test(test_pii_detector_scan__finds_addresses_beside_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
