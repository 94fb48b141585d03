// An artifact's content: a list of files, wherever their bytes are (memory, a folder, an unpacked
// archive, a git tree). Each owner of bytes brings a content_source; the list itself does no I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "base/buffer.h"
#include "base/error.h"

// Limits of one artifact, checked when a file is added.
#define CONTENT_MAX_FILES 100000                    // ten times the largest real base seen
#define CONTENT_MAX_FILE_BYTES (UINT64_C(1) << 30)  // 1 GiB: one git blob, mapped when read
#define CONTENT_MAX_TOTAL_BYTES (UINT64_C(4) << 30) // 4 GiB unpacked: what an archive may grow to
#define CONTENT_MAX_PATH_BYTES 1024                 // whole path; real ones reach 100
#define CONTENT_MAX_PATH_SEGMENTS 64
#define CONTENT_MAX_SEGMENT_BYTES 255 // what ext4 and tar tools can hold

// Where files' bytes come from. One source may stand behind many files; the content that it was
// added to releases it. Not thread-safe.
struct content_source {
    // Makes the `size_bytes` bytes of the file known as `key` readable until unmap. For
    // size_bytes 0 it is not called.
    enum status (*map)(struct content_source *source, uint64_t key, uint64_t size_bytes,
                       const void **out_bytes, struct error *err);
    void (*unmap)(struct content_source *source, const void *bytes, uint64_t size_bytes);
    void (*free)(struct content_source *source);
    // May be NULL. Says that this file, and all others so announced, will be mapped soon: who gets
    // many ready faster than one by one may do so at the first of them.
    void (*expect)(struct content_source *source, uint64_t key);
};

struct content_file {
    char *path; // relative, '/'-separated, valid by content_check_path; owned by the content
    uint64_t size_bytes;
    struct content_source *source;
    uint64_t key;
    struct digest sha256; // of the file's bytes; set with `hashed` by hash_content (trust/hash.h)
    bool hashed;
    const void *held;  // its bytes, where content_hold keeps them
    bool is_held_here; // and not by the content that this one borrows from
};

// Starts as {0}.
struct content {
    struct content_file *files; // sorted by path, bytewise, after content_seal
    size_t count;
    size_t capacity;
    uint64_t total_bytes;
    struct content_source **sources;
    size_t source_count;
    size_t source_capacity;
};

void content_release(struct content *content);

// Hands `source` to the content, which frees it; on failure it is freed at once.
enum status content_own_source(struct content *content, struct content_source *source,
                               struct error *err);

// Adds a file whose bytes come from a source the content owns. Refuses a bad path (STATUS_REFUSED,
// naming it) and what goes over the limits (STATUS_TOO_LARGE).
enum status content_add(struct content *content, const char *path, uint64_t size_bytes,
                        struct content_source *source, uint64_t key, struct error *err);

// Adds a file from memory; the bytes are copied.
enum status content_add_bytes(struct content *content, const char *path, const void *bytes,
                              size_t length, struct error *err);

// Sorts, and refuses duplicate paths and a file that is also a folder ("a" beside "a/b"). Call once
// after the last add; lookups and digests need it.
enum status content_seal(struct content *content, struct error *err);

// The file at `path`, or NULL. Borrowed.
struct content_file *content_find(const struct content *content, const char *path);

// One file's bytes, readable until content_view_release.
struct content_view {
    const char *bytes; // never NULL; not NUL-terminated
    uint64_t size_bytes;
    struct content_source *source; // NULL: nothing to give back
};
enum status content_view(struct content_view *out, const struct content_file *file,
                         struct error *err);
void content_view_release(struct content_view *view);

// Reads the small files once and keeps their bytes until content_release, for whoever looks at all
// of them several times: what was checked is then what is hashed and stored, whatever happens to
// the files meanwhile. Files over CONTENT_HOLD_FILE_BYTES, and those that do not fit into
// CONTENT_HOLD_TOTAL_BYTES any more, go on being read when they are looked at.
#define CONTENT_HOLD_FILE_BYTES (UINT64_C(256) << 10) // beyond, reading is what costs least
#define CONTENT_HOLD_TOTAL_BYTES (UINT64_C(48) << 20) // twelve thousand documents of 4 KiB
enum status content_hold(struct content *content, struct error *err);

// Whether every file's bytes are held: then any number of threads may view them at once.
bool content_is_held(const struct content *content);

// Moves every file under `folder` ("docs" makes "a.md" into "docs/a.md"); before content_seal.
enum status content_move_under(struct content *content, const char *folder, struct error *err);

// Moves all files and sources of `from` into `to`, below `folder`; `from` is empty afterwards, also
// on failure. Before content_seal of `to`.
enum status content_take_under(struct content *to, struct content *from, const char *folder,
                               struct error *err);

// The files of sealed `from` below `folder`, without it, as sealed content whose bytes still belong
// to `from`, which must outlive it.
enum status content_borrow_below(struct content *out, const struct content *from,
                                 const char *folder, struct error *err);

// Whether a path may stand in an artifact: relative, '/'-separated, UTF-8, no empty, "." or ".."
// segment, no ".git" in any letter case, no control character, backslash or colon, within the
// limits. STATUS_REFUSED with the reason.
enum status content_check_path(const char *path, struct error *err);

// Appends the lines that the digest is made of, exactly as sha256sum prints them for the sorted
// files. Every file must be hashed and the content sealed.
void content_append_digest_lines(const struct content *content, struct buffer *out);
