// Folders that are written: never outside, never over what is there, all or nothing.
#include "unit/archive/room.h"

#include "archive/archive_export.h"

static void make_content(struct content *content)
{
    struct error err = { 0 };
    static const char *const paths[] = { "artifact.json", "docs/a.md", "docs/deep/b.md" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_int_equal(content_add_bytes(content, paths[i], "text", 4, &err), STATUS_OK);
    assert_int_equal(content_seal(content, &err), STATUS_OK);
}

// Exports, which must fail so and leave everything as it was.
static void assert_refused(const char *path, const struct content *content, enum status status,
                           const char *words)
{
    struct error err = { 0 };
    struct buffer before = { 0 };
    struct buffer after = { 0 };
    room_look(&before);
    enum status got = archive_export_folder(path, content, &err);
    room_look(&after);
    if (got != status || !strstr(err.message, words))
        fail_msg("expected %d '%s', got %d '%s'", status, words, got, err.message);
    assert_string_equal(before.bytes, after.bytes);
    buffer_release(&before);
    buffer_release(&after);
}

static void test_archive_export__a_new_folder_is_made(void **state)
{
    (void)state;
    struct content content = { 0 };
    struct error err = { 0 };
    make_content(&content);
    mode_t before = umask(027);
    assert_int_equal(archive_export_folder("out", &content, &err), STATUS_OK);
    umask(before);
    room_reads_path("out", "artifact.json=text\ndocs/a.md=text\ndocs/deep/b.md=text\n");
    struct stat info;
    assert_int_equal(stat("out/docs/a.md", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    content_release(&content);
}

static void test_archive_export__an_empty_folder_is_filled(void **state)
{
    (void)state;
    struct content content = { 0 };
    struct error err = { 0 };
    make_content(&content);
    assert_int_equal(archive_export_folder(".", &content, &err), STATUS_OK);
    room_reads_path(".", "artifact.json=text\ndocs/a.md=text\ndocs/deep/b.md=text\n");
    content_release(&content);
}

static void test_archive_export__a_folder_that_is_not_empty_is_left_alone(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    assert_int_equal(mkdir("out", 0755), 0);
    room_write_text("out/.hidden", "mine");
    assert_refused("out", &content, STATUS_CONFLICT, "out: is not empty");
    room_write_text("file", "mine");
    assert_refused("file", &content, STATUS_CONFLICT, "file: exists, and is not a folder");
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_refused("dangling", &content, STATUS_IO, "dangling");
    assert_refused("missing/out", &content, STATUS_IO, "missing/out");
    content_release(&content);
}

// The content of a path that content_add would never take: made by changing it afterwards.
static void test_archive_export__paths_that_lead_outside_are_refused(void **state)
{
    (void)state;
    static const char *const paths[] = { "../x", "/x/y/z", "a/../x", "a//b", ".git/b" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct content content = { 0 };
        struct error err = { 0 };
        assert_int_equal(content_add_bytes(&content, "good/1.md", "1", 1, &err), STATUS_OK);
        assert_int_equal(content_add_bytes(&content, "zzzzzz", "2", 1, &err), STATUS_OK);
        memcpy(content.files[1].path, paths[i], strlen(paths[i]) + 1);
        assert_refused("out", &content, STATUS_REFUSED, paths[i]);
        content_release(&content);
    }
}

// A source that looks whether there is half a folder while it is read.
static enum status looking_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                               const void **out_bytes, struct error *err)
{
    struct stat info;
    (void)source, (void)key, (void)size_bytes, (void)err;
    assert_int_equal(lstat("out", &info), -1);
    *out_bytes = "text";
    return STATUS_OK;
}

// A source that puts something in the way while it is read.
struct hostile_source {
    struct content_source source;
    bool as_file; // else "docs" becomes a link that leads outside
};

static enum status hostile_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                               const void **out_bytes, struct error *err)
{
    (void)key, (void)size_bytes, (void)err;
    if (((struct hostile_source *)source)->as_file) {
        assert_int_equal(mkdir("out/docs", 0755), 0);
        room_write_text("out/docs/b.md", "somebody's");
    } else {
        assert_int_equal(symlink("../elsewhere", "out/docs"), 0);
    }
    *out_bytes = "text";
    return STATUS_OK;
}

static void hostile_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source, (void)bytes, (void)size_bytes;
}

static void hostile_free(struct content_source *source)
{
    free(source);
}

static void test_archive_export__a_new_folder_shows_whole_or_not_at_all(void **state)
{
    (void)state;
    struct content content = { 0 };
    struct error err = { 0 };
    struct content_source *looking = calloc(1, sizeof(*looking));
    *looking = (struct content_source) { .map = looking_map,
                                         .unmap = hostile_unmap,
                                         .free = hostile_free };
    assert_int_equal(content_own_source(&content, looking, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "a.md", 4, looking, 0, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_int_equal(archive_export_folder("out//", &content, &err), STATUS_OK);
    room_reads_path(".", "out/a.md=text\n");
    content_release(&content);
}

static void refuses_hostile(bool as_file, const char *words)
{
    struct content content = { 0 };
    struct error err = { 0 };
    struct hostile_source *hostile = calloc(1, sizeof(*hostile));
    hostile->source = (struct content_source) { .map = hostile_map,
                                                .unmap = hostile_unmap,
                                                .free = hostile_free };
    hostile->as_file = as_file;
    assert_int_equal(content_own_source(&content, &hostile->source, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "a.md", 4, &hostile->source, 0, &err), STATUS_OK);
    assert_int_equal(content_add_bytes(&content, "docs/b.md", "text", 4, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_int_equal(mkdir("out", 0755), 0); // else it is made elsewhere and renamed
    assert_refused("out", &content, STATUS_IO, words);
    content_release(&content);
}

static void test_archive_export__a_link_that_appears_is_not_followed(void **state)
{
    (void)state;
    assert_int_equal(mkdir("elsewhere", 0755), 0);
    refuses_hostile(false, "cannot open the folder of docs/b.md");
}

static void test_archive_export__a_file_that_appears_is_not_opened(void **state)
{
    (void)state;
    refuses_hostile(true, "cannot create docs/b.md: File exists");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_export__a_new_folder_is_made),
        ROOM_TEST(test_archive_export__an_empty_folder_is_filled),
        ROOM_TEST(test_archive_export__a_folder_that_is_not_empty_is_left_alone),
        ROOM_TEST(test_archive_export__paths_that_lead_outside_are_refused),
        ROOM_TEST(test_archive_export__a_new_folder_shows_whole_or_not_at_all),
        ROOM_TEST(test_archive_export__a_link_that_appears_is_not_followed),
        ROOM_TEST(test_archive_export__a_file_that_appears_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
