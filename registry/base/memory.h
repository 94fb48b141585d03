// Ownership: owners are declared empty with their release on the same line, and handed over last.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

// `char *name OWNED(memory_release) = NULL;` frees at the end of the scope, on every path.
#define OWNED(release) __attribute__((cleanup(release)))

// Hands an owned pointer over: yields it and leaves NULL behind.
#define MOVE(pointer)                                                                              \
    ({                                                                                             \
        __typeof__(pointer) *move_from_ = &(pointer);                                              \
        __typeof__(pointer) move_value_ = *move_from_;                                             \
        *move_from_ = NULL;                                                                        \
        move_value_;                                                                               \
    })

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

// Cleanup for memory from malloc; takes the address of the pointer.
void memory_release(void *pointer_address);

// Zeroed memory for `count` items of `size_bytes`; the caller frees it.
enum status memory_new(void *out_pointer, size_t count, size_t size_bytes, struct error *err);

// The same for `size_bytes` bytes that are not zeroed: for what is written before it is read, and
// seldom to its end.
enum status memory_new_room(void *out_pointer, size_t size_bytes, struct error *err);

// The same for very many bytes, of which the kernel is asked to hand out large pages.
enum status memory_new_large(void *out_pointer, size_t size_bytes, struct error *err);

// A copy of a NUL-terminated string, or of `length` bytes with a NUL put behind them.
enum status memory_copy_string(char **out, const char *text, struct error *err);
enum status memory_copy_bytes(char **out, const void *bytes, size_t length, struct error *err);

// Makes room for one more item in a growing array: after STATUS_OK, *items has capacity > count.
// Doubles, so that n appends cost O(n). New room is not zeroed.
enum status memory_grow(void *items_address, size_t count, size_t *capacity, size_t item_bytes,
                        struct error *err);

// Whether both hold the same bytes, without telling by time where they differ: for secrets, and for
// what secrets stand in.
bool memory_equal(const void *a, const void *b, size_t length);
