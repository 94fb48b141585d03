// One version of a tree as what differs from another.
#include "store/tree_delta.h"

#include <string.h>

#include "base/memory.h"
#include "store/tree_text.h"

#define COPY_MAX_BYTES 0xffffffU // three bytes of size
#define INSERT_MAX_BYTES 127U
#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static uint64_t hash_name(uint64_t hash, const struct tree_text_entry *entry)
{
    for (size_t i = 0; i <= entry->name_bytes; i++) // with its NUL
        hash = (hash ^ (unsigned char)entry->name[i]) * FNV_PRIME;
    return hash;
}

enum status tree_delta_key(const char *tree, size_t length, uint64_t *out, struct error *err)
{
    struct tree_text_entry entry;
    size_t at = 0;
    *out = 0;
    if (length == 0)
        return STATUS_OK;
    TRY(tree_text_read(tree, length, &at, &entry, err));
    uint64_t hash = hash_name(FNV_OFFSET, &entry);
    while (at < length)
        TRY(tree_text_read(tree, length, &at, &entry, err));
    *out = hash_name(hash, &entry);
    return STATUS_OK;
}

static void append_size(struct buffer *out, size_t size)
{
    for (; size > 0x7f; size >>= 7)
        buffer_append_byte(out, (char)(0x80 | (size & 0x7f)));
    buffer_append_byte(out, (char)size);
}

// Which bytes of offset and size follow is told by the first byte's bits; zeros are left out.
static void append_copy(struct buffer *out, size_t offset, size_t size)
{
    while (size > 0) {
        size_t step = size < COPY_MAX_BYTES ? size : COPY_MAX_BYTES;
        uint8_t bytes[8] = { 0x80 };
        size_t used = 1;
        for (unsigned i = 0; i < 7; i++) {
            uint8_t byte = (uint8_t)(i < 4 ? offset >> (8 * i) : step >> (8 * (i - 4)));
            if (byte == 0)
                continue;
            bytes[0] |= (uint8_t)(1U << i);
            bytes[used++] = byte;
        }
        buffer_append(out, bytes, used);
        offset += step;
        size -= step;
    }
}

static void append_insert(struct buffer *out, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t step = length < INSERT_MAX_BYTES ? length : INSERT_MAX_BYTES;
        buffer_append_byte(out, (char)step);
        buffer_append(out, bytes, step);
        bytes += step;
        length -= step;
    }
}

// Two trees, entry by entry.
struct cursor {
    const char *bytes;
    size_t length;
    size_t begin; // of `entry`
    size_t next;  // behind it
    struct tree_text_entry entry;
};

static enum status advance(struct cursor *cursor, struct error *err)
{
    cursor->begin = cursor->next;
    return cursor->next < cursor->length
               ? tree_text_read(cursor->bytes, cursor->length, &cursor->next, &cursor->entry, err)
               : STATUS_OK;
}

static bool is_same(const struct cursor *a, const struct cursor *b)
{
    size_t length = a->next - a->begin;
    return length == b->next - b->begin &&
           memcmp(a->bytes + a->begin, b->bytes + b->begin, length) == 0;
}

// What is the same in a row is copied, what is not is inserted.
static enum status append_operations(struct buffer *out, struct cursor *base, struct cursor *target,
                                     struct error *err)
{
    size_t copy_from = 0;
    size_t copy_bytes = 0;
    TRY(advance(base, err));
    TRY(advance(target, err));
    while (target->begin < target->length) {
        while (base->begin < base->length && tree_text_compare(&base->entry, &target->entry) < 0)
            TRY(advance(base, err));
        size_t length = target->next - target->begin;
        if (base->begin < base->length && is_same(base, target)) {
            if (copy_from + copy_bytes != base->begin) {
                append_copy(out, copy_from, copy_bytes);
                copy_from = base->begin;
                copy_bytes = 0;
            }
            copy_bytes += length;
        } else {
            append_copy(out, copy_from, copy_bytes);
            copy_bytes = 0;
            append_insert(out, target->bytes + target->begin, length);
        }
        TRY(advance(target, err));
    }
    append_copy(out, copy_from, copy_bytes);
    return buffer_check(out, err);
}

enum status tree_delta_append(struct buffer *out, const char *base, size_t base_bytes,
                              const char *target, size_t target_bytes, struct error *err)
{
    struct cursor from = { .bytes = base, .length = base_bytes };
    struct cursor to = { .bytes = target, .length = target_bytes };
    append_size(out, base_bytes);
    append_size(out, target_bytes);
    return append_operations(out, &from, &to, err);
}
