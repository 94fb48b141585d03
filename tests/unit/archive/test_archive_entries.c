// Which entries of an archive are refused: links, devices, names that lead elsewhere, doubles.
#include "unit/archive/room.h"

#include "unit/archive/pack.h"

#include "base/memory.h"

#define REFUSED "archive_entry_refused"

// A tar with a good file, then one file of this name.
static void refuses_tar_name(const char *name, const char *words)
{
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "docs/good.md", "good");
    pack_tar_file(&tar, name, "bad");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, words);
}

static void refuses_zip_entry(const struct pack_zip *entry, const char *words)
{
    struct buffer zip = { 0 };
    struct pack_zip entries[] = { { .name = "docs/good.md", .body = "good" }, *entry };
    pack_zip(&zip, entries, COUNT_OF(entries));
    room_refuses(&zip, STATUS_REFUSED, REFUSED, words);
}

static const struct {
    const char *name;
    const char *words;
    const char *zip_words; // where a zip's reader changes the name first
} bad_names[] = {
    { "/etc/passwd", "'/etc/passwd'", NULL },
    { "//etc/passwd", "'//etc/passwd'", NULL },
    { "../outside.md", "'../outside.md'", NULL },
    { "./../outside.md", "'../outside.md'", NULL },
    { "..", "'..'", NULL },
    { "a/../../b", "'a/../../b'", NULL },
    { "a/./b", "'a/./b'", NULL },
    { "a//b", "'a//b'", NULL },
    { "a\\..\\..\\b", "'a\\..\\..\\b'", "'a/../../b'" },
    { "C:/windows/win.ini", "'C:/windows/win.ini'", NULL },
    { "line\nbreak.md", "'line\\x0Abreak.md' has a control character", NULL },
    { "\x1b[31mred.md", "'\\x1B[31mred.md' has a control character", NULL },
    { "caf\xe9.md", "'caf\\xE9.md' has a name that is not UTF-8", NULL },
    { "surrogate\xed\xa0\x80.md", "'surrogate\\xED\\xA0\\x80.md' has a name that is not UTF-8",
      NULL },
    { ".git/config", "'.git/config'", NULL },
    { ".GIT/x", "'.GIT/x'", NULL },
    { "docs/.Git/hooks/x", "'docs/.Git/hooks/x'", NULL },
};

static void test_archive_entries__bad_names_in_a_tar_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_names); i++)
        refuses_tar_name(bad_names[i].name, bad_names[i].words);
}

static void test_archive_entries__bad_names_in_a_zip_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_names); i++)
        refuses_zip_entry(&(struct pack_zip) { .name = bad_names[i].name, .body = "bad" },
                          bad_names[i].zip_words ? bad_names[i].zip_words : bad_names[i].words);
}

static void test_archive_entries__zip_names_flagged_utf8_that_are_not_are_refused(void **state)
{
    (void)state;
    refuses_zip_entry(&(struct pack_zip) { .name = "caf\xe9.md", .flags = 0x800, .body = "bad" },
                      "'(entry 2)' has a name that is not UTF-8");
}

static void test_archive_entries__pax_names_that_are_not_utf8_are_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "path", "caf\xe9.md");
    pack_tar_file(&tar, "plain.md", "bad");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "'caf\\xE9.md' has a name that is not UTF-8");
}

static void test_archive_entries__empty_names_are_refused(void **state)
{
    (void)state;
    refuses_tar_name("", "'(entry 2)' has no name");
    refuses_zip_entry(&(struct pack_zip) { .name = "\0", .name_length = 1, .body = "bad" },
                      "'(entry 2)' has no name");
}

static void test_archive_entries__long_names_are_refused(void **state)
{
    (void)state;
    char name[1200];
    memset(name, 'n', sizeof(name));
    for (size_t i = 100; i < sizeof(name); i += 100)
        name[i] = '/';
    name[sizeof(name) - 1] = '\0';
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "path", name);
    pack_tar_file(&tar, "short", "bad");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "nnn...' is a path longer than 1024 bytes");

    memset(name, 'n', 256);
    name[256] = '\0';
    pack_tar_pax(&tar, "path", name);
    pack_tar_file(&tar, "short", "bad");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "a part of the path is longer than 255 bytes");
}

static void test_archive_entries__bad_folder_names_are_refused_too(void **state)
{
    (void)state;
    static const char *const names[] = { "../", "/", "/etc/", ".git/", "a/../b/" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buffer tar = { 0 };
        pack_tar_typed(&tar, names[i], '5', NULL);
        pack_tar_file(&tar, "a.md", "a");
        pack_tar_end(&tar);
        room_refuses(&tar, STATUS_REFUSED, REFUSED, "");
    }
}

