// Approvals: what is signed, and each reason for which one is void.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust_fixture.h"

static struct approval_verdict judge(struct trust_fixture *fixture,
                                     const struct approval_subject *subject,
                                     const struct evidence_record *record, int64_t now)
{
    struct approval_verdict verdict;
    approval_judge(&verdict, &fixture->control, subject, &fixture->evidence, record, now);
    return verdict;
}

#define IS_VOID(fixture, subject, record, now, words)                                              \
    do {                                                                                           \
        struct approval_verdict verdict_ = judge(fixture, subject, record, now);                   \
        assert_false(verdict_.counts);                                                             \
        if (!strstr(verdict_.reason, words))                                                       \
            fail_msg("'%s' does not say '%s'", verdict_.reason, words);                            \
    } while (0)

static void test_approval__is_a_canonical_in_toto_statement(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    struct digest replaced = trust_fixture_digest("three");
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer expected OWNED(buffer_release) = { 0 };
    char hex[DIGEST_HEX_BYTES];
    char replaces[DIGEST_TEXT_BYTES];
    char policy[DIGEST_TEXT_BYTES];
    subject.replaces = &replaced;
    digest_format_hex(&subject.digest, hex);
    digest_format(&replaced, replaces);
    digest_format(&subject.policy, policy);
    TRUST_OK(approval_print(&text, &subject, TRUST_NOW, TRUST_NOW + 60, &err));
    buffer_append_format(
        &expected,
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{\"author\":"
        "\"Author "
        "<author@example.com>\",\"environment\":\"production-id\",\"expires\":\"2026-09-21T14:14:"
        "20Z\",\"policy\":\"%s\","
        "\"replaces\":\"%s\",\"time\":\"2026-09-21T14:13:20Z\"},\"predicateType\":"
        "\"urn:greenroom:approval:v1\",\"subject\":[{\"digest\":{\"sha256\":\"%s\"},"
        "\"name\":\"prompt/greeting@4\"}]}",
        policy, replaces, hex);
    assert_string_equal(text.bytes, expected.bytes);
}

static void test_approval__counts_for_exactly_what_it_is_about(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    const struct evidence_record *record =
        trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    struct approval_verdict verdict = judge(fixture, &subject, record, TRUST_NOW);
    assert_true(verdict.counts);
    assert_string_equal(verdict.signer->name, "lead@example.com");
    assert_int_equal(verdict.expires, TRUST_NOW + 6 * TRUST_DAY);
    assert_string_equal(verdict.reason, "");
}

// The subject moves on; the approval stays what it was.
static void test_approval__is_void_when_what_it_is_about_changed(void **state)
{
    struct trust_fixture *fixture = *state;
    const struct approval_subject approved = trust_fixture_subject(fixture);
    const struct digest other = trust_fixture_digest("another");
    const struct evidence_record *record =
        trust_fixture_approve(fixture, &approved, "lead", NULL, NULL);
    struct approval_subject subject = approved;
    subject.id.version = 5;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "about another version");
    subject = approved;
    subject.id.kind = KIND_TOOL;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "about another version");
    subject = approved;
    subject.digest = other;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "the content changed since");
    subject = approved;
    subject.environment_id = "production-two";
    IS_VOID(fixture, &subject, record, TRUST_NOW, "for another environment");
    subject = approved;
    subject.replaces = &other;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "what is live there changed since");
    subject = approved;
    subject.policy = other;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "the policy changed since");
    subject = approved;
    subject.author = "Writer <writer@example.com>";
    IS_VOID(fixture, &subject, record, TRUST_NOW, "it is about another author's draft");
}

static void test_approval__is_void_when_what_it_replaces_is_gone_or_another(void **state)
{
    struct trust_fixture *fixture = *state;
    const struct digest replaced = trust_fixture_digest("three");
    const struct digest other = trust_fixture_digest("another");
    struct approval_subject subject = trust_fixture_subject(fixture);
    subject.replaces = &replaced;
    const struct evidence_record *record =
        trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    assert_true(judge(fixture, &subject, record, TRUST_NOW).counts);
    subject.replaces = NULL;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "what is live there changed since");
    subject.replaces = &other;
    IS_VOID(fixture, &subject, record, TRUST_NOW, "what is live there changed since");
}

