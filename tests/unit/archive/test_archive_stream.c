// What is cut off, damaged, or far larger than it looks.
#include "unit/archive/room.h"

#include "unit/archive/pack.h"

#include "base/memory.h"

#define UNREADABLE "archive_unreadable"
#define BOMB_BYTES (32U << 20) // over the ratio's free part; zeros pack at about 1000:1

static void pack_good_tar(struct buffer *tar)
{
    struct buffer body = { 0 };
    for (int i = 0; i < 3000; i++)
        buffer_append_format(&body, "%d of 3000: %08x\n", i, i * 2654435761U);
    pack_tar_file(tar, "docs/a.md", body.bytes);
    pack_tar_file(tar, "docs/b.md", "b");
    pack_tar_end(tar);
    buffer_release(&body);
}

static void pack_good(struct buffer *out, int filter)
{
    struct buffer tar = { 0 };
    pack_good_tar(&tar);
    pack_compress(out, &tar, filter);
    buffer_release(&tar);
}

static void test_archive_stream__a_tar_cut_off_anywhere_is_invalid(void **state)
{
    (void)state;
    struct buffer whole = { 0 };
    pack_good_tar(&whole);
    // Within a header, at its end, within data, and between the last entry and the end mark.
    const size_t lengths[] = { 600, 1024, 5000, whole.length - 1600, whole.length - 1024 };
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct buffer cut = { 0 };
        buffer_append(&cut, whole.bytes, lengths[i]);
        room_refuses(&cut, STATUS_INVALID, UNREADABLE, "archive.bin");
    }
    buffer_release(&whole);
}

static void test_archive_stream__what_is_cut_off_in_a_file_names_the_file(void **state)
{
    (void)state;
    struct buffer cut = { 0 };
    pack_good_tar(&cut);
    buffer_truncate(&cut, 5000);
    room_refuses(&cut, STATUS_INVALID, UNREADABLE, "'docs/a.md': Truncated tar archive");
}

static void test_archive_stream__what_is_cut_off_says_how(void **state)
{
    (void)state;
    struct buffer cut = { 0 };
    pack_good(&cut, ARCHIVE_FILTER_GZIP);
    buffer_truncate(&cut, cut.length / 2);
    room_refuses(&cut, STATUS_INVALID, UNREADABLE, "archive.bin: truncated gzip input");
    pack_good(&cut, ARCHIVE_FILTER_ZSTD);
    buffer_truncate(&cut, cut.length / 2);
    room_refuses(&cut, STATUS_INVALID, UNREADABLE, "archive.bin: Truncated zstd input");
}

static void test_archive_stream__gzip_and_zstd_cut_off_anywhere_are_invalid(void **state)
{
    (void)state;
    static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD };
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct buffer whole = { 0 };
        pack_good(&whole, filters[i]);
        for (size_t length = 5; length < whole.length; length += length < 64 ? 1 : 997) {
            struct buffer cut = { 0 };
            buffer_append(&cut, whole.bytes, length);
            room_refuses(&cut, STATUS_INVALID, UNREADABLE, "archive.bin");
        }
        for (size_t missing = 1; missing <= 12; missing++) {
            struct buffer cut = { 0 };
            buffer_append(&cut, whole.bytes, whole.length - missing);
            room_refuses(&cut, STATUS_INVALID, UNREADABLE, "archive.bin");
        }
        buffer_release(&whole);
    }
}

// One stored deflate block: a flipped bit breaks nothing that libarchive looks at.
static void pack_stored_gzip(struct buffer *gzip)
{
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a.md", "a letter for you");
    pack_tar_end(&tar);
    buffer_append(gzip, "\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", 11);
    pack_number(gzip, tar.length, 2);
    pack_number(gzip, ~tar.length & 0xffff, 2);
    buffer_append(gzip, tar.bytes, tar.length);
    pack_number(gzip, pack_checksum(tar.bytes, tar.length), 4);
    pack_number(gzip, tar.length, 4);
    buffer_release(&tar);
}

static void test_archive_stream__gzip_with_a_wrong_trailer_is_invalid(void **state)
{
    (void)state;
    struct buffer gzip = { 0 };
    pack_stored_gzip(&gzip);
    room_reads(&gzip, "a.md=a letter for you\n");
    pack_stored_gzip(&gzip);
    gzip.bytes[15 + PACK_BLOCK + 2] ^= 1; // in the letter
    room_refuses(&gzip, STATUS_INVALID, UNREADABLE, "gzip's checksum does not match");
    for (size_t from_end = 1; from_end <= 8; from_end++) {
        pack_stored_gzip(&gzip);
        gzip.bytes[gzip.length - from_end] ^= 1;
        room_refuses(&gzip, STATUS_INVALID, UNREADABLE, "gzip's checksum does not match");
    }
}

