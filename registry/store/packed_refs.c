// The file packed-refs.
#include "store/packed_refs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/lock_file.h"

#define PACKED_HEADER "# pack-refs with: peeled fully-peeled sorted \n"
#define HEX_BYTES (OID_TEXT_BYTES - 1)

void packed_refs_release(struct packed_refs *refs)
{
    if (refs->length > 0)
        munmap((void *)(uintptr_t)refs->bytes, refs->length);
    *refs = (struct packed_refs) { 0 };
}

// The first line, "# pack-refs with: <traits>", may be missing.
static void read_header(struct packed_refs *refs)
{
    static const char sorted[] = " sorted ";
    const char *newline = refs->length ? memchr(refs->bytes, '\n', refs->length) : NULL;
    if (!newline || refs->bytes[0] != '#')
        return;
    refs->begin = (size_t)(newline - refs->bytes) + 1;
    refs->is_sorted = memmem(refs->bytes, refs->begin, sorted, sizeof(sorted) - 1) != NULL;
}

enum status packed_refs_open(struct packed_refs *out, const char *folder, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct stat info;
    TRY(file_join(&path, folder, PACKED_REFS_NAME, err));
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        *out = (struct packed_refs) { 0 };
        return STATUS_OK;
    }
    if (fd < 0 || fstat(fd, &info) != 0)
        return error_errno(err, "cannot read", path);
    struct packed_refs refs = { .length = (size_t)info.st_size };
    if (refs.length > 0) {
        void *bytes = mmap(NULL, refs.length, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED)
            return error_errno(err, "cannot read", path);
        refs.bytes = bytes;
    }
    read_header(&refs);
    *out = refs;
    return STATUS_OK;
}

static enum status fail_line(const struct packed_refs *refs, size_t at, struct error *err)
{
    size_t length = refs->length - at;
    error_set(err, STATUS_DAMAGED, "refs_malformed", "packed-refs, byte %zu: '%.*s' is no ref", at,
              length < 60 ? (int)length : 60, refs->bytes + at);
    return error_hint(err, "restore the store from a backup or replica");
}

static enum status read_hex(const char *from, struct oid *out, struct error *err)
{
    char hex[OID_TEXT_BYTES];
    memcpy(hex, from, HEX_BYTES);
    hex[HEX_BYTES] = '\0';
    return oid_parse(out, hex, err);
}

enum status packed_refs_next(const struct packed_refs *refs, size_t *at, struct packed_ref *out,
                             bool *out_found, struct error *err)
{
    *out_found = false;
    if (*at >= refs->length)
        return STATUS_OK;
    const char *line = refs->bytes + *at;
    const char *end = refs->bytes + refs->length;
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    *out = (struct packed_ref) { 0 };
    if (!newline || newline - line <= HEX_BYTES + 1 || line[HEX_BYTES] != ' ' ||
        read_hex(line, &out->oid, err) != STATUS_OK)
        return fail_line(refs, *at, err);
    out->name = line + HEX_BYTES + 1;
    out->name_bytes = (size_t)(newline - out->name);
    const char *next = newline + 1;
    if (next < end && *next == '^') {
        if (end - next < HEX_BYTES + 2 || next[HEX_BYTES + 1] != '\n' ||
            read_hex(next + 1, &out->peeled, err) != STATUS_OK)
            return fail_line(refs, (size_t)(next - refs->bytes), err);
        next += HEX_BYTES + 2;
    }
    *at = (size_t)(next - refs->bytes);
    *out_found = true;
    return STATUS_OK;
}

static int compare_name(const struct packed_ref *ref, const char *name, size_t name_bytes)
{
    size_t shorter = ref->name_bytes < name_bytes ? ref->name_bytes : name_bytes;
    int order = memcmp(ref->name, name, shorter);
    if (order != 0)
        return order;
    return ref->name_bytes == name_bytes ? 0 : ref->name_bytes < name_bytes ? -1 : 1;
}

// Where the ref begins that holds the byte at `at`; not before `begin`.
static size_t line_begin(const struct packed_refs *refs, size_t begin, size_t at)
{
    for (;;) {
        while (at > begin && refs->bytes[at - 1] != '\n')
            at--;
        if (at == begin || refs->bytes[at] != '^')
            return at;
        at--; // what a tag names stands behind it
    }
}

enum status packed_refs_seek(const struct packed_refs *refs, const char *name, size_t *out_at,
                             struct error *err)
{
    size_t low = refs->begin;
    size_t high = refs->is_sorted ? refs->length : refs->begin;
    size_t name_bytes = strlen(name);
    while (low < high) {
        size_t middle = line_begin(refs, low, low + (high - low) / 2);
        size_t next = middle;
        struct packed_ref ref;
        bool found;
        TRY(packed_refs_next(refs, &next, &ref, &found, err));
        if (compare_name(&ref, name, name_bytes) < 0)
            low = next;
        else
            high = middle;
    }
    *out_at = low;
    return STATUS_OK;
}

