// An artifact's content: a list of files, wherever their bytes are.
#include "artifact/content.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

static void let_go(struct content_file *file)
{
    if (file->is_held_here && file->held)
        file->source->unmap(file->source, file->held, file->size_bytes);
    file->is_held_here = false;
    file->held = NULL;
}

void content_release(struct content *content)
{
    for (size_t i = 0; i < content->count; i++) {
        let_go(&content->files[i]);
        free(content->files[i].path);
    }
    for (size_t i = 0; i < content->source_count; i++)
        content->sources[i]->free(content->sources[i]);
    free(content->files);
    free(content->sources);
    *content = (struct content) { 0 };
}

enum status content_own_source(struct content *content, struct content_source *source,
                               struct error *err)
{
    enum status status = memory_grow(&content->sources, content->source_count,
                                     &content->source_capacity, sizeof(*content->sources), err);
    if (status != STATUS_OK) {
        source->free(source);
        return status;
    }
    content->sources[content->source_count++] = source;
    return STATUS_OK;
}

static enum status refuse_path(const char *path, const char *reason, struct error *err)
{
    error_set(err, STATUS_REFUSED, "path_refused", "'%.300s': %s", path, reason);
    return error_hint(err, "rename it: paths in an artifact are relative, '/'-separated UTF-8 "
                           "without empty, '.', '..' or '.git' parts");
}

static const char *segment_fault(const char *segment, size_t length)
{
    if (length == 0)
        return "empty part in the path";
    if (length > CONTENT_MAX_SEGMENT_BYTES)
        return "a part of the path is longer than 255 bytes";
    if ((length == 1 && segment[0] == '.') || (length == 2 && memcmp(segment, "..", 2) == 0))
        return "'.' or '..' in the path";
    if (length == 4 && strncasecmp(segment, ".git", 4) == 0)
        return "'.git' in the path";
    return NULL;
}

enum status content_check_path(const char *path, struct error *err)
{
    size_t length = strlen(path);
    if (length > CONTENT_MAX_PATH_BYTES)
        return refuse_path(path, "the path is longer than 1024 bytes", err);
    if (!text_is_utf8(path, length, NULL))
        return refuse_path(path, "the path is not UTF-8", err);
    for (const char *at = path; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f || *at == '\\' || *at == ':')
            return refuse_path(path, "control character, backslash or colon in the path", err);
    int segments = 0;
    for (const char *segment = path;; segments++) {
        size_t segment_bytes = strcspn(segment, "/");
        const char *fault = segment_fault(segment, segment_bytes);
        if (fault)
            return refuse_path(path, fault, err);
        if (segment[segment_bytes] == '\0')
            break;
        segment += segment_bytes + 1;
    }
    if (segments >= CONTENT_MAX_PATH_SEGMENTS)
        return refuse_path(path, "more than 64 folders deep", err);
    return STATUS_OK;
}

static enum status check_limits(const struct content *content, const char *path,
                                uint64_t size_bytes, struct error *err)
{
    if (content->count >= CONTENT_MAX_FILES) {
        error_set(err, STATUS_TOO_LARGE, "too_many_files", "'%.300s': over the limit of %d files",
                  path, CONTENT_MAX_FILES);
        return error_hint(err, "split the artifact into several");
    }
    if (size_bytes > CONTENT_MAX_FILE_BYTES) {
        error_set(err, STATUS_TOO_LARGE, "file_too_large",
                  "'%.300s': over the limit of 1 GiB a file", path);
        return error_hint(err, "leave the file out or split it");
    }
    if (size_bytes > CONTENT_MAX_TOTAL_BYTES - content->total_bytes) {
        error_set(err, STATUS_TOO_LARGE, "content_too_large",
                  "'%.300s': with it the artifact is over the limit of 4 GiB", path);
        return error_hint(err, "split the artifact into several");
    }
    return STATUS_OK;
}

