// An archive of a release, made once and kept as long as the release.
#pragma once

#include <stdatomic.h>

#include "archive/archive_writer.h"
#include "base/error.h"
#include "response.h"
#include "snapshot/snapshot_release.h"

#define PACKED_HEAP_BYTES (256U << 10) // up to this: a copy in memory, which takes no descriptor

// Immutable. Larger ones are sent from their file, and take no memory of ours at all. None is
// mapped: who cuts a file of the cache short must not be able to end the server.
struct packed {
    struct response *response;      // its content is the whole file
    char etag[SNAPSHOT_ETAG_BYTES]; // of the archive's own SHA-256
};

struct packed_plan {
    const char *cache_path; // the environment's cache/
    enum archive_format format;
    const char *ending;      // "tar.gz"
    const atomic_bool *stop; // set: give it up
};

// Takes it from the cache when it is there and unpacks to the very content of the release; else
// packs the release's files, which are in memory. Fails with STATUS_IO (code "stopping") at the
// next file once *stop is set, and when there is no room for it.
enum status packed_make(struct packed **out, const struct snapshot_release *release,
                        const struct packed_plan *plan, struct error *err);
void packed_free(struct packed *packed);
