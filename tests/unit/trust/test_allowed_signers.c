// Who may sign: lines as OpenSSH writes them, lines that are refused, and the list's own rules.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "trust/allowed_signers.h"
#include "unit/trust/vectors.h"

#define KEY_A vectors[0].public_key
#define KEY_B vectors[2].public_key
#define END INT64_C(1795429800) // 2026-11-23T10:30:00Z

static struct ssh_key key_of(const char *line)
{
    struct error err = { 0 };
    struct ssh_key key;
    assert_int_equal(ssh_key_parse(&key, line, &err), STATUS_OK);
    return key;
}

static void parse_text(struct allowed_signers *signers, const char *text)
{
    struct error err = { 0 };
    if (allowed_signers_parse(signers, text, strlen(text), &err) != STATUS_OK)
        fail_msg("%s", err.message);
}

// A list of one line: `head` and key A.
static void parse_head(struct allowed_signers *signers, const char *head)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "%s %s\n", head, KEY_A);
    parse_text(signers, text.bytes);
}

static void assert_refused(const char *text, size_t length, const char *because)
{
    struct error err = { 0 };
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    enum status status = allowed_signers_parse(&signers, text, length, &err);
    if (status != STATUS_INVALID || !strstr(err.message, because))
        fail_msg("'%.60s': status %d, said '%s', expected '%s'", text, status, err.message,
                 because);
    assert_int_equal(signers.count, 0);
    assert_null(signers.items);
}

static void assert_head_refused(const char *head, const char *because)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "# first\n%s %s\n", head, KEY_A);
    assert_refused(text.bytes, text.length, because);
    assert_refused(text.bytes, text.length, "line 2: ");
}

static void assert_prints(const struct allowed_signers *signers, const char *expected)
{
    struct error err;
    struct buffer text OWNED(buffer_release) = { 0 };
    assert_int_equal(allowed_signers_print(&text, signers, &err), STATUS_OK);
    assert_string_equal(buffer_text(&text), expected);
}

static void test_allowed_signers__prints_lines_as_parsed(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    buffer_append_format(&text, "lead@example.com %s\n", KEY_A);
    buffer_append_format(&text,
                         "o'neil namespaces=\"git\",valid-after=\"20250101000000Z\","
                         "valid-before=\"20261123103000Z\" %s\n",
                         KEY_B);
    buffer_append_format(&text, "lead@example.com namespaces=\"file,!git*\" %s\n", KEY_A);
    parse_text(&signers, text.bytes);
    assert_int_equal(signers.count, 3);
    assert_string_equal(signers.items[1].name, "o'neil");
    assert_int_equal(signers.items[1].valid_after, 1735689600);
    assert_int_equal(signers.items[1].valid_before, END);
    assert_int_equal(signers.items[0].valid_after, INT64_MIN);
    assert_int_equal(signers.items[0].valid_before, INT64_MAX);
    assert_prints(&signers, text.bytes);
}

static void test_allowed_signers__skips_comments_blanks_and_line_ends(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "\n# a comment\n  \t\n\t# another\r\n \tlead \t%s  comment \r\n",
                         KEY_A);
    buffer_append_format(&text, "\r\ndev %s", KEY_B); // and no newline at the end
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    parse_text(&signers, text.bytes);
    buffer_truncate(&text, 0);
    buffer_append_format(&text, "lead %s\ndev %s\n", KEY_A, KEY_B);
    assert_prints(&signers, text.bytes);
    struct allowed_signers none OWNED(allowed_signers_release) = { 0 };
    parse_text(&none, "");
    assert_int_equal(none.count, 0);
    assert_prints(&none, "");
}

static void test_allowed_signers__reads_times_of_every_length_as_utc(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } times[] = {
        { "20261123", 1795392000 },
        { "20261123Z", 1795392000 },
        { "202611231030", END },
        { "202611231030Z", END },
        { "20261123103000", END },
        { "20261123103000Z", END },
        { "19700101000001Z", 1 },
        { "20240229Z", 1709164800 },
        { "99991231235959Z", 253402300799 },
    };
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
        struct buffer head OWNED(buffer_release) = { 0 };
        buffer_append_format(&head, "lead VALID-before=\"%s\"", times[i].text);
        parse_head(&signers, head.bytes);
        assert_int_equal(signers.items[0].valid_before, times[i].seconds);
    }
    assert_int_equal(unsetenv("TZ"), 0);
}

