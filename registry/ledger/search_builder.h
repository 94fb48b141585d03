// Makes a knowledge base's full-text index (ledger/search_index.h).
#pragma once

#include "base/error.h"
#include "ledger/search_index.h"

// One thread.
struct search_builder;

// Begins a new file at `path`, where none may be. STATUS_IO.
enum status search_builder_new(struct search_builder **out, const char *path, struct error *err);
// Passages are numbered in the order in which they come.
enum status search_builder_add(struct search_builder *builder, const struct search_passage *passage,
                               const char *text, struct error *err);
// After STATUS_OK the file is complete (not synced: whoever keeps it checks it again).
enum status search_builder_finish(struct search_builder *builder, struct error *err);
void search_builder_free(struct search_builder *builder); // closes; the file stays as it is
void search_builder_release(struct search_builder **builder);
