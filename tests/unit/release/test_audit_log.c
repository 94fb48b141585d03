// The audit: a chain that anybody can compute again, and that shows where it was broken.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/json.h"
#include "environment_fixture.h"
#include "ledger/audit.h"
#include "release/audit_log.h"
#include "trust/hash.h"

static struct change_message_item item(const char *id)
{
    struct change_message_item item = { .digest = { .bytes = { 1 } } };
    ASSERT_OK(id_parse_version(&item.id, id, &err));
    return item;
}

// Appends the entry of a promotion of two, as a write does.
static void append(struct environment_fixture *fixture, const char *reason)
{
    struct change_message_item items[] = { item("prompt/greeting@4"), item("tool/crm/note@1") };
    struct change_message message = { .operation = "promote",
                                      .items = items,
                                      .count = 2,
                                      .actor = "Approver <approver@example.com>",
                                      .reason = reason };
    const struct oid commit = { .bytes = { 0xab } };
    ASSERT_OK(ledger_begin(fixture->environment->ledger, &err));
    ASSERT_OK(audit_log_append_change(fixture->environment, &message, &commit, &err));
    ASSERT_OK(ledger_commit(fixture->environment->ledger, &err));
}

static int64_t count_findings(struct environment_fixture *fixture, struct finding_list *findings)
{
    int64_t count = 0;
    ASSERT_OK(audit_log_verify(fixture->environment, findings, &count, &err));
    return count;
}

// Keeps the last row; its entry is parsed.
struct last_row {
    struct json *entry;
    struct digest previous;
    struct digest hash;
    struct digest expected; // computed from the entry and the hash before
    int64_t sequence;
};

static enum status take_row(void *context, const struct audit_row *row, struct error *err)
{
    struct last_row *last = context;
    char hex[DIGEST_HEX_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    digest_format_hex(&last->hash, hex);
    buffer_append_format(&text, "%s\n%s", hex, row->entry);
    TRY(hash_bytes(&last->expected, text.bytes, text.length, err));
    json_release(&last->entry);
    TRY(json_parse(&last->entry, row->entry, strlen(row->entry), err));
    last->previous = row->previous;
    last->hash = row->hash;
    last->sequence = row->sequence;
    return STATUS_OK;
}

static void test_audit_log_append_change__says_what_was_done(void **state)
{
    struct environment_fixture *fixture = *state;
    struct last_row last = { 0 };
    append(fixture, "go");
    ASSERT_OK(audit_each(fixture->environment->ledger, 1, take_row, &last, &err));
    assert_int_equal(last.sequence, 2); // after the init's
    assert_string_equal(json_get_string(last.entry, "operation", ""), "promote");
    assert_string_equal(json_get_string(last.entry, "actor", ""),
                        "Approver <approver@example.com>");
    assert_string_equal(json_get_string(last.entry, "outcome", ""), "done");
    assert_string_equal(json_get_string(last.entry, "reason", ""), "go");
    assert_string_equal(json_get_string(last.entry, "commit", ""),
                        "ab00000000000000000000000000000000000000");
    assert_string_equal(json_get_string(last.entry, "environment", ""),
                        fixture->environment->identity.id);
    assert_string_equal(json_string(json_at(last.entry, "/artifacts/0")), "prompt/greeting@4");
    assert_string_equal(json_string(json_at(last.entry, "/artifacts/1")), "tool/crm/note@1");
    assert_null(json_get(last.entry, "recovered"));
    json_free(last.entry);
}

static void test_audit_log_append_change__continues_the_chain(void **state)
{
    struct environment_fixture *fixture = *state;
    struct last_row last = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    char head[AUDIT_LOG_HEAD_BYTES];
    char expected[AUDIT_LOG_HEAD_BYTES];
    char hex[DIGEST_HEX_BYTES];
    for (int i = 0; i < 3; i++)
        append(fixture, "go");
    ASSERT_OK(audit_each(fixture->environment->ledger, 1, take_row, &last, &err));
    json_free(last.entry);
    assert_true(digest_equal(&last.hash, &last.expected));
    digest_format_hex(&last.hash, hex);
    snprintf(expected, sizeof(expected), "4 %s", hex);
    ASSERT_OK(audit_log_head(fixture->environment, head, &err));
    assert_string_equal(head, expected);
    assert_int_equal(count_findings(fixture, &findings), 4);
    assert_int_equal(findings.count, 0);
}

// A row whose hash is not that of its entry: as if the entry had been changed afterwards.
static void test_audit_log_verify__names_the_row_that_does_not_follow(void **state)
{
    struct environment_fixture *fixture = *state;
    struct ledger *ledger = fixture->environment->ledger;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct audit_row row = { .entry = "{\"operation\":\"nothing\"}", .hash.bytes = { 7 } };
    append(fixture, "go");
    ASSERT_OK(ledger_begin(ledger, &err));
    ASSERT_OK(audit_head(ledger, &row.sequence, &row.previous, &err));
    row.sequence++;
    ASSERT_OK(audit_append(ledger, &row, &err));
    ASSERT_OK(ledger_commit(ledger, &err));
    append(fixture, "and on"); // follows from the false row: only that one is at fault
    assert_int_equal(count_findings(fixture, &findings), 4);
    assert_int_equal(findings.count, 1);
    assert_string_equal(findings.items[0].rule, "audit.chain");
    assert_non_null(strstr(findings.items[0].message, "row 3 "));
}

static void test_audit_log_recover__reads_the_trailers_of_the_commit(void **state)
{
    struct environment_fixture *fixture = *state;
    struct last_row last = { 0 };
    struct change_message_item items[] = { item("prompt/greeting@4"), item("tool/crm/note@12") };
    struct change_message message = { .operation = "promote",
                                      .items = items,
                                      .count = 2,
                                      .actor = "Approver <approver@example.com>",
                                      .reason = "why" };
    struct buffer words OWNED(buffer_release) = { 0 };
    const struct oid oid = { .bytes = { 0xcd } };
    change_message_append(&words, &message);
    struct commit commit = { .message = words.bytes };
    ASSERT_OK(ledger_begin(fixture->environment->ledger, &err));
    ASSERT_OK(audit_log_recover(fixture->environment, &oid, &commit, &err));
    ASSERT_OK(ledger_commit(fixture->environment->ledger, &err));
    ASSERT_OK(audit_each(fixture->environment->ledger, 1, take_row, &last, &err));
    assert_true(json_get_bool(last.entry, "recovered", false));
    assert_string_equal(json_get_string(last.entry, "operation", ""), "promote");
    assert_string_equal(json_get_string(last.entry, "actor", ""),
                        "Approver <approver@example.com>");
    assert_string_equal(json_get_string(last.entry, "commit", ""),
                        "cd00000000000000000000000000000000000000");
    assert_int_equal(json_count(json_get(last.entry, "artifacts")), 2);
    assert_string_equal(json_string(json_at(last.entry, "/artifacts/1")), "tool/crm/note@12");
    json_free(last.entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ENVIRONMENT(test_audit_log_append_change__says_what_was_done),
        IN_ENVIRONMENT(test_audit_log_append_change__continues_the_chain),
        IN_ENVIRONMENT(test_audit_log_verify__names_the_row_that_does_not_follow),
        IN_ENVIRONMENT(test_audit_log_recover__reads_the_trailers_of_the_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
