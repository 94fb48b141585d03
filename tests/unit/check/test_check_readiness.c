// readiness: what must hold before a call is placed.
#include "unit/check/given_subject.h"

#define SECTION(name, file, rest) "{\"name\":\"" name "\",\"file\":\"" file "\"" rest "}"
#define PROMPT(sections, members)                                                                  \
    "{\"kind\":\"prompt\",\"name\":\"x\",\"sections\":[" sections "]" members "}"
#define OPENING SECTION("opening-call", "a.md", "")
#define FALLBACK ",\"fallback\":{\"file\":\"f.md\"}"
#define WINDOW(days, from, to, zone)                                                               \
    "{\"days\":[" days "],\"from\":\"" from "\",\"to\":\"" to "\",\"time_zone\":\"" zone "\"}"
#define READINESS(schedule, rest)                                                                  \
    FALLBACK ",\n\"readiness\":{\"suppression\":\"do-not-call\",\n\"schedule\":[" schedule         \
             "]" rest "}"
#define USUAL WINDOW("\"mon\"", "09:00", "18:00", "Europe/Berlin")
#define TOOL(members)                                                                              \
    "{\"kind\":\"tool\",\"name\":\"x\",\"description\":\"D\",\"input_schema\":{\"type\":"          \
    "\"object\"}" members "}"

static void run_files(struct given_subject *given, enum check_stage stage, const char *manifest,
                      const struct given_document *files)
{
    struct error err = { 0 };
    given_subject_make(given, manifest, files);
    given->subject.stage = stage;
    assert_int_equal(check_readiness_run(&given->subject, &given->findings, &err), STATUS_OK);
    for (size_t i = 0; i < given->findings.count; i++)
        assert_true(given->findings.items[i].mend[0] != '\0');
}

static void run(struct given_subject *given, const char *manifest, const char *opening)
{
    run_files(
        given, CHECK_GATE, manifest,
        (struct given_document[]) { { "a.md", opening, 0 }, { "f.md", "Goodbye.", 0 }, { 0 } });
}

#define TWO_DAYS WINDOW("\"mon\",\"tue\"", "09:00", "12:00", "Europe/Berlin")
#define EVENING WINDOW("\"mon\"", "12:00", "24:00", "Europe/Berlin")
#define OTHER_DAY WINDOW("\"wed\"", "09:00", "12:00", "Europe/Berlin")
#define ELSEWHERE WINDOW("\"tue\"", "09:00", "12:00", "Europe/Paris")

static void test_check_readiness__passes_what_is_ready(void **state)
{
    (void)state;
    struct given_subject prompt OWNED(given_subject_release) = { 0 };
    struct given_subject tool OWNED(given_subject_release) = { 0 };
    run(&prompt,
        PROMPT(OPENING, READINESS(TWO_DAYS "," EVENING "," OTHER_DAY "," ELSEWHERE,
                                  ",\"disclosures\":[\"This call is recorded.\"]")),
        "Hello.\nThis call is\n  recorded.");
    assert_int_equal(prompt.findings.count, 0);
    run_files(&tool, CHECK_GATE,
              TOOL(",\"side_effect\":\"write\",\"timeout_ms\":1,\"idempotency\":\"none\""), NULL);
    assert_int_equal(tool.findings.count, 0);
}

// --- disclosures ---

static const struct finding *disclosed(struct given_subject *given, const char *opening,
                                       const char *rule)
{
    run(given,
        PROMPT(
            OPENING "," SECTION("body", "f.md", ""),
            READINESS(USUAL, ",\"disclosures\":[\"I am {{what}}, of  Example\",\" Recorded \"]")),
        opening);
    if (!rule)
        assert_int_equal(given->findings.count, 0);
    return rule ? given_subject_only(given, rule) : NULL;
}

static void test_check_readiness__wants_each_disclosure_in_each_opening(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "I am {{what}}, of Example",                  // the other one
        "Recorded. I am {{what}}, of example",        // letter case
        "Recorded. {{! I am {{what}}, of Example }}", // a comment, and what is behind it
        "Recorded. I am {{#a}}{{what}}{{/a}}, {{x}} of Example",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        const struct finding *finding = disclosed(&given, texts[i], "readiness.disclosure-missing");
        assert_string_equal(finding->file, "a.md");
        assert_int_equal(finding->line, 1);
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_non_null(strstr(finding->message, "'opening-call'"));
    }
    struct given_subject both OWNED(given_subject_release) = { 0 };
    disclosed(&both, "{{what}}! Recorded:\nI am {{ what }}, of Example.", NULL);
}