static void test_allowed_signers__refuses_bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        const char *because;
    } bad[] = {
        { "lead,dev", "one name a line" },
        { "*@example.com", "not a pattern" },
        { "m?ya", "not a pattern" },
        { "!lead", "not a pattern" },
        { "\"lead\"", "no quote" },
        { "m\xC3\xA1ya", "printable ASCII" },
        { "ma\x01ya", "printable ASCII" },
        { "ma\x7Fya", "printable ASCII" },
        { "lead cert-authority", "certificates" },
        { "lead CERT-AUTHORITY,namespaces=\"git\"", "certificates" },
        { "lead namespaces=\"git\",cert-authority", "certificates" },
        { "lead no-touch-required=\"yes\"", "'no-touch-required' is not known" },
        { "lead verify-required", "'verify-required' is not known" },
        { "lead namespaces=git", "NAME=\"VALUE\"" },
        { "lead namespaces", "'namespaces' is not known" },
        { "lead namespaces=\"git", "closing quote" },
        { "lead namespaces=\"g\\\"it\"", "closing quote, or holds a backslash" },
        { "lead namespaces=\"git\"x", "must be followed by" },
        { "lead namespaces=\"git\",", "NAME=\"VALUE\"" },
        { "lead namespaces=\"\"", "empty or overlong pattern" },
        { "lead namespaces=\"git,\"", "empty or overlong pattern" },
        { "lead namespaces=\"!\"", "empty or overlong pattern" },
        { "lead namespaces=\"git\",namespaces=\"git\"", "stands twice" },
        { "lead valid-after=\"20250101Z\",valid-after=\"20250101Z\"", "stands twice" },
        { "lead valid-before=\"20250101Z\",valid-before=\"20250101Z\"", "stands twice" },
        { "lead valid-after=\"20250101Z\",valid-before=\"20250101Z\"", "is not after" },
        { "lead valid-before=\"\"", "not a time" },
        { "lead valid-before=\"2025-01-01\"", "not a time" },
        { "lead valid-before=\"20250230Z\"", "not a time" },
        { "lead valid-before=\"20250101250000Z\"", "not a time" },
        { "lead valid-before=\"20250101ZZ\"", "not a time" },
        { "lead valid-before=\"20250101UTC\"", "not a time" },
        { "lead valid-before=\"202501010\"", "not a time" },
        { "lead valid-before=\"19700101Z\"", "not a time" },
        { "lead valid-before=\"19691231Z\"", "not a time" },
        { "lead valid-before=\"+0250101Z\"", "not a time" },
        { "lead ssh-dss", "too weak" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_head_refused(bad[i].head, bad[i].because);
    assert_refused("lead", 4, "no key after the name");
    assert_refused("lead ", 5, "no key after the name");
    assert_refused("lead ssh-ed25519 AAAA", 21, "cut short");
    assert_refused("a\0b", 3, "NUL");
    struct buffer large OWNED(buffer_release) = { 0 };
    while (large.length <= ALLOWED_SIGNERS_MAX_BYTES)
        buffer_append_text(&large, "# a comment that is long enough to get there soon enough\n");
    assert_refused(large.bytes, large.length, "longer than 1048576 bytes");
}

static void test_allowed_signers__refuses_overlong_names(void **state)
{
    (void)state;
    char name[ALLOWED_SIGNERS_MAX_NAME_BYTES + 2];
    struct error err = { 0 };
    memset(name, 'm', sizeof(name));
    name[ALLOWED_SIGNERS_MAX_NAME_BYTES] = '\0';
    assert_int_equal(allowed_signers_check_name(name, &err), STATUS_OK);
    name[ALLOWED_SIGNERS_MAX_NAME_BYTES] = 'm';
    name[ALLOWED_SIGNERS_MAX_NAME_BYTES + 1] = '\0';
    assert_int_equal(allowed_signers_check_name(name, &err), STATUS_INVALID);
    assert_int_equal(allowed_signers_check_name("", &err), STATUS_INVALID);
    assert_int_equal(allowed_signers_check_name("#lead", &err), STATUS_INVALID);
    assert_int_equal(allowed_signers_check_name("ma#ya!", &err), STATUS_OK);
}

static void test_allowed_signers__refuses_one_key_under_two_names(void **state)
{
    (void)state;
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "lead valid-before=\"20250101Z\" %s\ndev %s\n", KEY_A, KEY_A);
    assert_refused(text.bytes, text.length, "line 2: the key of 'dev' stands under 'lead' too");
}

