// One state of live, as a reader sees it: keys, the list of what is live, faces.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/json.h"
#include "live_fixture.h"
#include "snapshot/holder.h"

static int set_up(void **state)
{
    struct live_fixture *fixture = calloc(1, sizeof(*fixture));
    static const struct live_prompt prompts[] = {
        { "outbound/greeting", 4, "Hello.", NULL },
        { "inbound/callback", 1, "You called.", NULL },
        { "outbound/farewell", 2, "Bye.", NULL },
    };
    live_fixture_open(fixture);
    live_fixture_promote_all(fixture, prompts, COUNT_OF(prompts));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    live_fixture_close(*state);
    free(*state);
    return 0;
}

static struct json *parse_live(struct snapshot *snapshot, const struct control_key *key)
{
    struct snapshot_text *text = NULL;
    struct json *document = NULL;
    LIVE_OK(snapshot_live_text(snapshot, snapshot, key, &text, &err));
    LIVE_OK(json_parse(&document, text->bytes, text->size_bytes, &err));
    snapshot_text_drop(text);
    return document;
}

static void test_snapshot__lists_what_is_live_in_order(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    struct snapshot *snapshot = holder_enter(holder, 0);
    struct json *live OWNED(json_release) = parse_live(snapshot, NULL);
    static const char *const expected[] = { "prompt/inbound/callback", "prompt/outbound/farewell",
                                            "prompt/outbound/greeting" };
    assert_string_equal(json_get_string(live, "commit", ""), snapshot_commit(snapshot));
    assert_int_equal(json_count(json_get(live, "artifacts")), COUNT_OF(expected));
    const struct json *item = json_first(json_get(live, "artifacts"));
    for (size_t i = 0; i < COUNT_OF(expected); i++, item = json_next(item))
        assert_string_equal(json_get_string(item, "artifact", ""), expected[i]);
    assert_int_equal(json_get_integer(json_at(live, "/artifacts/2"), "version", 0), 4);
    holder_leave(holder, 0);
}

static void test_snapshot__lists_for_a_key_only_what_it_reaches(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    static const struct {
        const char *scope;
        size_t count;
    } cases[] = {
        { "prompt/outbound/*", 2 }, { "prompt/inbound/callback", 1 }, { "tool/*", 0 }, { "*", 3 },
        { "prompt/outbound", 0 },
    };
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    struct snapshot *snapshot = holder_enter(holder, 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *scopes[] = { (char *)cases[i].scope };
        struct control_key key = { .scopes = scopes, .scope_count = 1 };
        struct json *live OWNED(json_release) = parse_live(snapshot, &key);
        assert_int_equal(json_count(json_get(live, "artifacts")), cases[i].count);
    }
    holder_leave(holder, 0);
}

static void test_snapshot__list_outlives_the_state_it_is_of(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    struct snapshot_text *held = NULL;
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    struct snapshot *snapshot = holder_enter(holder, 0);
    LIVE_OK(snapshot_live_text(snapshot, snapshot, NULL, &held, &err));
    holder_leave(holder, 0);
    live_fixture_promote(fixture, "new", 1, "New.");
    LIVE_OK(holder_reload(holder, NULL, &err));
    LIVE_OK(holder_reload(holder, NULL, &err)); // frees the state before
    assert_int_equal(held->bytes[0], '{');
    assert_int_equal(held->bytes[held->size_bytes - 1], '}');
    snapshot_text_drop(held);
}

static void test_snapshot__finds_keys_that_are_of_use_now(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    char token[ACCESS_KEY_BYTES];
    struct digest good;
    struct digest expired;
    struct digest revoked;
    struct digest unknown = { { 0 } };
    live_fixture_add_key(fixture, "good00000000", ROLE_RUNTIME, "prompt/*", 2000, INT64_MAX, token,
                         &good);
    live_fixture_add_key(fixture, "expired00000", ROLE_RUNTIME, NULL, 1000, INT64_MAX, token,
                         &expired);
    live_fixture_add_key(fixture, "revoked00000", ROLE_RUNTIME, NULL, 2000, 1000, token, &revoked);
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    struct snapshot *snapshot = holder_enter(holder, 0);
    const struct control_key *key = snapshot_find_key(snapshot, &good, 1500);
    assert_non_null(key);
    assert_string_equal(key->id, "good00000000");
    assert_int_equal(key->role, ROLE_RUNTIME);
    assert_null(snapshot_find_key(snapshot, &expired, 1500));
    assert_non_null(snapshot_find_key(snapshot, &expired, 999));
    assert_null(snapshot_find_key(snapshot, &revoked, 1500));
    assert_null(snapshot_find_key(snapshot, &unknown, 1500));
    holder_leave(holder, 0);
}

