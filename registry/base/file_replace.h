// A file that comes to stand under its name whole, and then stays there.
#pragma once

#include "base/error.h"

// Writes the file's bytes to `fd`.
typedef enum status file_replace_writer(void *context, int fd, struct error *err);

// Replaces `path` by what `write` writes: into a file beside it ("<path>.<random>.tmp"), renamed
// when complete. A reader sees the old file or the whole new one, and after STATUS_OK it survives
// power loss: file and folder are synced. After a failure everything is as it was; whoever is
// killed may leave the other file.
enum status file_replace(const char *path, unsigned mode, file_replace_writer *write, void *context,
                         struct error *err);

// "<path>.<random>.tmp": a name that nobody else uses. The caller frees it.
enum status file_replace_name(char **out, const char *path, struct error *err);

// Syncs the folder that `path` stands in, so that its name survives power loss.
enum status file_replace_sync_parent(const char *path, struct error *err);
