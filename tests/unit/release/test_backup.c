// Backups: how entries of the audit are written down, and what is taken for a backup.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "release/backup.h"

#define HEX "74a1453a4a60dac4b08100254102931fcc6831f94741642137a3b20f1de27658"

static void test_backup__reads_an_entry_in_each_form(void **state)
{
    (void)state;
    static const char *const forms[] = { "41:" HEX, "41 " HEX, "41:sha256:" HEX, "41 sha256:" HEX };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct error err = { 0 };
        struct backup_head head;
        char text[BACKUP_HEAD_BYTES];
        assert_int_equal(backup_head_parse(&head, forms[i], &err), STATUS_OK);
        backup_head_format(&head, text);
        assert_string_equal(text, forms[0]);
    }
}

static void test_backup__refuses_what_is_no_entry(void **state)
{
    (void)state;
    static const char *const forms[] = { "",        ":" HEX,     "0:" HEX,
                                         "-1:" HEX, "41" HEX,    "41:" HEX "0",
                                         "41:74a1", "41:x" HEX,  "99999999999999999999:" HEX,
                                         "41;" HEX, "41:sha256:" };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct error err = { 0 };
        struct backup_head head;
        assert_int_equal(backup_head_parse(&head, forms[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "head_invalid");
    }
}

static void add(struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    assert_int_equal(content_add_bytes(content, path, text, strlen(text), &err), STATUS_OK);
}

static void check_read(const char *document, bool with_ledger, enum status expected)
{
    struct error err = { 0 };
    struct backup backup = { 0 };
    struct content content OWNED(content_release) = { 0 };
    add(&content, BACKUP_DOCUMENT, document);
    add(&content, BACKUP_IDENTITY, "{}");
    add(&content, BACKUP_STORE, "x");
    if (with_ledger)
        add(&content, BACKUP_LEDGER, "x");
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_int_equal(backup_read(&backup, &content, &err), expected);
    if (expected == STATUS_OK)
        assert_int_equal(backup.head.sequence, 41);
    else
        assert_string_equal(err.code, "not_a_backup");
}

static void test_backup__is_read_when_it_says_what_it_is(void **state)
{
    (void)state;
#define GOOD "{\"format\":1,\"made_at\":\"2026-11-23T14:12:22Z\",\"audit\":\"41:" HEX "\"}"
    check_read(GOOD, true, STATUS_OK);
    check_read(GOOD, false, STATUS_INVALID);
    check_read("{\"format\":2,\"made_at\":\"2026-11-23T14:12:22Z\",\"audit\":\"41:" HEX "\"}", true,
               STATUS_INVALID);
    check_read("{\"format\":1,\"made_at\":\"yesterday\",\"audit\":\"41:" HEX "\"}", true,
               STATUS_INVALID);
    check_read("{\"format\":1,\"made_at\":\"2026-11-23T14:12:22Z\"}", true, STATUS_INVALID);
    check_read("not JSON", true, STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backup__reads_an_entry_in_each_form),
        cmocka_unit_test(test_backup__refuses_what_is_no_entry),
        cmocka_unit_test(test_backup__is_read_when_it_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
