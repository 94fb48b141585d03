// What points at the world outside in a text: found whatever stands around it, and whole.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/endpoint_scan.h"

// Each find as a letter for its form, and its text.
static void describe(struct buffer *out, const char *text, size_t length)
{
    static const char forms[] = {
        [ENDPOINT_URL] = 'U', [ENDPOINT_PHONE] = 'P', [ENDPOINT_NUMBER] = 'N', [ENDPOINT_HOST] = 'H'
    };
    struct endpoint_scan scan = { .bytes = text, .length = length };
    struct endpoint_span span;
    while (endpoint_scan_next(&scan, &span)) {
        assert_int_equal(strncmp(text + span.begin, span.text, strlen(span.text)), 0);
        buffer_append_format(out, "%c:%s ", forms[span.form], span.text);
    }
}

static void test_endpoint_scan_next__finds_what_stands_in_a_text(void **state)
{
    static const struct {
        const char *text;
        const char *found;
    } cases[] = {
        { "", "" },
        { "nothing here at all", "" },
        { "Ends with a full stop. And: a colon", "" },
        { "https://crm.acme.de/v1.", "U:https://crm.acme.de/v1 " },
        { "(see http://a.de:80/b?c=d#e)", "U:http://a.de:80/b?c=d#e " },
        { "x https://user:secret@a.de, y", "U:https://user:secret@a.de " },
        { "svn+ssh://a.de/x", "" }, // behind a plus sign no word begins
        { "crm.acme.de", "H:crm.acme.de " },
        { "crm.acme.de.", "H:crm.acme.de " },
        { "...crm.acme.de...", "H:...crm.acme.de " },
        { "a crm.acme.de/v1 b.acme.de", "H:crm.acme.de H:b.acme.de " },
        { "jane@acme.de", "" },
        { "/etc/a.conf", "" },
        { "v1.2.3 and 1.2", "" },
        { "a.b", "" },
        { "tel:+49301234 TEL:+4910", "P:tel:+49301234 " },
        { "sip:jane@acme.de sips:b@acme.de.", "P:sip:jane@acme.de P:sips:b@acme.de " },
        { "hotel:5 xtel:7", "" },
        { "+49 30 1234567, +1 (202) 555-0143", "N:+49 30 1234567 N:+1 (202) 555-0143 " },
        { "a + b +", "" },
        { "3+4", "" },
        { "://a.de :// x", "" },
        { "a.de://b.de", "U:a.de://b.de " },
        { "http://", "" },
        { "http://a.de.b.de", "U:http://a.de.b.de " },
        { "under_score.acme.de -dash.acme.de", "H:under_score.acme.de H:-dash.acme.de " },
        { "\xC3\xA9.acme.de", "H:.acme.de " },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer found OWNED(buffer_release) = { 0 };
        describe(&found, cases[i].text, strlen(cases[i].text));
        if (strcmp(buffer_text(&found), cases[i].found) != 0)
            fail_msg("'%s': %s", cases[i].text, buffer_text(&found));
    }
}

// Many bytes are passed over together: what stands at any place among them is found.
static void test_endpoint_scan_next__finds_a_host_at_every_place(void **state)
{
    static const char host[] = "crm.acme.de";
    (void)state;
    for (size_t length = sizeof(host) - 1; length <= 48; length++)
        for (size_t at = 0; at + sizeof(host) - 1 <= length; at++) {
            struct buffer found OWNED(buffer_release) = { 0 };
            char text[48];
            memset(text, ' ', sizeof(text));
            memcpy(text + at, host, sizeof(host) - 1);
            describe(&found, text, length);
            assert_string_equal(buffer_text(&found), "H:crm.acme.de ");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoint_scan_next__finds_what_stands_in_a_text),
        cmocka_unit_test(test_endpoint_scan_next__finds_a_host_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
