// Reads a folder, or one file, as content.
#include "archive/archive_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_rule.h"
#include "base/file.h"
#include "base/memory.h"

// What a file was when it was listed.
struct listed_file {
    char *path; // below the root; NULL: the root is itself the file
    uint64_t size_bytes;
    ino_t inode;
    struct timespec modified;
};

// A file's key is its place in `files`.
struct folder_source {
    struct content_source source; // first: the content that owns it sees only this
    int root;
    char *label;
    struct listed_file *files;
    size_t count;
    size_t capacity;
};

static void folder_free(struct content_source *source)
{
    struct folder_source *folder = (struct folder_source *)source;
    for (size_t i = 0; i < folder->count; i++)
        free(folder->files[i].path);
    free(folder->files);
    free(folder->label);
    file_close(&folder->root);
    free(folder);
}

static enum status folder_failed(const struct folder_source *folder, const char *what,
                                 const char *path, struct error *err)
{
    int number = errno;
    char shown[ARCHIVE_RULE_SHOWN_BYTES];
    archive_rule_show(shown, path ? path : "");
    return error_set(err, STATUS_IO, "io", "%s %s%s%s: %s", what, folder->label, path ? "/" : "",
                     shown, strerror(number));
}

static enum status file_changed(const struct folder_source *folder, const struct listed_file *file,
                                struct error *err)
{
    error_set(err, STATUS_CONFLICT, "file_changed", "%s%s%s: changed while it was being read",
              folder->label, file->path ? "/" : "", file->path ? file->path : "");
    return error_hint(err, "let nothing write there, then try again");
}

