// What is read from archives, pipes and single files, and how it is called afterwards.
#include "unit/archive/room.h"

#include <errno.h>
#include <sys/wait.h>

#include "unit/archive/pack.h"

#include "base/memory.h"

static void test_archive_reader__tar_in_any_order_comes_sorted(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "b.md", "second");
    pack_tar_typed(&tar, "a/", '5', NULL);
    pack_tar_file(&tar, "a/c.md", "");
    pack_tar_file(&tar, "a.md", "first");
    pack_tar_end(&tar);
    room_reads(&tar, "a.md=first\na/c.md=\nb.md=second\n");
}

static void test_archive_reader__gzip_and_zstd_are_told_by_content(void **state)
{
    (void)state;
    static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD };
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct buffer tar = { 0 };
        struct buffer packed = { 0 };
        pack_tar_file(&tar, "a.md", "first");
        pack_tar_end(&tar);
        pack_compress(&packed, &tar, filters[i]);
        buffer_release(&tar);
        room_reads(&packed, "a.md=first\n");
    }
}

static void test_archive_reader__zip_is_read(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    struct pack_zip entries[] = { { .name = "docs/", .mode = 040755 },
                                  { .name = "docs/b.md", .body = "second" },
                                  { .name = "artifact.json", .body = "{}" },
                                  { .name = "docs/empty.md" } };
    pack_zip(&zip, entries, COUNT_OF(entries));
    room_reads(&zip, "artifact.json={}\ndocs/b.md=second\ndocs/empty.md=\n");
}

static void test_archive_reader__one_top_folder_is_taken_off(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "base-1.0/docs/a.md", "a");
    pack_tar_file(&tar, "base-1.0/artifact.json", "{}");
    pack_tar_end(&tar);
    room_reads(&tar, "artifact.json={}\ndocs/a.md=a\n");
}

static void test_archive_reader__only_one_top_folder_is_taken_off(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a/b/one.md", "1");
    pack_tar_file(&tar, "a/b/two.md", "2");
    pack_tar_end(&tar);
    room_reads(&tar, "b/one.md=1\nb/two.md=2\n");
}

static void test_archive_reader__several_top_folders_stay(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a/one.md", "1");
    pack_tar_file(&tar, "ab/two.md", "2");
    pack_tar_end(&tar);
    room_reads(&tar, "a/one.md=1\nab/two.md=2\n");

    pack_tar_file(&tar, "docs/one.md", "1");
    pack_tar_file(&tar, "artifact.json", "{}");
    pack_tar_end(&tar);
    room_reads(&tar, "artifact.json={}\ndocs/one.md=1\n");
}

static void test_archive_reader__a_leading_dot_is_taken_off(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_typed(&tar, "./", '5', NULL);
    pack_tar_file(&tar, "./artifact.json", "{}");
    pack_tar_typed(&tar, "./docs/", '5', NULL);
    pack_tar_file(&tar, "././/docs/a.md", "a");
    pack_tar_end(&tar);
    room_reads(&tar, "artifact.json={}\ndocs/a.md=a\n");
}

static void test_archive_reader__pax_and_gnu_long_names_are_read(void **state)
{
    (void)state;
    char name[301];
    memset(name, 'n', 300);
    name[150] = '/';
    name[300] = '\0';
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "path", name);
    pack_tar_file(&tar, "short", "pax");
    name[149] = 'm';
    pack_tar_entry(&tar, &(struct pack_tar) { .name = "././@LongLink",
                                              .type = 'L',
                                              .body = name,
                                              .body_length = sizeof(name) });
    pack_tar_file(&tar, "short", "gnu");
    pack_tar_end(&tar);
    struct buffer expected = { 0 };
    buffer_append_format(&expected, "%s=gnu\n", name);
    name[149] = 'n';
    buffer_append_format(&expected, "%s=pax\n", name);
    room_reads(&tar, expected.bytes);
    buffer_release(&expected);
}

