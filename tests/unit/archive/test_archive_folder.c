// What is read from folders, and what happens to files that change meanwhile.
#include "unit/archive/room.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "archive/archive_folder.h"

#define REFUSED "archive_entry_refused"

static void make_folder(void)
{
    assert_int_equal(mkdir("base", 0755), 0);
    assert_int_equal(mkdir("base/docs", 0755), 0);
    assert_int_equal(mkdir("base/docs/deep", 0755), 0);
    assert_int_equal(mkdir("base/empty", 0755), 0);
    room_write_text("base/docs/deep/b.md", "deep");
    room_write_text("base/docs/a.md", "");
    room_write_text("base/docs.md", "beside");
    room_write_text("base/.hidden", "hidden");
}

static void test_archive_folder__files_come_sorted_and_empty_folders_do_not(void **state)
{
    (void)state;
    make_folder();
    const char *expected = ".hidden=hidden\ndocs.md=beside\ndocs/a.md=\ndocs/deep/b.md=deep\n";
    room_reads_path("base", expected);
    room_reads_path("base/", expected);
    assert_int_equal(symlink("base", "link"), 0);
    room_reads_path("link", expected);
}

static void test_archive_folder__one_folder_below_is_not_taken_off(void **state)
{
    (void)state;
    assert_int_equal(mkdir("base", 0755), 0);
    assert_int_equal(mkdir("base/docs", 0755), 0);
    room_write_text("base/docs/a.md", "a");
    room_reads_path("base", "docs/a.md=a\n");
}

static void test_archive_folder__the_working_folder_is_read(void **state)
{
    (void)state;
    room_write_text("a.md", "a");
    room_reads_path(".", "a.md=a\n");
}

static void test_archive_folder__links_are_refused_by_name(void **state)
{
    (void)state;
    make_folder();
    static const char *const targets[] = { "/etc/passwd", "/etc", "../docs.md", "nowhere" };
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        assert_int_equal(symlink(targets[i], "base/docs/link"), 0);
        room_refuses_path("base", STATUS_REFUSED, REFUSED, "base: 'docs/link' is a symbolic link");
        unlink("base/docs/link");
    }
}

static void test_archive_folder__fifos_and_sockets_are_refused_without_waiting(void **state)
{
    (void)state;
    make_folder();
    assert_int_equal(mkfifo("base/fifo", 0600), 0);
    room_refuses_path("base", STATUS_REFUSED, REFUSED, "'fifo' is a fifo");
    unlink("base/fifo");
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "base/socket" };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    room_refuses_path("base", STATUS_REFUSED, REFUSED, "'socket' is a socket");
    close(fd);
}

static void test_archive_folder__bad_names_are_refused(void **state)
{
    (void)state;
    make_folder();
    static const struct {
        const char *path;
        const char *words;
    } names[] = {
        { "base/docs/caf\xe9.md", "'docs/caf\\xE9.md' has a name that is not UTF-8" },
        { "base/line\nbreak", "'line\\x0Abreak' has a control character" },
        { "base/back\\slash", "'back\\slash'" },
        { "base/.GIT", "'.GIT'" },
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        room_write_text(names[i].path, "x");
        room_refuses_path("base", STATUS_REFUSED, REFUSED, names[i].words);
        unlink(names[i].path);
    }
    assert_int_equal(mkdir("base/docs/.git", 0755), 0);
    room_refuses_path("base", STATUS_REFUSED, REFUSED, "'docs/.git'");
}

static void test_archive_folder__folders_that_are_too_deep_are_refused(void **state)
{
    (void)state;
    struct buffer path = { 0 };
    for (int i = 0; i < CONTENT_MAX_PATH_SEGMENTS + 1; i++) {
        buffer_append_text(&path, i == 0 ? "d" : "/d");
        assert_int_equal(mkdir(path.bytes, 0755), 0);
    }
    // All but the top one are within the content.
    buffer_append_text(&path, "/f");
    room_write_text(path.bytes, "x");
    room_refuses_path("d", STATUS_REFUSED, REFUSED, "more than 64 folders deep");
    buffer_release(&path);
}

static void test_archive_folder__files_over_the_limit_are_refused(void **state)
{
    (void)state;
    make_folder();
    room_write_text("base/big.bin", "x");
    assert_int_equal(truncate("base/big.bin", (1LL << 30) + 1), 0);
    room_refuses_path("base", STATUS_TOO_LARGE, "file_too_large", "'big.bin'");
}

static void test_archive_folder__empty_folders_are_invalid(void **state)
{
    (void)state;
    assert_int_equal(mkdir("base", 0755), 0);
    assert_int_equal(mkdir("base/docs", 0755), 0);
    room_refuses_path("base", STATUS_INVALID, "content_empty", "base: holds no files");
}

// Lists a folder with one file of `size_bytes`.
static void list_one(struct content *content, long long size_bytes)
{
    struct error err = { 0 };
    bool single = true;
    assert_int_equal(mkdir("base", 0755), 0);
    assert_int_equal(mkdir("base/docs", 0755), 0);
    room_write_text("base/docs/a.md", "first");
    assert_int_equal(truncate("base/docs/a.md", size_bytes), 0);
    assert_int_equal(archive_reader_path(content, &single, "base", &err), STATUS_OK);
}

