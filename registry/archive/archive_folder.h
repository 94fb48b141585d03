// Reads a folder, or one file, as content: the files are listed now and opened when asked for.
#pragma once

#include "artifact/content.h"
#include "base/error.h"

// Files up to this size are read into memory when they are viewed, so that a file which somebody
// shrinks meanwhile is an error and not a SIGBUS. Larger ones are mapped, or memory would grow with
// them: such a file is compared with its listing just before it is mapped, and only one that is cut
// short in the midst of being read could still end the process.
#define ARCHIVE_FOLDER_READ_BYTES (UINT64_C(1) << 20)

// Adds every regular file below the open folder `fd`, which is taken over (also on failure).
// `label` names the folder in messages. What archive_rule.h refuses is refused. A file that is no
// longer what it was when it was listed (size, time of change, inode) is refused when it is viewed:
// STATUS_CONFLICT, code "file_changed".
enum status archive_folder_read(struct content *content, int fd, const char *label,
                                struct error *err);

// Adds the one open regular file `fd`, taken over, under `name`.
enum status archive_folder_read_file(struct content *content, int fd, const char *name,
                                     const char *label, struct error *err);
