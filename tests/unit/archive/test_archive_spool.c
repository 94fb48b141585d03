// The nameless temporary file.
#include "unit/archive/room.h"

#include "archive/archive_spool.h"

static void test_archive_spool__bytes_come_back_and_gaps_are_zeros(void **state)
{
    (void)state;
    struct archive_spool *spool = NULL;
    struct error err = { 0 };
    assert_int_equal(archive_spool_new(&spool, &err), STATUS_OK);
    assert_int_equal(archive_spool_write(spool, 0, "first", 5, &err), STATUS_OK);
    assert_int_equal(archive_spool_write(spool, 3 << 20, "last", 4, &err), STATUS_OK);
    spool->end_bytes = 5 << 20;
    assert_int_equal(archive_spool_seal(spool, &err), STATUS_OK);

    struct content_source *source = &spool->source;
    const void *bytes = NULL;
    // Twice, for a large view gives its pages back.
    for (int i = 0; i < 2; i++) {
        assert_int_equal(source->map(source, 1, 4 << 20, &bytes, &err), STATUS_OK);
        assert_memory_equal(bytes, "irst\0", 5);
        assert_memory_equal((const char *)bytes + (3 << 20) - 1, "last\0", 5);
        source->unmap(source, bytes, 4 << 20);
    }
    assert_int_equal(source->map(source, (5 << 20) - 1, 1, &bytes, &err), STATUS_OK);
    assert_int_equal(*(const char *)bytes, 0);
    source->free(source);
}

static void test_archive_spool__views_beyond_the_end_are_refused(void **state)
{
    (void)state;
    struct archive_spool *spool = NULL;
    struct error err = { 0 };
    const void *bytes = NULL;
    assert_int_equal(archive_spool_new(&spool, &err), STATUS_OK);
    assert_int_equal(archive_spool_write(spool, 0, "first", 5, &err), STATUS_OK);
    spool->end_bytes = 5;
    struct content_source *source = &spool->source;
    assert_int_equal(source->map(source, 0, 5, &bytes, &err), STATUS_IO);
    assert_int_equal(archive_spool_seal(spool, &err), STATUS_OK);
    assert_int_equal(source->map(source, 1, 5, &bytes, &err), STATUS_IO);
    assert_int_equal(source->map(source, UINT64_MAX, 1, &bytes, &err), STATUS_IO);
    assert_int_equal(source->map(source, 0, 5, &bytes, &err), STATUS_OK);
    source->free(source);
}

static void test_archive_spool__the_file_has_no_name(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct stat info;
    struct buffer before = { 0 };
    struct buffer after = { 0 };
    room_list(&before, "..", 0);
    int fd = -1;
    assert_int_equal(archive_spool_open_file(&fd, &err), STATUS_OK);
    room_list(&after, "..", 0);
    assert_string_equal(before.bytes, after.bytes);
    assert_int_equal(fstat(fd, &info), 0);
    assert_int_equal(info.st_nlink, 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    close(fd);
    buffer_release(&before);
    buffer_release(&after);
}

static void test_archive_spool__a_bad_tmpdir_is_named(void **state)
{
    (void)state;
    struct error err = { 0 };
    int fd = -1;
    setenv("TMPDIR", "nowhere", 1);
    assert_int_equal(archive_spool_open_file(&fd, &err), STATUS_IO);
    assert_int_equal(fd, -1);
    assert_non_null(strstr(err.message, "nowhere"));
    assert_non_null(strstr(err.hint, "TMPDIR"));
    setenv("TMPDIR", "", 1);
    assert_int_equal(archive_spool_open_file(&fd, &err), STATUS_OK);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_spool__bytes_come_back_and_gaps_are_zeros),
        ROOM_TEST(test_archive_spool__views_beyond_the_end_are_refused),
        ROOM_TEST(test_archive_spool__the_file_has_no_name),
        ROOM_TEST(test_archive_spool__a_bad_tmpdir_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
