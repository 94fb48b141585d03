// Archives that are written: the same bytes for the same content, and all of it back.
#include "unit/archive/room.h"

#include <archive.h>
#include <archive_entry.h>

#include "archive/archive_writer.h"

static const char *const names[] = { "out.tar.gz", "out.tar.zst", "out.zip", "out.tar", "folder" };
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static void add(struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    assert_int_equal(content_add_bytes(content, path, text, strlen(text), &err), STATUS_OK);
}

static void make_content(struct content *content)
{
    struct error err = { 0 };
    char name[251];
    memset(name, 'n', 250);
    name[120] = '/';
    name[250] = '\0';
    add(content, "docs/b.md", "second\n");
    add(content, "artifact.json", "{}");
    add(content, "docs/a.md", "");
    add(content, "docs/u\xcc\x88.md", "decomposed");
    add(content, "docs/\xc3\xbc.md", "composed");
    add(content, "docs/\xe6\x97\xa5\xe6\x9c\xac.md", "three bytes each");
    add(content, "with space and 'quotes'", "x");
    add(content, name, "long");
    assert_int_equal(content_seal(content, &err), STATUS_OK);
}

static void write_path(const char *path, const struct content *content)
{
    struct error err = { 0 };
    if (archive_writer_path(path, content, &err) != STATUS_OK)
        fail_msg("%s: %s", path, err.message);
}

static void assert_same_files(const char *a, const char *b)
{
    struct buffer one = { 0 };
    struct buffer two = { 0 };
    struct error err = { 0 };
    assert_int_equal(file_read(&one, a, 1 << 24, &err), STATUS_OK);
    assert_int_equal(file_read(&two, b, 1 << 24, &err), STATUS_OK);
    assert_int_equal(one.length, two.length);
    assert_memory_equal(one.bytes, two.bytes, one.length);
    buffer_release(&one);
    buffer_release(&two);
}

static void test_archive_writer__what_is_written_is_read_back_alike(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    struct buffer expected = { 0 };
    for (size_t i = 0; i < content.count; i++) {
        struct content_view view;
        struct error err = { 0 };
        assert_int_equal(content_view(&view, &content.files[i], &err), STATUS_OK);
        buffer_append_format(&expected, "%s=%.*s\n", content.files[i].path, (int)view.size_bytes,
                             view.bytes);
        content_view_release(&view);
    }
    for (size_t i = 0; i < NAME_COUNT; i++) {
        write_path(names[i], &content);
        room_reads_path(names[i], expected.bytes);
    }
    buffer_release(&expected);
    content_release(&content);
}

static void test_archive_writer__same_content_is_same_bytes(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    static const char *const pairs[][2] = { { "a.tar.gz", "b.tgz" },
                                            { "a.tar.zst", "b.tar.zst" },
                                            { "a.zip", "b.ZIP" },
                                            { "a.tar", "b.tar" } };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        write_path(pairs[i][0], &content);
        setenv("TZ", "Asia/Tokyo", 1);
        mode_t before = umask(077);
        write_path(pairs[i][1], &content);
        umask(before);
        unsetenv("TZ");
        assert_same_files(pairs[i][0], pairs[i][1]);
    }
    content_release(&content);
}

static void test_archive_writer__where_content_came_from_does_not_show(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    write_path("out.zip", &content);
    content_release(&content);
    bool single = true;
    struct error err = { 0 };
    assert_int_equal(archive_reader_path(&content, &single, "out.zip", &err), STATUS_OK);
    write_path("second.zip", &content);
    write_path("folder", &content);
    content_release(&content);
    assert_int_equal(archive_reader_path(&content, &single, "folder", &err), STATUS_OK);
    write_path("third.zip", &content);
    content_release(&content);
    assert_same_files("out.zip", "second.zip");
    assert_same_files("out.zip", "third.zip");
}

// RFC 1952: no flags (so no name), no time.
static void test_archive_writer__gzip_says_neither_name_nor_time(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    write_path("out.tar.gz", &content);
    struct buffer bytes = { 0 };
    struct error err = { 0 };
    assert_int_equal(file_read(&bytes, "out.tar.gz", 1 << 24, &err), STATUS_OK);
    assert_memory_equal(bytes.bytes, "\x1f\x8b\x08\0\0\0\0\0", 8);
    buffer_release(&bytes);
    content_release(&content);
}

// 315532800 is 1980-01-01, where zip's own times begin.
static void test_archive_writer__times_are_the_earliest_there_are(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t seconds;
    } archives[] = { { "out.zip", 315532800 }, { "out.tar.gz", 0 } };
    struct content content = { 0 };
    make_content(&content);
    setenv("TZ", "UTC0", 1);
    for (size_t i = 0; i < 2; i++) {
        write_path(archives[i].name, &content);
        struct archive *reader = archive_read_new();
        struct archive_entry *entry = NULL;
        archive_read_support_format_all(reader);
        archive_read_support_filter_all(reader);
        assert_int_equal(archive_read_open_filename(reader, archives[i].name, 4096), ARCHIVE_OK);
        assert_int_equal(archive_read_next_header(reader, &entry), ARCHIVE_OK);
        assert_int_equal(archive_entry_mtime(entry), archives[i].seconds);
        assert_int_equal(archive_entry_mode(entry), 0100644);
        assert_int_equal(archive_entry_uid(entry), 0);
        archive_read_free(reader);
    }
    unsetenv("TZ");
    content_release(&content);
}