static void assert_changed(const struct content *content)
{
    struct content_view view;
    struct error err = { 0 };
    assert_int_equal(content_view(&view, &content->files[0], &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "file_changed");
    assert_string_equal(err.message, "base/docs/a.md: changed while it was being read");
}

static void test_archive_folder__a_file_that_shrank_or_grew_is_a_conflict(void **state)
{
    (void)state;
    // One that is read into memory, and one that is mapped.
    static const long long sizes[] = { 1000, ARCHIVE_FOLDER_READ_BYTES + 1 };
    for (size_t i = 0; i < 2; i++) {
        struct error err = { 0 };
        struct content content = { 0 };
        list_one(&content, sizes[i]);
        for (int change = -1; change <= 1; change += 2) {
            struct stat info;
            assert_int_equal(stat("base/docs/a.md", &info), 0);
            assert_int_equal(truncate("base/docs/a.md", sizes[i] + change), 0);
            assert_changed(&content);
            // Even by somebody who puts the time back.
            const struct timespec times[2] = { info.st_atim, info.st_mtim };
            assert_int_equal(utimensat(AT_FDCWD, "base/docs/a.md", times, 0), 0);
            assert_changed(&content);
            assert_int_equal(truncate("base/docs/a.md", sizes[i]), 0);
            assert_int_equal(utimensat(AT_FDCWD, "base/docs/a.md", times, 0), 0);
        }
        content_release(&content);
        file_remove_tree("base", &err);
    }
}

static void test_archive_folder__a_file_that_was_replaced_or_removed_is_a_conflict(void **state)
{
    (void)state;
    struct content content = { 0 };
    list_one(&content, 5);
    room_write_text("new", "other");
    assert_int_equal(rename("new", "base/docs/a.md"), 0);
    assert_changed(&content);
    assert_int_equal(unlink("base/docs/a.md"), 0);
    assert_changed(&content);
    assert_int_equal(mkfifo("base/docs/a.md", 0600), 0);
    assert_changed(&content);
    content_release(&content);
}

static void test_archive_folder__a_file_that_was_rewritten_in_place_is_a_conflict(void **state)
{
    (void)state;
    struct content content = { 0 };
    list_one(&content, 5);
    struct stat info;
    assert_int_equal(stat("base/docs/a.md", &info), 0);
    struct timespec times[2] = { info.st_atim, info.st_mtim };
    times[1].tv_sec++;
    assert_int_equal(utimensat(AT_FDCWD, "base/docs/a.md", times, 0), 0);
    assert_changed(&content);
    times[1] = info.st_mtim;
    times[1].tv_nsec = (times[1].tv_nsec + 1) % 1000000000;
    assert_int_equal(utimensat(AT_FDCWD, "base/docs/a.md", times, 0), 0);
    assert_changed(&content);
    content_release(&content);
}

static void test_archive_folder__a_link_put_there_after_listing_is_not_followed(void **state)
{
    (void)state;
    struct content content = { 0 };
    list_one(&content, 5);
    assert_int_equal(mkdir("elsewhere", 0755), 0);
    assert_int_equal(rename("base/docs/a.md", "elsewhere/a.md"), 0);
    assert_int_equal(symlink("../../elsewhere/a.md", "base/docs/a.md"), 0);
    assert_changed(&content);
    // The same file, by the same path, through a folder that became a link.
    assert_int_equal(unlink("base/docs/a.md"), 0);
    assert_int_equal(rmdir("base/docs"), 0);
    assert_int_equal(symlink("../elsewhere", "base/docs"), 0);
    assert_changed(&content);
    content_release(&content);
}

static void test_archive_folder__large_files_are_mapped(void **state)
{
    (void)state;
    struct content content = { 0 };
    list_one(&content, ARCHIVE_FOLDER_READ_BYTES + 7);
    struct content_view view;
    struct error err = { 0 };
    assert_int_equal(content_view(&view, &content.files[0], &err), STATUS_OK);
    assert_int_equal(view.size_bytes, ARCHIVE_FOLDER_READ_BYTES + 7);
    assert_memory_equal(view.bytes, "first", 5);
    assert_int_equal(view.bytes[view.size_bytes - 1], 0);
    content_view_release(&view);
    content_release(&content);
}

static void test_archive_folder__content_outlives_a_change_of_working_folder(void **state)
{
    (void)state;
    struct content content = { 0 };
    list_one(&content, 5);
    assert_int_equal(chdir("/"), 0);
    struct content_view view;
    struct error err = { 0 };
    assert_int_equal(content_view(&view, &content.files[0], &err), STATUS_OK);
    assert_memory_equal(view.bytes, "first", 5);
    content_view_release(&view);
    content_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_folder__files_come_sorted_and_empty_folders_do_not),
        ROOM_TEST(test_archive_folder__one_folder_below_is_not_taken_off),
        ROOM_TEST(test_archive_folder__the_working_folder_is_read),
        ROOM_TEST(test_archive_folder__links_are_refused_by_name),
        ROOM_TEST(test_archive_folder__fifos_and_sockets_are_refused_without_waiting),
        ROOM_TEST(test_archive_folder__bad_names_are_refused),
        ROOM_TEST(test_archive_folder__folders_that_are_too_deep_are_refused),
        ROOM_TEST(test_archive_folder__files_over_the_limit_are_refused),
        ROOM_TEST(test_archive_folder__empty_folders_are_invalid),
        ROOM_TEST(test_archive_folder__a_file_that_shrank_or_grew_is_a_conflict),
        ROOM_TEST(test_archive_folder__a_file_that_was_replaced_or_removed_is_a_conflict),
        ROOM_TEST(test_archive_folder__a_file_that_was_rewritten_in_place_is_a_conflict),
        ROOM_TEST(test_archive_folder__a_link_put_there_after_listing_is_not_followed),
        ROOM_TEST(test_archive_folder__large_files_are_mapped),
        ROOM_TEST(test_archive_folder__content_outlives_a_change_of_working_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
