// The board: which items and approvals of a policy are met, until when, or what is missing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "release/board.h"
#include "trust_fixture.h"

#define STAGES "\"stages\":[{\"id\":\"one\",\"title\":\"One\"},{\"id\":\"two\",\"title\":\"Two\"}]"

// The board of the subject, for a manifest of that kind and side effect ("" for none).
static void build(struct trust_fixture *fixture, struct board *board, const char *side_effect,
                  int64_t now)
{
    struct approval_subject subject = trust_fixture_subject(fixture);
    struct manifest manifest = { .id = subject.id, .document = json_new_object() };
    if (*side_effect) {
        manifest.id.kind = KIND_TOOL;
        json_set_string(manifest.document, "side_effect", side_effect);
    }
    struct board_question question = { &fixture->control,
                                       &subject,
                                       &manifest,
                                       &fixture->evidence,
                                       &fixture->environment_evidence,
                                       now };
    TRUST_OK(board_build(board, &question, &err));
    json_free(manifest.document);
}

// An attestation of `item`; `days` after TRUST_NOW it ends by its own word (0: it does not say).
static void attest(struct trust_fixture *fixture, const char *item, bool of_environment, int days,
                   const char *key)
{
    struct approval_subject subject = trust_fixture_subject(fixture);
    struct buffer text OWNED(buffer_release) = { 0 };
    struct attestation attestation = { .item = item,
                                       .id = of_environment ? NULL : &subject.id,
                                       .digest = of_environment ? NULL : &subject.digest,
                                       .author = "Tester",
                                       .time = TRUST_NOW - TRUST_DAY,
                                       .expires = days ? TRUST_NOW + days * TRUST_DAY : INT64_MAX };
    TRUST_OK(attestation_print(&text, &attestation, &err));
    trust_fixture_add(fixture, of_environment ? &fixture->environment_evidence : &fixture->evidence,
                      EVIDENCE_ATTESTATION, text.bytes, key, ATTESTATION_NAMESPACE);
}

// One entry of the board of a policy with only that one; "" when it is met.
static int64_t until_of(struct trust_fixture *fixture, int64_t now, const char *missing)
{
    struct board board OWNED(board_release) = { 0 };
    build(fixture, &board, "", now);
    assert_int_equal(board.count, 1);
    assert_int_equal(board.entries[0].met, *missing == '\0');
    assert_string_equal(board.entries[0].missing, missing);
    return board.entries[0].until;
}

static void test_board__shows_items_stage_by_stage_then_approvals(void **state)
{
    struct trust_fixture *fixture = *state;
    struct board board OWNED(board_release) = { 0 };
    trust_fixture_policy(
        fixture, "{" STAGES ",\"items\":["
                 "{\"id\":\"c\",\"stage\":\"two\",\"scope\":\"environment\",\"title\":\"Third\"},"
                 "{\"id\":\"a\",\"stage\":\"one\",\"scope\":\"artifact\",\"title\":\"First\"},"
                 "{\"id\":\"b\",\"stage\":\"one\",\"scope\":\"environment\",\"title\":\"Second\"}],"
                 "\"approvals\":[{\"count\":2},{\"count\":1,\"group\":\"security\"}]}");
    build(fixture, &board, "", TRUST_NOW);
    assert_int_equal(board.count, 5);
    static const char *const ids[] = { "a", "b", "c", "", "security" };
    static const char *const titles[] = { "First", "Second", "Third", "2 approvals",
                                          "1 approval by security" };
    for (size_t i = 0; i < board.count; i++) {
        assert_string_equal(board.entries[i].id, ids[i]);
        assert_string_equal(board.entries[i].title, titles[i]);
        assert_int_equal(board.entries[i].is_environment, i == 1 || i == 2);
        assert_false(board.entries[i].met);
        assert_int_equal(board.entries[i].until, 0);
    }
    assert_string_equal(board.entries[0].missing, "nobody has attested it");
    assert_string_equal(board.entries[3].missing, "0 of 2");
    assert_string_equal(board.entries[3].stage, "approvals");
}

static void test_board__asks_only_what_is_about_the_artifact(void **state)
{
    struct trust_fixture *fixture = *state;
    struct board prompt OWNED(board_release) = { 0 };
    struct board writer OWNED(board_release) = { 0 };
    struct board reader OWNED(board_release) = { 0 };
    trust_fixture_policy(fixture,
                         "{" STAGES ",\"items\":["
                         "{\"id\":\"p\",\"stage\":\"one\",\"scope\":\"artifact\",\"title\":\"P\","
                         "\"kinds\":[\"prompt\"]},"
                         "{\"id\":\"t\",\"stage\":\"one\",\"scope\":\"artifact\",\"title\":\"T\","
                         "\"kinds\":[\"tool\"]}],"
                         "\"approvals\":[{\"count\":1,\"kinds\":[\"tool\"],\"side_effects\":["
                         "\"crm-write\"]}]}");
    build(fixture, &prompt, "", TRUST_NOW);
    build(fixture, &writer, "crm-write", TRUST_NOW);
    build(fixture, &reader, "read", TRUST_NOW);
    assert_int_equal(prompt.count, 1);
    assert_string_equal(prompt.entries[0].id, "p");
    assert_int_equal(writer.count, 2);
    assert_string_equal(writer.entries[1].stage, "approvals");
    assert_int_equal(reader.count, 1);
}

