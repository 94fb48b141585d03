// Follows a live environment: what was promoted is served, what does not verify never is.
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
    live_fixture_open(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    live_fixture_close(*state);
    free(*state);
    return 0;
}

static struct holder *open_holder(struct live_fixture *fixture)
{
    struct holder *holder = NULL;
    LIVE_OK(holder_open(&holder, fixture->path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    return holder;
}

static void reload(struct holder *holder, bool expect_change)
{
    bool has_changed;
    LIVE_OK(holder_reload(holder, &has_changed, &err));
    assert_int_equal(has_changed, expect_change);
}

// Whether prompt/<name>[@<version>] is served with that text; NULL: it is not served at all.
static void assert_served(struct holder *holder, const char *name, uint32_t version,
                          const char *text)
{
    struct snapshot *snapshot = holder_enter(holder, 0);
    const struct snapshot_release *release =
        snapshot_find(snapshot, KIND_PROMPT, name, strlen(name), version);
    if (!text) {
        assert_null(release);
        holder_leave(holder, 0);
        return;
    }
    assert_non_null(release);
    const struct snapshot_file *file = snapshot_release_file(release, "sections/opening.md", 19);
    assert_non_null(file);
    assert_int_equal(file->size_bytes, strlen(text));
    assert_memory_equal(file->bytes, text, file->size_bytes);
    struct json *body OWNED(json_release) = NULL;
    LIVE_OK(json_parse(&body, release->bodies[SNAPSHOT_IDENTITY].bytes,
                       release->bodies[SNAPSHOT_IDENTITY].size_bytes, &err));
    assert_string_equal(json_string(json_at(body, "/prompt/sections/0/text")), text);
    holder_leave(holder, 0);
}

static void assert_refused(struct holder *holder, const char *code)
{
    struct error err = { 0 };
    bool has_changed = true;
    assert_int_equal(holder_reload(holder, &has_changed, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, code);
    assert_false(has_changed);
}

static void test_holder__serves_nothing_of_an_environment_without_releases(void **state)
{
    struct holder *holder OWNED(holder_release) = open_holder(*state);
    struct snapshot *snapshot = holder_enter(holder, 0);
    assert_string_equal(snapshot_commit(snapshot), "");
    assert_int_equal(snapshot_count(snapshot), 0);
    assert_null(snapshot_find(snapshot, KIND_PROMPT, "a", 1, 0));
    holder_leave(holder, 0);
    reload(holder, false);
}

static void test_holder__follows_promotions(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "outbound/greeting", 1, "Hello.");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    assert_served(holder, "outbound/greeting", 0, "Hello.");
    assert_served(holder, "outbound/greeting", 1, "Hello.");
    live_fixture_promote(fixture, "outbound/greeting", 2, "Good morning.");
    live_fixture_promote(fixture, "other", 7, "Other.");
    assert_served(holder, "outbound/greeting", 0, "Hello."); // nobody has looked yet
    reload(holder, true);
    assert_served(holder, "outbound/greeting", 0, "Good morning.");
    assert_served(holder, "outbound/greeting", 1, "Hello.");
    assert_served(holder, "outbound/greeting", 2, "Good morning.");
    assert_served(holder, "outbound/greeting", 3, NULL);
    assert_served(holder, "other", 0, "Other.");
    assert_served(holder, "other", 1, NULL);
    assert_served(holder, "outbound", 0, NULL);
    reload(holder, false);
    assert_int_equal(holder_count(holder), 2);
}

static void test_holder__follows_a_rollback_without_reading_the_release_again(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    live_fixture_promote(fixture, "a", 2, "two");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    struct snapshot *snapshot = holder_enter(holder, 0);
    const struct snapshot_release *first = snapshot_find(snapshot, KIND_PROMPT, "a", 1, 1);
    holder_leave(holder, 0);
    live_fixture_set_live(fixture, "a", 1);
    reload(holder, true);
    assert_served(holder, "a", 0, "one");
    assert_served(holder, "a", 2, "two");
    snapshot = holder_enter(holder, 0);
    assert_ptr_equal(snapshot_find(snapshot, KIND_PROMPT, "a", 1, 0), first);
    holder_leave(holder, 0);
}

static void test_holder__drops_what_is_quarantined(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    live_fixture_promote(fixture, "a", 2, "two");
    live_fixture_promote(fixture, "b", 1, "only");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    live_fixture_set_live(fixture, "a", 1);
    live_fixture_quarantine(fixture, "a", 2, true);
    live_fixture_set_live(fixture, "b", 0);
    live_fixture_quarantine(fixture, "b", 1, true);
    reload(holder, true);
    assert_served(holder, "a", 0, "one");
    assert_served(holder, "a", 2, NULL);
    assert_served(holder, "b", 0, NULL);
    assert_served(holder, "b", 1, NULL);
    struct holder *fresh OWNED(holder_release) =
        open_holder(fixture); // from scratch it is the same
    assert_served(fresh, "a", 0, "one");
    assert_served(fresh, "a", 2, NULL);
    assert_served(fresh, "b", 1, NULL);
}

// Only control moved: live still says that it is what callers get.
static void test_holder__drops_what_is_quarantined_while_it_is_live(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    live_fixture_promote(fixture, "a", 2, "two");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    live_fixture_quarantine(fixture, "a", 2, true);
    reload(holder, true);
    assert_served(holder, "a", 0, NULL); // never an earlier one by itself: that is a rollback
    assert_served(holder, "a", 2, NULL);
    assert_served(holder, "a", 1, "one");
    assert_int_equal(holder_count(holder), 0);
    live_fixture_quarantine(fixture, "a", 2, false);
    reload(holder, true);
    assert_served(holder, "a", 0, "two");
}

// The same content under another version is as quarantined as the version that was named.
static void test_holder__drops_quarantined_content_under_any_version(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "bad");
    live_fixture_promote(fixture, "a", 2, "good");
    live_fixture_quarantine(fixture, "a", 1, true);
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    live_fixture_promote(fixture, "a", 3, "bad");
    reload(holder, true);
    assert_served(holder, "a", 3, NULL);
    assert_served(holder, "a", 0, NULL);
    assert_served(holder, "a", 2, "good");
}

static void test_holder__keeps_releases_of_an_approver_who_left(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct buffer line OWNED(buffer_release) = { 0 };
    char path[96];
    snprintf(path, sizeof(path), "%s.pub", fixture->key_path);
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    buffer_append_text(&line, LIVE_FIXTURE_APPROVER
                       " namespaces=\"git\",valid-before=\"20991231235959Z\" ");
    LIVE_OK(file_read(&line, path, 4096, &err));
    live_fixture_edit(fixture, "approvers", buffer_text(&line));
    reload(holder, true);
    assert_served(holder, "a", 0, "one");
}

// A version is one content for ever, whoever signs another.
static void test_holder__refuses_a_release_whose_content_changed(void **state)
{
    struct live_fixture *fixture = *state;
    struct live_writing writing;
    struct content content OWNED(content_release) = { 0 };
    struct state_release release = { 0 };
    struct state changed OWNED(state_release_all) = { 0 };
    struct artifact_id id = { .kind = KIND_PROMPT, .version = 1, .name = "a" };
    struct oid tree;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    live_fixture_begin(&writing, fixture);
    live_fixture_content(&content, "a", "another", NULL);
    LIVE_OK(hash_content(&release.digest, &content, &err));
    LIVE_OK(writer_put_content(writing.writer, &content, &tree, &err));
    live_fixture_put_release(&writing, &id, &tree, &release);
    changed.id = id;
    changed.live_version = 1;
    LIVE_OK(state_add(&changed, &release, &err));
    live_fixture_put_state(&writing, "prompt/a", &changed, &tree);
    live_fixture_finish(&writing);
    assert_refused(holder, "release_changed");
    assert_served(holder, "a", 0, "one");
}

static void test_holder__refuses_a_live_tree_that_is_not_the_release(void **state)
{
    struct live_fixture *fixture = *state;
    struct live_writing writing;
    struct content content OWNED(content_release) = { 0 };
    struct state same OWNED(state_release_all) = { 0 };
    struct oid tree;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    live_fixture_begin(&writing, fixture);
    live_fixture_content(&content, "a", "smuggled", NULL);
    LIVE_OK(writer_put_content(writing.writer, &content, &tree, &err));
    live_fixture_read_state(&writing, "prompt/a", &same);
    live_fixture_put_state(&writing, "prompt/a", &same, &tree);
    live_fixture_finish(&writing);
    assert_refused(holder, "live_mismatch");
    assert_served(holder, "a", 0, "one");
}

// Puts a commit on live, beside every operation and the gate.
static void force_live(struct live_fixture *fixture, bool with_parent, bool is_signed)
{
    struct live_writing writing;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid forged;
    live_fixture_begin(&writing, fixture);
    if (!with_parent)
        writing.parent = (struct oid) { 0 };
    struct writer_commit commit = { .tree = writing.tree,
                                    .parent = writing.parent,
                                    .actor = "nobody",
                                    .time = writing.time,
                                    .message = "forged\n" };
    struct buffer signature OWNED(buffer_release) = { 0 };
    LIVE_OK(writer_commit_text(&text, &commit, &err));
    if (is_signed)
        LIVE_OK(ssh_signature_make(&signature, fixture->key_path, "git", text.bytes, text.length,
                                   &err));
    LIVE_OK(writer_put_commit(writing.writer, text.bytes, is_signed ? signature.bytes : NULL,
                              &forged, &err));
    LIVE_OK(writer_flush(writing.writer, &err));
    struct oid tip;
    LIVE_OK(store_ref_get(writing.store, LIVE_REF, &tip, &err));
    LIVE_OK(store_ref_move(writing.store, LIVE_REF, &tip, &forged, &err));
    writer_free(writing.writer);
}

static void test_holder__refuses_an_unsigned_move_and_goes_on_serving(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    force_live(fixture, true, false);
    for (int i = 0; i < 3; i++) {
        assert_refused(holder, "signature_missing");
        assert_served(holder, "a", 0, "one");
    }
    struct holder *fresh = NULL;
    struct error err = { 0 };
    assert_int_equal(holder_open(&fresh, fixture->path,
                                 &(struct holder_plan) { .readers = 1, .face = NULL }, &err),
                     STATUS_DAMAGED);
    assert_null(fresh);
}

static void test_holder__refuses_a_live_that_does_not_continue_its_own(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    force_live(fixture, false, true); // signed by an approver, but another history
    assert_refused(holder, "live_rewritten");
    assert_served(holder, "a", 0, "one");
}

static void test_holder__refuses_a_branch_that_is_gone_and_heals_with_it(void **state)
{
    struct live_fixture *fixture = *state;
    char ref[128];
    char hidden[128];
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    snprintf(ref, sizeof(ref), "%s/store.git", fixture->path);
    snprintf(hidden, sizeof(hidden), "%s/store.gone", fixture->path);
    assert_int_equal(rename(ref, hidden), 0);
    struct error err = { 0 };
    assert_int_not_equal(holder_reload(holder, NULL, &err), STATUS_OK);
    assert_served(holder, "a", 0, "one");
    assert_int_equal(rename(hidden, ref), 0);
    live_fixture_promote(fixture, "a", 2, "two");
    reload(holder, true);
    assert_served(holder, "a", 0, "two");
}

static void test_holder__takes_all_of_a_promotion_or_nothing(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    struct live_prompt both[] = { { "a", 2, "two", NULL }, { "b", 1, "new", NULL } };
    live_fixture_promote_all(fixture, both, 2);
    // Without the approver who signed it nothing of it may be taken.
    struct buffer line OWNED(buffer_release) = { 0 };
    char path[96];
    snprintf(path, sizeof(path), "%s.pub", fixture->key_path);
    live_fixture_edit(fixture, "approvers", "");
    assert_refused(holder, "approver_unknown");
    assert_served(holder, "a", 0, "one");
    assert_served(holder, "b", 0, NULL);
    buffer_append_text(&line, LIVE_FIXTURE_APPROVER " namespaces=\"git\" ");
    LIVE_OK(file_read(&line, path, 4096, &err));
    live_fixture_edit(fixture, "approvers", buffer_text(&line));
    reload(holder, true);
    assert_served(holder, "a", 0, "two");
    assert_served(holder, "b", 0, "new");
}

static void test_holder__tells_what_is_no_environment(void **state)
{
    struct live_fixture *fixture = *state;
    struct holder *holder = NULL;
    struct error err = { 0 };
    assert_int_equal(holder_open(&holder, fixture->folder,
                                 &(struct holder_plan) { .readers = 1, .face = NULL }, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(holder_open(&holder, fixture->path,
                                 &(struct holder_plan) { .readers = 0, .face = NULL }, &err),
                     STATUS_INVALID);
    assert_int_equal(
        holder_open(&holder, fixture->path,
                    &(struct holder_plan) { .readers = HOLDER_MAX_READERS + 1, .face = NULL },
                    &err),
        STATUS_INVALID);
    assert_null(holder);
}

int main(void)
{
#define LIVE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        LIVE_TEST(test_holder__serves_nothing_of_an_environment_without_releases),
        LIVE_TEST(test_holder__follows_promotions),
        LIVE_TEST(test_holder__follows_a_rollback_without_reading_the_release_again),
        LIVE_TEST(test_holder__drops_what_is_quarantined),
        LIVE_TEST(test_holder__drops_what_is_quarantined_while_it_is_live),
        LIVE_TEST(test_holder__drops_quarantined_content_under_any_version),
        LIVE_TEST(test_holder__refuses_a_release_whose_content_changed),
        LIVE_TEST(test_holder__refuses_a_live_tree_that_is_not_the_release),
        LIVE_TEST(test_holder__keeps_releases_of_an_approver_who_left),
        LIVE_TEST(test_holder__refuses_an_unsigned_move_and_goes_on_serving),
        LIVE_TEST(test_holder__refuses_a_live_that_does_not_continue_its_own),
        LIVE_TEST(test_holder__refuses_a_branch_that_is_gone_and_heals_with_it),
        LIVE_TEST(test_holder__takes_all_of_a_promotion_or_nothing),
        LIVE_TEST(test_holder__tells_what_is_no_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
