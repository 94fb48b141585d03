// Follows a live environment: what was promoted is served, what does not verify never is.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/json.h"
#include "live_fixture.h"
#include "snapshot/holder.h"
#include "store/commit.h"
#include "store/writer.h"

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
    LIVE_OK(holder_open(&holder, fixture->path, 1, NULL, &err));
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
    LIVE_OK(json_parse(&body, release->body, release->body_bytes, &err));
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
    live_fixture_withdraw(fixture, withdraw_rollback, "a", 1);
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
    live_fixture_withdraw(fixture, withdraw_quarantine, "a", 2);
    live_fixture_withdraw(fixture, withdraw_quarantine, "b", 1);
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

// A quarantine entered by hand, of what is live: nothing moved `live` before.
static void test_holder__drops_what_is_quarantined_while_it_is_live(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    live_fixture_promote(fixture, "a", 2, "two");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    struct snapshot *snapshot = holder_enter(holder, 0);
    char digest[DIGEST_TEXT_BYTES];
    char text[256];
    digest_format(&snapshot_find(snapshot, KIND_PROMPT, "a", 1, 2)->digest, digest);
    holder_leave(holder, 0);
    snprintf(text, sizeof(text), "{\"artifact\":\"prompt/a@2\",\"digest\":\"%s\"}", digest);
    live_fixture_edit(fixture, "quarantine/prompt/a/2.json", text);
    reload(holder, true);
    assert_served(holder, "a", 0, NULL); // never an earlier one by itself: that is a rollback
    assert_served(holder, "a", 2, NULL);
    assert_served(holder, "a", 1, "one");
    assert_int_equal(holder_count(holder), 0);
    live_fixture_edit(fixture, "quarantine/prompt/a/2.json", NULL);
    reload(holder, true);
    assert_served(holder, "a", 0, "two");
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

// Puts a commit on live, beside every operation and the gate.
static void force_live(struct live_fixture *fixture, bool with_parent, const char *signature_of)
{
    struct store *store = fixture->environment->store;
    struct writer *writer OWNED(writer_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid tip;
    struct oid forged;
    LIVE_OK(store_ref_get(store, LIVE_REF, &tip, &err));
    LIVE_OK(commit_read(store, &tip, &commit, &err));
    struct writer_commit plan = {
        .tree = commit.tree, .actor = "nobody", .time = clock_now(), .message = "forged\n"
    };
    if (with_parent)
        plan.parent = tip;
    LIVE_OK(writer_new(&writer, store, &err));
    LIVE_OK(writer_commit_text(&text, &plan, &err));
    if (signature_of)
        LIVE_OK(ssh_signature_make(&signature, signature_of, "git", text.bytes, text.length, &err));
    LIVE_OK(writer_put_commit(writer, text.bytes, signature_of ? signature.bytes : NULL, &forged,
                              &err));
    LIVE_OK(writer_flush(writer, &err));
    LIVE_OK(store_ref_move(store, LIVE_REF, &tip, &forged, &err));
}

static void test_holder__refuses_an_unsigned_move_and_goes_on_serving(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    force_live(fixture, true, NULL);
    for (int i = 0; i < 3; i++) {
        assert_refused(holder, "signature_missing");
        assert_served(holder, "a", 0, "one");
    }
    struct holder *fresh = NULL;
    struct error err = { 0 };
    assert_int_equal(holder_open(&fresh, fixture->path, 1, NULL, &err), STATUS_DAMAGED);
    assert_null(fresh);
}

static void test_holder__refuses_a_live_that_does_not_continue_its_own(void **state)
{
    struct live_fixture *fixture = *state;
    live_fixture_promote(fixture, "a", 1, "one");
    struct holder *holder OWNED(holder_release) = open_holder(fixture);
    force_live(fixture, false, fixture->key_path); // signed by an approver, but another history
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
    struct live_prompt both[] = { { "a", 2, "two" }, { "b", 1, "new" } };
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
    assert_int_equal(holder_open(&holder, fixture->folder, 1, NULL, &err), STATUS_NOT_FOUND);
    assert_int_equal(holder_open(&holder, fixture->path, 0, NULL, &err), STATUS_INVALID);
    assert_int_equal(holder_open(&holder, fixture->path, HOLDER_MAX_READERS + 1, NULL, &err),
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
        LIVE_TEST(test_holder__keeps_releases_of_an_approver_who_left),
        LIVE_TEST(test_holder__refuses_an_unsigned_move_and_goes_on_serving),
        LIVE_TEST(test_holder__refuses_a_live_that_does_not_continue_its_own),
        LIVE_TEST(test_holder__refuses_a_branch_that_is_gone_and_heals_with_it),
        LIVE_TEST(test_holder__takes_all_of_a_promotion_or_nothing),
        LIVE_TEST(test_holder__tells_what_is_no_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