// The one entry about what the binding lead-webhook means, for a tool that is called there.
static void expect_destination(struct trust_fixture *fixture, const char *missing)
{
    struct approval_subject subject = trust_fixture_subject(fixture);
    struct manifest manifest = { .id = subject.id, .document = json_new_object() };
    struct board board OWNED(board_release) = { 0 };
    struct board_question question = {
        &fixture->control, &subject, &manifest, &fixture->evidence, &fixture->environment_evidence,
        TRUST_NOW
    };
    json_set_string(json_set_object(manifest.document, "endpoint"), "binding", "lead-webhook");
    TRUST_OK(board_build(&board, &question, &err));
    json_free(manifest.document);
    assert_int_equal(board.count, 1);
    assert_string_equal(board.entries[0].title, "Replayed: lead-webhook");
    assert_int_equal(board.entries[0].met, *missing == '\0');
    assert_string_equal(board.entries[0].missing, missing);
}

static void attest_destination(struct trust_fixture *fixture, const char *destination)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct attestation attestation = { .item = "replay",
                                       .destination = destination,
                                       .author = "Tester",
                                       .time = TRUST_NOW,
                                       .expires = INT64_MAX };
    TRUST_OK(attestation_print(&text, &attestation, &err));
    trust_fixture_add(fixture, &fixture->environment_evidence, EVIDENCE_ATTESTATION, text.bytes,
                      NULL, ATTESTATION_NAMESPACE);
}

static void test_board__item_about_a_binding_is_met_for_what_it_means_alone(void **state)
{
    struct trust_fixture *fixture = *state;
    trust_fixture_policy(fixture, "{" STAGES ",\"items\":[{\"id\":\"replay\",\"stage\":\"one\","
                                  "\"scope\":\"environment\",\"title\":\"Replayed\","
                                  "\"bindings\":[\"*webhook*\"]}]}");
    fixture->control.bindings = json_new_object();
    attest_destination(fixture, NULL);
    attest_destination(fixture, "");
    expect_destination(fixture, "its attestation is about another destination"); // it means nothing
    json_set_string(fixture->control.bindings, "lead-webhook", "https://a.example.com");
    expect_destination(fixture, "its attestation is about another destination");
    attest_destination(fixture, "https://a.example.com");
    expect_destination(fixture, "");
    json_set_string(fixture->control.bindings, "lead-webhook", "https://b.example.com");
    expect_destination(fixture, "its attestation is about another destination");
    until_of(fixture, TRUST_NOW, ""); // who names no such binding is asked for any attestation
    const struct json *item = board_find_binding_item(fixture->control.policy, "lead-webhook");
    assert_non_null(item);
    assert_null(board_judge_destination(&fixture->control, item, &fixture->environment_evidence,
                                        "https://a.example.com", TRUST_NOW));
    assert_non_null(board_judge_destination(&fixture->control, item, &fixture->environment_evidence,
                                            "https://a.example.co", TRUST_NOW));
    assert_null(board_find_binding_item(fixture->control.policy, "crm"));
    json_free(fixture->control.bindings);
    fixture->control.bindings = NULL;
}

static const char artifact_item[] =
    "{" STAGES ",\"items\":[{\"id\":\"read\",\"stage\":\"one\",\"scope\":\"artifact\","
    "\"title\":\"Read\",\"valid_for\":\"10d\"}]}";
static const char environment_item[] =
    "{" STAGES ",\"items\":[{\"id\":\"read\",\"stage\":\"one\",\"scope\":\"environment\","
    "\"title\":\"Read\",\"valid_for\":\"10d\"}]}";

static void test_board__item_ends_by_the_policy_or_by_its_own_word(void **state)
{
    static const char *const policies[] = { artifact_item, environment_item };
    struct trust_fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        trust_fixture_clear(state);
        trust_fixture_policy(fixture, policies[i]);
        attest(fixture, "read", i == 1, 0, NULL); // a day old: nine are left
        int64_t end = TRUST_NOW + 9 * TRUST_DAY;
        assert_int_equal(until_of(fixture, TRUST_NOW, ""), end);
        assert_int_equal(until_of(fixture, end - 1, ""), end);
        until_of(fixture, end, "its attestation expired");

        trust_fixture_clear(state);
        trust_fixture_policy(fixture, policies[i]);
        attest(fixture, "read", i == 1, 3, NULL);
        assert_int_equal(until_of(fixture, TRUST_NOW, ""), TRUST_NOW + 3 * TRUST_DAY);
        until_of(fixture, TRUST_NOW + 3 * TRUST_DAY, "its attestation expired");
        attest(fixture, "read", i == 1, 90,
               NULL); // says more than the policy allows; the longer counts
        assert_int_equal(until_of(fixture, TRUST_NOW, ""), end);
    }
}

