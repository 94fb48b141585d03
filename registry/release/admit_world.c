// What the checks may ask at the gate.
#include "release/admit_world.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/tree.h"
#include "store/tree_content.h"

void admit_world_release(struct admit_world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        manifest_release(&world->entries[i]->manifest);
        free(world->entries[i]);
    }
    free(world->entries);
    *world = (struct admit_world) { 0 };
}

static enum status read_live(struct admit_world *world, struct admit_world_entry *entry,
                             struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct store *store = world->environment->store;
    struct oid stable;
    bool is_tree;
    buffer_append_format(&path, "%s/%s/%s", id_kind_word(entry->id.kind), entry->id.name,
                         world->folder ? world->folder : "stable");
    TRY(buffer_check(&path, err));
    TRY(tree_find(store, &world->live_tree, path.bytes, &stable, &is_tree, err));
    if (oid_is_none(&stable))
        return STATUS_OK;
    TRY(tree_content_read(store, &stable, &content, err));
    TRY(manifest_read(&entry->manifest, &content, &findings, err));
    entry->is_live = true;
    return STATUS_OK;
}

enum status admit_world_find_live(void *context, const struct artifact_id *id,
                                  const struct manifest **out, struct error *err)
{
    struct admit_world *world = context;
    struct admit_world_entry *entry OWNED(memory_release) = NULL;
    for (size_t i = 0; i < world->count; i++)
        if (id_same_artifact(&world->entries[i]->id, id)) {
            *out = world->entries[i]->is_live ? &world->entries[i]->manifest : NULL;
            return STATUS_OK;
        }
    TRY(memory_grow(&world->entries, world->count, &world->capacity, sizeof(*world->entries), err));
    TRY(memory_new(&entry, 1, sizeof(*entry), err));
    entry->id = *id;
    TRY(read_live(world, entry, err));
    *out = entry->is_live ? &entry->manifest : NULL;
    world->entries[world->count++] = MOVE(entry);
    return STATUS_OK;
}

enum status admit_world_find(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err)
{
    struct admit_world *world = context;
    for (size_t i = 0; world->seal && i < world->seal->count; i++)
        if (id_same_artifact(&world->seal->items[i].id, id)) {
            *out = &world->seal->items[i].manifest;
            return STATUS_OK;
        }
    return admit_world_find_live(context, id, out, err);
}
