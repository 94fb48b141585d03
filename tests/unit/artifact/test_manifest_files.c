// Manifests against the files that are there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "unit/artifact/given_manifest.h"

static void test_manifest_files__places_bad_bytes_in_prompt_files(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *rule;
        uint32_t line;
        uint32_t column;
    } files[] = {
        { "a\n\xc3\xbc\xfc", 5, "manifest.not-utf8", 2, 2 },
        { "\xff\xfeh\0i\0", 6, "manifest.not-utf8", 1, 1 },
        { "ab\0cd", 5, "manifest.not-text", 1, 3 },
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct error err = { 0 };
        struct content content OWNED(content_release) = { 0 };
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        content_add_bytes(&content, "a.md", files[i].bytes, files[i].length, &err);
        given_content(&content,
                      (struct given_file[]) { { "artifact.json", "{" PROMPT "}" }, { 0 } });
        assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                         STATUS_REFUSED);
        assert_int_equal(findings.count, 1);
        assert_string_equal(findings.items[0].rule, files[i].rule);
        assert_string_equal(findings.items[0].file, "a.md");
        assert_int_equal(findings.items[0].line, files[i].line);
        assert_int_equal(findings.items[0].column, files[i].column);
    }
}

#define TWO_SECTIONS                                                                               \
    "{\"kind\":\"prompt\",\"name\":\"x\",\"sections\":[{\"name\":\"long\",\"file\":\"b.md\"},"     \
    "{\"name\":\"short\",\"file\":\"a.md\"}]}"

static void test_manifest_files__holds_sections_to_40000_characters_together(void **state)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    for (int i = 0; i < MANIFEST_MAX_PROMPT_CHARACTERS - 1; i++)
        buffer_append_text(&text, "\xf0\x9f\x93\x9e"); // one character of four bytes
    struct given_file files[] = {
        { "artifact.json", TWO_SECTIONS }, { "a.md", "1" }, { "b.md", text.bytes }, { 0 }
    };
    struct finding_list fits OWNED(finding_list_release) = { 0 };
    assert_int_equal(given_read_files(state, &fits, files), STATUS_OK);
    assert_int_equal(fits.count, 0);

    struct finding_list over OWNED(finding_list_release) = { 0 };
    files[1].text = "12";
    assert_int_equal(given_read_files(state, &over, files), STATUS_REFUSED);
    assert_int_equal(over.count, 1);
    assert_string_equal(over.items[0].rule, "manifest.too-long");
    assert_int_equal(over.items[0].column, 40);
    assert_non_null(strstr(over.items[0].message, "together: 40001 characters"));
    assert_non_null(strstr(over.items[0].mend, "'long'"));
}

static void test_manifest_files__does_not_read_a_file_that_is_far_too_long(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    // Without a source: reading it would end this test.
    assert_int_equal(content_add(&content, "a.md", CONTENT_MAX_FILE_BYTES, NULL, 0, &err),
                     STATUS_OK);
    assert_int_equal(
        content_add(&content, "f.md", 4 * MANIFEST_MAX_PROMPT_CHARACTERS + 1, NULL, 0, &err),
        STATUS_OK);
    given_content(
        &content,
        (struct given_file[]) {
            { "artifact.json", "{" PROMPT ",\"fallback\":{\"file\":\"f.md\"}}" }, { 0 } });
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err),
                     STATUS_REFUSED);
    assert_int_equal(findings.count, 2);
    assert_string_equal(findings.items[0].rule, "manifest.too-long");
    assert_non_null(strstr(findings.items[0].message, "together: at least 268435456"));
    assert_string_equal(findings.items[1].rule, "manifest.too-long");
    assert_non_null(strstr(findings.items[1].message, "fallback: at least 40001"));
}

