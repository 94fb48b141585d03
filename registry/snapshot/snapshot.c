// One state of live, as a reader sees it.
#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "snapshot/snapshot_internal.h"

const char *snapshot_commit(const struct snapshot *snapshot)
{
    return snapshot->commit;
}

const char *snapshot_control_commit(const struct snapshot *snapshot)
{
    return snapshot->control_commit;
}

struct snapshot *snapshot_at(struct snapshot *snapshot, const char *commit, size_t commit_bytes)
{
    if (commit_bytes != OID_TEXT_BYTES - 1)
        return NULL;
    if (memcmp(snapshot->commit, commit, commit_bytes) == 0)
        return snapshot;
    for (size_t i = 0; i < snapshot->held_count; i++)
        if (memcmp(snapshot->held[i]->commit, commit, commit_bytes) == 0)
            return snapshot->held[i];
    return NULL;
}

uint64_t snapshot_serial(const struct snapshot *snapshot)
{
    return snapshot->serial;
}

size_t snapshot_count(const struct snapshot *snapshot)
{
    return snapshot->listing->count;
}

const struct snapshot_release *snapshot_find(const struct snapshot *snapshot,
                                             enum artifact_kind kind, const char *name,
                                             size_t name_bytes, uint32_t version)
{
    const struct entry *entry = table_find(snapshot->table, kind, name, name_bytes);
    return entry ? entry_find(entry, version) : NULL;
}

// An earlier state knows nothing of what was decided later. Versions are never taken away but by a
// quarantine, so that what the newest state does not have under its version was quarantined.
static bool may_be_served(const struct snapshot *snapshot, const struct snapshot_release *release)
{
    const struct snapshot_release *now =
        snapshot_find(snapshot, release->id.kind, release->id.name, strlen(release->id.name),
                      release->id.version);
    return now && digest_equal(&now->digest, &release->digest);
}

const struct snapshot_release *snapshot_find_at(const struct snapshot *snapshot,
                                                const struct snapshot *state,
                                                enum artifact_kind kind, const char *name,
                                                size_t name_bytes, uint32_t version)
{
    const struct snapshot_release *release = snapshot_find(state, kind, name, name_bytes, version);
    if (!release || state == snapshot || may_be_served(snapshot, release))
        return release;
    return NULL;
}

const struct control_key *snapshot_find_any_key(const struct snapshot *snapshot,
                                                const struct digest *digest)
{
    return key_table_find(snapshot->control->keys, digest);
}

const struct control_key *snapshot_find_key(const struct snapshot *snapshot,
                                            const struct digest *digest, int64_t now)
{
    const struct control_key *key = snapshot_find_any_key(snapshot, digest);
    return key && control_key_is_valid(key, now) ? key : NULL;
}

void snapshot_text_drop(struct snapshot_text *text)
{
    if (text && atomic_fetch_sub_explicit(&text->holds, 1, memory_order_acq_rel) == 1)
        free(text);
}

bool snapshot_key_reaches_all(const struct control_key *key)
{
    bool reaches = !key || control_key_covers_all(key);
    for (size_t i = 0; !reaches && i < key->scope_count; i++)
        reaches = strcmp(key->scopes[i], "*") == 0;
    return reaches;
}

// Items are JSON already, made with their entries; what remains is to put commas between them.
static void append_items(struct buffer *out, const struct snapshot *snapshot,
                         const struct snapshot *state, const struct control_key *key)
{
    const struct listing *listing = state->listing;
    bool is_first = true;
    for (size_t i = 0; i < listing->chunk_count; i++) {
        const struct listing_chunk *chunk = listing->chunks[i];
        for (size_t at = 0; at < chunk->count; at++) {
            const struct entry *entry = chunk->entries[at];
            if ((key && !control_key_covers_name(key, entry->key)) ||
                (state != snapshot && !may_be_served(snapshot, entry->live)))
                continue;
            if (!is_first)
                buffer_append_byte(out, ',');
            buffer_append(out, entry->item, entry->item_bytes);
            is_first = false;
        }
    }
}

static enum status print_live(const struct snapshot *snapshot, const struct snapshot *state,
                              const struct control_key *key, struct snapshot_text **out,
                              struct error *err)
{
    struct buffer body OWNED(buffer_release) = { 0 };
    struct snapshot_text *text = NULL;
    buffer_append_text(&body, "{\"commit\":\"");
    buffer_append_text(&body, state->commit); // hex: nothing to escape
    buffer_append_text(&body, "\",\"artifacts\":[");
    append_items(&body, snapshot, state, key);
    buffer_append_text(&body, "]}");
    TRY(buffer_check(&body, err));
    TRY(memory_new(&text, 1, sizeof(*text) + body.length, err));
    atomic_init(&text->holds, 1);
    text->size_bytes = body.length;
    memcpy(text->bytes, body.bytes, body.length);
    *out = text;
    return STATUS_OK;
}

enum status snapshot_live_text(struct snapshot *snapshot, const struct snapshot *state,
                               const struct control_key *key, struct snapshot_text **out,
                               struct error *err)
{
    bool reaches_all = snapshot_key_reaches_all(key);
    if (state != snapshot || !reaches_all)
        return print_live(snapshot, state, reaches_all ? NULL : key, out, err);
    struct snapshot_text *kept = atomic_load(&snapshot->live_text);
    if (!kept) {
        struct snapshot_text *made;
        TRY(print_live(snapshot, snapshot, NULL, &made, err));
        // Two readers may make it at once: the first to hand it in wins, the other takes that one.
        if (atomic_compare_exchange_strong(&snapshot->live_text, &kept, made))
            kept = made;
        else
            snapshot_text_drop(made);
    }
    atomic_fetch_add_explicit(&kept->holds, 1, memory_order_relaxed);
    *out = kept;
    return STATUS_OK;
}
