// state.json: what is read back is what was written, and what is malformed never counts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "environment_fixture.h"
#include "release/state.h"
#include "store/writer.h"

#define ARTIFACT "prompt/outbound/greeting"
#define DIGEST_1 "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define DIGEST_2 "sha256:2222222222222222222222222222222222222222222222222222222222222222"
#define TAG_1 "1111111111111111111111111111111111111111"
#define TAG_2 "2222222222222222222222222222222222222222"
#define RELEASE(version, digest, tag)                                                              \
    "{\"version\":" version ",\"digest\":\"" digest "\",\"tag\":\"" tag                            \
    "\",\"released_at\":\"2026-11-23T10:30:00Z\"}"
#define STATE(artifact, live, releases)                                                            \
    "{\"format\":1,\"artifact\":\"" artifact "\",\"live\":" live ",\"releases\":[" releases "]}"

// The tree of an artifact's folder that holds this state.json; NULL text: another file.
static void put_folder(struct environment_fixture *fixture, const char *text, struct oid *out)
{
    struct writer *writer OWNED(writer_release) = NULL;
    struct oid blob;
    const struct oid none = { 0 };
    const char *bytes = text ? text : "x";
    ASSERT_OK(writer_new(&writer, fixture->environment->store, &err));
    ASSERT_OK(writer_put_blob(writer, bytes, strlen(bytes), &blob, &err));
    struct writer_change change = { text ? STATE_FILE : "other.json", blob, false };
    ASSERT_OK(writer_put_tree(writer, &none, &change, 1, out, &err));
    ASSERT_OK(writer_flush(writer, &err));
}

static enum status read_text(struct environment_fixture *fixture, const char *text,
                             struct state *out, struct error *err)
{
    struct oid folder;
    put_folder(fixture, text, &folder);
    return state_read(out, fixture->environment->store, &folder, ARTIFACT, err);
}

static void add(struct state *state, uint32_t version, const char *digest, const char *tag,
                int64_t time)
{
    struct state_release release = { .version = version, .released_at = time };
    ASSERT_OK(digest_parse(&release.digest, digest, &err));
    ASSERT_OK(oid_parse(&release.tag, tag, &err));
    ASSERT_OK(state_add(state, &release, &err));
}

static void test_state_print__is_read_back_as_it_was(void **test)
{
    struct environment_fixture *fixture = *test;
    struct state state OWNED(state_release_all) = { 0 };
    struct state back OWNED(state_release_all) = { 0 };
    struct buffer first OWNED(buffer_release) = { 0 };
    struct buffer second OWNED(buffer_release) = { 0 };
    ASSERT_OK(id_parse_bare(&state.id, ARTIFACT, &err));
    add(&state, 4, DIGEST_1, TAG_1, 1795000000);
    add(&state, 2, DIGEST_2, TAG_2, 1795000001); // released after 4: the order is of release
    state.live_version = 2;
    ASSERT_OK(state_print(&first, &state, &err));
    ASSERT_OK(read_text(fixture, buffer_text(&first), &back, &err));
    ASSERT_OK(state_print(&second, &back, &err));
    assert_string_equal(buffer_text(&first), buffer_text(&second));
    assert_int_equal(back.live_version, 2);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.releases[0].version, 4);
    assert_int_equal(back.releases[0].released_at, 1795000000);
    assert_ptr_equal(state_find(&back, 2), &back.releases[1]);
    assert_null(state_find(&back, 3));
}

static void test_state_read__gives_an_empty_state_where_there_is_none(void **test)
{
    struct environment_fixture *fixture = *test;
    struct state state OWNED(state_release_all) = { 0 };
    const struct oid none = { 0 };
    ASSERT_OK(state_read(&state, fixture->environment->store, &none, ARTIFACT, &err));
    assert_string_equal(state.id.name, "outbound/greeting");
    assert_int_equal(state.id.version, 0);
    assert_int_equal(state.live_version, 0);
    assert_int_equal(state.count, 0);
}

static const char *const malformed[] = {
    NULL, // a folder without the file
    "",
    "[]",
    "{}",
    "{\"format\":1,\"artifact\":\"" ARTIFACT "\"",
    STATE("prompt/outbound/other", "0", ""),
    STATE("prompt/outbound/greeting@1", "0", ""),
    STATE(ARTIFACT, "1", ""), // live, but never released
    STATE(ARTIFACT, "2", RELEASE("1", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "1", RELEASE("1", DIGEST_1, TAG_1) "," RELEASE("1", DIGEST_2, TAG_2)),
    STATE(ARTIFACT, "0", RELEASE("0", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "0", RELEASE("-1", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "0", RELEASE("\"1\"", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "0", RELEASE("4294967297", DIGEST_1, TAG_1)), // 1, cut to 32 bits
    STATE(ARTIFACT, "4294967297", RELEASE("1", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "-4294967295", RELEASE("1", DIGEST_1, TAG_1)),
    STATE(ARTIFACT, "1", RELEASE("1", "sha256:11", TAG_1)),
    STATE(ARTIFACT, "1", RELEASE("1", DIGEST_1, "11")),
    STATE(ARTIFACT, "1", "{\"version\":1,\"digest\":\"" DIGEST_1 "\",\"tag\":\"" TAG_1 "\"}"),
    STATE(ARTIFACT, "1", "1"),
};

static void test_state_read__refuses_what_is_malformed(void **test)
{
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        struct state state OWNED(state_release_all) = { 0 };
        struct error err = { 0 };
        if (read_text(*test, malformed[i], &state, &err) != STATUS_DAMAGED)
            fail_msg("row %zu passes (status %d): %s", i, err.status,
                     malformed[i] ? malformed[i] : "");
        assert_non_null(strstr(err.message, ARTIFACT));
    }
}

static void test_state_add__refuses_a_version_that_is_there(void **test)
{
    (void)test;
    struct error err = { 0 };
    struct state state OWNED(state_release_all) = { 0 };
    struct state_release release = { .version = 1 };
    assert_int_equal(state_add(&state, &release, &err), STATUS_OK);
    assert_int_equal(state_add(&state, &release, &err), STATUS_DAMAGED);
    release.version = 0;
    assert_int_equal(state_add(&state, &release, &err), STATUS_DAMAGED);
    assert_int_equal(state.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ENVIRONMENT(test_state_print__is_read_back_as_it_was),
        IN_ENVIRONMENT(test_state_read__gives_an_empty_state_where_there_is_none),
        IN_ENVIRONMENT(test_state_read__refuses_what_is_malformed),
        cmocka_unit_test(test_state_add__refuses_a_version_that_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
