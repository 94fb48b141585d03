// Evidence: records are kept in order, read back as they were, and what is malformed is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "environment_fixture.h"
#include "release/evidence.h"
#include "trust/hash.h"

static int make_sandbox(void **state)
{
    struct environment_fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    environment_fixture_open(fixture, ENVIRONMENT_SANDBOX);
    *state = fixture;
    return 0;
}
#define IN_SANDBOX(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, make_sandbox, environment_fixture_remove)

static void put(struct content *content, const char *path, const char *text)
{
    ASSERT_OK(content_add_bytes(content, path, text, strlen(text), &err));
}

static void add(struct environment_fixture *fixture, const char *folder, enum evidence_type type,
                const char *text, const char *signature, const char *wanted_name)
{
    char name[EVIDENCE_NAME_BYTES];
    struct change_message message = { .operation = "test", .actor = "tester" };
    struct evidence_addition addition = {
        .folder = folder, .type = type, .text = text, .signature = signature, .message = &message
    };
    ASSERT_OK(environment_begin(fixture->environment, &err));
    ASSERT_OK(evidence_add(fixture->environment, &addition, name, &err));
    ASSERT_OK(environment_finish(fixture->environment, &err));
    assert_string_equal(name, wanted_name);
}

static void test_evidence__is_numbered_and_read_back_by_folder(void **state)
{
    struct environment_fixture *fixture = *state;
    struct content content OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    add(fixture, "prompt/a/1", EVIDENCE_ATTESTATION, "{\"item\":\"x\"}", NULL, "0001-attestation");
    add(fixture, "prompt/a/1", EVIDENCE_APPROVAL, "{ \"b\":1}\n", "signed", "0002-approval");
    add(fixture, "prompt/a/10", EVIDENCE_REJECTION, "{}", NULL, "0001-rejection");
    add(fixture, "prompt/a/1", EVIDENCE_WITHDRAWAL, "{\"record\":\"0001-attestation\"}", NULL,
        "0003-withdrawal");
    ASSERT_OK(evidence_read(&content, fixture->environment, "prompt/a/1", &err));
    ASSERT_OK(evidence_parse(&evidence, &content, "", &err));
    assert_int_equal(evidence.count, 3);
    assert_string_equal(evidence.records[1].name, "0002-approval");
    assert_int_equal(evidence.records[1].type, EVIDENCE_APPROVAL);
    assert_string_equal(evidence.records[1].text, "{ \"b\":1}\n"); // the bytes that were signed
    assert_int_equal(evidence.records[1].text_bytes, 9);
    assert_string_equal(evidence.records[1].signature, "signed");
    assert_null(evidence.records[0].signature);
    assert_true(evidence_is_withdrawn(&evidence, &evidence.records[0]));
    assert_false(evidence_is_withdrawn(&evidence, &evidence.records[1]));
}

static void test_evidence__of_an_unknown_version_is_empty(void **state)
{
    struct environment_fixture *fixture = *state;
    struct content content OWNED(content_release) = { 0 };
    ASSERT_OK(evidence_read(&content, fixture->environment, "prompt/a/1", &err));
    assert_int_equal(content.count, 0);
    add(fixture, "prompt/a/1", EVIDENCE_REJECTION, "{}", NULL, "0001-rejection");
    ASSERT_OK(evidence_read(&content, fixture->environment, "prompt/a/2", &err));
    assert_int_equal(content.count, 0);
}

