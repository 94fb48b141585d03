// Manifests made for what has none: prompts, knowledge bases, and the words of a refusal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "unit/artifact/given_content.h"

static void test_infer__makes_a_prompt_of_one_text(void **state)
{
    (void)state;
    static const char text[] = "---\nmodel: any\n---\n# Hello\r\n\r\nYou are {{name}}.  \n";
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    assert_int_equal(
        given_infer_one(&results, "prompt/outbound/first-greeting", "greeting.md", text, &err),
        STATUS_OK);
    assert_int_equal(results.count, 1);
    assert_int_equal(results.items[0].content.count, 2);
    assert_file(&results.items[0].content, "greeting.md", text);
    read_manifest(&manifest, &results.items[0]);
    assert_member(&manifest, "/kind", "prompt");
    assert_member(&manifest, "/name", "outbound/first-greeting");
    assert_member(&manifest, "/title", "First greeting");
    assert_member(&manifest, "/sections/0/name", "prompt");
    assert_member(&manifest, "/sections/0/file", "greeting.md");
    assert_int_equal(json_count(json_get(manifest.document, "sections")), 1);
}

static void test_infer__makes_file_names_safe(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        const char *made;
    } names[] = {
        { "vapi-guide_01.v2.md", "vapi-guide_01.v2.md" },
        { "notes/deep/a.TXT", "a.TXT" },
        { "My greeting (final).markdown", "My-greeting-final-.markdown" },
        { "-rf.md", "rf.md" },
        { ".draft.md", "draft.md" },
        { "gr\xc3\xbc\xc3\x9f gott.md", "gr-gott.md" },
        { "\xe6\x8c\xa8\xe6\x8b\xb6.md", "prompt.md" },
        { "\xe6\x8c\xa8\xe6\x8b\xb6.txt", "prompt.txt" },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        struct manifest manifest OWNED(manifest_release) = { 0 };
        assert_int_equal(given_infer_one(&results, "prompt/x", names[i].given, "Hi", &err),
                         STATUS_OK);
        assert_file(&results.items[0].content, names[i].made, "Hi");
        read_manifest(&manifest, &results.items[0]);
        assert_member(&manifest, "/sections/0/file", names[i].made);
    }
}

static void test_infer__makes_a_knowledge_base_of_documents(void **state)
{
    (void)state;
    static const struct given_file files[] = {
        { "a.md", "1" }, { "b/c.HTML", "2" }, { "b/settings.yaml", "3" }, { "docs/d.jsonl", "4" },
        { 0 },
    };
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    assert_int_equal(given_infer(&results, "knowledge/help-centre", files, &err), STATUS_OK);
    const struct content *content = &results.items[0].content;
    assert_int_equal(content->count, 5);
    assert_file(content, "docs/a.md", "1");
    assert_file(content, "docs/b/c.HTML", "2");
    assert_file(content, "docs/b/settings.yaml", "3");
    assert_file(content, "docs/docs/d.jsonl", "4"); // moved as a whole: links between them hold
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    assert_int_equal(manifest_read(&manifest, content, &findings, &err), STATUS_OK);
    assert_member(&manifest, "/title", "Help centre");
    assert_int_equal(findings.count, 1); // notes the .yaml
}

static void test_infer__leaves_documents_under_docs_where_they_are(void **state)
{
    (void)state;
    static const struct given_file files[] = { { "docs/a.md", "1" },
                                               { "docs/img/a.png", "2" },
                                               { 0 } };
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    assert_int_equal(given_infer(&results, "knowledge/x", files, &err), STATUS_OK);
    assert_file(&results.items[0].content, "docs/a.md", "1");
    assert_file(&results.items[0].content, "docs/img/a.png", "2");
}

static void test_infer__makes_a_knowledge_base_of_one_document(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    assert_int_equal(given_infer_one(&results, "knowledge/faq", "faq.jsonl", "{}\n", &err),
                     STATUS_OK);
    assert_file(&results.items[0].content, "docs/faq.jsonl", "{}\n");
    read_manifest(&manifest, &results.items[0]);
}

static void test_infer__says_what_was_found_and_what_would_fit(void **state)
{
    (void)state;
    static const struct {
        const char *as;
        struct given_file files[5];
        const char *message;
        const char *hint;
    } cases[] = {
        { "prompt/x",
          { { "a.md", "" }, { "b.md", "" }, { 0 } },
          "a prompt is made of exactly one .md, .markdown or .txt file, but there are 2 files "
          "(a.md, b.md)",
          "write an artifact.json that lists the files as sections; or, as documents can be a "
          "knowledge base: --as knowledge/x" },
        { "prompt/x",
          { { "tools.json", "" }, { 0 } },
          "but there is 1 file (tools.json)",
          "a JSON file can be a tool or a list of tools: --as tool/x" },
        { "prompt/x",
          { { "page.html", "" }, { 0 } },
          "but there is 1 file (page.html)",
          "documents can be a knowledge base: --as knowledge/x" },
        { "tool/x",
          { { "a.md", "" }, { 0 } },
          "a tool is made of exactly one .json file, but there is 1 file (a.md)",
          "one text file can be a prompt: --as prompt/x" },
        { "tool/x",
          { { "a.md", "" }, { "b.json", "" }, { 0 } },
          "but there are 2 files (a.md, b.json)",
          "documents can be a knowledge base: --as knowledge/x" },
        { "knowledge/x",
          { { "a.json", "" }, { 0 } },
          "a knowledge base is made of documents",
          "a JSON file can be a tool or a list of tools: --as tool/x" },
        { "knowledge/x",
          { { "a.png", "" }, { "b.png", "" }, { "c.png", "" }, { "d.png", "" }, { 0 } },
          "but there are 4 files (a.png, b.png, c.png, ...)",
          "write an artifact.json that says what it is" },
        { "knowledge/x",
          { { 0 } },
          "but there are 0 files ()",
          "write an artifact.json that says what it is" },
        { "prompt/x",
          { { ".md", "" }, { 0 } }, // a name without an ending
          "but there is 1 file (.md)",
          "write an artifact.json that says what it is" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = { 0 };
        struct infer_results results OWNED(infer_results_release) = { 0 };
        assert_int_equal(given_infer(&results, cases[i].as, cases[i].files, &err), STATUS_INVALID);
        assert_string_equal(err.code, "infer_kind");
        if (!strstr(err.message, cases[i].message) || strcmp(err.hint, cases[i].hint) != 0)
            fail_msg("%s / %s", err.message, err.hint);
    }
}

static void test_infer__leaves_alone_what_has_a_manifest(void **state)
{
    (void)state;
    static const struct given_file files[] = { { "a.md", "" }, { "artifact.json", "{}" }, { 0 } };
    struct error err = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    assert_int_equal(given_infer(&results, "knowledge/x", files, &err), STATUS_INVALID);
    assert_string_equal(err.code, "infer_manifest_present");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_infer__makes_a_prompt_of_one_text),
        cmocka_unit_test(test_infer__makes_file_names_safe),
        cmocka_unit_test(test_infer__makes_a_knowledge_base_of_documents),
        cmocka_unit_test(test_infer__leaves_documents_under_docs_where_they_are),
        cmocka_unit_test(test_infer__makes_a_knowledge_base_of_one_document),
        cmocka_unit_test(test_infer__says_what_was_found_and_what_would_fit),
        cmocka_unit_test(test_infer__leaves_alone_what_has_a_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