enum status packed_refs_find(const struct packed_refs *refs, const char *name, struct oid *out,
                             struct error *err)
{
    size_t name_bytes = strlen(name);
    size_t at = 0;
    TRY(packed_refs_seek(refs, name, &at, err));
    *out = (struct oid) { 0 };
    for (bool found = true; found;) {
        struct packed_ref ref;
        TRY(packed_refs_next(refs, &at, &ref, &found, err));
        int order = found ? compare_name(&ref, name, name_bytes) : 0;
        if (found && order == 0) {
            *out = ref.oid;
            return STATUS_OK;
        }
        if (order > 0 && refs->is_sorted)
            break;
    }
    return STATUS_OK;
}

static enum status is_below(const struct packed_refs *refs, const struct buffer *folder, bool *out,
                            struct error *err)
{
    size_t at = 0;
    struct packed_ref ref;
    TRY(packed_refs_seek(refs, folder->bytes, &at, err));
    *out = false;
    for (bool found = true; found && !*out;) {
        TRY(packed_refs_next(refs, &at, &ref, &found, err));
        *out = found && ref.name_bytes > folder->length &&
               memcmp(ref.name, folder->bytes, folder->length) == 0;
        found = found && !refs->is_sorted; // in order, the first one tells
    }
    return STATUS_OK;
}

enum status packed_refs_allow(const struct packed_refs *refs, const char *name, bool *out,
                              struct error *err)
{
    struct buffer folder OWNED(buffer_release) = { 0 };
    bool taken = false;
    for (const char *slash = strchr(name, '/'); slash && !taken; slash = strchr(slash + 1, '/')) {
        struct oid oid;
        buffer_truncate(&folder, 0);
        buffer_append(&folder, name, (size_t)(slash - name));
        TRY(buffer_check(&folder, err));
        TRY(packed_refs_find(refs, folder.bytes, &oid, err));
        taken = !oid_is_none(&oid);
    }
    if (!taken) {
        buffer_truncate(&folder, 0);
        buffer_append_format(&folder, "%s/", name);
        TRY(buffer_check(&folder, err));
        TRY(is_below(refs, &folder, &taken, err));
    }
    *out = !taken;
    return STATUS_OK;
}

static int compare_refs(const void *a, const void *b)
{
    const struct packed_ref *right = b;
    return compare_name(a, right->name, right->name_bytes);
}

// All the refs of a file, in order.
struct ref_list {
    struct packed_ref *items;
    size_t count;
    size_t capacity;
};

static void release_list(struct ref_list *list)
{
    free(list->items);
}

static enum status read_all(const struct packed_refs *refs, struct ref_list *list,
                            struct error *err)
{
    size_t at = refs->begin;
    for (bool found = true; found;) {
        TRY(memory_grow(&list->items, list->count, &list->capacity, sizeof(*list->items), err));
        TRY(packed_refs_next(refs, &at, &list->items[list->count], &found, err));
        list->count += found;
    }
    if (!refs->is_sorted)
        qsort(list->items, list->count, sizeof(*list->items), compare_refs);
    return STATUS_OK;
}

static void append_ref(struct buffer *out, const struct packed_ref *ref)
{
    buffer_append_hex(out, ref->oid.bytes, OID_BYTES);
    buffer_append_byte(out, ' ');
    buffer_append(out, ref->name, ref->name_bytes);
    buffer_append_byte(out, '\n');
    if (oid_is_none(&ref->peeled))
        return;
    buffer_append_byte(out, '^');
    buffer_append_hex(out, ref->peeled.bytes, OID_BYTES);
    buffer_append_byte(out, '\n');
}

// Both lists are sorted; of two of a name the new one is kept.
static void append_merged(struct buffer *out, const struct ref_list *old,
                          const struct packed_ref *refs, size_t count)
{
    size_t next = 0;
    for (size_t i = 0; i < old->count; i++) {
        int order = -1;
        while (next < count && (order = compare_refs(&refs[next], &old->items[i])) < 0)
            append_ref(out, &refs[next++]);
        if (next == count || order != 0)
            append_ref(out, &old->items[i]);
    }
    for (; next < count; next++)
        append_ref(out, &refs[next]);
}

enum status packed_refs_add(const char *folder, const struct packed_ref *refs, size_t count,
                            struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    struct packed_refs old OWNED(packed_refs_release) = { 0 };
    struct ref_list list OWNED(release_list) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(file_join(&path, folder, PACKED_REFS_NAME, err));
    TRY(lock_file_take(&lock, path, err));
    TRY(packed_refs_open(&old, folder, err));
    TRY(read_all(&old, &list, err));
    buffer_append_text(&text, PACKED_HEADER);
    append_merged(&text, &list, refs, count);
    TRY(buffer_check(&text, err));
    return lock_file_commit(&lock, text.bytes, text.length, err);
}
