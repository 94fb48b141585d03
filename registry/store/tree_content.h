// Content read out of a git tree.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

// Adds every file below `tree` to an empty content and seals it. The store must outlive the
// content. An entry that is not a regular file is STATUS_DAMAGED.
enum status tree_content_read(struct store *store, const struct oid *tree, struct content *out,
                              struct error *err);

// The blob that a file of such content is; false for a file from anywhere else.
bool tree_content_blob(const struct content_file *file, struct oid *out);