// Opens a file below the root without following a link in any part of the path.
static int open_below(int root, const char *path)
{
    if (!path)
        return fcntl(root, F_DUPFD_CLOEXEC, 0);
    char part[CONTENT_MAX_SEGMENT_BYTES + 1];
    int folder OWNED(file_close) = -1;
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        size_t length = (size_t)(slash - path);
        memcpy(part, path, length);
        part[length] = '\0';
        int next = openat(folder < 0 ? root : folder, part,
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
            return -1;
        file_close(&folder);
        folder = next;
    }
    return openat(folder < 0 ? root : folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static bool is_unchanged(int fd, const struct listed_file *file)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
           (uint64_t)info.st_size == file->size_bytes && info.st_ino == file->inode &&
           info.st_mtim.tv_sec == file->modified.tv_sec &&
           info.st_mtim.tv_nsec == file->modified.tv_nsec;
}

static enum status read_whole(const struct folder_source *folder, const struct listed_file *file,
                              int fd, const void **out_bytes, struct error *err)
{
    char *bytes OWNED(memory_release) = malloc(file->size_bytes);
    if (!bytes)
        return error_no_memory(err);
    uint64_t have = 0;
    while (have < file->size_bytes) {
        ssize_t got = pread(fd, bytes + have, file->size_bytes - have, (off_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return folder_failed(folder, "cannot read", file->path, err);
        if (got == 0)
            return file_changed(folder, file, err);
        have += (uint64_t)got;
    }
    if (!is_unchanged(fd, file))
        return file_changed(folder, file, err);
    *out_bytes = MOVE(bytes);
    return STATUS_OK;
}

static enum status folder_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                              const void **out_bytes, struct error *err)
{
    const struct folder_source *folder = (struct folder_source *)source;
    const struct listed_file *file = &folder->files[key];
    int fd OWNED(file_close) = open_below(folder->root, file->path);
    bool vanished = fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP);
    if (vanished || (fd >= 0 && !is_unchanged(fd, file)))
        return file_changed(folder, file, err);
    if (fd < 0)
        return folder_failed(folder, "cannot open", file->path, err);
    if (size_bytes <= ARCHIVE_FOLDER_READ_BYTES)
        return read_whole(folder, file, fd, out_bytes, err);
    const void *bytes = mmap(NULL, size_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return folder_failed(folder, "cannot map", file->path, err);
    *out_bytes = bytes;
    return STATUS_OK;
}

static void folder_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source;
    void *taken = (void *)(uintptr_t)bytes;
    if (size_bytes <= ARCHIVE_FOLDER_READ_BYTES)
        free(taken);
    else
        munmap(taken, size_bytes);
}

// Makes a source and hands it to the content; `fd` is taken over, also on failure.
static enum status new_source(struct content *content, struct folder_source **out, int fd,
                              const char *label, struct error *err)
{
    int root OWNED(file_close) = fd;
    char *copy OWNED(memory_release) = NULL;
    struct folder_source *folder OWNED(memory_release) = NULL;
    TRY(memory_copy_string(&copy, label, err));
    TRY(memory_new(&folder, 1, sizeof(*folder), err));
    folder->source =
        (struct content_source) { .map = folder_map, .unmap = folder_unmap, .free = folder_free };
    folder->root = root;
    root = -1;
    folder->label = MOVE(copy);
    struct folder_source *owned = MOVE(folder);
    TRY(content_own_source(content, &owned->source, err));
    *out = owned;
    return STATUS_OK;
}

// `path` may be NULL, for the root itself; `name` is what the content calls the file.
static enum status list_file(struct content *content, struct folder_source *folder,
                             const char *path, const char *name, const struct stat *info,
                             struct error *err)
{
    struct listed_file file = { .size_bytes = (uint64_t)info->st_size,
                                .inode = info->st_ino,
                                .modified = info->st_mtim };
    TRY(content_add(content, name, file.size_bytes, &folder->source, folder->count, err));
    TRY(memory_grow(&folder->files, folder->count, &folder->capacity, sizeof(*folder->files), err));
    if (path)
        TRY(memory_copy_string(&file.path, path, err));
    folder->files[folder->count++] = file;
    return STATUS_OK;
}

// A walk of one folder tree. Depth is held by the limit on a path's segments.
struct walk {
    struct content *content;
    struct folder_source *folder;
    struct buffer path; // of the folder that is being read, below the root
};

static void close_folder(DIR **entries)
{
    if (*entries)
        closedir(*entries);
}

static enum status walk_folder(struct walk *walk, int fd, struct error *err);

static enum status walk_entry(struct walk *walk, int parent, const char *name, struct error *err)
{
    const char *path = buffer_text(&walk->path);
    const char *label = walk->folder->label;
    struct stat info;
    if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return folder_failed(walk->folder, "cannot read", path, err);
    char checked[CONTENT_MAX_PATH_BYTES + 1];
    TRY(archive_rule_path(checked, label, path, err));
    TRY(archive_rule_check_type(label, path, info.st_mode & S_IFMT, err));
    if (S_ISREG(info.st_mode))
        return list_file(walk->content, walk->folder, path, path, &info, err);
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return folder_failed(walk->folder, "cannot open", path, err);
    return walk_folder(walk, fd, err);
}

// Takes `fd` over.
static enum status walk_folder(struct walk *walk, int fd, struct error *err)
{
    DIR *entries OWNED(close_folder) = fdopendir(fd);
    if (!entries) {
        file_close(&fd);
        return folder_failed(walk->folder, "cannot read", buffer_text(&walk->path), err);
    }
    size_t length = walk->path.length;
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(entries))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (length > 0)
            buffer_append_byte(&walk->path, '/');
        buffer_append_text(&walk->path, entry->d_name);
        TRY(buffer_check(&walk->path, err));
        TRY(walk_entry(walk, dirfd(entries), entry->d_name, err));
        buffer_truncate(&walk->path, length);
    }
    if (errno != 0)
        return folder_failed(walk->folder, "cannot read", buffer_text(&walk->path), err);
    return STATUS_OK;
}

static void release_walk(struct walk *walk)
{
    buffer_release(&walk->path);
}

enum status archive_folder_read(struct content *content, int fd, const char *label,
                                struct error *err)
{
    struct walk walk OWNED(release_walk) = { .content = content };
    TRY(new_source(content, &walk.folder, fd, label, err));
    int top = fcntl(walk.folder->root, F_DUPFD_CLOEXEC, 0);
    if (top < 0)
        return folder_failed(walk.folder, "cannot open", NULL, err);
    return walk_folder(&walk, top, err);
}

enum status archive_folder_read_file(struct content *content, int fd, const char *name,
                                     const char *label, struct error *err)
{
    struct folder_source *folder = NULL;
    TRY(new_source(content, &folder, fd, label, err));
    char checked[CONTENT_MAX_PATH_BYTES + 1];
    TRY(archive_rule_path(checked, label, name, err));
    struct stat info;
    if (fstat(folder->root, &info) != 0)
        return folder_failed(folder, "cannot read", NULL, err);
    return list_file(content, folder, NULL, checked, &info, err);
}
