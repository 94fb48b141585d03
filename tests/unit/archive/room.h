// A fresh folder per archive test to work in, and a look at whether anything was left in it.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_reader.h"
#include "artifact/content.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"

// room/work is the working folder, room/temporary is TMPDIR.
struct room {
    char path[64];
    int before; // the working folder before
};

static inline int room_open(void **state)
{
    struct room *room = calloc(1, sizeof(*room));
    room->before = open(".", O_RDONLY | O_DIRECTORY);
    snprintf(room->path, sizeof(room->path), "/tmp/greenroom-archive.XXXXXX");
    if (room->before < 0 || !mkdtemp(room->path) || chdir(room->path) != 0 ||
        mkdir("work", 0755) != 0 || mkdir("temporary", 0755) != 0 || chdir("work") != 0)
        return -1;
    setenv("TMPDIR", "../temporary", 1);
    *state = room;
    return 0;
}

static inline int room_close(void **state)
{
    struct room *room = *state;
    struct error err = { 0 };
    int failed = fchdir(room->before);
    close(room->before);
    failed |= file_remove_tree(room->path, &err) != STATUS_OK;
    free(room);
    return failed;
}

static inline void room_list(struct buffer *out, const char *folder, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct buffer path = { 0 };
        struct stat info;
        buffer_append_format(&path, "%s/%s", folder, entries[i]->d_name);
        bool dots = strcmp(entries[i]->d_name, ".") == 0 || strcmp(entries[i]->d_name, "..") == 0;
        free(entries[i]);
        if (!dots && lstat(path.bytes, &info) == 0) {
            buffer_append_format(out, "%s %o %lld\n", path.bytes, info.st_mode,
                                 (long long)info.st_size);
            if (S_ISDIR(info.st_mode) && depth < 8)
                room_list(out, path.bytes, depth + 1);
        }
        buffer_release(&path);
    }
    free(entries);
}

static inline size_t room_count_open_files(void)
{
    size_t count = 0;
    DIR *entries = opendir("/proc/self/fd");
    while (readdir(entries))
        count++;
    closedir(entries);
    return count;
}

// Everything below the room, and how many files are open: the same before and after a reading.
static inline void room_look(struct buffer *out)
{
    room_list(out, "..", 0);
    buffer_append_format(out, "%zu open\n", room_count_open_files());
}

static inline void room_write(const char *path, const void *bytes, size_t length)
{
    struct error err = { 0 };
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(file_write_all(fd, bytes, length, path, &err), STATUS_OK);
    close(fd);
}

static inline void room_write_text(const char *path, const char *text)
{
    room_write(path, text, strlen(text));
}

// Reads `path`, which must be refused so: with this status and code, with `words` in its message,
// with *out untouched and nothing made, left or opened anywhere in the room.
static inline void room_refuses_path(const char *path, enum status status, const char *code,
                                     const char *words)
{
    struct content out;
    struct content untouched;
    memset(&out, 0x5a, sizeof(out));
    memset(&untouched, 0x5a, sizeof(untouched));
    bool single = true;
    struct error err = { 0 };
    struct buffer before = { 0 };
    struct buffer after = { 0 };
    room_look(&before);
    enum status got = archive_reader_path(&out, &single, path, &err);
    room_look(&after);
    if (got != status || strcmp(err.code, code) != 0 || !strstr(err.message, words))
        fail_msg("expected %d %s '%s', got %d %s '%s'", status, code, words, got, err.code,
                 err.message);
    assert_true(text_is_utf8(err.message, strlen(err.message), NULL));
    assert_memory_equal(&out, &untouched, sizeof(out));
    assert_true(single);
    assert_string_equal(before.bytes, after.bytes);
    buffer_release(&before);
    buffer_release(&after);
}

// The same for an archive's bytes, which are released.
static inline void room_refuses(struct buffer *archive, enum status status, const char *code,
                                const char *words)
{
    room_write("archive.bin", archive->bytes, archive->length);
    buffer_release(archive);
    room_refuses_path("archive.bin", status, code, words);
}

// Reads `path` and says what came, one "path=bytes" a line, in the content's own order.
static inline void room_reads_path(const char *path, const char *expected)
{
    struct content content = { 0 };
    bool single = true;
    struct error err = { 0 };
    if (archive_reader_path(&content, &single, path, &err) != STATUS_OK)
        fail_msg("refused: %s", err.message);
    struct buffer got = { 0 };
    for (size_t i = 0; i < content.count; i++) {
        struct content_view view;
        assert_int_equal(content_view(&view, &content.files[i], &err), STATUS_OK);
        buffer_append_format(&got, "%s=%.*s\n", content.files[i].path, (int)view.size_bytes,
                             view.bytes);
        content_view_release(&view);
    }
    assert_string_equal(buffer_text(&got), expected);
    buffer_release(&got);
    content_release(&content);
}

static inline void room_reads(struct buffer *archive, const char *expected)
{
    room_write("archive.bin", archive->bytes, archive->length);
    buffer_release(archive);
    room_reads_path("archive.bin", expected);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
