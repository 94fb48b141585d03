// Git bundles: refs and all that they reach as one stream of bytes, which `git clone`, `git bundle
// verify` and `git fetch` read as well. Source: git's gitformat-bundle(5), version 2.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "store/store.h"

// Takes the next bytes.
typedef enum status (*bundle_sink)(void *context, const void *bytes, size_t length,
                                   struct error *err);

// Writes these refs and everything that their objects reach. Others may write to the store
// meanwhile: objects are only ever added. Memory: what libgit2 needs to deflate them all, a few
// times the size of the largest object and some hundred bytes for each.
enum status bundle_write(struct store *store, const struct store_ref *refs, size_t count,
                         bundle_sink sink, void *context, struct error *err);

// Fills an empty store: every object is hashed again, and everything that the refs reach must be
// there. STATUS_DAMAGED when it is no whole bundle, and for one that builds on others. Not durable
// yet: the caller syncs the folder.
#define BUNDLE_MAX_REFS 10000000 // a hundred times the largest store that was measured
enum status bundle_read(struct store *store, const void *bytes, size_t length, struct error *err);