static void test_snapshot__tells_states_apart_by_their_control(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    char first[128];
    char token[ACCESS_KEY_BYTES];
    struct digest digest;
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    struct snapshot *snapshot = holder_enter(holder, 0);
    uint64_t serial = snapshot_serial(snapshot);
    snprintf(first, sizeof(first), "%s", snapshot_control_commit(snapshot));
    holder_leave(holder, 0);
    live_fixture_add_key(fixture, "good00000000", ROLE_RUNTIME, NULL, 2000, INT64_MAX, token,
                         &digest);
    LIVE_OK(holder_reload(holder, NULL, &err));
    snapshot = holder_enter(holder, 0);
    assert_string_not_equal(snapshot_control_commit(snapshot), first); // only control has moved
    assert_true(snapshot_serial(snapshot) > serial);
    holder_leave(holder, 0);
}

// Counts what a face is told.
struct counts {
    atomic_int prepared;
    atomic_int retired;
    atomic_int discarded;
};

static enum status count_prepare(void *context, struct snapshot_release *release, struct error *err)
{
    (void)err;
    release->attachment = context;
    atomic_fetch_add(&((struct counts *)context)->prepared, 1);
    return STATUS_OK;
}

static void count_retire(void *context, struct snapshot_release *release)
{
    assert_ptr_equal(release->attachment, context);
    atomic_fetch_add(&((struct counts *)context)->retired, 1);
}

static void count_discard(void *context, struct snapshot_release *release)
{
    assert_ptr_equal(release->attachment, context);
    atomic_fetch_add(&((struct counts *)context)->discarded, 1);
}

static void print_front(void *context, struct buffer *out, const struct snapshot_front *front,
                        size_t *out_mark)
{
    (void)context;
    assert_true(front->size_bytes > 0);
    buffer_append_format(out, "%u %d ", front->version, (int)front->encoding);
    *out_mark = out->length;
    buffer_append_text(out, front->etag);
}

static void test_snapshot__lets_the_face_go_with_its_release(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder OWNED(holder_release) = NULL;
    struct counts counts = { 0 };
    struct snapshot_face face = { count_prepare, count_retire, count_discard, &counts,
                                  print_front };
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 2, .face = &face }, &err));
    assert_int_equal(counts.prepared, 3);
    struct snapshot *snapshot = holder_enter(holder, 1);
    const struct snapshot_release *held =
        snapshot_find(snapshot, KIND_PROMPT, "outbound/farewell", 17, 0);
    live_fixture_quarantine(fixture, "outbound/farewell", 2, true);
    LIVE_OK(holder_reload(holder, NULL, &err));
    assert_int_equal(counts.retired, 0); // reader 1 still looks at the state before
    snapshot_release_hold(held);
    holder_leave(holder, 1);
    LIVE_OK(holder_reload(holder, NULL, &err));
    assert_int_equal(counts.retired, 1);
    assert_int_equal(counts.discarded, 0); // an answer is still being sent
    assert_int_equal(held->id.version, 2);
    const struct snapshot_body *body = &held->bodies[SNAPSHOT_IDENTITY];
    assert_int_equal(body->front_mark, strlen("2 0 "));
    assert_memory_equal(body->bytes - body->front_bytes, "2 0 \"sha256:", strlen("2 0 \"sha256:"));
    assert_ptr_equal(body->etag + body->etag_bytes, body->bytes); // where the front has it
    assert_memory_equal(body->etag, "\"sha256:", strlen("\"sha256:"));
    assert_int_equal(body->bytes[0], '{');
    snapshot_release_drop(held);
    assert_int_equal(counts.discarded, 1);
    holder_release(&holder);
    assert_int_equal(counts.retired, 3);
    assert_int_equal(counts.discarded, 3);
}

static enum status fail_prepare(void *context, struct snapshot_release *release, struct error *err)
{
    (void)context, (void)release;
    return error_set(err, STATUS_NO_MEMORY, "no_memory", "none left");
}

static void test_snapshot__is_not_loaded_when_a_face_fails(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder = NULL;
    struct error err = { 0 };
    struct snapshot_face face = { .prepare = fail_prepare };
    assert_int_equal(holder_open(&holder, fixture->path,
                                 &(struct holder_plan) { .readers = 1, .face = &face }, &err),
                     STATUS_NO_MEMORY);
    assert_null(holder);
}

int main(void)
{
#define LIVE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        LIVE_TEST(test_snapshot__lists_what_is_live_in_order),
        LIVE_TEST(test_snapshot__lists_for_a_key_only_what_it_reaches),
        LIVE_TEST(test_snapshot__list_outlives_the_state_it_is_of),
        LIVE_TEST(test_snapshot__finds_keys_that_are_of_use_now),
        LIVE_TEST(test_snapshot__tells_states_apart_by_their_control),
        LIVE_TEST(test_snapshot__lets_the_face_go_with_its_release),
        LIVE_TEST(test_snapshot__is_not_loaded_when_a_face_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
