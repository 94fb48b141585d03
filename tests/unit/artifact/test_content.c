// An artifact's content: paths that may stand in it, limits, order, and the bytes behind it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "artifact/content.h"
#include "base/memory.h"

// A source that counts what is asked of it and holds nothing.
struct counting_source {
    struct content_source source;
    int *maps;
    int *unmaps;
    int *frees;
    uint64_t last_key;
    unsigned expected; // a bit for each key
};

static enum status counting_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                                const void **out_bytes, struct error *err)
{
    (void)err;
    struct counting_source *counting = (struct counting_source *)source;
    assert_int_equal(size_bytes, 4);
    counting->last_key = key;
    (*counting->maps)++;
    *out_bytes = "four";
    return STATUS_OK;
}

// Whoever holds many files says so of all of them before the first is mapped.
static void counting_expect(struct content_source *source, uint64_t key)
{
    struct counting_source *counting = (struct counting_source *)source;
    assert_int_equal(*counting->maps, 0);
    counting->expected |= 1U << key;
}

static void counting_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    assert_memory_equal(bytes, "four", size_bytes);
    (*((struct counting_source *)source)->unmaps)++;
}

static void counting_free(struct content_source *source)
{
    (*((struct counting_source *)source)->frees)++;
    free(source);
}

static struct counting_source *counting_new(int counts[3])
{
    struct error err = { 0 };
    struct counting_source *source = NULL;
    assert_int_equal(memory_new(&source, 1, sizeof(*source), &err), STATUS_OK);
    source->source = (struct content_source) { .map = counting_map,
                                               .unmap = counting_unmap,
                                               .free = counting_free };
    source->maps = &counts[0];
    source->unmaps = &counts[1];
    source->frees = &counts[2];
    return source;
}

static void add(struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    assert_int_equal(content_add_bytes(content, path, text, strlen(text), &err), STATUS_OK);
}

static void test_content__takes_paths_that_are_plain(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a",           "artifact.json",
        "docs/a b.md", "docs/\xe6\x97\xa5\xe6\x9c\xac.md",
        ".hidden",     "a/.gitignore",
        "a/git",       "...",
        "a/..b/c..",   "-rf",
        "a;b|c",       "docs/100%.md",
        "a/b/c/d/e/f", "Docs/README.MD~",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct error err = { 0 };
        assert_int_equal(content_check_path(good[i], &err), STATUS_OK);
    }
}

static void test_content__refuses_paths_that_lead_elsewhere(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",     "/",      "/etc/passwd", "a/",    "a//b",    ".",           "..",     "./a",
        "../a", "a/../b", "a/./b",       "a/..",  ".git",    ".git/config", "a/.GIT", ".Git/x",
        "a\\b", "C:/a",   "a\nb",        "a\x7f", "a\x01/b", "a\x1f",       "a\xff",  "a/\xc0\xaf",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        assert_int_equal(content_check_path(bad[i], &err), STATUS_REFUSED);
        assert_string_equal(err.code, "path_refused");
        assert_true(err.hint[0] != '\0');
        struct content content OWNED(content_release) = { 0 };
        assert_int_equal(content_add_bytes(&content, bad[i], "", 0, &err), STATUS_REFUSED);
        assert_int_equal(content.count, 0);
    }
}

static void test_content__holds_paths_to_their_lengths(void **state)
{
    (void)state;
    struct error err = { 0 };
    char segment[CONTENT_MAX_SEGMENT_BYTES + 2];
    memset(segment, 'a', sizeof(segment));
    segment[CONTENT_MAX_SEGMENT_BYTES] = '\0';
    assert_int_equal(content_check_path(segment, &err), STATUS_OK);
    segment[CONTENT_MAX_SEGMENT_BYTES] = 'a';
    segment[CONTENT_MAX_SEGMENT_BYTES + 1] = '\0';
    assert_int_equal(content_check_path(segment, &err), STATUS_REFUSED);

    char deep[2 * CONTENT_MAX_PATH_SEGMENTS + 2];
    for (size_t i = 0; i < sizeof(deep); i++)
        deep[i] = i % 2 == 0 ? 'a' : '/';
    deep[2 * CONTENT_MAX_PATH_SEGMENTS - 1] = '\0';
    assert_int_equal(content_check_path(deep, &err), STATUS_OK);
    deep[2 * CONTENT_MAX_PATH_SEGMENTS - 1] = '/';
    deep[2 * CONTENT_MAX_PATH_SEGMENTS + 1] = '\0';
    assert_int_equal(content_check_path(deep, &err), STATUS_REFUSED);

    char path[CONTENT_MAX_PATH_BYTES + 2];
    for (size_t i = 0; i < sizeof(path); i++)
        path[i] = i % 100 == 99 ? '/' : 'a';
    path[CONTENT_MAX_PATH_BYTES] = '\0';
    assert_int_equal(content_check_path(path, &err), STATUS_OK);
    path[CONTENT_MAX_PATH_BYTES] = 'a';
    path[CONTENT_MAX_PATH_BYTES + 1] = '\0';
    assert_int_equal(content_check_path(path, &err), STATUS_REFUSED);
}