static void test_board__item_without_a_span_lasts_as_long_as_it_says(void **state)
{
    struct trust_fixture *fixture = *state;
    trust_fixture_policy(fixture, "{" STAGES ",\"items\":[{\"id\":\"read\",\"stage\":\"one\","
                                  "\"scope\":\"artifact\",\"title\":\"Read\"}]}");
    attest(fixture, "read", false, 400, NULL);
    assert_int_equal(until_of(fixture, TRUST_NOW, ""), TRUST_NOW + 400 * TRUST_DAY);
    attest(fixture, "read", false, 0, NULL);
    assert_int_equal(until_of(fixture, TRUST_NOW, ""), INT64_MAX);
}

static void test_board__item_of_an_artifact_is_bound_to_its_digest(void **state)
{
    struct trust_fixture *fixture = *state;
    trust_fixture_policy(fixture, artifact_item);
    trust_fixture_add(fixture, &fixture->evidence, EVIDENCE_ATTESTATION,
                      "{\"item\":\"read\",\"digest\":\"sha256:00\",\"time\":"
                      "\"2026-09-21T00:00:00Z\"}",
                      NULL, NULL);
    until_of(fixture, TRUST_NOW, "its attestation is about other content");
    // What is attested of the environment says nothing about an artifact, nor the other way round.
    attest(fixture, "read", true, 0, NULL);
    until_of(fixture, TRUST_NOW, "its attestation is about other content");
    trust_fixture_policy(fixture, environment_item);
    evidence_release(&fixture->environment_evidence);
    attest(fixture, "read", false, 0, NULL);
    until_of(fixture, TRUST_NOW, "nobody has attested it");
}

static void
test_board__item_is_not_met_by_what_was_withdrawn_malformed_or_of_the_future(void **state)
{
    struct trust_fixture *fixture = *state;
    trust_fixture_policy(fixture, environment_item);
    attest(fixture, "read", true, 0, NULL);
    trust_fixture_add(fixture, &fixture->environment_evidence, EVIDENCE_WITHDRAWAL,
                      "{\"record\":\"0001-attestation\"}", NULL, NULL);
    until_of(fixture, TRUST_NOW, "its attestation was withdrawn");
    trust_fixture_add(fixture, &fixture->environment_evidence, EVIDENCE_ATTESTATION,
                      "{\"item\":\"read\",\"time\":\"yesterday\"}", NULL, NULL);
    until_of(fixture, TRUST_NOW, "its attestation is malformed");
    trust_fixture_add(fixture, &fixture->environment_evidence, EVIDENCE_ATTESTATION,
                      "{\"item\":\"read\",\"time\":\"2036-09-21T00:00:00Z\"}", NULL, NULL);
    until_of(fixture, TRUST_NOW, "its attestation is dated in the future");
    attest(fixture, "other", true, 0, NULL);
    until_of(fixture, TRUST_NOW, "its attestation is dated in the future");
    attest(fixture, "read", true, 0, NULL);
    until_of(fixture, TRUST_NOW, "");
}

static void test_board__signed_item_takes_an_approvers_signature(void **state)
{
    static const char *const not_these[] = { NULL, "stranger", "left", "soon" };
    struct trust_fixture *fixture = *state;
    trust_fixture_policy(fixture, "{" STAGES ",\"items\":[{\"id\":\"read\",\"stage\":\"one\","
                                  "\"scope\":\"artifact\",\"title\":\"Read\",\"signed\":true}]}");
    for (size_t i = 0; i < COUNT_OF(not_these); i++) {
        attest(fixture, "read", false, 0, not_these[i]);
        until_of(fixture, TRUST_NOW, "its attestation is not signed by an approver");
    }
    // Two seconds on, who comes soon may sign; what they signed before says nothing.
    until_of(fixture, TRUST_NOW + 2, "its attestation is not signed by an approver");
    attest(fixture, "read", false, 0, "lead");
    until_of(fixture, TRUST_NOW, "");
    // Nor does a signature over other bytes do.
    struct evidence_record *record = &fixture->evidence.records[fixture->evidence.count - 1];
    char *at = strstr(record->text, "Tester");
    assert_non_null(at);
    *at = 'J';
    until_of(fixture, TRUST_NOW, "its attestation is not signed by an approver");
}

