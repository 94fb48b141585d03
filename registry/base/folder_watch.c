// Tells when something below a folder, or one file, has changed.
#include "base/folder_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

// A file is whole when its writer closes it. Links and empty files are only made, and folders too.
#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |            \
     IN_DELETE_SELF | IN_MOVE_SELF)

struct folder_watch {
    int fd;
    char *path;       // without links in it
    const char *name; // its last part
    int parent;       // the watch of the folder that it is in: what it is replaced by is seen there
};

void folder_watch_free(struct folder_watch *watch)
{
    if (!watch)
        return;
    file_close(&watch->fd);
    free(watch->path);
    free(watch);
}

void folder_watch_release(struct folder_watch **watch)
{
    folder_watch_free(*watch);
    *watch = NULL;
}

static enum status add(int *out, const struct folder_watch *watch, const char *path, uint32_t more,
                       struct error *err)
{
    *out = inotify_add_watch(watch->fd, path, EVENTS | more);
    if (*out >= 0 || errno == ENOENT || errno == ENOTDIR) // gone already: there will be word of it
        return STATUS_OK;
    if (errno != ENOSPC)
        return error_errno(err, "cannot watch", path);
    error_set(err, STATUS_IO, "watches_too_many", "cannot watch %.300s: too many folders", path);
    return error_hint(err, "fs.inotify.max_user_watches says how many this system watches");
}

static void close_folder(DIR **entries)
{
    if (*entries)
        closedir(*entries);
}

// Watches the folder at `path` and all below it. A folder that is watched already stays as it is,
// so that this may be said again after any change.
static enum status add_tree(const struct folder_watch *watch, struct buffer *path, int depth,
                            struct error *err)
{
    int unused;
    TRY(add(&unused, watch, buffer_text(path), IN_ONLYDIR | IN_DONT_FOLLOW, err));
    DIR *entries OWNED(close_folder) = opendir(buffer_text(path));
    size_t length = path->length;
    const struct dirent *entry;
    if (!entries || depth == FOLDER_WATCH_MAX_DEPTH)
        return STATUS_OK; // who reads the folder says what is wrong with it
    while ((entry = readdir(entries))) {
        bool is_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
        if (!is_folder || strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        buffer_append_byte(path, '/');
        buffer_append_text(path, entry->d_name);
        TRY(buffer_check(path, err));
        TRY(add_tree(watch, path, depth + 1, err));
        buffer_truncate(path, length);
    }
    return STATUS_OK;
}

static enum status watch_all(struct folder_watch *watch, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    if (!file_is_folder(watch->path))
        return STATUS_OK; // a file is seen from the folder that it is in
    buffer_append_text(&path, watch->path);
    TRY(buffer_check(&path, err));
    return add_tree(watch, &path, 0, err);
}

enum status folder_watch_open(struct folder_watch **out, const char *path, struct error *err)
{
    struct folder_watch *watch OWNED(folder_watch_release) = NULL;
    struct buffer parent OWNED(buffer_release) = { 0 };
    TRY(memory_new(&watch, 1, sizeof(*watch), err));
    watch->fd = -1;
    watch->path = realpath(path, NULL);
    if (!watch->path && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, STATUS_NOT_FOUND, "file_not_found", "%s: there is no such file",
                         path);
    if (!watch->path)
        return error_errno(err, "cannot read", path);
    watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch->fd < 0)
        return error_errno(err, "cannot watch", path);
    watch->name = strrchr(watch->path, '/') + 1;
    buffer_append(&parent, watch->path, (size_t)(watch->name - watch->path));
    TRY(buffer_check(&parent, err));
    TRY(add(&watch->parent, watch, parent.bytes, 0, err));
    TRY(watch_all(watch, err));
    *out = MOVE(watch);
    return STATUS_OK;
}

// Takes what there is of events; *out_any when one of them is about what is watched.
static enum status take_events(struct folder_watch *watch, bool *out_any, struct error *err)
{
    _Alignas(struct inotify_event) char bytes[16384];
    ssize_t got;
    while ((got = read(watch->fd, bytes, sizeof(bytes))) != 0) {
        if (got < 0 && errno == EAGAIN)
            return STATUS_OK;
        if (got < 0 && errno != EINTR)
            return error_errno(err, "cannot watch", watch->path);
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const struct inotify_event *)(bytes + at);
            bool is_other = event->wd == watch->parent &&
                            (event->len == 0 || strcmp(event->name, watch->name) != 0);
            *out_any = *out_any || (!is_other && !(event->mask & IN_IGNORED));
            at += (ssize_t)(sizeof(*event) + event->len);
        }
    }
    return STATUS_OK;
}

// Waits for events or the stop; a negative timeout is none. *out_stop, *out_quiet.
static enum status wait_once(const struct folder_watch *watch, int stop_fd, int timeout_ms,
                             bool *out_stop, bool *out_quiet, struct error *err)
{
    struct pollfd fds[] = { { .fd = watch->fd, .events = POLLIN },
                            { .fd = stop_fd, .events = POLLIN } };
    int ready = poll(fds, COUNT_OF(fds), timeout_ms);
    if (ready < 0 && errno != EINTR)
        return error_errno(err, "cannot wait for", watch->path);
    *out_stop = ready > 0 && fds[1].revents != 0;
    *out_quiet = ready == 0;
    return STATUS_OK;
}

enum status folder_watch_wait(struct folder_watch *watch, int stop_fd, bool *out_changed,
                              struct error *err)
{
    bool stop = false;
    bool quiet = false;
    bool changed = false;
    while (!changed) {
        TRY(wait_once(watch, stop_fd, -1, &stop, &quiet, err));
        TRY(take_events(watch, &changed, err));
        if (stop && !changed) {
            *out_changed = false;
            return STATUS_OK;
        }
    }
    int64_t deadline = clock_monotonic_ms() + FOLDER_WATCH_BURST_MS;
    while (!stop && !quiet && clock_monotonic_ms() < deadline) {
        TRY(wait_once(watch, stop_fd, FOLDER_WATCH_QUIET_MS, &stop, &quiet, err));
        TRY(take_events(watch, &changed, err));
    }
    TRY(watch_all(watch, err)); // before anybody looks, so that nothing is missed in new folders
    *out_changed = true;
    return STATUS_OK;
}