static void test_manifest_files__wants_documents_in_a_knowledge_base(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    static const struct given_file files[] = {
        { "artifact.json", "{" KNOWLEDGE "}" }, { "docs/a.png", "" }, { "b.md", "" }, { 0 }
    };
    assert_int_equal(given_read_files(state, &findings, files), STATUS_REFUSED);
    assert_int_equal(finding_count(&findings, SEVERITY_ERROR), 1);
    assert_non_null(given_finding(&findings, "manifest.no-documents"));
    const struct finding *unused = given_finding(&findings, "manifest.file-unused");
    assert_string_equal(unused->file, "b.md");
    assert_non_null(strstr(unused->mend, "docs/"));
}

static void test_manifest_files__notes_other_files_once_an_ending(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    static const struct given_file files[] = { { "artifact.json", "{" KNOWLEDGE "}" },
                                               { "docs/a.md", "" },
                                               { "docs/a.png", "" },
                                               { "docs/b.PNG", "" },
                                               { "docs/.lint", "" },
                                               { "docs/Makefile", "" },
                                               { "docs/x.yaml", "" },
                                               { 0 } };
    assert_int_equal(given_read_files(state, &findings, files), STATUS_OK);
    assert_int_equal(findings.count, 4);
    assert_int_equal(finding_count(&findings, SEVERITY_NOTE), 4);
    for (size_t i = 0; i < findings.count; i++)
        assert_string_equal(findings.items[i].rule, "manifest.document-type");
    assert_string_equal(findings.items[2].file, "docs/a.png");
    assert_non_null(strstr(findings.items[2].message, "2 files"));
}

static void test_manifest_files__warns_of_files_that_nothing_names(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    for (int i = 0; i < 30; i++) {
        char path[16];
        snprintf(path, sizeof(path), "x%02d.md", i);
        assert_int_equal(content_add_bytes(&content, path, "", 0, &err), STATUS_OK);
    }
    given_content(&content, (struct given_file[]) { { "artifact.json", "{" PROMPT "}" },
                                                    { "a.md", "" },
                                                    { "README.md", "" },
                                                    { "License", "" },
                                                    { "CHANGELOG.TXT", "" },
                                                    { 0 } });
    assert_int_equal(manifest_reader_read(*state, &manifest, &content, &findings, &err), STATUS_OK);
    assert_int_equal(findings.count, 21);
    assert_int_equal(finding_count(&findings, SEVERITY_WARNING), 21);
    assert_string_equal(findings.items[0].file, "x00.md");
    assert_string_equal(findings.items[20].file, "");
    assert_non_null(strstr(findings.items[20].message, "10 more"));
}

static void test_manifest_files__tells_of_a_misnamed_file_once(void **state)
{
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    static const struct given_file files[] = { { "artifact.json", "{" PROMPT "}" },
                                               { "sections/A.md", "" },
                                               { 0 } };
    assert_int_equal(given_read_files(state, &findings, files), STATUS_REFUSED);
    assert_int_equal(findings.count, 1);
    assert_string_equal(findings.items[0].mend,
                        "there is 'sections/A.md': correct the path, or move the file");
}

static void test_manifest_files__knows_documents_by_their_ending(void **state)
{
    (void)state;
    assert_true(manifest_is_document("docs/a.markdown"));
    assert_true(manifest_is_document("a.b/c.d.JSONL"));
    assert_false(manifest_is_document("docs/.md"));
    assert_false(manifest_is_document("docs.md/a"));
    assert_false(manifest_is_document("docs/a.md.bak"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manifest_files__places_bad_bytes_in_prompt_files),
        cmocka_unit_test(test_manifest_files__holds_sections_to_40000_characters_together),
        cmocka_unit_test(test_manifest_files__does_not_read_a_file_that_is_far_too_long),
        cmocka_unit_test(test_manifest_files__wants_documents_in_a_knowledge_base),
        cmocka_unit_test(test_manifest_files__notes_other_files_once_an_ending),
        cmocka_unit_test(test_manifest_files__warns_of_files_that_nothing_names),
        cmocka_unit_test(test_manifest_files__tells_of_a_misnamed_file_once),
        cmocka_unit_test(test_manifest_files__knows_documents_by_their_ending),
    };
    return cmocka_run_group_tests(tests, given_open_reader, given_close_reader);
}
