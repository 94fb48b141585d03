// Fuzzes the reading of archives: whatever the bytes, a refusal or content that can be viewed,
// written and read back alike.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/archive_reader.h"
#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#define ROUND_TRIP_MAX_BYTES (1 << 20) // what is larger takes too long to be worth it

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void compare(const struct content *a, const struct content *b)
{
    require(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        struct error err = { 0 };
        struct content_view left OWNED(content_view_release) = { 0 };
        struct content_view right OWNED(content_view_release) = { 0 };
        require(strcmp(a->files[i].path, b->files[i].path) == 0);
        require(content_view(&left, &a->files[i], &err) == STATUS_OK);
        require(content_view(&right, &b->files[i], &err) == STATUS_OK);
        require(left.size_bytes == right.size_bytes);
        require(memcmp(left.bytes, right.bytes, left.size_bytes) == 0);
    }
}

static void round_trip(struct content *content, enum archive_format format)
{
    struct error err = { 0 };
    struct content again OWNED(content_release) = { 0 };
    int fd OWNED(file_close) = memfd_create("written", MFD_CLOEXEC);
    require(archive_writer_fd(fd, format, content, "written", &err) == STATUS_OK);
    require(archive_reader_fd(&again, fd, "written", &err) == STATUS_OK);
    compare(content, &again);
}

// Without one, the top folder would be taken off when the archive is read back.
static bool has_file_at_top(const struct content *content)
{
    for (size_t i = 0; i < content->count; i++)
        if (!strchr(content->files[i].path, '/'))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    int fd OWNED(file_close) = memfd_create("input", MFD_CLOEXEC);
    require(file_write_all(fd, data, size, "input", &err) == STATUS_OK);
    if (archive_reader_fd(&content, fd, "input", &err) != STATUS_OK) {
        require(err.message[0] != '\0' && text_is_utf8(err.message, strlen(err.message), NULL));
        require(content.files == NULL && content.sources == NULL);
        return 0;
    }
    require(content.count > 0);
    compare(&content, &content);
    if (content.total_bytes > ROUND_TRIP_MAX_BYTES || !has_file_at_top(&content))
        return 0;
    round_trip(&content, ARCHIVE_TAR);
    round_trip(&content, ARCHIVE_ZIP);
    return 0;
}
