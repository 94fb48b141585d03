// A line of the log, as text and as JSON: one line, whatever an event names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "log_record.h"

static struct log_record record_of(const char *message)
{
    struct log_record record = { .time = 1795257000, .level = LOG_WARNING };
    snprintf(record.message, sizeof(record.message), "%s", message);
    return record;
}

static void print(struct buffer *out, enum log_format format, const struct log_record *record)
{
    struct error err;
    assert_int_equal(log_record_print(out, format, record, &err), STATUS_OK);
    assert_int_equal(out->bytes[out->length - 1], '\n');
    assert_null(memchr(out->bytes, '\n', out->length - 1));
}

static void test_log_record__prints_json_with_members_of_their_own(void **state)
{
    (void)state;
    struct buffer line OWNED(buffer_release) = { 0 };
    struct log_record record = record_of("the disk is full");
    snprintf(record.request_id, sizeof(record.request_id), "0b6c");
    record.code = "disk_full";
    print(&line, LOG_JSON, &record);
    assert_string_equal(line.bytes, "{\"time\":\"2026-11-21T10:30:00Z\",\"level\":\"warning\","
                                    "\"message\":\"the disk is full\",\"request_id\":\"0b6c\","
                                    "\"error_code\":\"disk_full\"}\n");
}

static void test_log_record__prints_text_as_people_read_it(void **state)
{
    (void)state;
    struct buffer line OWNED(buffer_release) = { 0 };
    struct log_record record = record_of("the disk is full");
    snprintf(record.request_id, sizeof(record.request_id), "0b6c");
    print(&line, LOG_TEXT, &record);
    assert_string_equal(line.bytes,
                        "2026-11-21T10:30:00Z warning: request 0b6c: the disk is full\n");
}

// Paths and header fields are anybody's bytes; what comes out is one line, and JSON that reads back
// as what went in, as far as that is text.
static void test_log_record__keeps_hostile_bytes_within_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        const char *read_back;
    } rows[] = {
        { "a\nb", "a\nb" },
        { "a\",\"level\":\"note\",\"x\":\"", "a\",\"level\":\"note\",\"x\":\"" },
        { "\\\" }\r\n{\"time\":\"never\"}", "\\\" }\r\n{\"time\":\"never\"}" },
        { "\x1b[2J\x7f\x01", "\x1b[2J\x7f\x01" },
        { "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\xe2\x80", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "\xe2\x80\xa8", "\xe2\x80\xa8" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer line OWNED(buffer_release) = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        struct json *read OWNED(json_release) = NULL;
        struct error err;
        struct log_record record = record_of(rows[i].message);
        print(&line, LOG_JSON, &record);
        assert_int_equal(json_parse(&read, line.bytes, line.length, &err), STATUS_OK);
        assert_int_equal(json_count(read), 3);
        assert_string_equal(json_get_string(read, "level", ""), "warning");
        assert_string_equal(json_get_string(read, "message", ""), rows[i].read_back);
        print(&text, LOG_TEXT, &record);
        for (size_t at = 0; at + 1 < text.length; at++)
            assert_true((unsigned char)text.bytes[at] >= 0x20 && text.bytes[at] != 0x7f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_record__prints_json_with_members_of_their_own),
        cmocka_unit_test(test_log_record__prints_text_as_people_read_it),
        cmocka_unit_test(test_log_record__keeps_hostile_bytes_within_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