static void test_board__counts_distinct_people(void **state)
{
    struct trust_fixture *fixture = *state;
    struct board board OWNED(board_release) = { 0 };
    trust_fixture_policy(fixture, "{\"approvals\":[{\"count\":2}]}");
    struct approval_subject subject = trust_fixture_subject(fixture);
    trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    trust_fixture_approve(fixture, &subject, "lead", NULL, NULL); // twice is once
    until_of(fixture, TRUST_NOW, "1 of 2");
    trust_fixture_approve(fixture, &subject, "author", NULL, NULL);
    until_of(fixture, TRUST_NOW,
             "1 of 2; 0003-approval does not count: its signer is the draft's own author");
    trust_fixture_approve(fixture, &subject, "desk", "\"expires\":\"2026-09-27",
                          "\"expires\":\"2026-09-25");
    build(fixture, &board, "", TRUST_NOW);
    assert_true(board.entries[0].met);
    assert_string_equal(board.entries[0].by, "lead@example.com, desk@example.com");
    assert_int_equal(board.entries[0].until, TRUST_NOW + 4 * TRUST_DAY); // the sooner of both ends
}

static void test_board__one_name_with_two_keys_is_one_person(void **state)
{
    struct trust_fixture *fixture = *state;
    char path[128];
    struct buffer line OWNED(buffer_release) = { 0 };
    trust_fixture_policy(fixture, "{\"approvals\":[{\"count\":2}]}");
    // What allowed_signers_add refuses may stand in a file that was written by hand.
    snprintf(path, sizeof(path), "%s/stranger.pub", fixture->folder);
    buffer_append(&line, fixture->approvers.bytes, fixture->approvers.length);
    buffer_append_text(&line, "lead@example.com namespaces=\"git\" ");
    TRUST_OK(file_read(&line, path, 4096, &err));
    allowed_signers_release(&fixture->control.approvers);
    TRUST_OK(allowed_signers_parse(&fixture->control.approvers, line.bytes, line.length, &err));
    struct approval_subject subject = trust_fixture_subject(fixture);
    trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    trust_fixture_approve(fixture, &subject, "stranger", NULL, NULL);
    until_of(fixture, TRUST_NOW, "1 of 2");
    allowed_signers_release(&fixture->control.approvers);
    TRUST_OK(allowed_signers_parse(&fixture->control.approvers, fixture->approvers.bytes,
                                   fixture->approvers.length, &err));
}

static void test_board__group_counts_its_members_only(void **state)
{
    struct trust_fixture *fixture = *state;
    static const char members[] = "{\"approvals\":[{\"count\":1,\"group\":\"security\"}],"
                                  "\"groups\":{\"security\":[\"desk@example.com\"]}}";
    static const char *const empty[] = {
        "{\"approvals\":[{\"count\":1,\"group\":\"security\"}],\"groups\":{\"security\":[]}}",
        "{\"approvals\":[{\"count\":1,\"group\":\"security\"}],\"groups\":{}}",
        "{\"approvals\":[{\"count\":1,\"group\":\"security\"}]}",
    };
    trust_fixture_policy(fixture, members);
    struct approval_subject subject = trust_fixture_subject(fixture);
    trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    until_of(fixture, TRUST_NOW, "0 of 1");
    trust_fixture_approve(fixture, &subject, "desk", NULL, NULL);
    until_of(fixture, TRUST_NOW, "");
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        trust_fixture_clear(state);
        trust_fixture_policy(fixture, empty[i]);
        subject = trust_fixture_subject(fixture);
        trust_fixture_approve(fixture, &subject, "desk", NULL, NULL);
        until_of(fixture, TRUST_NOW, "0 of 1"); // a group without members admits nobody
    }
}

#define WITH_KEYS(test) cmocka_unit_test_setup(test, trust_fixture_clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KEYS(test_board__shows_items_stage_by_stage_then_approvals),
        WITH_KEYS(test_board__asks_only_what_is_about_the_artifact),
        WITH_KEYS(test_board__item_ends_by_the_policy_or_by_its_own_word),
        WITH_KEYS(test_board__item_without_a_span_lasts_as_long_as_it_says),
        WITH_KEYS(test_board__item_of_an_artifact_is_bound_to_its_digest),
        WITH_KEYS(test_board__item_is_not_met_by_what_was_withdrawn_malformed_or_of_the_future),
        WITH_KEYS(test_board__signed_item_takes_an_approvers_signature),
        WITH_KEYS(test_board__item_about_a_binding_is_met_for_what_it_means_alone),
        WITH_KEYS(test_board__counts_distinct_people),
        WITH_KEYS(test_board__one_name_with_two_keys_is_one_person),
        WITH_KEYS(test_board__group_counts_its_members_only),
    };
    return cmocka_run_group_tests(tests, trust_fixture_make, trust_fixture_remove);
}
