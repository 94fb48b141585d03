// What this server keeps with each release, so that answering costs next to nothing: the responses
// to 200 and 304 of each worker, and the archives once somebody asked for them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "archive/archive_writer.h"
#include "base/error.h"
#include "packed.h"
#include "snapshot/snapshot.h"

struct response;

// A face for holder_open (snapshot/holder.h): releases get room for `workers` workers. `*workers`
// must outlive the holder.
struct snapshot_face prepared_face(unsigned *workers);

// The response that says what is in the release (200), or that the caller has it already (304).
// Borrowed until the reader leaves: queue it at once. Each worker has its own, so that no lock is
// shared; it is made at the worker's first answer after live has moved, since it names the state
// (Greenroom-State), and only handed out from then on.
enum status prepared_answer(const struct snapshot_release *release, unsigned worker,
                            const struct snapshot *snapshot, bool is_unchanged,
                            struct response **out, struct error *err);

// An archive's place. At first there is none; who makes it keeps it here, once, or notes that it
// failed, so that it is not tried again at once.
const struct packed *prepared_archive(const struct snapshot_release *release,
                                      enum archive_format format);
void prepared_keep_archive(const struct snapshot_release *release, enum archive_format format,
                           struct packed *packed);
#define PREPARED_RETRY_MS 5000
bool prepared_failed_lately(const struct snapshot_release *release, enum archive_format format);
void prepared_note_failure(const struct snapshot_release *release, enum archive_format format);
