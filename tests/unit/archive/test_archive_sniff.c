// Which first bytes make an archive.
#include "unit/archive/room.h"

#include "unit/archive/pack.h"

#include "archive/archive_sniff.h"

static enum archive_sniff_kind sniff(const char *bytes, size_t length)
{
    struct error err = { 0 };
    enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
    assert_int_equal(archive_sniff(&kind, bytes, length, "label", &err), STATUS_OK);
    return kind;
}

static void test_archive_sniff__each_kind_is_told(void **state)
{
    (void)state;
    assert_int_equal(sniff("PK\3\4", 4), ARCHIVE_SNIFF_ZIP);
    assert_int_equal(sniff("PK\5\6", 4), ARCHIVE_SNIFF_EMPTY_ZIP);
    assert_int_equal(sniff("\x1f\x8b\x08\0", 4), ARCHIVE_SNIFF_GZIP);
    assert_int_equal(sniff("\x28\xb5\x2f\xfd", 4), ARCHIVE_SNIFF_ZSTD);
    assert_int_equal(sniff("", 0), ARCHIVE_SNIFF_OTHER);
    assert_int_equal(sniff("PK\3", 3), ARCHIVE_SNIFF_OTHER);
    assert_int_equal(sniff("PK are two letters", 18), ARCHIVE_SNIFF_OTHER);
    assert_int_equal(sniff("{\"kind\":\"tool\"}", 15), ARCHIVE_SNIFF_OTHER);
}

static void test_archive_sniff__tars_are_told_by_magic_or_checksum(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_typed(&tar, "BZh", '0', NULL);
    assert_int_equal(sniff(tar.bytes, 512), ARCHIVE_SNIFF_TAR);
    buffer_release(&tar);
    pack_tar_typed(&tar, "a.md", '0', NULL);
    assert_int_equal(sniff(tar.bytes, 511), ARCHIVE_SNIFF_OTHER);
    buffer_release(&tar);

    // As before POSIX: a checksum, no magic.
    char old[512] = "old.md";
    memset(old + 148, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof(old); i++)
        sum += (unsigned char)old[i];
    snprintf(old + 148, 8, "%06o", sum);
    assert_int_equal(sniff(old, sizeof(old)), ARCHIVE_SNIFF_TAR);
    old[0]++;
    assert_int_equal(sniff(old, sizeof(old)), ARCHIVE_SNIFF_OTHER);

    char text[512];
    memset(text, 'x', sizeof(text));
    assert_int_equal(sniff(text, sizeof(text)), ARCHIVE_SNIFF_OTHER);
}

static void test_archive_sniff__other_archives_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *words;
    } others[] = {
        { "\xfd\x37zXZ\0", 6, "label: is an xz file" },
        { "BZh91AY", 7, "label: is a bzip2 file" },
        { "7z\xbc\xaf\x27\x1c", 6, "label: is a 7z archive" },
        { "Rar!\x1a\x07\x01", 7, "label: is a rar archive" },
        { "\x04\x22\x4d\x18", 4, "label: is an lz4 file" },
        { "LZIP\x01", 5, "label: is an lzip file" },
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct error err = { 0 };
        enum archive_sniff_kind kind = ARCHIVE_SNIFF_OTHER;
        assert_int_equal(archive_sniff(&kind, others[i].bytes, others[i].length, "label", &err),
                         STATUS_INVALID);
        assert_true(text_starts_with(err.message, others[i].words));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archive_sniff__each_kind_is_told),
        cmocka_unit_test(test_archive_sniff__tars_are_told_by_magic_or_checksum),
        cmocka_unit_test(test_archive_sniff__other_archives_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
