// The writer's trees: put together of content, and by changing some paths of another tree. They
// join the write in progress; nothing below an unchanged folder is read.
#pragma once

#include <stddef.h>

#include "artifact/content.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"
#include "store/writer.h"

// See writer_put_tree.
enum status writer_tree_apply(struct store *store, const struct oid *base,
                              const struct writer_change *changes, size_t count, struct oid *out,
                              struct error *err);

// The trees of sealed content, whose files have the blobs `ids`, in the same order.
enum status writer_tree_of_content(struct store *store, const struct content *content,
                                   const struct oid *ids, struct oid *out, struct error *err);
