// Writes content as a folder.
#include "archive/archive_export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/memory.h"

#define FOLDER_MODE 0777 // less what the umask takes away
#define FILE_MODE 0666

static void close_entries(DIR **entries)
{
    if (*entries)
        closedir(*entries);
}

static enum status check_empty(const char *path, struct error *err)
{
    DIR *entries OWNED(close_entries) = opendir(path);
    if (!entries && errno == ENOTDIR)
        return error_set(err, STATUS_CONFLICT, "exists", "%s: exists, and is not a folder", path);
    if (!entries)
        return error_errno(err, "cannot open", path);
    const struct dirent *entry;
    while ((entry = readdir(entries)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            error_set(err, STATUS_CONFLICT, "folder_not_empty", "%s: is not empty", path);
            return error_hint(err, "name a new folder, or remove what is in this one");
        }
    return STATUS_OK;
}

// Makes (where need be) and opens each folder on the way; hands out the last.
static enum status open_parent(int *out_fd, int root, const char *path, struct error *err)
{
    int folder OWNED(file_close) = fcntl(root, F_DUPFD_CLOEXEC, 0);
    if (folder < 0)
        return error_errno(err, "cannot open the folder of", path);
    char part[CONTENT_MAX_SEGMENT_BYTES + 1];
    for (const char *from = path, *slash; (slash = strchr(from, '/')); from = slash + 1) {
        size_t length = (size_t)(slash - from);
        memcpy(part, from, length);
        part[length] = '\0';
        if (mkdirat(folder, part, FOLDER_MODE) != 0 && errno != EEXIST)
            return error_errno(err, "cannot make the folder of", path);
        int next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
            return error_errno(err, "cannot open the folder of", path);
        file_close(&folder);
        folder = next;
    }
    *out_fd = folder;
    folder = -1;
    return STATUS_OK;
}

static enum status write_file(int root, const struct content_file *file, struct error *err)
{
    // Content's paths were checked when they were added; nothing is written on that alone.
    TRY(content_check_path(file->path, err));
    int folder OWNED(file_close) = -1;
    TRY(open_parent(&folder, root, file->path, err));
    const char *slash = strrchr(file->path, '/');
    int fd OWNED(file_close) =
        openat(folder, slash ? slash + 1 : file->path,
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return error_errno(err, "cannot create", file->path);
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    return file_write_all(fd, view.bytes, view.size_bytes, file->path, err);
}

static enum status write_files(int root, const struct content *content, size_t *begun,
                               struct error *err)
{
    for (; *begun < content->count; ++*begun)
        TRY(write_file(root, &content->files[*begun], err));
    return STATUS_OK;
}

// Removes what stands at the top of the folder because of the first `begun` files. The folder was
// empty, so all of it is ours.
static void undo(const char *path, const struct content *content, size_t begun)
{
    struct error ignored = { 0 };
    for (size_t i = 0; i < begun && i < content->count; i++) {
        struct buffer top OWNED(buffer_release) = { 0 };
        buffer_append_format(&top, "%s/", path);
        buffer_append(&top, content->files[i].path, strcspn(content->files[i].path, "/"));
        if (buffer_check(&top, &ignored) == STATUS_OK)
            file_remove_tree(top.bytes, &ignored);
    }
}

// All of it at once: a knowledge base has up to 100,000 files, and to sync each on its own takes
// some milliseconds.
static enum status sync_all(int root, const char *path, struct error *err)
{
    return syncfs(root) == 0 ? STATUS_OK : error_errno(err, "cannot sync", path);
}

// Into an empty folder.
static enum status fill(const char *path, const struct content *content, struct error *err)
{
    int root OWNED(file_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return error_errno(err, "cannot open", path);
    size_t begun = 0;
    enum status status = write_files(root, content, &begun, err);
    if (status == STATUS_OK)
        status = sync_all(root, path, err);
    if (status != STATUS_OK)
        undo(path, content, begun + 1);
    return status;
}

// Made under another name and renamed when complete and safe: whoever is killed meanwhile, or loses
// power, leaves no half of it under the name that was asked for.
static enum status make(const char *path, const struct content *content, struct error *err)
{
    char *temporary OWNED(memory_release) = NULL;
    TRY(file_replace_name(&temporary, path, err));
    if (mkdir(temporary, FOLDER_MODE) != 0)
        return error_errno(err, "cannot make folder", path);
    enum status status = fill(temporary, content, err);
    if (status == STATUS_OK && rename(temporary, path) != 0) {
        status = error_errno(err, "cannot make folder", path);
        undo(temporary, content, content->count);
    }
    if (status != STATUS_OK) {
        rmdir(temporary);
        return status;
    }
    return file_replace_sync_parent(path, err);
}

enum status archive_export_folder(const char *path, const struct content *content,
                                  struct error *err)
{
    if (file_exists(path)) {
        TRY(check_empty(path, err));
        return fill(path, content, err);
    }
    struct buffer name OWNED(buffer_release) = { 0 };
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') // the other name is made from it
        length--;
    buffer_append(&name, path, length);
    TRY(buffer_check(&name, err));
    return make(name.bytes, content, err);
}