static void test_archive_stream__what_follows_a_gzip_member_is_invalid(void **state)
{
    (void)state;
    struct buffer gzip = { 0 };
    pack_good(&gzip, ARCHIVE_FILTER_GZIP);
    buffer_append_text(&gzip, "garbage");
    room_refuses(&gzip, STATUS_INVALID, UNREADABLE, "not the only thing in its file");

    pack_good(&gzip, ARCHIVE_FILTER_GZIP);
    struct buffer second = { 0 };
    pack_good(&second, ARCHIVE_FILTER_GZIP);
    buffer_append(&gzip, second.bytes, second.length);
    buffer_release(&second);
    room_refuses(&gzip, STATUS_INVALID, UNREADABLE, "something other than zeros follows");
}

static void test_archive_stream__zeros_behind_the_end_are_padding(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a.md", "a");
    pack_tar_end(&tar);
    pack_fill(&tar, 9 * 1024);
    room_reads(&tar, "a.md=a\n");
}

static void test_archive_stream__what_follows_a_tar_is_invalid(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "a.md", "a");
    pack_tar_end(&tar);
    pack_fill(&tar, 200 << 10);
    pack_tar_file(&tar, "hidden.md", "hidden");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_INVALID, UNREADABLE, "something other than zeros follows");
}

static void test_archive_stream__an_archive_packed_twice_is_not_unpacked_twice(void **state)
{
    (void)state;
    struct buffer once = { 0 };
    struct buffer twice = { 0 };
    pack_good(&once, ARCHIVE_FILTER_GZIP);
    pack_compress(&twice, &once, ARCHIVE_FILTER_GZIP);
    buffer_release(&once);
    room_refuses(&twice, STATUS_INVALID, UNREADABLE, "archive.bin");
}

static void test_archive_stream__a_zip_with_a_wrong_checksum_is_invalid(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "a.md", .body = "text", .checksum_or = 1 }, 1);
    room_refuses(&zip, STATUS_INVALID, UNREADABLE, "'a.md': ZIP bad CRC");
}

static void test_archive_stream__a_zip_cut_off_is_invalid(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "a.md", .body = "text" }, 1);
    buffer_truncate(&zip, zip.length - 10);
    room_refuses(&zip, STATUS_INVALID, UNREADABLE, "archive.bin");
}

static void pack_zeros(struct buffer *tar, const char *name)
{
    char *zeros = calloc(1, BOMB_BYTES);
    pack_tar_entry(tar, &(struct pack_tar) {
                            .name = name, .type = '0', .body = zeros, .body_length = BOMB_BYTES });
    free(zeros);
}

static void test_archive_stream__a_bomb_is_refused_by_what_it_declares(void **state)
{
    (void)state;
    static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD };
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct buffer tar = { 0 };
        struct buffer bomb = { 0 };
        pack_zeros(&tar, "zeros.bin");
        pack_tar_end(&tar);
        pack_compress(&bomb, &tar, filters[i]);
        buffer_release(&tar);
        room_refuses(&bomb, STATUS_TOO_LARGE, "archive_ratio",
                     "'zeros.bin' unpacks to more than 200 times");
    }
}

// Nothing is declared here that could be refused: the blocks are folders' entries, or lie behind
// the archive's end.
static void test_archive_stream__a_bomb_without_files_is_refused_as_it_unpacks(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    struct buffer bomb = { 0 };
    for (size_t i = 0; i < BOMB_BYTES / PACK_BLOCK; i++)
        pack_tar_typed(&tar, "docs/", '5', NULL);
    pack_compress(&bomb, &tar, ARCHIVE_FILTER_GZIP);
    room_refuses(&bomb, STATUS_TOO_LARGE, "archive_ratio", "archive.bin: unpacks to more than");

    buffer_truncate(&tar, 0);
    pack_tar_file(&tar, "a.md", "a");
    pack_fill(&tar, BOMB_BYTES);
    pack_compress(&bomb, &tar, ARCHIVE_FILTER_GZIP);
    room_refuses(&bomb, STATUS_TOO_LARGE, "archive_ratio", "archive.bin: unpacks to more than");
    buffer_release(&tar);
}

