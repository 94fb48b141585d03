// What is served and who signed it: when an approver is taken out of control.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "live_fixture.h"
#include "snapshot/holder.h"
#include "snapshot/signer_index.h"

static struct signer_index *index_of(const struct signer_span *spans, size_t count)
{
    struct signer_index *index = malloc(sizeof(*index) + count * sizeof(*spans));
    assert_non_null(index);
    index->count = count;
    if (count > 0)
        memcpy(index->spans, spans, count * sizeof(*spans));
    return index;
}

static void assert_lost(const struct signer_span *before, size_t before_count,
                        const struct signer_span *after, size_t after_count, bool expected)
{
    struct signer_index *a = index_of(before, before_count);
    struct signer_index *b = index_of(after, after_count);
    assert_int_equal(signer_index_lost(a, b), expected);
    free(a);
    free(b);
}

static void test_signer_index__tells_when_somebody_lost_time(void **state)
{
    (void)state;
    const struct signer_span always = { "SHA256:a", INT64_MIN, INT64_MAX };
    const struct signer_span ended = { "SHA256:a", INT64_MIN, 1000 };
    const struct signer_span other = { "SHA256:b", INT64_MIN, INT64_MAX };
    assert_lost(&always, 1, &always, 1, false);
    assert_lost(&always, 1, (struct signer_span[]) { other, always }, 2, false);
    assert_lost(NULL, 0, &always, 1, false);
    assert_lost(&ended, 1, &always, 1, false);
    assert_lost(&always, 1, &ended, 1, true);
    assert_lost(&always, 1, &other, 1, true);
    assert_lost(&always, 1, NULL, 0, true);
}

static void test_signer_index__admits_within_its_time(void **state)
{
    (void)state;
    const struct signer_span span = { "SHA256:a", 100, 1000 };
    struct signer_index *index = index_of(&span, 1);
    assert_true(signer_index_admits(index, "SHA256:a", 100));
    assert_true(signer_index_admits(index, "SHA256:a", 999));
    assert_false(signer_index_admits(index, "SHA256:a", 99));
    assert_false(signer_index_admits(index, "SHA256:a", 1000));
    assert_false(signer_index_admits(index, "SHA256:b", 500));
    free(index);
}

static void put_approver(struct live_fixture *fixture, const char *options)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    char path[96];
    snprintf(path, sizeof(path), "%s.pub", fixture->key_path);
    buffer_append_text(&line, LIVE_FIXTURE_APPROVER " ");
    buffer_append_text(&line, options);
    LIVE_OK(file_read(&line, path, 4096, &err));
    live_fixture_edit(fixture, "approvers", buffer_text(&line));
}

static bool is_served(struct holder *holder)
{
    struct snapshot *snapshot = holder_enter(holder, 0);
    bool is = snapshot_find(snapshot, KIND_PROMPT, "a", 1, 0) != NULL;
    holder_leave(holder, 0);
    return is;
}

// A raw commit, not `approver remove`: that keeps the line, with its end.
static void test_signer_index__has_a_running_server_notice_a_line_that_is_gone(void **state)
{
    (void)state;
    struct live_fixture fixture = { 0 };
    struct holder *holder OWNED(holder_release) = NULL;
    struct error fault = { 0 };
    const struct holder_plan plan = { .readers = 1 };
    live_fixture_open(&fixture);
    live_fixture_promote(&fixture, "a", 1, "one");
    LIVE_OK(holder_open(&holder, fixture.path, &plan, &err));
    live_fixture_edit(&fixture, "approvers", "");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(holder_reload(holder, NULL, &fault), STATUS_DAMAGED);
        assert_string_equal(fault.code, "approver_unknown");
        assert_true(is_served(holder)); // the last state that verified
    }
    put_approver(&fixture, "namespaces=\"git\",valid-before=\"20200101000000Z\" ");
    assert_int_equal(holder_reload(holder, NULL, &fault), STATUS_DAMAGED);
    put_approver(&fixture, "namespaces=\"git\",valid-before=\"20991231235959Z\" ");
    LIVE_OK(holder_reload(holder, NULL, &err));
    assert_true(is_served(holder));
    live_fixture_close(&fixture);
}

// Packs that are merged away later must not be kept on the disk by who once read from them.
static void test_signer_index__keeps_no_pack_open(void **state)
{
    (void)state;
    struct live_fixture fixture = { 0 };
    struct holder *holder OWNED(holder_release) = NULL;
    const struct holder_plan plan = { .readers = 1 };
    struct buffer maps OWNED(buffer_release) = { 0 };
    char block[4096];
    size_t got;
    live_fixture_open(&fixture);
    live_fixture_promote(&fixture, "a", 1, "one");
    LIVE_OK(holder_open(&holder, fixture.path, &plan, &err));
    environment_free(fixture.environment); // it reads from packs, too
    fixture.environment = NULL;
    FILE *file = fopen("/proc/self/maps", "r");
    assert_non_null(file);
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        buffer_append(&maps, block, got);
    fclose(file);
    const char *mapped = strstr(buffer_text(&maps), fixture.path);
    if (mapped)
        fail_msg("still mapped: %.120s", mapped);
    live_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signer_index__tells_when_somebody_lost_time),
        cmocka_unit_test(test_signer_index__admits_within_its_time),
        cmocka_unit_test(test_signer_index__has_a_running_server_notice_a_line_that_is_gone),
        cmocka_unit_test(test_signer_index__keeps_no_pack_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
