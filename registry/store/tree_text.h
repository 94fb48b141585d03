// A tree's bytes as git keeps them: entries of "<mode> <name>", a NUL and the id, sorted by name as
// if folders' names ended with '/'. Source: git's Documentation, "Git Internals - Git Objects".
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"

// One entry; `name` is borrowed and, in a tree that was read, NUL-terminated.
struct tree_text_entry {
    const char *name;
    size_t name_bytes;
    struct oid oid;
    bool is_tree;
};

// Appends an entry: a folder, or a plain file (mode 100644).
void tree_text_append(struct buffer *out, const struct tree_text_entry *entry);

// Reads the entry at *at and moves *at behind it; STATUS_DAMAGED when there is none.
enum status tree_text_read(const char *bytes, size_t length, size_t *at,
                           struct tree_text_entry *out, struct error *err);

// git's order: less than, equal to or greater than zero.
int tree_text_compare(const struct tree_text_entry *a, const struct tree_text_entry *b);

// Whether git allows the name in a tree: not empty, ".", ".." or anything that some file system
// takes for ".git", and without '/'. STATUS_REFUSED otherwise.
enum status tree_text_check_name(const char *name, size_t name_bytes, struct error *err);
