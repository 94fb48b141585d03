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

#define RARE_WORD "\"qzxjkvwq\"" // a common one may be in more passages than a search may look at

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

static enum status look_away(void *context, const struct search_hit *hit, struct error *err)
{
    (void)context, (void)hit, (void)err;
    return STATUS_OK;
}

// Whoever can write the file can name it after its own digest, too. What it finds is text of the
// release in any case (snapshot/search.c); but one that cannot be searched would be no use for
// good.
static bool answers(const void *bytes, size_t size_bytes)
{
    struct search_index *index OWNED(search_index_release) = NULL;
    struct error unheard;
    return search_index_open(&index, bytes, size_bytes, &unheard) == STATUS_OK &&
           search_index_find(index, RARE_WORD, 1, look_away, NULL, &unheard) == STATUS_OK;
}

// One that is there already, read.
static bool find(void **out, size_t *out_size_bytes, const struct cached_file_name *name)
{
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    void *bytes OWNED(memory_release) = NULL;
    struct error unheard;
    if (!cached_file_find(&file, name) || cached_file_read(&file, &bytes, &unheard) != STATUS_OK)
        return false;
    if (!answers(bytes, file.size_bytes)) {
        cached_file_forget(&file, name);
        return false;
    }
    *out_size_bytes = file.size_bytes;
    *out = MOVE(bytes);
    return true;
}

static enum status make(void **out, size_t *out_size_bytes, const struct cached_file_name *name,
                        struct indexing *indexing, struct error *err)
{
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    TRY(cached_file_make(&file, name, index_it, indexing, err));
    TRY(cached_file_read(&file, out, err));
    *out_size_bytes = file.size_bytes;
    return STATUS_OK;
}

enum status searchable_make(struct searchable **out, const struct snapshot_release *release,
                            const struct searchable_plan *plan, struct error *err)
{
    struct searchable *searchable OWNED(release_searchable) = NULL;
    struct indexing indexing = { release, plan };
    const struct cached_file_name name = { plan->cache_path, release->digest, "search" };
    TRY(memory_new(&searchable, 1,
                   sizeof(*searchable) + plan->workers * sizeof(struct search_index *), err));
    searchable->workers = plan->workers;
    if (!find(&searchable->bytes, &searchable->size_bytes, &name))
        TRY(make(&searchable->bytes, &searchable->size_bytes, &name, &indexing, err));
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