// "u" with a combining diaeresis, as files from a Mac are called, is not the "u" with diaeresis.
static void test_archive_reader__decomposed_names_stay_as_they_are(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "path", "u\xcc\x88.md");
    pack_tar_file(&tar, "short", "two");
    pack_tar_pax(&tar, "path", "\xc3\xbc.md");
    pack_tar_file(&tar, "short", "one");
    pack_tar_end(&tar);
    room_reads(&tar, "u\xcc\x88.md=two\n\xc3\xbc.md=one\n");

    struct pack_zip entries[] = { { .name = "u\xcc\x88.md", .flags = 0x800, .body = "two" },
                                  { .name = "\xc3\xbc.md", .flags = 0x800, .body = "one" } };
    struct buffer zip = { 0 };
    pack_zip(&zip, entries, COUNT_OF(entries));
    room_reads(&zip, "u\xcc\x88.md=two\n\xc3\xbc.md=one\n");
}

static void test_archive_reader__utf8_names_need_no_flag_in_a_zip(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "caf\xc3\xa9.md", .body = "x" }, 1);
    room_reads(&zip, "caf\xc3\xa9.md=x\n");
}

// Two runs, with holes before, between and behind them.
static void test_archive_reader__sparse_files_read_as_zeros_in_their_holes(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_sparse(&tar, "sparse.bin", "4096,4,8192,4", "20000", "oneetwoo");
    pack_tar_file(&tar, "after.md", "after");
    pack_tar_end(&tar);
    room_write("sparse.tar", tar.bytes, tar.length);
    buffer_release(&tar);

    struct content content = { 0 };
    bool single = true;
    struct error err = { 0 };
    assert_int_equal(archive_reader_path(&content, &single, "sparse.tar", &err), STATUS_OK);
    struct content_view view;
    assert_int_equal(content.count, 2);
    assert_int_equal(content_view(&view, &content.files[1], &err), STATUS_OK);
    char expected[20000] = { 0 };
    memcpy(expected + 4096, "onee", 4);
    memcpy(expected + 8192, "twoo", 4);
    assert_int_equal(view.size_bytes, sizeof(expected));
    assert_memory_equal(view.bytes, expected, sizeof(expected));
    content_view_release(&view);
    content_release(&content);
}

static void test_archive_reader__a_sparse_file_may_end_the_spool_in_a_hole(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_sparse(&tar, "sparse.bin", "0,1", "100000", "1");
    pack_tar_end(&tar);
    room_write("sparse.tar", tar.bytes, tar.length);
    buffer_release(&tar);
    struct content content = { 0 };
    bool single = true;
    struct error err = { 0 };
    assert_int_equal(archive_reader_path(&content, &single, "sparse.tar", &err), STATUS_OK);
    struct content_view view;
    assert_int_equal(content_view(&view, &content.files[0], &err), STATUS_OK);
    assert_int_equal(view.size_bytes, 100000);
    assert_int_equal(view.bytes[99999], 0);
    content_view_release(&view);
    content_release(&content);
}

// Writes the bytes into a pipe from another process and reads the pipe.
static enum status read_from_pipe(struct content *out, const struct buffer *bytes,
                                  struct error *err)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t writer = fork();
    if (writer == 0) {
        close(ends[0]);
        file_write_all(ends[1], bytes->bytes, bytes->length, "pipe", err);
        _exit(0);
    }
    close(ends[1]);
    enum status status = archive_reader_fd(out, ends[0], "pipe", err);
    close(ends[0]);
    waitpid(writer, NULL, 0);
    return status;
}