static void test_content__sorts_bytewise_and_finds(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    static const char *const sorted[] = { "A", "a", "a-c", "a.md", "b/a", "b0", "\xc3\xa4" };
    static const int order[] = { 3, 0, 6, 5, 1, 4, 2 };
    for (size_t i = 0; i < COUNT_OF(order); i++)
        add(&content, sorted[order[i]], sorted[order[i]]);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(sorted); i++) {
        assert_string_equal(content.files[i].path, sorted[i]);
        assert_ptr_equal(content_find(&content, sorted[i]), &content.files[i]);
    }
    assert_null(content_find(&content, "b"));
    assert_int_equal(content.total_bytes, 1 + 1 + 3 + 4 + 3 + 2 + 2);
}

static void test_content__is_empty_without_files(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_null(content_find(&content, "a"));
}

static void test_content__refuses_a_path_twice(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    add(&content, "docs/a.md", "1");
    add(&content, "docs/b.md", "2");
    add(&content, "docs/a.md", "3");
    assert_int_equal(content_seal(&content, &err), STATUS_REFUSED);
    assert_non_null(strstr(err.message, "'docs/a.md'"));
}

static void test_content__refuses_a_file_that_is_a_folder_too(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    add(&content, "a/b", "1");
    add(&content, "a/b-c", "2"); // sorts between "a/b" and what is below it
    add(&content, "a/b/c/d", "3");
    assert_int_equal(content_seal(&content, &err), STATUS_REFUSED);
    assert_non_null(strstr(err.message, "'a/b'"));
}

