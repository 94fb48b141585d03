// Earlier states of live: held for calls that began with one, and let go in order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "live_fixture.h"
#include "snapshot/holder.h"

#define MAX_COMMITS 8

struct scene {
    struct live_fixture fixture;
    struct holder *holder;
    char commits[MAX_COMMITS][OID_TEXT_BYTES]; // each state that was served, in order
    size_t count;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    live_fixture_open(&scene->fixture);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    holder_free(scene->holder);
    live_fixture_close(&scene->fixture);
    free(scene);
    return 0;
}

static void open_holder(struct scene *scene, unsigned states)
{
    struct holder_plan plan = { .readers = 2, .states = states };
    holder_free(scene->holder);
    scene->holder = NULL;
    LIVE_OK(holder_open(&scene->holder, scene->fixture.path, &plan, &err));
}

static void note_commit(struct scene *scene)
{
    struct snapshot *snapshot = holder_enter(scene->holder, 0);
    snprintf(scene->commits[scene->count++], OID_TEXT_BYTES, "%s", snapshot_commit(snapshot));
    holder_leave(scene->holder, 0);
}

static void promote(struct scene *scene, const char *name, uint32_t version, const char *text)
{
    live_fixture_promote(&scene->fixture, name, version, text);
    LIVE_OK(holder_reload(scene->holder, NULL, &err));
    note_commit(scene);
}

// "a" as the state number `index` has it, or 0.
static uint32_t version_at(struct scene *scene, size_t index)
{
    struct snapshot *snapshot = holder_enter(scene->holder, 0);
    struct snapshot *state = snapshot_at(snapshot, scene->commits[index], OID_TEXT_BYTES - 1);
    const struct snapshot_release *release =
        state ? snapshot_find_at(snapshot, state, KIND_PROMPT, "a", 1, 0) : NULL;
    uint32_t version = release ? release->id.version : 0;
    holder_leave(scene->holder, 0);
    return version;
}

static void test_line__holds_the_last_states(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 3);
    for (uint32_t version = 1; version <= 5; version++)
        promote(scene, "a", version, version % 2 ? "odd" : "even");
    const uint32_t expected[] = { 0, 0, 3, 4, 5 };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(version_at(scene, i), expected[i]);
}

static void test_line__of_one_state_holds_the_newest_only(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 1);
    promote(scene, "a", 1, "one");
    promote(scene, "a", 2, "two");
    assert_int_equal(version_at(scene, 0), 0);
    assert_int_equal(version_at(scene, 1), 2);
}

// A key made is no state of live: however many there are, they push none out.
static void test_line__is_not_moved_by_control(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 2);
    promote(scene, "a", 1, "one");
    promote(scene, "a", 2, "two");
    for (int i = 0; i < 5; i++) {
        char text[32];
        snprintf(text, sizeof(text), "# %d\n", i);
        struct buffer line OWNED(buffer_release) = { 0 };
        char path[96];
        snprintf(path, sizeof(path), "%s.pub", scene->fixture.key_path);
        buffer_append_text(&line, text);
        buffer_append_text(&line, LIVE_FIXTURE_APPROVER " namespaces=\"git\" ");
        LIVE_OK(file_read(&line, path, 4096, &err));
        live_fixture_edit(&scene->fixture, "approvers", buffer_text(&line));
        LIVE_OK(holder_reload(scene->holder, NULL, &err));
    }
    assert_int_equal(version_at(scene, 0), 1);
    assert_int_equal(version_at(scene, 1), 2);
    promote(scene, "a", 3, "three");
    assert_int_equal(version_at(scene, 0), 0);
    assert_int_equal(version_at(scene, 1), 2);
}

static void test_line__holds_nothing_that_was_quarantined_since(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 3);
    promote(scene, "a", 1, "one");
    promote(scene, "a", 2, "two");
    live_fixture_quarantine(&scene->fixture, "a", 1, true);
    LIVE_OK(holder_reload(scene->holder, NULL, &err));
    assert_int_equal(version_at(scene, 0), 0);
    assert_int_equal(version_at(scene, 1), 2);
    struct snapshot *snapshot = holder_enter(scene->holder, 0);
    struct snapshot *first = snapshot_at(snapshot, scene->commits[0], OID_TEXT_BYTES - 1);
    struct snapshot_text *text;
    assert_non_null(first);
    LIVE_OK(snapshot_live_text(snapshot, first, NULL, &text, &err));
    assert_null(memmem(text->bytes, text->size_bytes, "prompt/a", strlen("prompt/a")));
    snapshot_text_drop(text);
    holder_leave(scene->holder, 0);
}

static void test_line__is_loaded_again_after_a_restart(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 3);
    for (uint32_t version = 1; version <= 4; version++)
        promote(scene, "a", version, version % 2 ? "odd" : "even");
    open_holder(scene, 3);
    const uint32_t expected[] = { 0, 2, 3, 4 };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(version_at(scene, i), expected[i]);
}

// A reader that stays keeps what it sees, and what that holds.
static void test_line__goes_on_for_who_stays(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 2);
    promote(scene, "a", 1, "one");
    promote(scene, "a", 2, "two");
    struct snapshot *stayed = holder_enter(scene->holder, 1);
    for (uint32_t version = 3; version <= 6; version++)
        promote(scene, "a", version, version % 2 ? "odd" : "even");
    struct snapshot *first = snapshot_at(stayed, scene->commits[0], OID_TEXT_BYTES - 1);
    assert_non_null(first);
    assert_int_equal(snapshot_find_at(stayed, first, KIND_PROMPT, "a", 1, 0)->id.version, 1);
    holder_leave(scene->holder, 1);
    assert_int_equal(version_at(scene, 0), 0);
    assert_int_equal(version_at(scene, 4), 5);
}

static void test_line__knows_commits_by_all_of_their_name(void **state)
{
    struct scene *scene = *state;
    open_holder(scene, 2);
    promote(scene, "a", 1, "one");
    struct snapshot *snapshot = holder_enter(scene->holder, 0);
    assert_ptr_equal(snapshot_at(snapshot, scene->commits[0], OID_TEXT_BYTES - 1), snapshot);
    assert_null(snapshot_at(snapshot, scene->commits[0], 12));
    assert_null(snapshot_at(snapshot, scene->commits[0], 0));
    assert_null(snapshot_at(snapshot, "0000000000000000000000000000000000000000", 40));
    holder_leave(scene->holder, 0);
}

int main(void)
{
#define LINE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        LINE_TEST(test_line__holds_the_last_states),
        LINE_TEST(test_line__of_one_state_holds_the_newest_only),
        LINE_TEST(test_line__is_not_moved_by_control),
        LINE_TEST(test_line__holds_nothing_that_was_quarantined_since),
        LINE_TEST(test_line__is_loaded_again_after_a_restart),
        LINE_TEST(test_line__goes_on_for_who_stays),
        LINE_TEST(test_line__knows_commits_by_all_of_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