static void test_evidence__attached_files_are_kept_beside_and_are_no_records(void **state)
{
    struct environment_fixture *fixture = *state;
    struct content attached OWNED(content_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    char name[EVIDENCE_NAME_BYTES];
    struct change_message message = { .operation = "test", .actor = "tester" };
    put(&attached, "0009-approval.json", "{}"); // would pass for one elsewhere
    ASSERT_OK(content_seal(&attached, &err));
    struct evidence_addition addition = { .folder = "environment",
                                          .type = EVIDENCE_ATTESTATION,
                                          .text = "{}",
                                          .attached = &attached,
                                          .message = &message };
    ASSERT_OK(environment_begin(fixture->environment, &err));
    ASSERT_OK(evidence_add(fixture->environment, &addition, name, &err));
    ASSERT_OK(environment_finish(fixture->environment, &err));
    ASSERT_OK(evidence_read(&content, fixture->environment, "environment", &err));
    assert_non_null(content_find(&content, "0001-attestation-files/0009-approval.json"));
    ASSERT_OK(evidence_parse(&evidence, &content, "", &err));
    assert_int_equal(evidence.count, 1);
}

static void test_evidence__only_the_asked_for_folder_and_names_of_records_are_read(void **state)
{
    (void)state;
    struct content content OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    put(&content, "one/0001-approval.json", "{}");
    put(&content, "one/0002-approval.json.sig", "x");
    put(&content, "one/001-approval.json", "{}");
    put(&content, "one/00003-approval.json", "{}");
    put(&content, "one/0004-promise.json", "{}");
    put(&content, "one/0005-approval", "{}");
    put(&content, "one/0006-approval.json.bak", "{}");
    put(&content, "one-two/0007-approval.json", "{}");
    put(&content, "two/0008-approval.json", "{}");
    ASSERT_OK(content_seal(&content, &err));
    ASSERT_OK(evidence_parse(&evidence, &content, "one", &err));
    assert_int_equal(evidence.count, 1);
    assert_string_equal(evidence.records[0].name, "0001-approval");
}

static void test_evidence__malformed_or_too_large_record_is_refused_by_name(void **state)
{
    static const char *const texts[] = { "", "{", "{}{}", "{\"a\":1,\"a\":2}" };
    struct error err = { 0 };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct content content OWNED(content_release) = { 0 };
        struct evidence evidence OWNED(evidence_release) = { 0 };
        put(&content, "0001-approval.json", texts[i]);
        assert_int_equal(content_seal(&content, &err), STATUS_OK);
        assert_int_equal(evidence_parse(&evidence, &content, "", &err), STATUS_DAMAGED);
        assert_non_null(strstr(err.message, "0001-approval.json"));
        assert_int_equal(evidence.count, 0);
    }
    struct content large OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    char *bytes OWNED(memory_release) = calloc(1, EVIDENCE_MAX_RECORD_BYTES + 2);
    assert_non_null(bytes);
    memset(bytes, ' ', EVIDENCE_MAX_RECORD_BYTES + 1);
    put(&large, "0001-approval.json", bytes);
    assert_int_equal(content_seal(&large, &err), STATUS_OK);
    assert_int_equal(evidence_parse(&evidence, &large, "", &err), STATUS_TOO_LARGE);
}

static void test_evidence__rejection_is_of_one_digest(void **state)
{
    (void)state;
    struct content content OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    struct digest digest;
    struct digest other;
    char text[DIGEST_TEXT_BYTES];
    struct buffer document OWNED(buffer_release) = { 0 };
    ASSERT_OK(hash_bytes(&digest, "a", 1, &err));
    ASSERT_OK(hash_bytes(&other, "b", 1, &err));
    digest_format(&digest, text);
    buffer_append_format(&document, "{\"digest\":\"%s\"}", text);
    put(&content, "0001-approval.json", document.bytes); // not a rejection
    put(&content, "0002-rejection.json", document.bytes);
    ASSERT_OK(content_seal(&content, &err));
    ASSERT_OK(evidence_parse(&evidence, &content, "", &err));
    assert_ptr_equal(evidence_find_rejection(&evidence, &digest), &evidence.records[1]);
    assert_null(evidence_find_rejection(&evidence, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SANDBOX(test_evidence__is_numbered_and_read_back_by_folder),
        IN_SANDBOX(test_evidence__of_an_unknown_version_is_empty),
        IN_SANDBOX(test_evidence__attached_files_are_kept_beside_and_are_no_records),
        cmocka_unit_test(test_evidence__only_the_asked_for_folder_and_names_of_records_are_read),
        cmocka_unit_test(test_evidence__malformed_or_too_large_record_is_refused_by_name),
        cmocka_unit_test(test_evidence__rejection_is_of_one_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