static void test_archive_writer__an_archive_that_is_there_is_replaced_whole(void **state)
{
    (void)state;
    struct content content = { 0 };
    add(&content, "a.md", "new");
    struct error err = { 0 };
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    room_write_text("out.tar.gz", "old");
    struct buffer before = { 0 };
    struct buffer after = { 0 };
    write_path("out.tar.gz", &content);
    room_reads_path("out.tar.gz", "a.md=new\n");
    room_look(&before);
    write_path("out.tar.gz", &content);
    room_look(&after);
    assert_string_equal(before.bytes, after.bytes);
    buffer_release(&before);
    buffer_release(&after);
    content_release(&content);
}

// Content whose second file changed since it was listed.
static void make_stale_content(struct content *content)
{
    struct error err = { 0 };
    bool single = true;
    assert_int_equal(mkdir("base", 0755), 0);
    assert_int_equal(mkdir("base/docs", 0755), 0);
    room_write_text("base/a.md", "a");
    room_write_text("base/docs/b.md", "b");
    assert_int_equal(archive_reader_path(content, &single, "base", &err), STATUS_OK);
    room_write_text("base/docs/b.md", "longer");
}

static void test_archive_writer__a_failure_leaves_what_was_there(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_stale_content(&content);
    room_write_text("out.tar.gz", "old");
    assert_int_equal(mkdir("empty", 0755), 0);
    static const char *const paths[] = { "out.tar.gz", "new.zip", "folder", "empty" };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct error err = { 0 };
        struct buffer before = { 0 };
        struct buffer after = { 0 };
        room_look(&before);
        assert_int_equal(archive_writer_path(paths[i], &content, &err), STATUS_CONFLICT);
        room_look(&after);
        assert_string_equal(err.code, "file_changed");
        assert_string_equal(before.bytes, after.bytes);
        buffer_release(&before);
        buffer_release(&after);
    }
    content_release(&content);
}

static void test_archive_writer__output_that_fails_says_so(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    int full = open("/dev/full", O_WRONLY);
    for (enum archive_format format = ARCHIVE_TAR_GZ; format <= ARCHIVE_TAR; format++) {
        struct error err = { 0 };
        assert_int_equal(archive_writer_fd(full, format, &content, "full", &err), STATUS_IO);
        assert_string_equal(err.message, "cannot write full: No space left on device");
    }
    close(full);
    struct error err = { 0 };
    assert_int_equal(archive_writer_path("nowhere/out.zip", &content, &err), STATUS_IO);
    content_release(&content);
}

static void test_archive_writer__empty_content_is_an_empty_archive(void **state)
{
    (void)state;
    struct content content = { 0 };
    for (size_t i = 0; i < NAME_COUNT; i++) {
        write_path(names[i], &content);
        room_refuses_path(names[i], STATUS_INVALID, "content_empty", "holds no files");
    }
}

static void test_archive_writer__endings_tell_the_format(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum archive_format format;
    } known[] = {
        { "a.tar.gz", ARCHIVE_TAR_GZ },     { "x/a.tgz", ARCHIVE_TAR_GZ },
        { "a.ZIP", ARCHIVE_ZIP },           { "a.tar", ARCHIVE_TAR },
        { "a.b.tar.zst", ARCHIVE_TAR_ZST },
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct error err = { 0 };
        enum archive_format format = ARCHIVE_TAR;
        assert_int_equal(archive_writer_format_of(&format, known[i].name, &err), STATUS_OK);
        assert_int_equal(format, known[i].format);
    }
    static const char *const others[] = { "a", "zip", ".zip", "a.tar.xz", "a.gz", "a.zip/", "" };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct error err = { 0 };
        enum archive_format format = 77;
        assert_int_equal(archive_writer_format_of(&format, others[i], &err), STATUS_INVALID);
        assert_int_equal(format, 77);
    }
}

static void test_archive_writer__endings_of_other_archives_make_no_folder(void **state)
{
    (void)state;
    struct content content = { 0 };
    make_content(&content);
    static const char *const others[] = { "a.tar.xz", "a.7z", "a.tbz2", "a.gz" };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct error err = { 0 };
        assert_int_equal(archive_writer_path(others[i], &content, &err), STATUS_INVALID);
        assert_false(file_exists(others[i]));
    }
    content_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_writer__what_is_written_is_read_back_alike),
        ROOM_TEST(test_archive_writer__same_content_is_same_bytes),
        ROOM_TEST(test_archive_writer__where_content_came_from_does_not_show),
        ROOM_TEST(test_archive_writer__gzip_says_neither_name_nor_time),
        ROOM_TEST(test_archive_writer__times_are_the_earliest_there_are),
        ROOM_TEST(test_archive_writer__an_archive_that_is_there_is_replaced_whole),
        ROOM_TEST(test_archive_writer__a_failure_leaves_what_was_there),
        ROOM_TEST(test_archive_writer__output_that_fails_says_so),
        ROOM_TEST(test_archive_writer__empty_content_is_an_empty_archive),
        ROOM_TEST(test_archive_writer__endings_tell_the_format),
        ROOM_TEST(test_archive_writer__endings_of_other_archives_make_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
