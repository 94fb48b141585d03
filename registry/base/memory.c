// Ownership: checked allocation.
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GROW_FIRST_ITEMS 16
#define LARGE_PAGE_BYTES ((size_t)2 << 20)

void memory_release(void *pointer_address)
{
    void *pointer = NULL;
    memcpy(&pointer, pointer_address, sizeof(pointer));
    free(pointer);
    pointer = NULL;
    memcpy(pointer_address, &pointer, sizeof(pointer));
}

enum status memory_new(void *out_pointer, size_t count, size_t size_bytes, struct error *err)
{
    void *memory = calloc(count ? count : 1, size_bytes);
    if (!memory)
        return error_no_memory(err);
    memcpy(out_pointer, &memory, sizeof(memory));
    return STATUS_OK;
}

enum status memory_new_room(void *out_pointer, size_t size_bytes, struct error *err)
{
    void *memory = malloc(size_bytes ? size_bytes : 1);
    if (!memory)
        return error_no_memory(err);
    memcpy(out_pointer, &memory, sizeof(memory));
    return STATUS_OK;
}

enum status memory_new_large(void *out_pointer, size_t size_bytes, struct error *err)
{
    size_t pages = (size_bytes + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES;
    void *memory = NULL;
    if (size_bytes < LARGE_PAGE_BYTES || size_bytes > SIZE_MAX - LARGE_PAGE_BYTES)
        return memory_new_room(out_pointer, size_bytes, err);
    memory = aligned_alloc(LARGE_PAGE_BYTES, pages * LARGE_PAGE_BYTES);
    if (!memory)
        return error_no_memory(err);
    (void)madvise(memory, pages * LARGE_PAGE_BYTES, MADV_HUGEPAGE); // as well without
    memcpy(out_pointer, &memory, sizeof(memory));
    return STATUS_OK;
}

enum status memory_copy_bytes(char **out, const void *bytes, size_t length, struct error *err)
{
    char *copy = length < SIZE_MAX ? malloc(length + 1) : NULL;
    if (!copy)
        return error_no_memory(err);
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    *out = copy;
    return STATUS_OK;
}

enum status memory_copy_string(char **out, const char *text, struct error *err)
{
    return memory_copy_bytes(out, text, strlen(text), err);
}

enum status memory_grow(void *items_address, size_t count, size_t *capacity, size_t item_bytes,
                        struct error *err)
{
    if (count < *capacity)
        return STATUS_OK;
    size_t wanted = *capacity ? *capacity : GROW_FIRST_ITEMS / 2;
    if (wanted > SIZE_MAX / 2 / item_bytes)
        return error_no_memory(err);
    wanted *= 2;
    void *items = NULL;
    memcpy(&items, items_address, sizeof(items));
    void *grown = realloc(items, wanted * item_bytes);
    if (!grown)
        return error_no_memory(err);
    memcpy(items_address, &grown, sizeof(grown));
    *capacity = wanted;
    return STATUS_OK;
}

bool memory_equal(const void *a, const void *b, size_t length)
{
    const char *one = a;
    const char *other = b;
    uint64_t difference = 0;
    size_t at = 0;
    for (; at + sizeof(uint64_t) <= length; at += sizeof(uint64_t)) {
        uint64_t words[2];
        memcpy(&words[0], one + at, sizeof(words[0]));
        memcpy(&words[1], other + at, sizeof(words[1]));
        difference |= words[0] ^ words[1];
        __asm__("" : "+r"(difference)); // or the compiler might end the loop at the first one
    }
    for (; at < length; at++)
        difference |= (unsigned char)(one[at] ^ other[at]);
    return difference == 0;
}
