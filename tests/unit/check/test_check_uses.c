// The check uses: what an artifact uses is there; at the gate, and on the way back, it is live.
#include "given_subject.h"

#define PROMPT(uses)                                                                               \
    "{\"kind\":\"prompt\",\"name\":\"greeting\",\n\"sections\":[{\"name\":\"opening\",\"file\":"   \
    "\"opening.md\"}],\n\"uses\":[" uses "]}"

static const struct given_document opening[] = { { .path = "opening.md", .text = "Hello." },
                                                 { 0 } };

// A world that has tool/crm/note only; how often it was asked is in the context.
static enum status find_note(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err)
{
    static const struct manifest found = { 0 };
    (void)err;
    ++*(int *)context;
    *out = id->kind == KIND_TOOL && strcmp(id->name, "crm/note") == 0 ? &found : NULL;
    return STATUS_OK;
}

static enum status fail_to_find(void *context, const struct artifact_id *id,
                                const struct manifest **out, struct error *err)
{
    (void)context, (void)id, (void)out;
    return error_set(err, STATUS_IO, "disk", "the disk is gone");
}

static void run(struct given_subject *given, const char *manifest, enum check_stage stage,
                int *asked)
{
    struct error err = { 0 };
    given->world.find_manifest = find_note;
    given->world.context = asked;
    given_subject_make(given, manifest, opening);
    given->subject.stage = stage;
    assert_int_equal(check_uses_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static void test_check_uses__says_nothing_of_what_is_there(void **state)
{
    static const enum check_stage stages[] = { CHECK_PUBLISH, CHECK_GATE, CHECK_BACK };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(stages); i++) {
        int asked = 0;
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run(&given, PROMPT("\"tool/crm/note\""), stages[i], &asked);
        assert_int_equal(asked, 1);
        assert_int_equal(given.findings.count, 0);
    }
}

static void
test_check_uses__missing_is_a_warning_for_a_draft_and_an_error_for_what_goes_live(void **state)
{
    static const struct {
        enum check_stage stage;
        enum severity severity;
        const char *words;
    } cases[] = { { CHECK_PUBLISH, SEVERITY_WARNING, "not published here" },
                  { CHECK_GATE, SEVERITY_ERROR, "neither live nor part of this promotion" },
                  { CHECK_BACK, SEVERITY_ERROR, "not live any more" } };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int asked = 0;
        struct given_subject given OWNED(given_subject_release) = { 0 };
        run(&given, PROMPT("\"tool/crm/note\",\n\"knowledge/plans\""), cases[i].stage, &asked);
        assert_int_equal(given.findings.count, 1);
        const struct finding *finding = &given.findings.items[0];
        assert_string_equal(finding->rule, "uses.missing");
        assert_int_equal(finding->severity, cases[i].severity);
        assert_string_equal(finding->file, "artifact.json");
        assert_int_equal(finding->line, 4);
        assert_non_null(strstr(finding->message, "knowledge/plans"));
        assert_non_null(strstr(finding->message, cases[i].words));
        assert_true(finding->mend[0]);
    }
}

static void test_check_uses__each_missing_one_is_said(void **state)
{
    int asked = 0;
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, PROMPT("\"tool/a\",\"tool/b\",\"prompt/c\""), CHECK_GATE, &asked);
    assert_int_equal(asked, 3);
    assert_int_equal(given.findings.count, 3);
}

static void test_check_uses__says_nothing_without_uses_or_without_a_world_to_ask(void **state)
{
    int asked = 0;
    struct error err = { 0 };
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    run(&given, PROMPT(""), CHECK_GATE, &asked);
    assert_int_equal(asked, 0);
    assert_int_equal(given.findings.count, 0);
    struct given_subject alone OWNED(given_subject_release) = { 0 };
    given_subject_make(&alone, PROMPT("\"tool/a\""), opening);
    assert_int_equal(check_uses_run(&alone.subject, &alone.findings, &err), STATUS_OK);
    assert_int_equal(alone.findings.count, 0);
}

static void test_check_uses__passes_a_failure_to_look_up(void **state)
{
    struct error err = { 0 };
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    given.world.find_manifest = fail_to_find;
    given_subject_make(&given, PROMPT("\"tool/a\""), opening);
    assert_int_equal(check_uses_run(&given.subject, &given.findings, &err), STATUS_IO);
    assert_int_equal(given.findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_uses__says_nothing_of_what_is_there),
        cmocka_unit_test(
            test_check_uses__missing_is_a_warning_for_a_draft_and_an_error_for_what_goes_live),
        cmocka_unit_test(test_check_uses__each_missing_one_is_said),
        cmocka_unit_test(test_check_uses__says_nothing_without_uses_or_without_a_world_to_ask),
        cmocka_unit_test(test_check_uses__passes_a_failure_to_look_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