enum status content_add(struct content *content, const char *path, uint64_t size_bytes,
                        struct content_source *source, uint64_t key, struct error *err)
{
    TRY(content_check_path(path, err));
    TRY(check_limits(content, path, size_bytes, err));
    TRY(memory_grow(&content->files, content->count, &content->capacity, sizeof(*content->files),
                    err));
    struct content_file file = { .size_bytes = size_bytes, .source = source, .key = key };
    TRY(memory_copy_string(&file.path, path, err));
    content->files[content->count++] = file;
    content->total_bytes += size_bytes;
    return STATUS_OK;
}

// A source that holds one file in memory.
struct memory_source {
    struct content_source source;
    char *bytes;
};

static enum status memory_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                              const void **out_bytes, struct error *err)
{
    (void)key, (void)size_bytes, (void)err;
    *out_bytes = ((struct memory_source *)source)->bytes;
    return STATUS_OK;
}

static void memory_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source, (void)bytes, (void)size_bytes;
}

static void memory_free(struct content_source *source)
{
    free(((struct memory_source *)source)->bytes);
    free(source);
}

enum status content_add_bytes(struct content *content, const char *path, const void *bytes,
                              size_t length, struct error *err)
{
    struct memory_source *source OWNED(memory_release) = NULL;
    char *copy OWNED(memory_release) = NULL;
    TRY(memory_new(&source, 1, sizeof(*source), err));
    TRY(memory_copy_bytes(&copy, bytes, length, err));
    source->source =
        (struct content_source) { .map = memory_map, .unmap = memory_unmap, .free = memory_free };
    source->bytes = MOVE(copy);
    struct content_source *owned = &MOVE(source)->source;
    TRY(content_own_source(content, owned, err));
    return content_add(content, path, length, owned, 0, err);
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct content_file *)a)->path, ((const struct content_file *)b)->path);
}

static int compare_to_path(const void *path, const void *file)
{
    return strcmp(path, ((const struct content_file *)file)->path);
}

struct content_file *content_find(const struct content *content, const char *path)
{
    if (content->count == 0)
        return NULL;
    return bsearch(path, content->files, content->count, sizeof(*content->files), compare_to_path);
}

// "a" and "a/b" need not be neighbours ("a-c" sorts between them), so each folder on a path is
// looked up.
static enum status refuse_file_as_folder(const struct content *content, const char *path,
                                         struct error *err)
{
    char folder[CONTENT_MAX_PATH_BYTES + 1];
    size_t length = strlen(path);
    memcpy(folder, path, length + 1);
    for (size_t i = length; i-- > 0;) {
        if (folder[i] != '/')
            continue;
        folder[i] = '\0';
        if (content_find(content, folder))
            return refuse_path(folder, "stands for a file and for a folder", err);
    }
    return STATUS_OK;
}

enum status content_seal(struct content *content, struct error *err)
{
    if (content->count == 0)
        return STATUS_OK;
    qsort(content->files, content->count, sizeof(*content->files), compare_files);
    for (size_t i = 0; i < content->count; i++) {
        const char *path = content->files[i].path;
        if (i > 0 && strcmp(content->files[i - 1].path, path) == 0)
            return refuse_path(path, "stands there twice", err);
        TRY(refuse_file_as_folder(content, path, err));
    }
    return STATUS_OK;
}

enum status content_view(struct content_view *out, const struct content_file *file,
                         struct error *err)
{
    const void *bytes = file->held ? file->held : "";
    bool is_mapped = !file->held && file->size_bytes > 0;
    if (is_mapped)
        TRY(file->source->map(file->source, file->key, file->size_bytes, &bytes, err));
    *out = (struct content_view) { bytes, file->size_bytes, is_mapped ? file->source : NULL };
    return STATUS_OK;
}

void content_view_release(struct content_view *view)
{
    if (view->source)
        view->source->unmap(view->source, view->bytes, view->size_bytes);
    *view = (struct content_view) { 0 };
}

