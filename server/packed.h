// An archive of a release, made once and kept as long as the release.
#pragma once

#include <stdatomic.h>
#include <stddef.h>

#include "archive/archive_writer.h"
#include "base/error.h"
#include "snapshot/snapshot_release.h"

// Immutable. Small ones stand in memory; larger ones in an unlinked temporary file that is mapped,
// so that they take address space and page cache, but neither heap nor a descriptor.
struct packed {
    void *bytes;
    size_t size_bytes;
    size_t mapped_bytes;            // 0: on the heap
    char etag[SNAPSHOT_ETAG_BYTES]; // of the archive's own SHA-256
};
#define PACKED_HEAP_BYTES (64U << 10)

// Packs the release's files, which are in memory. Fails with STATUS_IO (code "stopping") at the
// next file once *stop is set, and when the temporary folder (TMPDIR, /tmp) has no room.
enum status packed_make(struct packed **out, const struct snapshot_release *release,
                        enum archive_format format, const atomic_bool *stop, struct error *err);
void packed_free(struct packed *packed);
