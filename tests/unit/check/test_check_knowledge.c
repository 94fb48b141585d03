// knowledge: what makes documents hard to read, find and speak from.
#include "unit/check/given_subject.h"

#include <stdlib.h>

#define MANIFEST "{\"kind\":\"knowledge\",\"name\":\"plans\",\"title\":\"Plans\"}"

static void check(struct given_subject *given, const struct given_document *documents)
{
    struct error err = { 0 };
    given_subject_make(given, MANIFEST, documents);
    assert_int_equal(check_knowledge_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static void test_check_knowledge__names_what_is_wrong_with_a_document(void **state)
{
    static const struct {
        struct given_document document;
        const char *rule;
        enum severity severity;
        uint32_t line;
        uint32_t column;
        const char *words;
    } faults[] = {
        { { "docs/a.md", "caf\xE9", 4 }, "knowledge.not-utf8", SEVERITY_ERROR, 1, 4, "0xE9" },
        { { "docs/a.md", " \r\n", 0 }, "knowledge.empty", SEVERITY_ERROR, 0, 0, "empty" },
        { { "docs/a.md", "\xEF\xBB\xBF\n", 0 }, "knowledge.empty", SEVERITY_ERROR, 0, 0, "" },
        { { "docs/a.md", "%PDF-1.7", 0 }, "knowledge.format", SEVERITY_ERROR, 0, 0, "a PDF file" },
        { { "docs/a.txt", "\xFF\xFEh\0", 4 }, "knowledge.format", SEVERITY_ERROR, 0, 0, "UTF-16" },
        { { "docs/a.PDF", "Hello", 0 }, "knowledge.format", SEVERITY_ERROR, 0, 0, "not one" },
        { { "docs/a.txt", "a\nb\0", 4 }, "knowledge.format", SEVERITY_ERROR, 2, 2, "NUL" },
        { { "docs/a.md", "x\n[é](b.md)", 0 },
          "knowledge.broken-link",
          SEVERITY_WARNING,
          2,
          5,
          "'b.md'" },
        { { "docs/a.html", "<p><A class=x HREF = '../b.htm#y'>", 0 },
          "knowledge.broken-link",
          SEVERITY_WARNING,
          1,
          23,
          "../b.htm" },
        { { "docs/a.md", "\n[id]: gone.md \"T\"\n", 0 },
          "knowledge.broken-link",
          SEVERITY_WARNING,
          2,
          7,
          "'gone.md'" },
        { { "docs/a.md", "[![i](i.png)](gone/)", 0 },
          "knowledge.broken-link",
          SEVERITY_WARNING,
          1,
          15,
          "'gone/'" },
        { { "docs/a.md", "[up](../../../a.md)", 0 },
          "knowledge.broken-link",
          SEVERITY_WARNING,
          1,
          6,
          "" },
        { { "docs/a.jsonl", "{\"a\":1}\n\n{\"\xC3\xA9\":1,}\n", 0 },
          "knowledge.record",
          SEVERITY_ERROR,
          3,
          8,
          "not a line of JSON" },
        { { "docs/a.csv", "a,b\n\"1,\n2\",3\n4\n", 0 },
          "knowledge.record",
          SEVERITY_ERROR,
          4,
          1,
          "1 fields, where the first has 2" },
        { { "docs/a.csv", "a;b\n1;\"x\n", 0 },
          "knowledge.record",
          SEVERITY_ERROR,
          2,
          3,
          "a quote that begins here has no end" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check(&given, (const struct given_document[]) { faults[i].document, { 0 } });
        const struct finding *finding = given_subject_only(&given, faults[i].rule);
        assert_int_equal(given.findings.count, 1);
        assert_int_equal(finding->severity, faults[i].severity);
        assert_int_equal(finding->line, faults[i].line);
        assert_int_equal(finding->column, faults[i].column);
        assert_string_equal(finding->file, faults[i].document.path);
        assert_non_null(strstr(finding->message, faults[i].words));
        assert_true(finding->mend[0]);
    }
}

static void test_check_knowledge__lets_sound_documents_pass(void **state)
{
    static const struct given_document documents[] = {
        { "docs/a.md",
          "# A\n[b](b.md) [b](./sub/../b.md#x) [s](sub/) [s](sub) [h](sub/page.html)\n"
          "[sp](<with space.md>) [sp](with%20space.md) [x](https://x.example/gone.md) "
          "[m](mailto:a)\n"
          "[r](/gone.md) [t]({{< ref gone.md >}}) [c](main.go) ![i](gone.md) [#](#here)\n"
          "`[code](gone.md)` "
          "\\[not](gone.md)\n```\n[code](gone.md)\n```\n~~~\n[code](gone.md)\n~~~\n<!-- "
          "[c](gone.md) -->\n"
          "[site](../b/) [^1]: note\n",
          0 },
        { "docs/b.md", "B", 0 },
        { "docs/sub/index.md", "[up](../a.md) [pretty](../../b)", 0 },
        { "docs/sub/page.md", "P", 0 },
        { "docs/with space.md", "S", 0 },
        { "docs/t.html", "<a href=\"b.md\">b</a><a name=x><!-- <a href=gone.md> -->", 0 },
        { "docs/t.txt", "[not Markdown](gone.md)", 0 },
        { "docs/t.jsonl", "{\"a\":1}\r\n[]\n\n3", 0 },
        { "docs/t.csv", "a,b\r\n\"1 \"\"x\"\", y\",\r\n2,3\r\n\r\n", 0 },
        { "docs/t.pdf", "%PDF-1.4\n\xE2\xE3", 0 },
        { 0 }
    };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    (void)state;
    check(&given, documents);
    if (given.findings.count)
        fail_msg("%s: %s", given.findings.items[0].file, given.findings.items[0].message);
}

// Sixty different words, of which `changed` are others.
static void write_words(char out[1024], int changed)
{
    out[0] = '\0';
    for (int i = 0; i < 60; i++) {
        size_t length = strlen(out);
        snprintf(out + length, 1024 - length, "%s%d ", i < changed ? "other" : "word", i);
    }
}

static void test_check_knowledge__finds_documents_that_say_the_same(void **state)
{
    char text[1024];
    char near[1024];
    char less[1024];
    char far[1024];
    struct given_subject given OWNED(given_subject_release) = { 0 };
    (void)state;
    write_words(text, 0);
    write_words(near, 1);
    write_words(less, 10);
    write_words(far, 40);
    check(&given, (const struct given_document[]) { { "docs/a.md", text, 0 },
                                                    { "docs/b/copy.md", text, 0 },
                                                    { "docs/c.txt", near, 0 },
                                                    { "docs/d.md", less, 0 },
                                                    { "docs/e.md", far, 0 },
                                                    { 0 } });
    assert_int_equal(given.findings.count, 2);
    const struct finding *copy = given_subject_only(&given, "knowledge.duplicate");
    assert_int_equal(copy->severity, SEVERITY_WARNING);
    assert_string_equal(copy->file, "docs/b/copy.md");
    assert_string_equal(copy->message, "the same bytes as docs/a.md");
    const struct finding *like = given_subject_only(&given, "knowledge.near-duplicate");
    assert_int_equal(like->severity, SEVERITY_NOTE);
    assert_string_equal(like->file, "docs/c.txt");
}

static void test_check_knowledge__notes_what_is_too_large_to_speak_from(void **state)
{
    struct given_subject given OWNED(given_subject_release) = { 0 };
    char *text OWNED(memory_release) = malloc(40002);
    (void)state;
    assert_non_null(text);
    memset(text, 'x', 40001);
    text[40001] = '\0';
    check(&given, (const struct given_document[]) { { "docs/a.md", text, 0 },
                                                    { "docs/b.md", text, 40000 },
                                                    { "docs/c.csv", text, 0 },
                                                    { 0 } });
    const struct finding *finding = given_subject_only(&given, "knowledge.too-large");
    assert_string_equal(finding->file, "docs/a.md");
    assert_int_equal(finding->severity, SEVERITY_NOTE);
}

static void test_check_knowledge__shows_a_few_faults_of_each_document(void **state)
{
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct buffer links OWNED(buffer_release) = { 0 };
    struct buffer lines OWNED(buffer_release) = { 0 };
    (void)state;
    for (int i = 0; i < 50; i++) {
        buffer_append_text(&links, "[x](gone.md)\n");
        buffer_append_text(&lines, "{\n");
    }
    check(&given, (const struct given_document[]) {
                      { "docs/a.md", links.bytes, 0 }, { "docs/a.jsonl", lines.bytes, 0 }, { 0 } });
    assert_int_equal(given_subject_count(&given, "knowledge.broken-link"), 10);
    assert_int_equal(given_subject_count(&given, "knowledge.record"), 10);
}

static void test_check_knowledge__ends_on_documents_made_to_delay_it(void **state)
{
    static const char *const parts[] = {
        "`", "[", "](", "<a href=\"", "<!--", "~~~", "<a ", "``x`"
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        struct buffer text OWNED(buffer_release) = { 0 };
        for (int j = 0; j < 100000; j++)
            buffer_append_text(&text, parts[i]);
        check(&given, (const struct given_document[]) { { "docs/a.md", text.bytes, 0 },
                                                        { "docs/b.html", text.bytes, 0 },
                                                        { 0 } });
        assert_true(given.findings.count < 30);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_knowledge__names_what_is_wrong_with_a_document),
        cmocka_unit_test(test_check_knowledge__lets_sound_documents_pass),
        cmocka_unit_test(test_check_knowledge__finds_documents_that_say_the_same),
        cmocka_unit_test(test_check_knowledge__notes_what_is_too_large_to_speak_from),
        cmocka_unit_test(test_check_knowledge__shows_a_few_faults_of_each_document),
        cmocka_unit_test(test_check_knowledge__ends_on_documents_made_to_delay_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