static void test_archive_entries__links_and_devices_in_a_tar_are_refused(void **state)
{
    (void)state;
    static const struct {
        char type;
        const char *link;
        const char *words;
    } types[] = {
        { '1', "/etc/passwd", "'docs/x' is a hard link" },
        { '1', "docs/good.md", "'docs/x' is a hard link" },
        { '2', "/etc", "'docs/x' is a symbolic link" },
        { '2', "good.md", "'docs/x' is a symbolic link" },
        { '2', "", "'docs/x' is a symbolic link" },
        { '3', NULL, "'docs/x' is a character device" },
        { '4', NULL, "'docs/x' is a block device" },
        { '6', NULL, "'docs/x' is a fifo" },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct buffer tar = { 0 };
        pack_tar_file(&tar, "docs/good.md", "good");
        pack_tar_typed(&tar, "docs/x", types[i].type, types[i].link);
        // Through a link that were followed, this would land outside.
        pack_tar_file(&tar, "docs/x/below.md", "below");
        pack_tar_end(&tar);
        room_refuses(&tar, STATUS_REFUSED, REFUSED, types[i].words);
    }
}

static void test_archive_entries__a_hard_link_with_data_is_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_pax(&tar, "comment", "makes it pax, where hard links may have data");
    pack_tar_entry(&tar, &(struct pack_tar) { .name = "docs/x",
                                              .type = '1',
                                              .link = "../../target",
                                              .body = "data",
                                              .body_length = 4 });
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "'docs/x' is a hard link");
}

static void test_archive_entries__links_and_devices_in_a_zip_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t mode;
        const char *words;
    } modes[] = {
        { 0120777, "'docs/x' is a symbolic link" },
        { 0020644, "'docs/x' is a character device" },
        { 0060644, "'docs/x' is a block device" },
        { 0140644, "'docs/x' is a socket" },
    };
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        refuses_zip_entry(
            &(struct pack_zip) { .name = "docs/x", .body = "/etc/passwd", .mode = modes[i].mode },
            modes[i].words);
}

// Info-ZIP writes so what it read from a pipe: the entry has the pipe's mode and a file's bytes.
static void test_archive_entries__a_zip_entry_with_a_fifos_mode_is_a_file(void **state)
{
    (void)state;
    struct buffer zip = { 0 };
    pack_zip(&zip, &(struct pack_zip) { .name = "docs/x", .body = "piped", .mode = 0010644 }, 1);
    room_reads(&zip, "x=piped\n");
}

static void test_archive_entries__encrypted_entries_are_refused(void **state)
{
    (void)state;
    refuses_zip_entry(
        &(struct pack_zip) { .name = "docs/x", .flags = 1, .body = "twelve bytes and more" },
        "'docs/x' is encrypted");
}

static void test_archive_entries__doubles_are_refused(void **state)
{
    (void)state;
    refuses_tar_name("docs/good.md", "'docs/good.md': stands there twice");
    refuses_tar_name("./docs/good.md", "'docs/good.md': stands there twice");
    refuses_zip_entry(&(struct pack_zip) { .name = "docs/good.md", .body = "other" },
                      "'docs/good.md': stands there twice");
}

static void test_archive_entries__a_file_that_is_also_a_folder_is_refused(void **state)
{
    (void)state;
    refuses_tar_name("docs", "'docs': stands for a file and for a folder");
    struct buffer tar = { 0 };
    pack_tar_file(&tar, "x/a", "file");
    pack_tar_file(&tar, "x/a/b", "below");
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "'x/a': stands for a file and for a folder");
}

static void test_archive_entries__a_folder_with_bytes_is_refused(void **state)
{
    (void)state;
    struct buffer tar = { 0 };
    pack_tar_entry(&tar, &(struct pack_tar) {
                             .name = "docs", .type = 'D', .body = "names", .body_length = 5 });
    pack_tar_end(&tar);
    room_refuses(&tar, STATUS_REFUSED, REFUSED, "'docs' is a folder with bytes of its own");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_archive_entries__bad_names_in_a_tar_are_refused_by_name),
        ROOM_TEST(test_archive_entries__bad_names_in_a_zip_are_refused_by_name),
        ROOM_TEST(test_archive_entries__zip_names_flagged_utf8_that_are_not_are_refused),
        ROOM_TEST(test_archive_entries__pax_names_that_are_not_utf8_are_refused),
        ROOM_TEST(test_archive_entries__empty_names_are_refused),
        ROOM_TEST(test_archive_entries__long_names_are_refused),
        ROOM_TEST(test_archive_entries__bad_folder_names_are_refused_too),
        ROOM_TEST(test_archive_entries__links_and_devices_in_a_tar_are_refused),
        ROOM_TEST(test_archive_entries__a_hard_link_with_data_is_refused),
        ROOM_TEST(test_archive_entries__links_and_devices_in_a_zip_are_refused),
        ROOM_TEST(test_archive_entries__a_zip_entry_with_a_fifos_mode_is_a_file),
        ROOM_TEST(test_archive_entries__encrypted_entries_are_refused),
        ROOM_TEST(test_archive_entries__doubles_are_refused),
        ROOM_TEST(test_archive_entries__a_file_that_is_also_a_folder_is_refused),
        ROOM_TEST(test_archive_entries__a_folder_with_bytes_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
