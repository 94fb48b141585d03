// endpoints: what is written down that a binding should stand for, by who reads the place.
#include "given_subject.h"

// A tool with these members more; `policy` may be NULL.
static void check_tool(struct given_subject *given, const char *members, const struct json *policy)
{
    struct error err = { 0 };
    char manifest[1024];
    snprintf(manifest, sizeof(manifest),
             "{\"kind\":\"tool\",\"name\":\"t\",\"input_schema\":{\"type\":\"object\"},%s%s}",
             strstr(members, "\"description\"") ? "" : "\"description\":\"D.\",", members);
    given_subject_make(given, manifest, NULL);
    given->world.policy = policy;
    assert_int_equal(check_endpoints_run(&given->subject, &given->findings, &err), STATUS_OK);
}

// A prompt's section or a knowledge base's document with this text.
static void check_text(struct given_subject *given, bool is_prompt, const char *text,
                       const struct json *policy)
{
    struct error err = { 0 };
    const struct given_document files[] = { { is_prompt ? "a.md" : "docs/a.md", text, 0 }, { 0 } };
    given_subject_make(given,
                       is_prompt ? "{\"kind\":\"prompt\",\"name\":\"p\",\"sections\":[{\"name\":"
                                   "\"a\",\"file\":\"a.md\"}]}"
                                 : "{\"kind\":\"knowledge\",\"name\":\"k\",\"title\":\"K\"}",
                       files);
    given->world.policy = policy;
    assert_int_equal(check_endpoints_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static struct json *parse(const char *text)
{
    struct error err;
    struct json *document = NULL;
    assert_int_equal(json_parse(&document, text, strlen(text), &err), STATUS_OK);
    return document;
}

static void expect(const struct given_subject *given, const char *what, const char *rule,
                   enum severity severity)
{
    if (!rule) {
        if (given->findings.count > 0)
            fail_msg("%s: %s", what, given->findings.items[0].message);
        return;
    }
    if (given->findings.count != 1 || strcmp(given->findings.items[0].rule, rule) != 0 ||
        given->findings.items[0].severity != severity)
        fail_msg("%s: %zu findings, %s", what, given->findings.count,
                 given->findings.count ? given->findings.items[0].rule : "none");
    assert_true(given->findings.items[0].mend[0]);
}

static void test_check_endpoints__holds_a_tool_to_bindings(void **state)
{
    static const struct {
        const char *members;
        const char *rule; // NULL: it passes
        enum severity severity;
    } cases[] = {
        { "\"endpoint\":{\"binding\":\"crm\",\"path\":\"/v1/x\"}", NULL, 0 },
        { "\"endpoint\":{\"binding\":\"crm\",\"path\":\"/go?to=https://crm.brindle.io/v1\"}",
          "endpoints.url", SEVERITY_ERROR },
        { "\"headers\":{\"Origin\":\"https://crm.brindle.io\"}", "endpoints.url", SEVERITY_ERROR },
        { "\"headers\":{\"Origin\":\"https://crm.example.com\"}", NULL, 0 },
        { "\"headers\":{\"Origin\":\"http://localhost:8080\"}", "endpoints.private",
          SEVERITY_ERROR },
        { "\"headers\":{\"Origin\":\"http://10.1.2.3/\"}", "endpoints.private", SEVERITY_ERROR },
        { "\"headers\":{\"To\":\"sip:+14155552671@pbx.brindle.io\"}", "endpoints.number",
          SEVERITY_ERROR },
        { "\"headers\":{\"Authorization\":\"Bearer abc\"}", "endpoints.credential",
          SEVERITY_ERROR },
        { "\"headers\":{\"Authorization\":{\"secret\":\"crm-token\"}}", NULL, 0 },
        { "\"headers\":{\"X\":\"https://user:pass@crm.example.com\"}", "endpoints.credential",
          SEVERITY_ERROR },
        { "\"description\":\"See https://docs.brindle.io.\"", "endpoints.url", SEVERITY_NOTE },
        { "\"description\":\"Listens on http://localhost.\"", "endpoints.private",
          SEVERITY_WARNING },
        { "\"output_schema\":{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
          "\"$id\":\"https://brindle.io/x\"}",
          NULL, 0 },
        { "\"output_schema\":{\"properties\":{\"u\":{\"default\":\"https://brindle.io\"}}}",
          "endpoints.url", SEVERITY_ERROR },
        { "\"output_schema\":{\"properties\":{\"u\":{\"examples\":[\"https://brindle.io\"]}}}",
          "endpoints.url", SEVERITY_NOTE },
        { "\"headers\":{\"To\":\"https://{{host}}/x\"}", NULL, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check_tool(&given, cases[i].members, NULL);
        expect(&given, cases[i].members, cases[i].rule, cases[i].severity);
    }
}

static void test_check_endpoints__judges_text_by_who_reads_it(void **state)
{
    static const struct {
        const char *text;
        const char *in_prompt;
        enum severity prompt_severity;
        const char *in_knowledge;
        enum severity knowledge_severity;
    } cases[] = {
        { "Go to https://www.brindle.io/help.", "endpoints.url", SEVERITY_WARNING, NULL, 0 },
        { "Go to https://www.example.com/help.", NULL, 0, NULL, 0 },
        { "Ask (http://192.168.0.1/).", "endpoints.private", SEVERITY_WARNING, "endpoints.private",
          SEVERITY_NOTE },
        { "ftp://me:secret@brindle.io/x", "endpoints.credential", SEVERITY_ERROR,
          "endpoints.credential", SEVERITY_ERROR },
        { "Call tel:+14155552671.", "endpoints.number", SEVERITY_WARNING, NULL, 0 },
        { "e.g. file.md, 1.5 and a+b; +1 is a code", NULL, 0, NULL, 0 },
        { "://, tel: and https://", NULL, 0, NULL, 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject prompt OWNED(given_subject_release) = { 0 };
        struct given_subject knowledge OWNED(given_subject_release) = { 0 };
        check_text(&prompt, true, cases[i].text, NULL);
        expect(&prompt, cases[i].text, cases[i].in_prompt, cases[i].prompt_severity);
        check_text(&knowledge, false, cases[i].text, NULL);
        expect(&knowledge, cases[i].text, cases[i].in_knowledge, cases[i].knowledge_severity);
    }
}

static void test_check_endpoints__refuses_what_the_policy_lists(void **state)
{
    static const char *const texts[] = { "Ask crm.live.example.com about it.",
                                         "Call +1 (202) 555-0100 now.",
                                         "https://crm.live.example.com/x" };
    struct json *foreign OWNED(json_release) =
        parse("{\"zone\":{\"foreign\":{\"hosts\":[\"*.live.example.com\"],\"numbers\":[\"+1202*\"],"
              "\"secrets\":[\"*\"]}}}");
    struct json *owns OWNED(json_release) = parse(
        "{\"zone\":{\"owns\":{\"hosts\":[\"*.live.example.com\"],\"numbers\":[\"+1202*\"]}}}");
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct given_subject prompt OWNED(given_subject_release) = { 0 };
        struct given_subject own OWNED(given_subject_release) = { 0 };
        struct given_subject linked OWNED(given_subject_release) = { 0 };
        struct given_subject own_link OWNED(given_subject_release) = { 0 };
        check_text(&prompt, true, texts[i], foreign);
        expect(&prompt, texts[i], "endpoints.listed", SEVERITY_ERROR);
        check_text(&own, true, texts[i], owns);
        expect(&own, texts[i], "endpoints.listed", SEVERITY_ERROR);
        check_text(&linked, false, texts[i], foreign);
        expect(&linked, texts[i], "endpoints.listed", SEVERITY_WARNING);
        check_text(&own_link, false, texts[i], owns);
        expect(&own_link, texts[i], NULL, 0);
    }
}

static void test_check_endpoints__names_the_place(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_text(&given, true, "One.\nTwo https://brindle.io\n", NULL);
    assert_int_equal(given.findings.items[0].line, 2);
    assert_int_equal(given.findings.items[0].column, 5);
    assert_string_equal(given.findings.items[0].file, "a.md");
    assert_non_null(strstr(given.findings.items[0].message, "https://brindle.io"));
    struct given_subject secret OWNED(given_subject_release) = { 0 };
    check_text(&secret, true, "https://me:hunter2@brindle.io", NULL);
    assert_null(strstr(secret.findings.items[0].message, "hunter2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_endpoints__holds_a_tool_to_bindings),
        cmocka_unit_test(test_check_endpoints__judges_text_by_who_reads_it),
        cmocka_unit_test(test_check_endpoints__refuses_what_the_policy_lists),
        cmocka_unit_test(test_check_endpoints__names_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
