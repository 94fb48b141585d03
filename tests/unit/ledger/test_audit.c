// The audit's rows: appended in order, chained, and never changed, by us or by anybody else.
#include "unit/ledger/ledger_fixture.h"

#include "ledger/audit.h"
#include "ledger/index.h"

static struct digest make_digest(int byte)
{
    struct digest digest;
    memset(digest.bytes, byte, sizeof(digest.bytes));
    return digest;
}

static enum status append(struct fixture *fixture, int64_t sequence, int previous, int hash)
{
    struct audit_row row = {
        .sequence = sequence,
        .entry = "{\"operation\":\"publish\"}",
        .previous = make_digest(previous),
        .hash = make_digest(hash),
    };
    return audit_append(fixture->ledger, &row, &fixture->err);
}

static void append_three(struct fixture *fixture)
{
    assert_int_equal(append(fixture, 1, 0, 11), STATUS_OK);
    assert_int_equal(append(fixture, 2, 11, 22), STATUS_OK);
    assert_int_equal(append(fixture, 3, 22, 33), STATUS_OK);
}

static void assert_head(struct fixture *fixture, int64_t expected_sequence, int expected_byte)
{
    int64_t sequence = -1;
    struct digest hash = make_digest(99);
    struct digest expected = make_digest(expected_byte);
    assert_int_equal(audit_head(fixture->ledger, &sequence, &hash, &fixture->err), STATUS_OK);
    assert_int_equal(sequence, expected_sequence);
    assert_true(digest_equal(&hash, &expected));
}

static void test_audit_head__is_zero_at_first(void **state)
{
    assert_head(*state, 0, 0);
}

static void test_audit_append__keeps_rows_in_order(void **state)
{
    struct fixture *fixture = *state;
    append_three(fixture);
    assert_head(fixture, 3, 33);
    ledger_release(&fixture->ledger);
    assert_int_equal(ledger_open(&fixture->ledger, fixture->path, false, &fixture->err), STATUS_OK);
    assert_head(fixture, 3, 33);
}

static void test_audit_append__refuses_what_does_not_follow(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(append(fixture, 2, 0, 11), STATUS_DAMAGED); // a gap at the start
    assert_int_equal(append(fixture, 1, 5, 11), STATUS_DAMAGED); // no zeros in front
    append_three(fixture);
    static const struct {
        int64_t sequence;
        int previous;
    } rows[] = {
        { 3, 22 }, // written once already
        { 3, 33 }, { 4, 22 }, { 5, 33 }, { 0, 33 }, { -1, 33 }, { INT64_MAX, 33 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(append(fixture, rows[i].sequence, rows[i].previous, 44), STATUS_DAMAGED);
        assert_string_equal(fixture->err.code, "ledger_rule_broken");
        assert_non_null(strstr(fixture->err.message, "does not follow"));
    }
    assert_head(fixture, 3, 33);
    assert_int_equal(append(fixture, 4, 33, 44), STATUS_OK);
}

static void test_audit_rows__cannot_be_changed_by_other_programs(void **state)
{
    struct fixture *fixture = *state;
    static const char *const changes[] = {
        "UPDATE audit SET entry = '{}' WHERE sequence = 2",
        "UPDATE OR REPLACE audit SET sequence = 1 WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 3",
        "DELETE FROM audit",
        "REPLACE INTO audit SELECT sequence, '{}', previous, hash FROM audit WHERE sequence = 2",
        "REPLACE INTO audit SELECT sequence, '{}', previous, hash FROM audit WHERE sequence = 3",
        "INSERT INTO audit SELECT NULL, entry, hash, hash FROM audit WHERE sequence = 3",
    };
    append_three(fixture);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        int result = SQLITE_OK;
        free(fixture_sql(fixture, changes[i], &result));
        assert_int_equal(result, SQLITE_CONSTRAINT);
    }
    fixture_assert_sql(fixture, "SELECT sequence, entry FROM audit",
                       "1|{\"operation\":\"publish\"}\n2|{\"operation\":\"publish\"}\n"
                       "3|{\"operation\":\"publish\"}\n");
}

static void test_audit_rows__outlive_the_index(void **state)
{
    struct fixture *fixture = *state;
    append_three(fixture);
    assert_int_equal(index_clear(fixture->ledger, &fixture->err), STATUS_OK);
    assert_head(fixture, 3, 33);
}

static void test_audit_append__goes_with_its_transaction(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(ledger_begin(fixture->ledger, &fixture->err), STATUS_OK);
    append_three(fixture);
    assert_head(fixture, 3, 33);
    ledger_rollback(fixture->ledger);
    assert_head(fixture, 0, 0);
}

static enum status note_row(void *context, const struct audit_row *row, struct error *err)
{
    struct digest previous = make_digest(row->sequence == 1 ? 0 : (int)(row->sequence - 1) * 11);
    struct digest hash = make_digest((int)row->sequence * 11);
    assert_true(digest_equal(&row->previous, &previous));
    assert_true(digest_equal(&row->hash, &hash));
    assert_string_equal(row->entry, "{\"operation\":\"publish\"}");
    buffer_append_format(context, "%lld ", (long long)row->sequence);
    if (row->sequence == 3)
        return error_set(err, STATUS_REFUSED, "enough", "enough");
    return STATUS_OK;
}

static void test_audit_each__goes_from_the_first_asked_for(void **state)
{
    struct fixture *fixture = *state;
    struct buffer seen OWNED(buffer_release) = { 0 };
    assert_int_equal(audit_each(fixture->ledger, 1, note_row, &seen, &fixture->err), STATUS_OK);
    assert_int_equal(append(fixture, 1, 0, 11), STATUS_OK);
    assert_int_equal(append(fixture, 2, 11, 22), STATUS_OK);
    assert_int_equal(audit_each(fixture->ledger, 0, note_row, &seen, &fixture->err), STATUS_OK);
    assert_string_equal(buffer_text(&seen), "1 2 ");
    assert_int_equal(append(fixture, 3, 22, 33), STATUS_OK);
    assert_int_equal(append(fixture, 4, 33, 44), STATUS_OK);
    buffer_truncate(&seen, 0);
    assert_int_equal(audit_each(fixture->ledger, 2, note_row, &seen, &fixture->err),
                     STATUS_REFUSED);
    assert_string_equal(buffer_text(&seen), "2 3 ");
}

static void test_audit_append__refuses_an_entry_over_the_limit(void **state)
{
    struct fixture *fixture = *state;
    size_t length = 17 << 20;
    char *entry OWNED(memory_release) = calloc(1, length + 1);
    assert_non_null(entry);
    memset(entry, 'x', length);
    struct audit_row row = { .sequence = 1, .entry = entry, .hash = make_digest(1) };
    assert_int_equal(audit_append(fixture->ledger, &row, &fixture->err), STATUS_TOO_LARGE);
    assert_head(fixture, 0, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, fixture_make_ledger, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_audit_head__is_zero_at_first),
        TEST(test_audit_append__keeps_rows_in_order),
        TEST(test_audit_append__refuses_what_does_not_follow),
        TEST(test_audit_append__goes_with_its_transaction),
        TEST(test_audit_append__refuses_an_entry_over_the_limit),
        TEST(test_audit_rows__cannot_be_changed_by_other_programs),
        TEST(test_audit_rows__outlive_the_index),
        TEST(test_audit_each__goes_from_the_first_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
