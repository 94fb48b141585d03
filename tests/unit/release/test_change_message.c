// The messages of our commits: a subject and trailers, one line each whatever stands in them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "release/change_message.h"

#define DIGEST "sha256:00000000000000000000000000000000000000000000000000000000000000"

static struct change_message_item item(const char *id, uint8_t last)
{
    struct error err = { 0 };
    struct change_message_item item = { .digest = { .bytes = { [31] = last } } };
    assert_int_equal(id_parse_version(&item.id, id, &err), STATUS_OK);
    return item;
}

static void assert_message(const struct change_message *message, const char *expected)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    change_message_append(&text, message);
    assert_string_equal(buffer_text(&text), expected);
}

static void test_change_message_append__says_what_was_done_to_what_by_whom(void **state)
{
    (void)state;
    struct change_message_item items[] = { item("prompt/outbound/greeting@4", 0xab) };
    struct change_message message = { .operation = "promote",
                                      .items = items,
                                      .count = 1,
                                      .actor = "Approver <approver@example.com>",
                                      .reason = "a better greeting",
                                      .audit = "7 sha256:12" };
    assert_message(&message, "promote prompt/outbound/greeting@4\n\n"
                             "Operation: promote\n"
                             "Artifact: prompt/outbound/greeting\n"
                             "Version: 4\n"
                             "Digest: " DIGEST "ab\n"
                             "Actor: Approver <approver@example.com>\n"
                             "Reason: a better greeting\n"
                             "Audit: 7 sha256:12\n");
}

static void test_change_message_append__names_each_of_several(void **state)
{
    (void)state;
    struct change_message_item items[] = { item("tool/a@1", 1), item("knowledge/b/c@22", 2),
                                           item("prompt/d@3", 3) };
    struct change_message message = { .operation = "publish", .items = items, .count = 3 };
    assert_message(&message, "publish tool/a@1 and 2 more\n\n"
                             "Operation: publish\n"
                             "Artifact: tool/a\nVersion: 1\nDigest: " DIGEST "01\n"
                             "Artifact: knowledge/b/c\nVersion: 22\nDigest: " DIGEST "02\n"
                             "Artifact: prompt/d\nVersion: 3\nDigest: " DIGEST "03\n");
}

static void test_change_message_append__takes_a_subject_of_its_own(void **state)
{
    (void)state;
    struct change_message message = { .operation = "key create",
                                      .subject = "key create: abc for dialer",
                                      .actor = "operator",
                                      .reason = "" };
    assert_message(&message, "key create: abc for dialer\n\nOperation: key create\n"
                             "Actor: operator\n");
}

// Nobody forges a trailer by what they call themselves or give as a reason.
static void test_change_message_append__keeps_each_trailer_on_its_line(void **state)
{
    (void)state;
    struct change_message message = { .operation = "publish",
                                      .subject = "two\nlines",
                                      .actor = "Author\nVersion: 99\r\n",
                                      .reason = "why\n\nOperation: promote\tand\x01more" };
    assert_message(&message, "two lines\n\nOperation: publish\n"
                             "Actor: Author Version: 99  \n"
                             "Reason: why  Operation: promote and more\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_change_message_append__says_what_was_done_to_what_by_whom),
        cmocka_unit_test(test_change_message_append__names_each_of_several),
        cmocka_unit_test(test_change_message_append__takes_a_subject_of_its_own),
        cmocka_unit_test(test_change_message_append__keeps_each_trailer_on_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