static void test_check_readiness__sees_through_sections(void **state)
{
    (void)state;
    struct given_subject both OWNED(given_subject_release) = { 0 };
    struct given_subject one OWNED(given_subject_release) = { 0 };
    struct given_subject apart OWNED(given_subject_release) = { 0 };
    struct given_subject many OWNED(given_subject_release) = { 0 };
    struct given_subject sixth OWNED(given_subject_release) = { 0 };
    struct given_subject faulty OWNED(given_subject_release) = { 0 };
    disclosed(&both,
              "Recorded.\n{{#b}}\nI am {{what}}, of Example\n{{/b}}\n{{^b}}\nBack again: "
              "I am {{what}}, of Example\n{{/b}}\n",
              NULL);
    const struct finding *finding =
        disclosed(&one, "Recorded. {{#b}}{{^c}}I am {{what}}, of Example{{/c}}{{/b}}",
                  "readiness.disclosure-conditional");
    assert_int_equal(finding->severity, SEVERITY_WARNING);
    assert_non_null(strstr(finding->message, "when 'b' is there and 'c' is there"));
    disclosed(&apart, "Recorded. I am {{#a}}not{{/a}} {{what}}, of Example",
              "readiness.disclosure-conditional");
    disclosed(&many,
              "Recorded. {{#a}}{{/a}}{{#b}}{{/b}}{{#c}}{{/c}}{{#d}}{{/d}}{{#e}}{{/e}}"
              "{{#f}}I am {{what}}, of Example{{/f}}{{^g}}I am {{what}}, of Example{{/g}}",
              NULL); // "f" and "g" are varied together, which is the limit of what is looked at
    disclosed(&sixth,
              "Recorded. {{#a}}{{/a}}{{#b}}{{/b}}{{#c}}{{/c}}{{#d}}{{/d}}{{#e}}{{/e}}"
              "{{#f}}I am {{what}}, of Example{{/f}}",
              "readiness.disclosure-conditional");
    disclosed(&faulty, "Recorded. {{#b}} I am {{what}}, of Example", NULL);
}

static void test_check_readiness__wants_a_section_that_opens(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(SECTION("greeting", "a.md", ""), READINESS(USUAL, ",\n\"disclosures\":[\"Hi\"]")),
        "Hi");
    const struct finding *finding = given_subject_only(&given, "readiness.no-opening");
    assert_int_equal(finding->severity, SEVERITY_ERROR);
    assert_int_equal(finding->line, 4);
}

// --- schedule ---

static void test_check_readiness__finds_windows_that_make_no_sense(void **state)
{
    (void)state;
    static const struct {
        const char *schedule;
        const char *rule;
        const char *words;
    } cases[] = {
        { WINDOW("\"mon\"", "18:00", "09:00", "Europe/Berlin"), "readiness.window-empty", "18:00" },
        { WINDOW("\"mon\"", "09:00", "09:00", "Europe/Berlin"), "readiness.window-empty", "09:00" },
        { WINDOW("\"mon\",\"tue\"", "09:00", "12:00",
                 "Europe/Berlin") "," WINDOW("\"tue\",\"wed\"", "11:59", "18:00", "Europe/Berlin"),
          "readiness.windows-overlap", "on tue the window overlaps the 1. one (09:00 to 12:00)" },
        { WINDOW("\"mon\"", "09:00", "18:00", "europe/berlin"), "readiness.time-zone-unknown",
          "'europe/berlin'" },
        { WINDOW("\"mon\"", "09:00", "18:00", "Middle/Earth"), "readiness.time-zone-unknown",
          "'Middle/Earth'" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        struct buffer manifest OWNED(buffer_release) = { 0 };
        buffer_append_format(&manifest, PROMPT("%s", READINESS("%s", "")), OPENING,
                             cases[i].schedule);
        run(&given, buffer_text(&manifest), "Hi");
        assert_int_equal(given.findings.count, 1);
        const struct finding *finding = given_subject_only(&given, cases[i].rule);
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_int_equal(finding->line, 3);
        assert_non_null(strstr(finding->message, cases[i].words));
    }
}

static void test_check_readiness__names_the_time_zone_that_was_meant(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given,
        PROMPT(OPENING, READINESS(WINDOW("\"mon\"", "09:00", "18:00", "Germany/berlin"), "")),
        "Hi");
    assert_string_equal(given_subject_only(&given, "readiness.time-zone-unknown")->mend,
                        "there is 'Europe/Berlin'");
}

