// One version of a tree as what differs from another: a folder of 1,000 entries in which one
// changes takes 50 bytes instead of 35,000. Source of the form: gitformat-pack(5), "Deltified
// representation".
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// Which trees are likely versions of the same folder: those whose first and last names are the same
// have the same key. STATUS_DAMAGED for what is no tree; the empty tree's key is 0.
enum status tree_delta_key(const char *tree, size_t length, uint64_t *out, struct error *err);

// Appends the delta that makes `target` of `base`.
enum status tree_delta_append(struct buffer *out, const char *base, size_t base_bytes,
                              const char *target, size_t target_bytes, struct error *err);