static void test_allowed_signers__finds_by_key_time_and_namespace(void **state)
{
    (void)state;
    struct ssh_key a = key_of(KEY_A);
    struct ssh_key b = key_of(KEY_B);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    parse_head(&signers, "lead valid-after=\"20261123102959Z\",valid-before=\"20261123103000Z\"");
    assert_null(allowed_signers_find(&signers, &a, END - 2));
    assert_ptr_equal(allowed_signers_find(&signers, &a, END - 1), &signers.items[0]);
    assert_null(allowed_signers_find(&signers, &a, END));
    assert_null(allowed_signers_find(&signers, &b, END - 1));
    static const struct {
        const char *head;
        bool found;
    } heads[] = {
        { "lead", true },
        { "lead namespaces=\"git\"", true },
        { "lead namespaces=\"file,git\"", true },
        { "lead namespaces=\"g*\"", true },
        { "lead namespaces=\"???\"", true },
        { "lead namespaces=\"file\"", false },
        { "lead namespaces=\"GIT\"", false },
        { "lead namespaces=\"gitx,xgit\"", false },
        { "lead namespaces=\"*,!git\"", false },
        { "lead namespaces=\"!git,*\"", false },
        { "lead namespaces=\"!file\"", false },
        { "lead namespaces=\"!file,*\"", true },
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        struct allowed_signers one OWNED(allowed_signers_release) = { 0 };
        parse_head(&one, heads[i].head);
        if ((allowed_signers_find(&one, &a, END) != NULL) != heads[i].found)
            fail_msg("%s", heads[i].head);
    }
}

static void test_allowed_signers__adds_from_now_on(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct ssh_key a = key_of(KEY_A);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    int64_t before = clock_now();
    assert_int_equal(allowed_signers_add(&signers, "lead", &a, &err), STATUS_OK);
    int64_t after = clock_now();
    assert_in_range(signers.items[0].valid_after, before, after);
    assert_null(allowed_signers_find(&signers, &a, before - 1));
    assert_non_null(allowed_signers_find(&signers, &a, after));
    struct buffer text OWNED(buffer_release) = { 0 };
    assert_int_equal(allowed_signers_print(&text, &signers, &err), STATUS_OK);
    assert_ptr_equal(strstr(text.bytes, "lead namespaces=\"git\",valid-after=\""), text.bytes);
    struct allowed_signers again OWNED(allowed_signers_release) = { 0 };
    parse_text(&again, text.bytes);
    assert_prints(&again, text.bytes);
    assert_int_equal(allowed_signers_add(&signers, "ma ya", &a, &err), STATUS_INVALID);
    assert_int_equal(signers.count, 1);
}

