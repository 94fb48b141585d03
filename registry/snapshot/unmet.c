// What is live and uses something of which nothing is live.
#include "snapshot/unmet.h"

#include <stdio.h>
#include <string.h>

#include "snapshot/listing.h"
#include "snapshot/snapshot_internal.h"

static void note(struct unmet *unmet, const struct snapshot_release *user, const char *used)
{
    if (unmet->count++ > 0)
        return;
    id_format(&user->id, unmet->user);
    snprintf(unmet->used, sizeof(unmet->used), "%s", used);
}

static void look_at(struct unmet *unmet, const struct snapshot *snapshot,
                    const struct snapshot_release *user)
{
    const char *end = user->uses + user->uses_bytes;
    for (const char *used = user->uses; used < end; used += strlen(used) + 1) {
        struct artifact_id id;
        struct error malformed; // a manifest that was verified names none such
        if (id_parse_bare(&id, used, &malformed) != STATUS_OK)
            continue;
        const struct entry *entry = table_find(snapshot->table, id.kind, id.name, strlen(id.name));
        if (!entry || !entry->live)
            note(unmet, user, used);
    }
}

void unmet_look(struct unmet *unmet, const struct snapshot *snapshot)
{
    const struct listing *listing = snapshot->listing;
    if (unmet->serial == snapshot->serial)
        return;
    *unmet = (struct unmet) { .serial = snapshot->serial };
    for (size_t i = 0; i < listing->chunk_count; i++) {
        const struct listing_chunk *chunk = listing->chunks[i];
        for (size_t at = 0; chunk->has_uses && at < chunk->count; at++)
            look_at(unmet, snapshot, chunk->entries[at]->live);
    }
}