// Whether the file is one to hold; takes its bytes off what is left.
static bool is_to_hold(const struct content_file *file, uint64_t *left)
{
    if (file->size_bytes == 0 || file->held || file->size_bytes > CONTENT_HOLD_FILE_BYTES ||
        file->size_bytes > *left)
        return false;
    *left -= file->size_bytes;
    return true;
}

enum status content_hold(struct content *content, struct error *err)
{
    uint64_t left = CONTENT_HOLD_TOTAL_BYTES;
    for (size_t i = 0; i < content->count; i++) {
        struct content_file *file = &content->files[i];
        file->is_held_here = file->is_held_here || is_to_hold(file, &left);
        if (file->is_held_here && !file->held && file->source->expect)
            file->source->expect(file->source, file->key);
    }
    for (size_t i = 0; i < content->count; i++) {
        struct content_file *file = &content->files[i];
        if (file->is_held_here && !file->held)
            TRY(file->source->map(file->source, file->key, file->size_bytes, &file->held, err));
    }
    return STATUS_OK;
}

bool content_is_held(const struct content *content)
{
    for (size_t i = 0; i < content->count; i++)
        if (content->files[i].size_bytes > 0 && !content->files[i].held)
            return false;
    return true;
}

enum status content_move_under(struct content *content, const char *folder, struct error *err)
{
    for (size_t i = 0; i < content->count; i++) {
        struct buffer path OWNED(buffer_release) = { 0 };
        buffer_append_format(&path, "%s/%s", folder, content->files[i].path);
        TRY(buffer_check(&path, err));
        TRY(content_check_path(path.bytes, err));
        free(content->files[i].path);
        content->files[i].path = buffer_detach(&path);
    }
    return STATUS_OK;
}

static enum status take_files(struct content *to, struct content *from, const char *folder,
                              struct error *err)
{
    for (size_t i = 0; i < from->count; i++)
        let_go(&from->files[i]); // while its source is sure to be there
    while (from->source_count > 0)
        TRY(content_own_source(to, from->sources[--from->source_count], err));
    for (size_t i = 0; i < from->count; i++) {
        const struct content_file *file = &from->files[i];
        struct buffer path OWNED(buffer_release) = { 0 };
        buffer_append_format(&path, "%s/%s", folder, file->path);
        TRY(buffer_check(&path, err));
        TRY(content_add(to, path.bytes, file->size_bytes, file->source, file->key, err));
        to->files[to->count - 1].sha256 = file->sha256;
        to->files[to->count - 1].hashed = file->hashed;
    }
    return STATUS_OK;
}

enum status content_take_under(struct content *to, struct content *from, const char *folder,
                               struct error *err)
{
    enum status status = take_files(to, from, folder, err);
    content_release(from);
    return status;
}

enum status content_borrow_below(struct content *out, const struct content *from,
                                 const char *folder, struct error *err)
{
    struct content below OWNED(content_release) = { 0 };
    size_t prefix = strlen(folder);
    for (size_t i = 0; i < from->count; i++) {
        const struct content_file *file = &from->files[i];
        if (strncmp(file->path, folder, prefix) != 0 || file->path[prefix] != '/')
            continue;
        TRY(content_add(&below, file->path + prefix + 1, file->size_bytes, file->source, file->key,
                        err));
        below.files[below.count - 1].sha256 = file->sha256;
        below.files[below.count - 1].hashed = file->hashed;
        below.files[below.count - 1].held = file->held;
    }
    TRY(content_seal(&below, err));
    *out = below;
    below = (struct content) { 0 };
    return STATUS_OK;
}

void content_append_digest_lines(const struct content *content, struct buffer *out)
{
    for (size_t i = 0; i < content->count; i++) {
        char hex[DIGEST_HEX_BYTES];
        digest_format_hex(&content->files[i].sha256, hex);
        buffer_append_text(out, hex);
        buffer_append_text(out, "  ");
        buffer_append_text(out, content->files[i].path);
        buffer_append_byte(out, '\n');
    }
}