static void test_archive_reader__pipes_are_read_as_files_are(void **state)
{
    (void)state;
    struct buffer archives[3] = { { 0 }, { 0 }, { 0 } };
    // More than one pipe's worth.
    struct buffer long_body = { 0 };
    for (int i = 0; i < 40000; i++)
        buffer_append_format(&long_body, "line %d\n", i);
    pack_tar_file(&archives[0], "a.md", long_body.bytes);
    pack_tar_end(&archives[0]);
    pack_compress(&archives[1], &archives[0], ARCHIVE_FILTER_GZIP);
    pack_zip(&archives[2], &(struct pack_zip) { .name = "a.md", .body = long_body.bytes }, 1);
    for (size_t i = 0; i < COUNT_OF(archives); i++) {
        struct content content = { 0 };
        struct error err = { 0 };
        if (read_from_pipe(&content, &archives[i], &err) != STATUS_OK)
            fail_msg("%s", err.message);
        assert_int_equal(content.count, 1);
        assert_int_equal(content.files[0].size_bytes, long_body.length);
        content_release(&content);
        buffer_release(&archives[i]);
    }
    buffer_release(&long_body);
}

static void test_archive_reader__a_link_in_a_zip_on_a_pipe_is_refused(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "x", .body = "/etc", .mode = 0120777 }, 1);
    struct content content = { 0 };
    struct error err = { 0 };
    assert_int_equal(read_from_pipe(&content, &zip, &err), STATUS_REFUSED);
    assert_string_equal(err.message, "pipe: 'x' is a symbolic link");
    buffer_release(&zip);
}

static void test_archive_reader__what_is_no_archive_on_a_pipe_is_invalid(void **state)
{
    (void)state;
    struct content content = { 0 };
    struct error err = { 0 };
    struct buffer text = { 0 };
    buffer_append_text(&text, "# Greeting\n");
    assert_int_equal(read_from_pipe(&content, &text, &err), STATUS_INVALID);
    assert_string_equal(err.message, "pipe: is not an archive");
    buffer_truncate(&text, 0);
    assert_int_equal(read_from_pipe(&content, &text, &err), STATUS_INVALID);
    assert_string_equal(err.message, "pipe: is empty");
    buffer_release(&text);
}

static void test_archive_reader__a_fifo_that_is_named_is_read(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a.md", "a");
    pack_tar_end(&tar);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    pid_t writer = fork();
    if (writer == 0) {
        struct error err = { 0 };
        int fd = open("fifo", O_WRONLY);
        file_write_all(fd, tar.bytes, tar.length, "fifo", &err);
        _exit(0);
    }
    room_reads_path("fifo", "a.md=a\n");
    waitpid(writer, NULL, 0);
    buffer_release(&tar);
}

static void test_archive_reader__a_borrowed_file_keeps_its_offset(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a.md", "a");
    pack_tar_end(&tar);
    room_write("a.tar", tar.bytes, tar.length);
    buffer_release(&tar);
    int fd = open("a.tar", O_RDONLY);
    assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
    struct content content = { 0 };
    struct error err = { 0 };
    assert_int_equal(archive_reader_fd(&content, fd, "a.tar", &err), STATUS_OK);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 7);
    content_release(&content);
    close(fd);
}

static void test_archive_reader__a_single_file_is_content_by_its_base_name(void **state)
{
    (void)state;
    room_write_text("greeting.md", "Hello.");
    assert_int_equal(symlink("greeting.md", "link.md"), 0);
    struct content content = { 0 };
    bool single = false;
    struct error err = { 0 };
    assert_int_equal(archive_reader_path(&content, &single, "./greeting.md", &err), STATUS_OK);
    assert_true(single);
    content_release(&content);
    room_reads_path("../work/greeting.md", "greeting.md=Hello.\n");
    room_reads_path("link.md", "link.md=Hello.\n");
}

static void test_archive_reader__an_empty_single_file_is_a_file(void **state)
{
    (void)state;
    room_write_text("empty.md", "");
    room_reads_path("empty.md", "empty.md=\n");
}

