// One file looked through: what is found where, what is shown of it, and what cannot be read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "check/pii_file.h"

struct seen {
    char text[512];
};

static enum status note(void *context, const struct pii_file_span *found, struct error *err)
{
    (void)err;
    struct seen *seen = context;
    size_t length = strlen(seen->text);
    snprintf(seen->text + length, sizeof(seen->text) - length, "%s %u:%u %s %s;",
             found->is_path ? "path" : "content", found->place.line, found->place.column,
             found->value, found->span->allowed ? found->span->allowed : "refused");
    return STATUS_OK;
}

static enum status note_unread(void *context, const char *path, const char *why, const char *mend,
                               struct error *err)
{
    (void)err;
    (void)mend;
    struct seen *seen = context;
    snprintf(seen->text, sizeof(seen->text), "%s: %s", path, why);
    return STATUS_OK;
}

static void look(struct seen *seen, const char *path, const char *bytes, size_t length)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    const struct pii_file_visitor visitor = { note, note_unread, seen };
    assert_int_equal(pii_detector_new(&detector, &err), STATUS_OK);
    assert_int_equal(content_add_bytes(&content, path, bytes, length, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_int_equal(pii_file_scan(detector, content.files, &visitor, &err), STATUS_OK);
}

static void test_pii_file__names_what_is_found_in_the_path_and_in_the_content(void **state)
{
    (void)state;
    static const char text[] = "Ü a@example.com\nÜ jane@acme.de";
    struct seen seen = { 0 };
    look(&seen, "of/joe@acme.de/x", text, sizeof(text) - 1);
    assert_string_equal(seen.text, "path 0:0 joe@acme.de refused;"
                                   "content 1:3 a@example.com reserved-domain;"
                                   "content 2:3 jane@acme.de refused;");
}

static void test_pii_file__finds_nothing_in_what_packs_its_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *label;
    } rows[] = {
        { "%PDF-1.7 jane@acme.de", "it is a PDF, whose text is packed" },
        { "PK\003\004 jane@acme.de", "it is a zip archive or an office document" },
        { "\037\213 jane@acme.de", "it is a gzip file" },
        { "\050\265\057\375 jane@acme.de", "it is a zstd file" },
        { "\3757zXZ jane@acme.de", "it is an xz file" },
        { "BZh9 jane@acme.de", "it is a bzip2 file" },
        { "7z\274\257\047\034 jane@acme.de", "it is a 7-Zip archive" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct seen seen = { 0 };
        look(&seen, "packed", rows[i].bytes, strlen(rows[i].bytes));
        if (!strstr(seen.text, rows[i].label))
            fail_msg("%s: %s", rows[i].label, seen.text);
    }
    assert_null(pii_file_packed("%PDF", 4));
    assert_null(pii_file_packed("", 0));
    assert_null(pii_file_packed("PK is a prefix", 14));
}

static void test_pii_file__shows_too_little_to_pass_on(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *shown;
    } rows[] = {
        { "jane@acme.de", "j***@****.de" },
        { "+49 30 1234567", "+** ** *****67" },
        { "", "" },
        { "a", "a" },
        { "tab\there", "t** **re" },
        { "jürgen@müller.de", "j*****@******.de" },
    };
    char out[PII_FILE_SHOWN_BYTES + 1];
    char longest[200];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        pii_file_obscure(out, rows[i].text, strlen(rows[i].text));
        assert_string_equal(out, rows[i].shown);
    }
    memset(longest, 'x', sizeof(longest));
    pii_file_obscure(out, longest, sizeof(longest));
    assert_int_equal(strlen(out), PII_FILE_SHOWN_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_file__names_what_is_found_in_the_path_and_in_the_content),
        cmocka_unit_test(test_pii_file__finds_nothing_in_what_packs_its_text),
        cmocka_unit_test(test_pii_file__shows_too_little_to_pass_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
