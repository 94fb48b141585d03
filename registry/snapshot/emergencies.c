// How many emergency releases are live in a state.
#include "snapshot/emergencies.h"

#include "snapshot/listing.h"
#include "snapshot/snapshot_internal.h"

struct emergencies emergencies_count(const struct snapshot *snapshot, int64_t now)
{
    struct emergencies count = { 0 };
    const struct listing *listing = snapshot->listing;
    for (size_t i = 0; i < listing->chunk_count; i++) {
        const struct listing_chunk *chunk = listing->chunks[i];
        for (size_t at = 0; chunk->has_emergency && at < chunk->count; at++) {
            int64_t until = chunk->entries[at]->emergency_until;
            count.open += until > now;
            count.expired += until != 0 && until <= now;
        }
    }
    return count;
}