static void test_archive_stream__a_sparse_bomb_is_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_sparse(&tar, "hole.bin", "0,1", "1000000000", "1");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_TOO_LARGE, "archive_ratio", "'hole.bin' unpacks to more than");
}

static void test_archive_stream__files_over_the_limit_are_refused_by_name(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_header(
        &tar, &(struct pack_tar) { .name = "big.bin", .type = '0', .declared = (1U << 30) + 1 });
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_TOO_LARGE, "file_too_large", "'big.bin': over the limit of 1 GiB");
}

// Five holes of 1 GiB: within the ratio, because of a long file beside them.
static void test_archive_stream__content_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_zeros(&tar, "zeros.bin");
    for (int i = 0; i < 5; i++) {
        char name[32];
        snprintf(name, sizeof(name), "hole%d.bin", i);
        pack_tar_sparse(&tar, name, "0,1", "1073741824", "1");
    }
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_TOO_LARGE, "content_too_large",
                 "'hole3.bin': with it the artifact is over the limit of 4 GiB");
}

static void test_archive_stream__too_many_files_are_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    struct buffer gzip = { 0 };
    for (int i = 0; i < CONTENT_MAX_FILES + 1; i++) {
        char name[16];
        snprintf(name, sizeof(name), "f%06d", i);
        pack_tar_typed(&tar, name, '0', NULL);
    }
    pack_tar_end(&tar);
    pack_compress(&gzip, &tar, ARCHIVE_FILTER_GZIP);
    buffer_release(&tar);
    room_refuses(&gzip, STATUS_TOO_LARGE, "too_many_files", "'f100000': over the limit of 100000");
}

static void test_archive_stream__more_bytes_than_declared_are_invalid(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "SCHILY.realsize", "3");
    pack_tar_file(&tar, "a.md", "more than three");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_INVALID, UNREADABLE, "'a.md': more bytes than the entry says");
}

static void test_archive_stream__data_beyond_what_is_declared_is_invalid(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_sparse(&tar, "hole.bin", "5000,4", "10", "text");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_INVALID, UNREADABLE, "'hole.bin': more bytes than the entry says");
}

static void test_archive_stream__attributes_that_cannot_be_read_are_invalid(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    struct buffer records = { 0 };
    buffer_append_text(&records, "99 path=elsewhere.md\n");
    pack_tar_records(&tar, &records);
    pack_tar_file(&tar, "a.md", "a");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_INVALID, UNREADABLE, "'a.md': Ignoring malformed pax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_stream__a_tar_cut_off_anywhere_is_invalid),
        ROOM_TEST(test_archive_stream__what_is_cut_off_in_a_file_names_the_file),
        ROOM_TEST(test_archive_stream__what_is_cut_off_says_how),
        ROOM_TEST(test_archive_stream__gzip_and_zstd_cut_off_anywhere_are_invalid),
        ROOM_TEST(test_archive_stream__gzip_with_a_wrong_trailer_is_invalid),
        ROOM_TEST(test_archive_stream__what_follows_a_gzip_member_is_invalid),
        ROOM_TEST(test_archive_stream__zeros_behind_the_end_are_padding),
        ROOM_TEST(test_archive_stream__what_follows_a_tar_is_invalid),
        ROOM_TEST(test_archive_stream__an_archive_packed_twice_is_not_unpacked_twice),
        ROOM_TEST(test_archive_stream__a_zip_with_a_wrong_checksum_is_invalid),
        ROOM_TEST(test_archive_stream__a_zip_cut_off_is_invalid),
        ROOM_TEST(test_archive_stream__a_bomb_is_refused_by_what_it_declares),
        ROOM_TEST(test_archive_stream__a_bomb_without_files_is_refused_as_it_unpacks),
        ROOM_TEST(test_archive_stream__a_sparse_bomb_is_refused),
        ROOM_TEST(test_archive_stream__files_over_the_limit_are_refused_by_name),
        ROOM_TEST(test_archive_stream__content_over_the_limit_is_refused),
        ROOM_TEST(test_archive_stream__too_many_files_are_refused),
        ROOM_TEST(test_archive_stream__data_beyond_what_is_declared_is_invalid),
        ROOM_TEST(test_archive_stream__attributes_that_cannot_be_read_are_invalid),
        ROOM_TEST(test_archive_stream__more_bytes_than_declared_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
