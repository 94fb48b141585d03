// What an archive may make its reader hold in memory, and what must not be taken for an attack.
#include "unit/archive/room.h"

#include "unit/archive/pack.h"

#include "archive/archive_input.h"
#include "base/memory.h"

#define UNREADABLE "archive_unreadable"

static void test_archive_input__too_many_folders_are_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    for (int i = 0; i < ARCHIVE_INPUT_MAX_ENTRIES + 1; i++)
        pack_tar_typed(&tar, "docs/", '5', NULL);
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_TOO_LARGE, "too_many_files", "more than 200000 files and folders");
}

// libarchive holds the whole directory in memory before it hands out the first entry.
static void test_archive_input__a_zip_directory_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    buffer_append(&zip, "PK\3\4", 4);
    pack_zip_fields(&zip, &(struct pack_zip) { .name = "a" }, 1);
    buffer_append_text(&zip, "a");
    size_t directory = zip.length;
    struct buffer record = { 0 };
    buffer_append(&record, "PK\1\2", 4);
    pack_number(&record, 0x0314, 2);
    pack_zip_fields(&record, &(struct pack_zip) { .name = "a" }, 1);
    pack_number(&record, 0, 6);
    pack_number(&record, (uint64_t)0100644 << 16, 4);
    pack_number(&record, 0, 4);
    buffer_append_text(&record, "a");
    for (int i = 0; i < ARCHIVE_INPUT_MAX_ENTRIES + 2000; i++)
        buffer_append(&zip, record.bytes, record.length);
    buffer_release(&record);
    pack_zip_end(&zip, ARCHIVE_INPUT_MAX_ENTRIES + 2000, directory);
    room_refuses(&zip, STATUS_TOO_LARGE, "too_many_files",
                 "its directory lists more than 200000 entries");
}

// The length of a gzip header's name is bounded by nothing but its NUL.
static void test_archive_input__an_endless_gzip_name_is_refused(void **state)
{
    (void)state;
    struct buffer gzip = { 0 };
    buffer_append(&gzip, "\x1f\x8b\x08\x08\0\0\0\0\0\x03", 10);
    for (int i = 0; i < 3 << 20; i++)
        buffer_append_byte(&gzip, 'n');
    room_refuses(&gzip, STATUS_INVALID, UNREADABLE, "more than 1 MiB in a row");
}

static void test_archive_input__a_sparse_map_as_long_as_a_file_is_refused(void **state)
{
    (void)state;
    struct buffer map = { 0 };
    buffer_append_text(&map, "900000\n");
    for (int i = 0; i < 900000; i++)
        buffer_append_text(&map, "1\n0\n");
    struct buffer tar = { 0 };
    struct buffer records = { 0 };
    pack_pax_record(&records, "GNU.sparse.major", "1");
    pack_pax_record(&records, "GNU.sparse.minor", "0");
    pack_pax_record(&records, "GNU.sparse.realsize", "10");
    pack_tar_records(&tar, &records);
    pack_tar_entry(
        &tar, &(struct pack_tar) {
                  .name = "hole.bin", .type = '0', .body = map.bytes, .body_length = map.length });
    pack_tar_end(&tar);
    buffer_release(&map);
    room_refuses(&tar, STATUS_INVALID, UNREADABLE, "more than 1 MiB in a row");
}

// What the guards on memory must not take for an attack: files longer than their limits, and a zip
// that holds zips.
static void test_archive_input__long_files_are_read(void **state)
{
    (void)state;
    static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_NONE };
    struct buffer body = { 0 };
    for (uint32_t i = 0, noise = 1; i < 1U << 20; i++, noise = noise * 1664525 + 1013904223)
        buffer_append(&body, &noise, sizeof(noise));
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        struct buffer tar = { 0 };
        struct buffer packed = { 0 };
        pack_tar_entry(&tar, &(struct pack_tar) { .name = "noise.bin",
                                                  .type = '0',
                                                  .body = body.bytes,
                                                  .body_length = body.length });
        pack_tar_end(&tar);
        pack_compress(&packed, &tar, filters[i]);
        room_write("archive.bin", packed.bytes, packed.length);
        buffer_release(&tar);
        buffer_release(&packed);
        struct content content = { 0 };
        struct content_view view;
        struct error err = { 0 };
        bool single = true;
        assert_int_equal(archive_reader_path(&content, &single, "archive.bin", &err), STATUS_OK);
        assert_int_equal(content_view(&view, &content.files[0], &err), STATUS_OK);
        assert_int_equal(view.size_bytes, body.length);
        assert_memory_equal(view.bytes, body.bytes, body.length);
        content_view_release(&view);
        content_release(&content);
    }
    buffer_release(&body);
}

static void test_archive_input__zips_within_a_zip_are_read(void **state)
{
    (void)state;
    struct buffer body = { 0 };
    for (int i = 0; i < ARCHIVE_INPUT_MAX_ENTRIES + 1; i++)
        buffer_append_text(&body, "PK\1\2");
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "a.bin", .body = body.bytes }, 1);
    struct buffer expected = { 0 };
    buffer_append_format(&expected, "a.bin=%s\n", body.bytes);
    room_reads(&zip, expected.bytes);
    buffer_release(&expected);
    buffer_release(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_input__too_many_folders_are_refused),
        ROOM_TEST(test_archive_input__a_zip_directory_that_is_too_long_is_refused),
        ROOM_TEST(test_archive_input__an_endless_gzip_name_is_refused),
        ROOM_TEST(test_archive_input__a_sparse_map_as_long_as_a_file_is_refused),
        ROOM_TEST(test_archive_input__long_files_are_read),
        ROOM_TEST(test_archive_input__zips_within_a_zip_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
