// Refused keys in the audit: the first of a sort at once, the rest as one count when a window ends,
// and never more rows than a bound, whatever somebody sends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/json.h"
#include "ledger/audit.h"
#include "refusals.h"
#include "unit/release/environment_fixture.h"

#define NOW INT64_C(1790000000)
#define END (NOW + REFUSALS_WINDOW_SECONDS)

// What the audit holds but for the entry of the environment's making.
struct rows {
    struct json *entries;
};

static enum status take_row(void *context, const struct audit_row *row, struct error *err)
{
    struct rows *rows = context;
    struct json *entry = NULL;
    TRY(json_parse(&entry, row->entry, strlen(row->entry), err));
    json_append(rows->entries, entry);
    return STATUS_OK;
}

static struct json *entries_of(struct environment_fixture *fixture)
{
    struct rows rows = { json_new_array() };
    ASSERT_OK(audit_each(fixture->environment->ledger, 2, take_row, &rows, &err));
    return rows.entries;
}

static const char *text_at(const struct json *entries, const char *pointer)
{
    const char *text = json_string(json_at(entries, pointer));
    return text ? text : "";
}

static struct refusals *make(struct environment_fixture *fixture)
{
    struct refusals *refusals = NULL;
    ASSERT_OK(refusals_new(&refusals, &fixture->environment->identity, &err));
    return refusals;
}

static struct refusal_note note_of(enum authenticator_refusal reason, const char *key, int64_t time)
{
    struct refusal_note note = { .reason = reason, .time = time };
    snprintf(note.key, sizeof(note.key), "%s", key);
    return note;
}

// As the journal does.
static bool look(struct environment_fixture *fixture, struct refusals *refusals, int64_t now,
                 bool is_last)
{
    struct journal_sink sink = refusals_sink(refusals);
    struct ledger *ledger = fixture->environment->ledger;
    struct refusal_note note;
    assert_int_equal(sink.note_bytes, sizeof(note));
    while (ring_take(sink.ring, &note))
        sink.take(sink.context, &note);
    if (!sink.is_due(sink.context, now, is_last))
        return false;
    ASSERT_OK(ledger_begin(ledger, &err));
    ASSERT_OK(sink.write(sink.context, ledger, &err));
    ASSERT_OK(ledger_commit(ledger, &err));
    sink.written(sink.context);
    return true;
}

static void put(struct refusals *refusals, enum authenticator_refusal reason, const char *key,
                int64_t time)
{
    struct refusal_note note = note_of(reason, key, time);
    assert_true(ring_put(refusals_ring(refusals), &note));
}

static void test_refusals__enters_the_first_at_once_and_the_rest_as_a_count(void **state)
{
    struct environment_fixture *fixture = *state;
    struct refusals *refusals OWNED(refusals_release) = make(fixture);
    put(refusals, REFUSAL_REVOKED, "abcdefgh1234", NOW);
    assert_true(look(fixture, refusals, NOW, false));
    for (int i = 1; i <= 500; i++) {
        put(refusals, REFUSAL_REVOKED, "abcdefgh1234", NOW + i);
        assert_false(look(fixture, refusals, NOW + i, false));
    }
    assert_true(look(fixture, refusals, END, false));
    assert_false(look(fixture, refusals, END + 1, false)); // all is told
    struct json *entries OWNED(json_release) = entries_of(fixture);
    assert_int_equal(json_count(entries), 2);
    assert_string_equal(text_at(entries, "/0/operation"), "request");
    assert_string_equal(text_at(entries, "/0/outcome"), "refused");
    assert_string_equal(text_at(entries, "/0/actor"), "key abcdefgh1234");
    assert_string_equal(text_at(entries, "/0/key"), "abcdefgh1234");
    assert_string_equal(text_at(entries, "/0/reason"), "asked with a key that was revoked");
    assert_null(json_at(entries, "/0/count"));
    assert_int_equal(json_get_integer(json_at(entries, "/1"), "count", 0), 500);
    assert_string_equal(text_at(entries, "/1/first"), "2026-09-21T14:13:21Z");
    assert_string_equal(text_at(entries, "/1/last"), "2026-09-21T14:21:40Z");
    // A new window begins with the next one.
    put(refusals, REFUSAL_REVOKED, "abcdefgh1234", END + 5);
    assert_true(look(fixture, refusals, END + 5, false));
}