// --- what is not declared ---

static void run_policy(struct given_subject *given, const char *policy, const char *manifest)
{
    struct error err = { 0 };
    struct json *document OWNED(json_release) = NULL;
    assert_int_equal(json_parse(&document, policy, strlen(policy), &err), STATUS_OK);
    given->world.policy = document;
    run_files(given, CHECK_GATE, manifest,
              (struct given_document[]) { { "a.md", "Hi", 0 }, { 0 } });
    given->world.policy = NULL;
}

static void test_check_readiness__keeps_windows_out_of_quiet_hours(void **state)
{
    static const struct {
        const char *quiet;
        const char *window;
        const char *words; // NULL: it passes
    } cases[] = {
        { "{\"from\":\"21:00\",\"to\":\"08:00\"}",
          WINDOW("\"mon\"", "08:00", "21:00", "Europe/Berlin"), NULL },
        { "{\"from\":\"21:00\",\"to\":\"08:00\"}",
          WINDOW("\"mon\"", "08:00", "21:01", "Europe/Berlin"), "on mon" },
        { "{\"from\":\"21:00\",\"to\":\"08:00\"}",
          WINDOW("\"mon\"", "07:59", "20:00", "America/Chicago"), "(21:00 to 08:00)" },
        { "{\"days\":[\"sun\"],\"from\":\"00:00\",\"to\":\"24:00\"}",
          WINDOW("\"sat\",\"mon\"", "00:00", "24:00", "Europe/Berlin"), NULL },
        { "{\"days\":[\"sun\"],\"from\":\"00:00\",\"to\":\"24:00\"}",
          WINDOW("\"sat\",\"sun\"", "10:00", "11:00", "Europe/Berlin"), "on sun" },
        // They begin on sunday and end on monday.
        { "{\"days\":[\"sun\"],\"from\":\"20:00\",\"to\":\"09:00\"}",
          WINDOW("\"mon\"", "08:00", "12:00", "Europe/Berlin"), "on mon" },
        { "{\"days\":[\"sun\"],\"from\":\"20:00\",\"to\":\"09:00\"}",
          WINDOW("\"sun\",\"tue\"", "08:00", "12:00", "Europe/Berlin"), NULL },
        { "{\"from\":\"12:00\",\"to\":\"12:00\"}",
          WINDOW("\"tue\"", "03:00", "04:00", "Europe/Berlin"), "on tue" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        struct buffer manifest OWNED(buffer_release) = { 0 };
        struct buffer policy OWNED(buffer_release) = { 0 };
        struct error err;
        buffer_append_format(&manifest, PROMPT("%s", READINESS("%s", "")), OPENING,
                             cases[i].window);
        buffer_append_format(&policy, "{\"quiet_hours\":[%s]}", cases[i].quiet);
        struct json *document OWNED(json_release) = NULL;
        assert_int_equal(json_parse(&document, policy.bytes, policy.length, &err), STATUS_OK);
        given.world.policy = document;
        run(&given, buffer_text(&manifest), "Hi");
        assert_int_equal(given.findings.count, cases[i].words != NULL);
        if (!cases[i].words)
            continue;
        const struct finding *finding = given_subject_only(&given, "readiness.quiet-hours");
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_non_null(strstr(finding->message, cases[i].words));
    }
}

static void test_check_readiness__asks_for_what_is_not_declared_where_the_policy_does(void **state)
{
    (void)state;
    static const struct {
        const char *policy;
        size_t errors;
    } cases[] = {
        { "{}", 0 },
        { "{\"stages\":[{\"id\":\"first\"}]}", 0 },
        { "{\"stages\":[{\"id\":\"first\"},{\"id\":\"readiness\"}]}", 3 },
        { "{\"checks\":[\"secrets\",\"readiness\"]}", 3 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run_policy(&given, cases[i].policy, PROMPT(OPENING, ""));
        assert_int_equal(given.findings.count, 3);
        assert_int_equal(finding_count(&given.findings, SEVERITY_ERROR), cases[i].errors);
        given_subject_only(&given, "readiness.suppression-missing");
        given_subject_only(&given, "readiness.schedule-missing");
        given_subject_only(&given, "readiness.fallback-missing");
    }
}

static void test_check_readiness__only_warns_of_a_draft(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run_files(&given, CHECK_PUBLISH,
              PROMPT(OPENING, ",\"readiness\":{\"schedule\":[" WINDOW(
                                  "\"mon\"", "09:00", "08:00", "X") "],\"disclosures\":[\"D\"]}"),
              (struct given_document[]) { { "a.md", "Hi", 0 }, { 0 } });
    assert_int_equal(given.findings.count, 5);
    assert_int_equal(finding_count(&given.findings, SEVERITY_WARNING), 5);
}

static void test_check_readiness__asks_no_hours_of_calls_that_come_in(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, PROMPT(SECTION("a", "a.md", ",\"direction\":\"inbound\""), FALLBACK), "Hi");
    assert_int_equal(given.findings.count, 0);
}

static void test_check_readiness__wants_a_fallback_that_says_something_short(void **state)
{
    (void)state;
    char text[2002 + 1];
    memset(text, 'a', sizeof(text));
    text[2001] = '\0';
    struct given_subject empty OWNED(given_subject_release) = { 0 };
    struct given_subject large OWNED(given_subject_release) = { 0 };
    struct given_subject fits OWNED(given_subject_release) = { 0 };
    const char *manifest = PROMPT(OPENING, READINESS(USUAL, ""));
    run_files(&empty, CHECK_GATE, manifest,
              (struct given_document[]) { { "a.md", "Hi", 0 }, { "f.md", " \n\t", 0 }, { 0 } });
    assert_int_equal(given_subject_only(&empty, "readiness.fallback-empty")->severity,
                     SEVERITY_ERROR);
    run_files(&large, CHECK_GATE, manifest,
              (struct given_document[]) { { "a.md", "Hi", 0 }, { "f.md", text, 0 }, { 0 } });
    assert_int_equal(given_subject_only(&large, "readiness.fallback-long")->severity,
                     SEVERITY_WARNING);
    run_files(&fits, CHECK_GATE, manifest,
              (struct given_document[]) { { "a.md", "Hi", 0 }, { "f.md", text + 1, 0 }, { 0 } });
    assert_int_equal(fits.findings.count, 0);
}

// --- tools ---

static void test_check_readiness__asks_of_tools_that_change_things(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        size_t errors;
        size_t notes;
    } cases[] = {
        { "", 0, 1 },
        { ",\"side_effect\":\"read\"", 0, 0 },
        { ",\"side_effect\":\"write\"", 2, 0 },
        { ",\"side_effect\":\"crm-write\",\"timeout_ms\":3000", 1, 0 },
        { ",\"side_effect\":\"call-control\",\"idempotency\":\"key\"", 1, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        struct buffer manifest OWNED(buffer_release) = { 0 };
        buffer_append_format(&manifest, TOOL("%s"), cases[i].members);
        run_files(&given, CHECK_GATE, buffer_text(&manifest), NULL);
        assert_int_equal(finding_count(&given.findings, SEVERITY_ERROR), cases[i].errors);
        assert_int_equal(finding_count(&given.findings, SEVERITY_NOTE), cases[i].notes);
        assert_int_equal(given.findings.count, cases[i].errors + cases[i].notes);
    }
    struct given_subject both OWNED(given_subject_release) = { 0 };
    run_files(&both, CHECK_GATE, TOOL(",\n\"side_effect\":\"write\""), NULL);
    assert_int_equal(given_subject_only(&both, "readiness.timeout-missing")->line, 2);
    assert_int_equal(given_subject_only(&both, "readiness.idempotency-missing")->line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_readiness__passes_what_is_ready),
        cmocka_unit_test(test_check_readiness__wants_each_disclosure_in_each_opening),
        cmocka_unit_test(test_check_readiness__sees_through_sections),
        cmocka_unit_test(test_check_readiness__wants_a_section_that_opens),
        cmocka_unit_test(test_check_readiness__finds_windows_that_make_no_sense),
        cmocka_unit_test(test_check_readiness__names_the_time_zone_that_was_meant),
        cmocka_unit_test(test_check_readiness__keeps_windows_out_of_quiet_hours),
        cmocka_unit_test(test_check_readiness__asks_for_what_is_not_declared_where_the_policy_does),
        cmocka_unit_test(test_check_readiness__only_warns_of_a_draft),
        cmocka_unit_test(test_check_readiness__asks_no_hours_of_calls_that_come_in),
        cmocka_unit_test(test_check_readiness__wants_a_fallback_that_says_something_short),
        cmocka_unit_test(test_check_readiness__asks_of_tools_that_change_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
