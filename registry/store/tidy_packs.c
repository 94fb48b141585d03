// Many small packs become few.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/folder_names.h"
#include "store/pack_merge.h"
#include "store/store_internal.h"
#include "store/tidy.h"

#define STEM_BYTES 45 // "pack-" and an id
#define SIZE_CLASS_FACTOR 8
#define SIZE_CLASSES 12
#define INDEX_EMPTY_BYTES 1072 // without entries: magic, version, fan-out and two sums
#define INDEX_ENTRY_BYTES 28

// A pack that may be merged.
struct candidate {
    char stem[STEM_BYTES + 1];
    int size_class; // by the number of objects
    struct timespec time;
};

struct candidates {
    struct candidate *items;
    size_t count;
    size_t capacity;
    size_t in_class[SIZE_CLASSES];
};

static void release_candidates(struct candidates *candidates)
{
    free(candidates->items);
}

static int class_of(off_t index_bytes)
{
    off_t objects = (index_bytes - INDEX_EMPTY_BYTES) / INDEX_ENTRY_BYTES;
    int size_class = 0;
    while (objects >= SIZE_CLASS_FACTOR && size_class < SIZE_CLASSES - 1) {
        objects /= SIZE_CLASS_FACTOR;
        size_class++;
    }
    return size_class;
}

// What stock git put beside a pack tells that it has plans with it.
static bool is_marked(const struct folder_names *names, const char *stem)
{
    static const char *const marks[] = { ".keep", ".bitmap", ".promisor", ".mtimes" };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (folder_names_has(names, stem, strlen(stem), marks[i]))
            return true;
    return false;
}

static enum status add_candidate(struct candidates *candidates, const struct store *store,
                                 const struct folder_names *names, const char *name,
                                 struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct candidate candidate = { .stem = { 0 } };
    struct stat index;
    if (folder_names_stem(name, ".idx") != STEM_BYTES || strncmp(name, "pack-", 5) != 0 ||
        !folder_names_has(names, name, STEM_BYTES, ".pack"))
        return STATUS_OK;
    TRY(file_join(&path, store->pack_folder, name, err));
    if (stat(path, &index) != 0)
        return error_errno(err, "cannot read", path);
    TRY(memory_grow(&candidates->items, candidates->count, &candidates->capacity,
                    sizeof(*candidates->items), err));
    memcpy(candidate.stem, name, STEM_BYTES);
    candidate.size_class = class_of(index.st_size);
    candidate.time = index.st_mtim;
    candidates->in_class[candidate.size_class]++;
    candidates->items[candidates->count++] = candidate;
    return STATUS_OK;
}

static enum status find_candidates(struct candidates *candidates, const struct store *store,
                                   const struct folder_names *names, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++)
        count += folder_names_stem(names->items[i], ".idx") > 0;
    // A multi-pack index names packs that would be gone.
    if (count < TIDY_PACKS || folder_names_has(names, "multi-pack-index", 16, ""))
        return STATUS_OK;
    for (size_t i = 0; i < names->count; i++)
        TRY(add_candidate(candidates, store, names, names->items[i], err));
    return STATUS_OK;
}

static int compare_times(const void *a, const void *b)
{
    const struct timespec *left = &((const struct candidate *)a)->time;
    const struct timespec *right = &((const struct candidate *)b)->time;
    if (left->tv_sec != right->tv_sec)
        return left->tv_sec > right->tv_sec ? -1 : 1;
    return left->tv_nsec > right->tv_nsec ? -1 : left->tv_nsec < right->tv_nsec;
}

static bool is_too_large(const struct store *store, const char *stem)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct stat pack;
    buffer_append_format(&path, "%s/%s.pack", store->pack_folder, stem);
    return stat(buffer_text(&path), &pack) != 0 || pack.st_size > TIDY_PACK_MAX_BYTES;
}

// Merges the packs of a class, if enough of them are small enough.
static enum status merge_class(struct store *store, const struct folder_names *names,
                               const struct candidates *candidates, int size_class,
                               bool *out_merged, struct error *err)
{
    const char **stems OWNED(memory_release) = NULL;
    size_t count = 0;
    TRY(memory_new(&stems, candidates->count, sizeof(*stems), err));
    for (size_t i = 0; i < candidates->count; i++) {
        const char *stem = candidates->items[i].stem;
        if (candidates->items[i].size_class == size_class && !is_marked(names, stem) &&
            !is_too_large(store, stem))
            stems[count++] = stem;
    }
    return count >= TIDY_PACKS ? pack_merge(store, stems, count, out_merged, err) : STATUS_OK;
}

enum status tidy_packs(struct store *store, bool *out_merged, struct error *err)
{
    struct folder_names names OWNED(folder_names_release) = { 0 };
    struct candidates candidates OWNED(release_candidates) = { 0 };
    *out_merged = false;
    TRY(folder_names_read(&names, store->pack_folder, err));
    TRY(find_candidates(&candidates, store, &names, err));
    if (candidates.count > 0)
        qsort(candidates.items, candidates.count, sizeof(*candidates.items), compare_times);
    for (int i = 0; i < SIZE_CLASSES && !*out_merged; i++)
        if (candidates.in_class[i] >= TIDY_PACKS)
            TRY(merge_class(store, &names, &candidates, i, out_merged, err));
    return STATUS_OK;
}
