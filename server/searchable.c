// The full-text index of a knowledge base.
#include "searchable.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cached_file.h"
#include "snapshot/search.h"

struct searchable {
    void *bytes;
    size_t size_bytes;
    unsigned workers;
    struct search_index *indexes[]; // each touched by its worker only
};

struct indexing {
    const struct snapshot_release *release;
    const struct searchable_plan *plan;
};

static enum status index_it(void *context, int fd, const char *path, struct error *err)
{
    const struct indexing *indexing = context;
    (void)fd;
    return search_make(path, indexing->release, indexing->plan->stop, err);
}

static void release_searchable(struct searchable **searchable)
{
    searchable_free(*searchable);
}

enum status searchable_make(struct searchable **out, const struct snapshot_release *release,
                            const struct searchable_plan *plan, struct error *err)
{
    struct searchable *searchable OWNED(release_searchable) = NULL;
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    struct indexing indexing = { release, plan };
    const struct cached_file_name name = { plan->cache_path, release->digest, "search" };
    if (!cached_file_find(&file, &name))
        TRY(cached_file_make(&file, &name, index_it, &indexing, err));
    TRY(memory_new(&searchable, 1,
                   sizeof(*searchable) + plan->workers * sizeof(struct search_index *), err));
    searchable->workers = plan->workers;
    TRY(cached_file_read(&file, &searchable->bytes, err));
    searchable->size_bytes = file.size_bytes;
    *out = MOVE(searchable);
    return STATUS_OK;
}

void searchable_free(struct searchable *searchable)
{
    if (!searchable)
        return;
    for (unsigned i = 0; i < searchable->workers; i++)
        search_index_free(searchable->indexes[i]);
    free(searchable->bytes);
    free(searchable);
}

enum status searchable_index(struct searchable *searchable, unsigned worker,
                             struct search_index **out, struct error *err)
{
    if (!searchable->indexes[worker])
        TRY(search_index_open(&searchable->indexes[worker], searchable->bytes,
                              searchable->size_bytes, err));
    *out = searchable->indexes[worker];
    return STATUS_OK;
}