static void test_refusals__tells_reasons_keys_and_what_was_asked_for(void **state)
{
    struct environment_fixture *fixture = *state;
    struct refusals *refusals OWNED(refusals_release) = make(fixture);
    struct refusal_note foreign = note_of(REFUSAL_FOREIGN, "0123456789ab", NOW);
    struct refusal_note scope = note_of(REFUSAL_SCOPE, "abcdefgh1234", NOW);
    snprintf(foreign.environment, sizeof(foreign.environment), "sandboxsandb");
    snprintf(scope.artifact, sizeof(scope.artifact), "prompt/secret@4");
    assert_true(ring_put(refusals_ring(refusals), &foreign));
    assert_true(ring_put(refusals_ring(refusals), &scope));
    put(refusals, REFUSAL_UNKNOWN, "0123456789ab", NOW); // the same digits, for another reason
    put(refusals, REFUSAL_MALFORMED, "", NOW);
    put(refusals, REFUSAL_MISSING, "", NOW); // no key, so none that was refused
    assert_true(look(fixture, refusals, NOW, false));
    struct json *entries OWNED(json_release) = entries_of(fixture);
    assert_int_equal(json_count(entries), 4);
    assert_string_equal(text_at(entries, "/0/actor"), "unknown key 0123456789ab");
    assert_string_equal(text_at(entries, "/0/reason"),
                        "asked with a key of another environment: sandboxsandb");
    assert_string_equal(text_at(entries, "/1/actor"), "key abcdefgh1234");
    assert_string_equal(text_at(entries, "/1/artifacts/0"), "prompt/secret@4");
    assert_string_equal(text_at(entries, "/2/reason"), "asked with a key that is unknown");
    assert_string_equal(text_at(entries, "/3/actor"), "something that is no key");
    assert_null(json_at(entries, "/3/key"));
}

static void test_refusals__bounds_the_rows_whatever_is_sent(void **state)
{
    struct environment_fixture *fixture = *state;
    struct refusals *refusals OWNED(refusals_release) = make(fixture);
    for (int i = 0; i < 5000; i++) { // each another key
        char key[CONTROL_KEY_ID_BYTES];
        snprintf(key, sizeof(key), "%012x", i);
        put(refusals, REFUSAL_UNKNOWN, key, NOW);
        if (i % 100 == 99)
            (void)look(fixture, refusals, NOW, false);
    }
    assert_true(look(fixture, refusals, END, false));
    struct json *entries OWNED(json_release) = entries_of(fixture);
    assert_int_equal(json_count(entries), REFUSALS_MAX_ROWS + 1);
    const struct json *rest = json_at(entries, "/32");
    assert_string_equal(json_get_string(rest, "actor", ""), "other keys");
    assert_int_equal(json_get_integer(rest, "count", 0), 5000 - REFUSALS_MAX_ROWS);
    assert_null(json_get(rest, "key"));
}

// Notes that found no room in the ring, and a server that ends in the middle of a window.
static void test_refusals__tells_of_what_it_dropped_and_of_what_is_left_at_the_end(void **state)
{
    struct environment_fixture *fixture = *state;
    struct refusals *refusals OWNED(refusals_release) = make(fixture);
    struct refusal_note note = note_of(REFUSAL_EXPIRED, "abcdefgh1234", NOW);
    for (int i = 0; i < REFUSALS_MAX_NOTES + 7; i++)
        assert_int_equal(ring_put(refusals_ring(refusals), &note), i < REFUSALS_MAX_NOTES);
    assert_true(look(fixture, refusals, NOW, false));
    put(refusals, REFUSAL_EXPIRED, "abcdefgh1234", NOW + 1);
    assert_true(look(fixture, refusals, NOW + 1, true));
    struct json *entries OWNED(json_release) = entries_of(fixture);
    assert_int_equal(json_count(entries), 3);
    assert_int_equal(json_get_integer(json_at(entries, "/0"), "count", 0), REFUSALS_MAX_NOTES);
    assert_null(json_at(entries, "/1/count"));
    assert_string_equal(text_at(entries, "/2/reason"),
                        "7 more, which came too fast to be told apart");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ENVIRONMENT(test_refusals__enters_the_first_at_once_and_the_rest_as_a_count),
        IN_ENVIRONMENT(test_refusals__tells_reasons_keys_and_what_was_asked_for),
        IN_ENVIRONMENT(test_refusals__bounds_the_rows_whatever_is_sent),
        IN_ENVIRONMENT(test_refusals__tells_of_what_it_dropped_and_of_what_is_left_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