static void test_content__holds_files_to_their_limits(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    assert_int_equal(content_add(&content, "a", CONTENT_MAX_FILE_BYTES + 1, NULL, 0, &err),
                     STATUS_TOO_LARGE);
    assert_string_equal(err.code, "file_too_large");
    static const char *const names[] = { "a", "b", "c", "d" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(content_add(&content, names[i], CONTENT_MAX_FILE_BYTES, NULL, 0, &err),
                         STATUS_OK);
    assert_int_equal(content_add(&content, "empty", 0, NULL, 0, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "e", 1, NULL, 0, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "content_too_large");
    assert_int_equal(content.count, 5);

    content.count = CONTENT_MAX_FILES;
    assert_int_equal(content_add(&content, "f", 0, NULL, 0, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "too_many_files");
    content.count = 5;
}

static void test_content__shows_and_gives_back_bytes(void **state)
{
    (void)state;
    struct error err = { 0 };
    int counts[3] = { 0 };
    {
        struct content content OWNED(content_release) = { 0 };
        struct counting_source *source = counting_new(counts);
        assert_int_equal(content_own_source(&content, &source->source, &err), STATUS_OK);
        assert_int_equal(content_add(&content, "a", 4, &source->source, 77, &err), STATUS_OK);
        assert_int_equal(content_add(&content, "empty", 0, &source->source, 78, &err), STATUS_OK);
        assert_int_equal(content_seal(&content, &err), STATUS_OK);

        struct content_view view = { 0 };
        assert_int_equal(content_view(&view, content_find(&content, "a"), &err), STATUS_OK);
        assert_memory_equal(view.bytes, "four", 4);
        assert_int_equal(view.size_bytes, 4);
        assert_int_equal(source->last_key, 77);
        content_view_release(&view);
        content_view_release(&view); // twice does no harm
        assert_int_equal(counts[0], 1);
        assert_int_equal(counts[1], 1);

        assert_int_equal(content_view(&view, content_find(&content, "empty"), &err), STATUS_OK);
        assert_non_null(view.bytes);
        assert_int_equal(view.size_bytes, 0);
        content_view_release(&view);
        assert_int_equal(counts[0], 1);
        assert_int_equal(counts[1], 1);
        assert_int_equal(counts[2], 0);
    }
    assert_int_equal(counts[2], 1);
}

// Held files are read once, given back once, and by those that own them; large ones are not held.
static void test_content__holds_small_files_until_it_is_released(void **state)
{
    (void)state;
    struct error err = { 0 };
    int counts[3] = { 0 };
    struct content_view view;
    struct content below = { 0 };
    struct content content = { 0 };
    struct counting_source *source = counting_new(counts);
    assert_int_equal(content_own_source(&content, &source->source, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "d/a", 4, &source->source, 1, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "d/empty", 0, &source->source, 2, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_false(content_is_held(&content));
    for (int i = 0; i < 2; i++)
        assert_int_equal(content_hold(&content, &err), STATUS_OK);
    assert_true(content_is_held(&content));
    assert_int_equal(content_borrow_below(&below, &content, "d", &err), STATUS_OK);
    assert_true(content_is_held(&below));
    assert_int_equal(content_view(&view, &below.files[0], &err), STATUS_OK);
    assert_memory_equal(view.bytes, "four", 4);
    content_view_release(&view);
    content_release(&below);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 0);
    assert_int_equal(
        content_add(&content, "large", CONTENT_HOLD_FILE_BYTES + 1, &source->source, 3, &err),
        STATUS_OK);
    assert_int_equal(content_hold(&content, &err), STATUS_OK);
    assert_false(content_is_held(&content));
    content_release(&content);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
}

static void test_content__says_what_it_is_about_to_hold(void **state)
{
    (void)state;
    struct error err = { 0 };
    int counts[3] = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct counting_source *source = counting_new(counts);
    source->source.expect = counting_expect;
    assert_int_equal(content_own_source(&content, &source->source, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "a", 4, &source->source, 1, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "b", 4, &source->source, 2, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "empty", 0, &source->source, 3, &err), STATUS_OK);
    assert_int_equal(
        content_add(&content, "large", CONTENT_HOLD_FILE_BYTES + 1, &source->source, 4, &err),
        STATUS_OK);
    add(&content, "own", "no source of many");
    assert_int_equal(content_hold(&content, &err), STATUS_OK);
    assert_int_equal(source->expected, 1U << 1 | 1U << 2);
    assert_int_equal(counts[0], 2);
}

// What is taken over is let go before its source moves.
static void test_content__lets_go_of_what_it_held_when_it_is_taken(void **state)
{
    (void)state;
    struct error err = { 0 };
    int counts[3] = { 0 };
    struct content from = { 0 };
    struct content to OWNED(content_release) = { 0 };
    struct counting_source *source = counting_new(counts);
    assert_int_equal(content_own_source(&from, &source->source, &err), STATUS_OK);
    assert_int_equal(content_add(&from, "a", 4, &source->source, 1, &err), STATUS_OK);
    assert_int_equal(content_hold(&from, &err), STATUS_OK);
    assert_int_equal(content_take_under(&to, &from, "b", &err), STATUS_OK);
    assert_int_equal(counts[1], 1);
    assert_false(content_is_held(&to));
}

static void test_content__copies_bytes_from_memory(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    char bytes[] = "a\0b";
    assert_int_equal(content_add_bytes(&content, "a", bytes, 3, &err), STATUS_OK);
    bytes[0] = 'X';
    struct content_view view OWNED(content_view_release) = { 0 };
    assert_int_equal(content_view(&view, &content.files[0], &err), STATUS_OK);
    assert_int_equal(view.size_bytes, 3);
    assert_memory_equal(view.bytes, "a\0b", 3);
}

static void test_content__moves_files_under_a_folder(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    add(&content, "b/c.md", "1");
    add(&content, "a.md", "2");
    assert_int_equal(content_move_under(&content, "docs", &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_string_equal(content.files[0].path, "docs/a.md");
    assert_string_equal(content.files[1].path, "docs/b/c.md");
}

static void test_content__moves_nothing_past_the_limits(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    char path[CONTENT_MAX_PATH_BYTES + 1];
    for (size_t i = 0; i < sizeof(path); i++)
        path[i] = i % 100 == 99 ? '/' : 'a';
    path[CONTENT_MAX_PATH_BYTES - 2] = '\0';
    add(&content, path, "1");
    assert_int_equal(content_move_under(&content, "docs", &err), STATUS_REFUSED);
}

static void test_content__takes_another_content_under_a_folder(void **state)
{
    (void)state;
    struct error err = { 0 };
    int counts[3] = { 0 };
    {
        struct content to OWNED(content_release) = { 0 };
        struct content from OWNED(content_release) = { 0 };
        struct counting_source *source = counting_new(counts);
        assert_int_equal(content_own_source(&from, &source->source, &err), STATUS_OK);
        assert_int_equal(content_add(&from, "b/c", 4, &source->source, 77, &err), STATUS_OK);
        assert_int_equal(content_seal(&from, &err), STATUS_OK);
        memset(from.files[0].sha256.bytes, 0xab, DIGEST_BYTES);
        from.files[0].hashed = true;
        add(&to, "a", "1");
        assert_int_equal(content_take_under(&to, &from, "content", &err), STATUS_OK);
        assert_int_equal(from.count, 0);
        assert_int_equal(content_seal(&to, &err), STATUS_OK);
        assert_int_equal(to.count, 2);
        assert_int_equal(to.total_bytes, 5);
        assert_string_equal(to.files[1].path, "content/b/c");
        assert_true(to.files[1].hashed);
        assert_int_equal(to.files[1].sha256.bytes[31], 0xab);
        struct content_view view OWNED(content_view_release) = { 0 };
        assert_int_equal(content_view(&view, &to.files[1], &err), STATUS_OK);
        assert_memory_equal(view.bytes, "four", 4);
        assert_int_equal(source->last_key, 77);
        assert_int_equal(counts[2], 0);
    }
    assert_int_equal(counts[2], 1);
}

static void test_content__empties_what_it_could_not_take(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content to OWNED(content_release) = { 0 };
    struct content from OWNED(content_release) = { 0 };
    add(&from, "a", "1");
    assert_int_equal(content_take_under(&to, &from, "..", &err), STATUS_REFUSED);
    assert_int_equal(from.count, 0);
    assert_int_equal(from.source_count, 0);
}

static void test_content__borrows_what_is_below_a_folder(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content from OWNED(content_release) = { 0 };
    add(&from, "content/b.md", "b");
    add(&from, "content/a/c.md", "c");
    add(&from, "content.json", "1");
    add(&from, "contents/d.md", "2");
    assert_int_equal(content_seal(&from, &err), STATUS_OK);
    struct content_file *hashed = content_find(&from, "content/b.md");
    hashed->sha256.bytes[0] = 0xcd;
    hashed->hashed = true;

    struct content below OWNED(content_release) = { 0 };
    assert_int_equal(content_borrow_below(&below, &from, "content", &err), STATUS_OK);
    assert_int_equal(below.count, 2);
    assert_int_equal(below.source_count, 0);
    assert_string_equal(below.files[0].path, "a/c.md");
    assert_string_equal(below.files[1].path, "b.md");
    assert_false(below.files[0].hashed);
    assert_true(below.files[1].hashed);
    assert_int_equal(below.files[1].sha256.bytes[0], 0xcd);
    struct content_view view OWNED(content_view_release) = { 0 };
    assert_int_equal(content_view(&view, &below.files[0], &err), STATUS_OK);
    assert_memory_equal(view.bytes, "c", 1);
}

static void test_content__prints_the_lines_of_sha256sum(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct buffer lines OWNED(buffer_release) = { 0 };
    add(&content, "docs/b c.md", "b");
    add(&content, "artifact.json", "a");
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    memset(content.files[0].sha256.bytes, 0xab, DIGEST_BYTES);
    content.files[1].sha256.bytes[31] = 0x01;
    content_append_digest_lines(&content, &lines);
    assert_string_equal(
        buffer_text(&lines),
        "abababababababababababababababababababababababababababababababab  artifact.json\n"
        "0000000000000000000000000000000000000000000000000000000000000001  docs/b c.md\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content__takes_paths_that_are_plain),
        cmocka_unit_test(test_content__refuses_paths_that_lead_elsewhere),
        cmocka_unit_test(test_content__holds_paths_to_their_lengths),
        cmocka_unit_test(test_content__sorts_bytewise_and_finds),
        cmocka_unit_test(test_content__is_empty_without_files),
        cmocka_unit_test(test_content__refuses_a_path_twice),
        cmocka_unit_test(test_content__refuses_a_file_that_is_a_folder_too),
        cmocka_unit_test(test_content__holds_files_to_their_limits),
        cmocka_unit_test(test_content__shows_and_gives_back_bytes),
        cmocka_unit_test(test_content__holds_small_files_until_it_is_released),
        cmocka_unit_test(test_content__says_what_it_is_about_to_hold),
        cmocka_unit_test(test_content__lets_go_of_what_it_held_when_it_is_taken),
        cmocka_unit_test(test_content__copies_bytes_from_memory),
        cmocka_unit_test(test_content__moves_files_under_a_folder),
        cmocka_unit_test(test_content__moves_nothing_past_the_limits),
        cmocka_unit_test(test_content__takes_another_content_under_a_folder),
        cmocka_unit_test(test_content__empties_what_it_could_not_take),
        cmocka_unit_test(test_content__borrows_what_is_below_a_folder),
        cmocka_unit_test(test_content__prints_the_lines_of_sha256sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