static void test_allowed_signers__refuses_a_name_or_key_that_is_taken(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct ssh_key a = key_of(KEY_A);
    struct ssh_key b = key_of(KEY_B);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    parse_head(&signers, "lead");
    assert_int_equal(allowed_signers_add(&signers, "lead", &b, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "signer_exists");
    assert_int_equal(allowed_signers_add(&signers, "dev", &a, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "signer_key_taken");
    // Also when the other name's time is over: what it signed must stay one person's.
    assert_int_equal(allowed_signers_end(&signers, "lead", clock_now(), &err), STATUS_OK);
    assert_int_equal(allowed_signers_add(&signers, "dev", &a, &err), STATUS_CONFLICT);
    // The person itself may come back, with the old key or a new one.
    assert_int_equal(allowed_signers_add(&signers, "lead", &a, &err), STATUS_OK);
    assert_int_equal(signers.count, 2);
}

// Removed and added again within one second: each span is told from the other, and no name has to
// wait.
static void test_allowed_signers__adds_again_after_a_removal_took_effect(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct ssh_key a = key_of(KEY_A);
    struct ssh_key b = key_of(KEY_B);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    parse_head(&signers, "lead");
    int64_t end = clock_now() + 1; // as `approver remove` has it
    assert_int_equal(allowed_signers_end(&signers, "lead", end, &err), STATUS_OK);
    assert_int_equal(allowed_signers_add(&signers, "lead", &a, &err), STATUS_OK);
    assert_int_equal(signers.items[1].valid_after, end);
    assert_ptr_equal(allowed_signers_find(&signers, &a, end - 1), &signers.items[0]);
    assert_ptr_equal(allowed_signers_find(&signers, &a, end), &signers.items[1]);
    // Another key of that name has nothing to be told from.
    assert_int_equal(allowed_signers_end(&signers, "lead", end + 60, &err), STATUS_OK);
    assert_int_equal(allowed_signers_add(&signers, "lead", &b, &err), STATUS_CONFLICT);
    signers.items[1].valid_before = clock_now() + 1;
    assert_int_equal(allowed_signers_add(&signers, "lead", &b, &err), STATUS_OK);
    assert_true(signers.items[2].valid_after <= clock_now());
}

static void test_allowed_signers__ends_what_is_valid(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct ssh_key a = key_of(KEY_A);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    parse_head(&signers, "lead");
    assert_int_equal(allowed_signers_end(&signers, "dev", END, &err), STATUS_NOT_FOUND);
    assert_int_equal(allowed_signers_end(&signers, "lead", END, &err), STATUS_OK);
    assert_non_null(allowed_signers_find(&signers, &a, END - 1));
    assert_null(allowed_signers_find(&signers, &a, END));
    struct buffer text OWNED(buffer_release) = { 0 };
    buffer_append_format(&text, "lead valid-before=\"20261123103000Z\" %s\n", KEY_A);
    assert_prints(&signers, text.bytes);
    assert_int_equal(allowed_signers_end(&signers, "lead", END, &err), STATUS_NOT_FOUND);
    assert_int_equal(allowed_signers_end(&signers, "lead", END + 9, &err), STATUS_NOT_FOUND);
    assert_int_equal(allowed_signers_end(&signers, "lead", END - 9, &err), STATUS_OK);
    assert_null(allowed_signers_find(&signers, &a, END - 9));
}

// ssh-keygen stops reading the file at a line whose time ends before it begins.
static void test_allowed_signers__drops_a_line_that_never_was_valid(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct ssh_key a = key_of(KEY_A);
    struct ssh_key b = key_of(KEY_B);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    assert_int_equal(allowed_signers_add(&signers, "lead", &a, &err), STATUS_OK);
    assert_int_equal(allowed_signers_add(&signers, "dev", &b, &err), STATUS_OK);
    int64_t added = signers.items[0].valid_after;
    assert_int_equal(allowed_signers_end(&signers, "lead", added, &err), STATUS_OK);
    assert_int_equal(signers.count, 1);
    assert_string_equal(signers.items[0].name, "dev");
    assert_int_equal(allowed_signers_end(&signers, "dev", added + 60, &err), STATUS_OK);
    assert_int_equal(signers.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed_signers__prints_lines_as_parsed),
        cmocka_unit_test(test_allowed_signers__skips_comments_blanks_and_line_ends),
        cmocka_unit_test(test_allowed_signers__reads_times_of_every_length_as_utc),
        cmocka_unit_test(test_allowed_signers__refuses_bad_lines),
        cmocka_unit_test(test_allowed_signers__refuses_overlong_names),
        cmocka_unit_test(test_allowed_signers__refuses_one_key_under_two_names),
        cmocka_unit_test(test_allowed_signers__finds_by_key_time_and_namespace),
        cmocka_unit_test(test_allowed_signers__adds_from_now_on),
        cmocka_unit_test(test_allowed_signers__refuses_a_name_or_key_that_is_taken),
        cmocka_unit_test(test_allowed_signers__adds_again_after_a_removal_took_effect),
        cmocka_unit_test(test_allowed_signers__ends_what_is_valid),
        cmocka_unit_test(test_allowed_signers__drops_a_line_that_never_was_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