// Signed as it stands, but by its words it is nothing that approves this.
static void test_approval__is_void_when_its_words_are_others(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *reason;
    } cases[] = {
        { "Statement/v1", "Statement/v9", "no statement of a kind known here" },
        { "\"_type\":", "\"other\":", "no statement of a kind known here" },
        { "approval:v1", "approval:v9", "it is no approval" },
        { "greeting@4", "greeting@5", "about another version" },
        { "\"replaces\":null", "\"replaced\":null", "what is live there changed since" },
        { "\"replaces\":null", "\"replaces\":\"\"", "what is live there changed since" },
        { "\"subject\":[{", "\"subject\":[{},{", "about another version" },
        { "greeting@4\"}]", "greeting@4\"},{\"name\":\"tool/other@1\"}]",
          "about more than one version" },
        { "\"time\":\"2026", "\"time\":\"x026", "its times are malformed" },
        { "\"expires\":\"2026", "\"expires\":\"x026", "its times are malformed" },
        { "\"expires\":", "\"ends\":", "its times are malformed" },
    };
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct evidence_record *record =
            trust_fixture_approve(fixture, &subject, "lead", cases[i].from, cases[i].to);
        IS_VOID(fixture, &subject, record, TRUST_NOW, cases[i].reason);
    }
}

static void test_approval__is_void_without_the_signature_of_a_present_approver(void **state)
{
    static const struct {
        const char *key;
        const char *reason;
    } cases[] = {
        { NULL, "it is not signed" },
        { "stranger", "its signer is no approver" },
        { "left", "its signer is no approver" }, // removed at this very second
        { "soon", "its signer is no approver" },
        { "author", "its signer is the draft's own author" },
    };
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct evidence_record *record =
            trust_fixture_approve(fixture, &subject, cases[i].key, NULL, NULL);
        IS_VOID(fixture, &subject, record, TRUST_NOW, cases[i].reason);
    }
    // A second before, who left could still sign.
    assert_true(judge(fixture, &subject, &fixture->evidence.records[2], TRUST_NOW - 2).counts);
}

// `soon` may sign from two seconds on: whether for the first time or again, what was signed before
// says nothing.
static void test_approval__is_void_when_signed_before_its_signer_was_added(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    const char *day_before = "\"time\":\"2026-09-20T14:13:20Z\"";
    trust_fixture_approve(fixture, &subject, "soon", NULL, NULL);
    trust_fixture_approve(fixture, &subject, "soon", day_before,
                          "\"time\":\"2026-09-21T14:13:21Z\"");
    trust_fixture_approve(fixture, &subject, "soon", day_before,
                          "\"time\":\"2026-09-21T14:13:22Z\"");
    for (size_t i = 0; i < 2; i++)
        IS_VOID(fixture, &subject, &fixture->evidence.records[i], TRUST_NOW + 2,
                "signed before its signer was added");
    assert_true(judge(fixture, &subject, &fixture->evidence.records[2], TRUST_NOW + 2).counts);
}

static void test_approval__is_void_for_the_author_by_name_email_or_case(void **state)
{
    static const char *const authors[] = { "lead@example.com", "Lead <lead@example.com>",
                                           "LEAD@EXAMPLE.COM", "lead@example.com <m@elsewhere>" };
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    const struct evidence_record *record =
        trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    for (size_t i = 0; i < COUNT_OF(authors); i++) {
        subject.author = authors[i];
        IS_VOID(fixture, &subject, record, TRUST_NOW, "the draft's own author");
    }
}

static void test_approval__is_void_when_signed_for_something_else(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    struct evidence_record *record = trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    // The same person's signature over the same bytes, but as a git tag or an attestation.
    static const char *const name_spaces[] = { "git", ATTESTATION_NAMESPACE };
    for (size_t i = 0; i < COUNT_OF(name_spaces); i++) {
        const struct evidence_record *other =
            trust_fixture_add(fixture, &fixture->evidence, EVIDENCE_APPROVAL,
                              fixture->evidence.records[0].text, "lead", name_spaces[i]);
        IS_VOID(fixture, &subject, other, TRUST_NOW, "namespace");
    }
    // One byte of what was signed is another.
    record = &fixture->evidence.records[0];
    record->text[record->text_bytes - 3] ^= 1;
    assert_false(judge(fixture, &subject, record, TRUST_NOW).counts);
    record->text[record->text_bytes - 3] ^= 1;
    assert_true(judge(fixture, &subject, record, TRUST_NOW).counts);
    record->signature[strlen(record->signature) / 2] ^= 1;
    assert_false(judge(fixture, &subject, record, TRUST_NOW).counts);
}

