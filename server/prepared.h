// What this server keeps with each release, so that answering costs next to nothing: the response
// that all its pieces are sent from, and what is made when somebody first asks for it.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "packed.h"
#include "searchable.h"
#include "snapshot/snapshot.h"

// A face for holder_open (snapshot/holder.h).
struct snapshot_face prepared_face(void);

// The response whose content is all the release's bytes (release->bytes). Borrowed until the reader
// leaves.
struct response *prepared_response(const struct snapshot_release *release);

// What is made in a thread of its own when it is first asked for. At first there is none; who makes
// it keeps it here, once, or notes that it failed, so that it is not tried again at once.
enum prepared_kind { PREPARED_TAR_GZ, PREPARED_ZIP, PREPARED_SEARCH, PREPARED_COUNT };

bool prepared_is_made(const struct snapshot_release *release, enum prepared_kind kind);
const struct packed *prepared_archive(const struct snapshot_release *release,
                                      enum prepared_kind kind);                 // NULL: not made
struct searchable *prepared_searchable(const struct snapshot_release *release); // likewise

struct prepared_plan {
    const char *cache_path;
    unsigned workers;
    const atomic_bool *stop;
};
// Makes and keeps it. Notes a failure, too.
enum status prepared_make(const struct snapshot_release *release, enum prepared_kind kind,
                          const struct prepared_plan *plan, struct error *err);

#define PREPARED_RETRY_MS 5000
bool prepared_failed_lately(const struct snapshot_release *release, enum prepared_kind kind);
