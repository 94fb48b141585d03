// Files that are made of a release and kept in the environment's folder cache/.
#include "cached_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "trust/hash.h"

#define NAME_BYTES (2 * DIGEST_HEX_BYTES + 16) // two digests, a hyphen, a dot and an ending

void cached_file_release(struct cached_file *file)
{
    file_close(&file->fd);
}

static void print_name(char out[NAME_BYTES], const struct cached_file_name *name,
                       const struct digest *sha256)
{
    char source[DIGEST_HEX_BYTES];
    char own[DIGEST_HEX_BYTES];
    digest_format_hex(&name->source, source);
    digest_format_hex(sha256, own);
    snprintf(out, NAME_BYTES, "%s-%s.%s", source, own, name->ending);
}

// Whether `entry` is a name of such a file, whatever its own digest.
static bool is_named(const char *entry, const struct cached_file_name *name)
{
    char pattern[NAME_BYTES];
    struct digest none = { 0 };
    print_name(pattern, name, &none);
    size_t own = DIGEST_HEX_BYTES; // offset of its own digest, and its length without the NUL
    size_t rest = own + DIGEST_HEX_BYTES - 1;
    return strlen(entry) == strlen(pattern) && strncmp(entry, pattern, own) == 0 &&
           strcmp(entry + rest, pattern + rest) == 0;
}

static enum status measure(struct cached_file *file, const char *label, struct error *err)
{
    struct stat status;
    if (fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode))
        return error_errno(err, "cannot measure", label);
    file->size_bytes = (uint64_t)status.st_size;
    return hash_fd(&file->sha256, file->fd, label, err);
}

static bool open_named(struct cached_file *out, const struct cached_file_name *name, int folder_fd,
                       const char *entry)
{
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    char expected[NAME_BYTES];
    struct error unheard;
    file.fd = openat(folder_fd, entry, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file.fd >= 0 && measure(&file, entry, &unheard) == STATUS_OK) {
        print_name(expected, name, &file.sha256);
        if (strcmp(expected, entry) == 0) {
            *out = file;
            file.fd = -1;
            return true;
        }
    }
    (void)unlinkat(folder_fd, entry, 0);
    return false;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

bool cached_file_find(struct cached_file *out, const struct cached_file_name *name)
{
    DIR *folder OWNED(close_folder) = opendir(name->folder);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL)
        if (is_named(entry->d_name, name) && open_named(out, name, dirfd(folder), entry->d_name))
            return true;
    return false;
}

enum status cached_file_read(const struct cached_file *file, void **out, struct error *err)
{
    char *bytes OWNED(memory_release) = NULL;
    TRY(memory_new(&bytes, 1, file->size_bytes + 1, err));
    for (uint64_t done = 0; done < file->size_bytes;) {
        ssize_t got = pread(file->fd, bytes + done, file->size_bytes - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_errno(err, "cannot read", "a file of the cache");
        done += (uint64_t)got;
    }
    *out = MOVE(bytes);
    return STATUS_OK;
}

static void print_path(struct buffer *out, const struct cached_file_name *name,
                       const struct digest *sha256)
{
    char text[NAME_BYTES];
    print_name(text, name, sha256);
    buffer_append_format(out, "%s/%s", name->folder, text);
}

void cached_file_forget(const struct cached_file *file, const struct cached_file_name *name)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    print_path(&path, name, &file->sha256);
    (void)unlink(buffer_text(&path));
}

// A file under a name of its own, in cache/ if possible. Its release removes the name.
struct making {
    struct buffer path;
    int fd;
};

static void making_release(struct making *making)
{
    if (making->fd >= 0)
        (void)unlink(buffer_text(&making->path)); // gone already when it was kept
    file_close(&making->fd);
    buffer_release(&making->path);
}

static bool open_in(struct making *making, const char *folder)
{
    buffer_truncate(&making->path, 0);
    buffer_append_format(&making->path, "%s/.making-XXXXXX", folder);
    making->fd = making->path.failed ? -1 : mkostemp(making->path.bytes, O_CLOEXEC);
    return making->fd >= 0;
}

static enum status open_new(struct making *making, const char *folder, struct error *err)
{
    if (open_in(making, folder) || open_in(making, archive_spool_folder()))
        return STATUS_OK;
    return error_errno(err, "cannot make a temporary file in", archive_spool_folder());
}

// Under its own name from now on, where that is possible; it can be read in any case.
static void keep(struct making *making, const struct cached_file_name *name,
                 const struct digest *sha256)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    print_path(&path, name, sha256);
    if (!path.failed)
        (void)rename(buffer_text(&making->path),
                     path.bytes); // not from another file system: unnamed
}

enum status cached_file_make(struct cached_file *out, const struct cached_file_name *name,
                             cached_file_make_it make, void *context, struct error *err)
{
    struct making making OWNED(making_release) = { .fd = -1 };
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    TRY(open_new(&making, name->folder, err));
    TRY(make(context, making.fd, buffer_text(&making.path), err));
    file.fd = open(buffer_text(&making.path), O_RDONLY | O_CLOEXEC);
    if (file.fd < 0)
        return error_errno(err, "cannot open", buffer_text(&making.path));
    TRY(measure(&file, buffer_text(&making.path), err));
    keep(&making, name, &file.sha256);
    *out = file;
    file.fd = -1;
    return STATUS_OK;
}