static void test_approval__ends_by_its_own_word_or_the_policys_whichever_is_sooner(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    const struct evidence_record *record =
        trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    int64_t end = TRUST_NOW + 6 * TRUST_DAY;
    assert_true(judge(fixture, &subject, record, end - 1).counts);
    IS_VOID(fixture, &subject, record, end, "it expired");
    // It says a day less than the policy allows, and a year more.
    record = trust_fixture_approve(fixture, &subject, "lead", "\"expires\":\"2026-09-27",
                                   "\"expires\":\"2026-09-26");
    assert_true(judge(fixture, &subject, record, end - TRUST_DAY - 1).counts);
    IS_VOID(fixture, &subject, record, end - TRUST_DAY, "it expired");
    record = trust_fixture_approve(fixture, &subject, "lead", "\"expires\":\"2026",
                                   "\"expires\":\"2027");
    assert_int_equal(judge(fixture, &subject, record, TRUST_NOW).expires, end);
    IS_VOID(fixture, &subject, record, end, "it expired");
}

// Else whoever dates it ahead would make it last longer than the policy allows.
static void test_approval__is_void_when_dated_in_the_future(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    const struct evidence_record *record = trust_fixture_approve(
        fixture, &subject, "lead", "\"time\":\"2026-09-20", "\"time\":\"2026-09-22");
    IS_VOID(fixture, &subject, record, TRUST_NOW, "dated in the future");
    assert_true(judge(fixture, &subject, record, TRUST_NOW + TRUST_DAY).counts);
    // Clocks of two machines may differ by minutes.
    assert_true(judge(fixture, &subject, record, TRUST_NOW + TRUST_DAY - 60).counts);
}

static void test_approval__is_void_once_it_was_withdrawn(void **state)
{
    struct trust_fixture *fixture = *state;
    struct approval_subject subject = trust_fixture_subject(fixture);
    trust_fixture_approve(fixture, &subject, "lead", NULL, NULL);
    trust_fixture_approve(fixture, &subject, "desk", NULL, NULL);
    trust_fixture_add(fixture, &fixture->evidence, EVIDENCE_WITHDRAWAL,
                      "{\"record\":\"0001-approval\"}", NULL, NULL);
    IS_VOID(fixture, &subject, &fixture->evidence.records[0], TRUST_NOW, "it was withdrawn");
    assert_true(judge(fixture, &subject, &fixture->evidence.records[1], TRUST_NOW).counts);
}

static void test_approval__lasts_a_week_where_the_policy_is_silent(void **state)
{
    struct trust_fixture *fixture = *state;
    assert_int_equal(approval_valid_seconds(fixture->control.policy), 7 * TRUST_DAY);
    trust_fixture_policy(fixture, "{\"approval_valid_for\":\"12h\"}");
    assert_int_equal(approval_valid_seconds(fixture->control.policy), 12 * 3600);
    trust_fixture_policy(fixture, "{}");
    assert_int_equal(approval_valid_seconds(fixture->control.policy), 7 * TRUST_DAY);
}

#define WITH_KEYS(test) cmocka_unit_test_setup(test, trust_fixture_clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KEYS(test_approval__is_a_canonical_in_toto_statement),
        WITH_KEYS(test_approval__counts_for_exactly_what_it_is_about),
        WITH_KEYS(test_approval__is_void_when_what_it_is_about_changed),
        WITH_KEYS(test_approval__is_void_when_what_it_replaces_is_gone_or_another),
        WITH_KEYS(test_approval__is_void_when_its_words_are_others),
        WITH_KEYS(test_approval__is_void_without_the_signature_of_a_present_approver),
        WITH_KEYS(test_approval__is_void_when_signed_before_its_signer_was_added),
        WITH_KEYS(test_approval__is_void_for_the_author_by_name_email_or_case),
        WITH_KEYS(test_approval__is_void_when_signed_for_something_else),
        WITH_KEYS(test_approval__ends_by_its_own_word_or_the_policys_whichever_is_sooner),
        WITH_KEYS(test_approval__is_void_when_dated_in_the_future),
        WITH_KEYS(test_approval__is_void_once_it_was_withdrawn),
        WITH_KEYS(test_approval__lasts_a_week_where_the_policy_is_silent),
    };
    return cmocka_run_group_tests(tests, trust_fixture_make, trust_fixture_remove);
}