static void test_archive_reader__a_single_file_with_a_bad_name_is_refused(void **state)
{
    (void)state;
    room_write_text("caf\xe9.md", "Hello.");
    room_refuses_path("caf\xe9.md", STATUS_REFUSED, "archive_entry_refused",
                      "has a name that is not UTF-8");
}

static void test_archive_reader__other_kinds_of_archives_are_named(void **state)
{
    (void)state;
    room_write("a.xz",
               "\xfd"
               "7zXZ\0\0\0",
               8);
    room_refuses_path("a.xz", STATUS_INVALID, "archive_unknown", "is an xz file");
    room_write_text("a.rar", "Rar!\x1a\x07\x01");
    room_refuses_path("a.rar", STATUS_INVALID, "archive_unknown", "is a rar archive");
}

static void test_archive_reader__what_is_not_there_is_not_found(void **state)
{
    (void)state;
    room_refuses_path("nowhere", STATUS_NOT_FOUND, "file_not_found", "nowhere");
    room_write_text("file", "x");
    room_refuses_path("file/below", STATUS_NOT_FOUND, "file_not_found", "file/below");
}

static void test_archive_reader__a_device_is_refused(void **state)
{
    (void)state;
    room_refuses_path("/dev/null", STATUS_REFUSED, "archive_entry_refused", "a character device");
}

static void test_archive_reader__archives_without_files_are_invalid(void **state)
{
    (void)state;
    struct buffer archive = { 0 };
    pack_tar_end(&archive);
    room_refuses(&archive, STATUS_INVALID, "content_empty", "archive.bin: holds no files");
    pack_tar_typed(&archive, "docs/", '5', NULL);
    pack_tar_end(&archive);
    room_refuses(&archive, STATUS_INVALID, "content_empty", "archive.bin: holds no files");
    pack_zip(&archive, NULL, 0);
    room_refuses(&archive, STATUS_INVALID, "content_empty", "archive.bin: holds no files");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_reader__tar_in_any_order_comes_sorted),
        ROOM_TEST(test_archive_reader__gzip_and_zstd_are_told_by_content),
        ROOM_TEST(test_archive_reader__zip_is_read),
        ROOM_TEST(test_archive_reader__one_top_folder_is_taken_off),
        ROOM_TEST(test_archive_reader__only_one_top_folder_is_taken_off),
        ROOM_TEST(test_archive_reader__several_top_folders_stay),
        ROOM_TEST(test_archive_reader__a_leading_dot_is_taken_off),
        ROOM_TEST(test_archive_reader__pax_and_gnu_long_names_are_read),
        ROOM_TEST(test_archive_reader__decomposed_names_stay_as_they_are),
        ROOM_TEST(test_archive_reader__utf8_names_need_no_flag_in_a_zip),
        ROOM_TEST(test_archive_reader__sparse_files_read_as_zeros_in_their_holes),
        ROOM_TEST(test_archive_reader__a_sparse_file_may_end_the_spool_in_a_hole),
        ROOM_TEST(test_archive_reader__pipes_are_read_as_files_are),
        ROOM_TEST(test_archive_reader__a_link_in_a_zip_on_a_pipe_is_refused),
        ROOM_TEST(test_archive_reader__what_is_no_archive_on_a_pipe_is_invalid),
        ROOM_TEST(test_archive_reader__a_fifo_that_is_named_is_read),
        ROOM_TEST(test_archive_reader__a_borrowed_file_keeps_its_offset),
        ROOM_TEST(test_archive_reader__a_single_file_is_content_by_its_base_name),
        ROOM_TEST(test_archive_reader__an_empty_single_file_is_a_file),
        ROOM_TEST(test_archive_reader__a_single_file_with_a_bad_name_is_refused),
        ROOM_TEST(test_archive_reader__other_kinds_of_archives_are_named),
        ROOM_TEST(test_archive_reader__what_is_not_there_is_not_found),
        ROOM_TEST(test_archive_reader__a_device_is_refused),
        ROOM_TEST(test_archive_reader__archives_without_files_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
