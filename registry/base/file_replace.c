// A file that comes to stand under its name whole.
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define NAME_RANDOM_BYTES 8

enum status file_replace_name(char **out, const char *path, struct error *err)
{
    unsigned char random[NAME_RANDOM_BYTES];
    struct buffer name OWNED(buffer_release) = { 0 };
    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return error_errno(err, "cannot name a temporary file beside", path);
    buffer_append_format(&name, "%s.", path);
    buffer_append_hex(&name, random, sizeof(random));
    buffer_append_text(&name, ".tmp");
    TRY(buffer_check(&name, err));
    *out = buffer_detach(&name);
    return STATUS_OK;
}

enum status file_replace_sync_parent(const char *path, struct error *err)
{
    struct buffer folder OWNED(buffer_release) = { 0 };
    const char *slash = strrchr(path, '/');
    buffer_append(&folder, slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
    TRY(buffer_check(&folder, err));
    return file_sync_folder(folder.bytes, err);
}

static enum status write_durably(int fd, const char *temporary, const char *path,
                                 file_replace_writer *write, void *context, struct error *err)
{
    TRY(write(context, fd, err));
    if (fsync(fd) != 0)
        return error_errno(err, "cannot sync", temporary);
    if (rename(temporary, path) != 0)
        return error_errno(err, "cannot replace", path);
    return STATUS_OK;
}

enum status file_replace(const char *path, unsigned mode, file_replace_writer *write, void *context,
                         struct error *err)
{
    char *temporary OWNED(memory_release) = NULL;
    TRY(file_replace_name(&temporary, path, err));
    int fd OWNED(file_close) =
        open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return error_errno(err, "cannot create", temporary);
    enum status status = write_durably(fd, temporary, path, write, context, err);
    if (status != STATUS_OK) {
        unlink(temporary);
        return status;
    }
    return file_replace_sync_parent(path, err);
}
