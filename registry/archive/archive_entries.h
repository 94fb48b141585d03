// Takes an archive's entries, one by one, into content and a spool, within the limits.
#pragma once

#include <stdint.h>

#include "archive/archive_input.h"
#include "archive/archive_spool.h"
#include "artifact/content.h"
#include "base/error.h"

// What one reading needs and knows. Starts with the first five set.
struct archive_entries {
    struct archive *reader;      // open
    struct archive_input *input; // what `reader` reads from, in the end
    struct content *content;     // owns the spool
    struct archive_spool *spool;
    uint64_t limit_bytes; // how much may come out of it
    uint64_t seen;        // entries of any kind
    uint64_t end_bytes;   // where the last one ended in what `reader` was fed
};

// Adds every file. Refuses what archive_rule.h does, links, encrypted entries, and what goes over
// content.h's limits or `limit_bytes`: by the size that an entry declares, before any of it is
// unpacked. An entry with more bytes than it declares is damaged.
enum status archive_entries_read(struct archive_entries *entries, struct error *err);
