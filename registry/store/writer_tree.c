// The writer's trees: put together of content, and by changing some paths of another tree.
#include "store/writer_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"
#include "store/tree_text.h"

#define UPDATE_MAX_DEPTH 128 // an artifact's path in a branch, and the content below it

// The changes [begin, end) that share the first `skip` bytes of their paths, in path order.
struct span {
    const struct writer_change **changes;
    size_t begin;
    size_t end;
    size_t skip;
};

// The changes that share one more name: what stands there now, and what shall.
struct group {
    struct span span; // `skip` is still that of the level above
    struct tree_text_entry entry;
    struct oid base; // a folder that stands there; none otherwise
    bool is_taken;   // whether a file stands there
    bool is_folder;  // whether the changes lie below the name, not at it
};

static enum status update(struct store *store, const struct oid *base, const struct span *span,
                          int depth, struct oid *out, struct error *err);

// '/' counts as less than every other byte, so that what lies below a name directly follows it.
static int order_byte(char c)
{
    return c == '/' ? 1 : (unsigned char)c;
}

static int compare_changes(const void *a, const void *b)
{
    const char *left = (*(const struct writer_change *const *)a)->path;
    const char *right = (*(const struct writer_change *const *)b)->path;
    while (*left && *left == *right)
        left++, right++;
    return order_byte(*left) - order_byte(*right);
}

static enum status fail_overlap(const char *path, struct error *err)
{
    return error_set(err, STATUS_INVALID, "paths_overlap",
                     "'%.300s' is changed twice, or is a folder of another change", path);
}

// Takes the next group off the front of *span.
static enum status next_group(struct span *span, struct group *out, struct error *err)
{
    const struct writer_change *first = span->changes[span->begin];
    const char *name = first->path + span->skip;
    size_t length = strcspn(name, "/");
    TRY(tree_text_check_name(name, length, err));
    *out = (struct group) { .span = *span,
                            .entry = { .name = name, .name_bytes = length },
                            .is_folder = name[length] == '/' };
    while (++span->begin < span->end) {
        const char *other = span->changes[span->begin]->path + span->skip;
        if (strncmp(other, name, length) != 0 || (other[length] != '/' && other[length] != '\0'))
            break;
        if (!out->is_folder)
            return fail_overlap(first->path, err);
    }
    out->span.end = span->begin;
    return STATUS_OK;
}

static int compare_group_name(const void *key, const void *item)
{
    const struct tree_text_entry *a = key;
    const struct tree_text_entry *b = &((const struct group *)item)->entry;
    size_t shorter = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
    int order = memcmp(a->name, b->name, shorter);
    if (order != 0)
        return order;
    return a->name_bytes == b->name_bytes ? 0 : a->name_bytes < b->name_bytes ? -1 : 1;
}

static int compare_groups(const void *a, const void *b)
{
    return tree_text_compare(&((const struct group *)a)->entry, &((const struct group *)b)->entry);
}

// One folder being changed. `groups` are sorted by name until the new entries are made, then in
// git's order.
struct level {
    struct group *groups;
    size_t count;
    size_t capacity;
    git_odb_object *object; // the base tree, NULL for none
    struct buffer kept;     // its entries that no change touches
};

static void release_level(struct level *level)
{
    free(level->groups);
    git_odb_object_free(level->object);
    buffer_release(&level->kept);
}

static enum status find_groups(struct level *level, const struct span *span, struct error *err)
{
    for (struct span rest = *span; rest.begin < rest.end; level->count++) {
        TRY(memory_grow(&level->groups, level->count, &level->capacity, sizeof(*level->groups),
                        err));
        TRY(next_group(&rest, &level->groups[level->count], err));
    }
    return STATUS_OK;
}

// Splits the base tree: what a change touches goes to its group, the rest is kept.
static enum status split_base(struct level *level, struct error *err)
{
    const char *bytes = git_odb_object_data(level->object);
    size_t length = git_odb_object_size(level->object);
    size_t run = 0; // where the entries begin that were kept but not copied yet
    for (size_t at = 0; at < length;) {
        size_t begin = at;
        struct tree_text_entry entry;
        TRY(tree_text_read(bytes, length, &at, &entry, err));
        struct group *group = bsearch(&entry, level->groups, level->count, sizeof(*level->groups),
                                      compare_group_name);
        if (!group)
            continue;
        buffer_append(&level->kept, bytes + run, begin - run);
        run = at;
        group->is_taken = !entry.is_tree;
        if (entry.is_tree)
            group->base = entry.oid;
    }
    buffer_append(&level->kept, bytes + run, length - run);
    return buffer_check(&level->kept, err);
}

static enum status read_base(struct level *level, struct store *store, const struct oid *base,
                             struct error *err)
{
    if (oid_is_none(base))
        return STATUS_OK;
    TRY(store_object_read_typed(store, base, GIT_OBJECT_TREE, &level->object, err));
    return split_base(level, err);
}

static enum status resolve_group(struct store *store, struct group *group, int depth,
                                 struct error *err)
{
    const struct writer_change *first = group->span.changes[group->span.begin];
    if (!group->is_folder) {
        group->entry.oid = first->oid;
        group->entry.is_tree = first->is_tree;
        return STATUS_OK;
    }
    if (group->is_taken)
        return error_set(err, STATUS_CONFLICT, "path_taken",
                         "'%.300s': a file stands where a folder is needed", first->path);
    struct span below = group->span;
    below.skip += group->entry.name_bytes + 1;
    group->entry.is_tree = true;
    return update(store, &group->base, &below, depth + 1, &group->entry.oid, err);
}

// Puts the new entries among those kept.
static enum status merge(const struct level *level, struct buffer *out, struct error *err)
{
    const char *bytes = buffer_text(&level->kept);
    size_t run = 0;
    size_t next = 0;
    for (size_t at = 0; at < level->kept.length && next < level->count;) {
        size_t begin = at;
        struct tree_text_entry kept;
        TRY(tree_text_read(bytes, level->kept.length, &at, &kept, err));
        if (tree_text_compare(&level->groups[next].entry, &kept) > 0)
            continue;
        buffer_append(out, bytes + run, begin - run);
        run = begin;
        for (; next < level->count && tree_text_compare(&level->groups[next].entry, &kept) < 0;
             next++)
            if (!oid_is_none(&level->groups[next].entry.oid))
                tree_text_append(out, &level->groups[next].entry);
    }
    buffer_append(out, bytes + run, level->kept.length - run);
    for (; next < level->count; next++)
        if (!oid_is_none(&level->groups[next].entry.oid))
            tree_text_append(out, &level->groups[next].entry);
    return buffer_check(out, err);
}

// *out is none when nothing is left.
static enum status update(struct store *store, const struct oid *base, const struct span *span,
                          int depth, struct oid *out, struct error *err)
{
    if (depth > UPDATE_MAX_DEPTH)
        return error_set(err, STATUS_TOO_LARGE, "path_too_deep", "'%.300s': too many folders",
                         span->changes[span->begin]->path);
    struct level level OWNED(release_level) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(find_groups(&level, span, err));
    TRY(read_base(&level, store, base, err));
    for (size_t i = 0; i < level.count; i++)
        TRY(resolve_group(store, &level.groups[i], depth, err));
    qsort(level.groups, level.count, sizeof(*level.groups), compare_groups);
    TRY(merge(&level, &text, err));
    *out = (struct oid) { 0 };
    return text.length == 0 ? STATUS_OK
                            : store_object_add_new(store, GIT_OBJECT_TREE, &text, out, err);
}

enum status writer_tree_apply(struct store *store, const struct oid *base,
                              const struct writer_change *changes, size_t count, struct oid *out,
                              struct error *err)
{
    const struct writer_change **sorted OWNED(memory_release) = NULL;
    struct buffer nothing = { 0 };
    TRY(memory_new(&sorted, count, sizeof(*sorted), err));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &changes[i];
    qsort(sorted, count, sizeof(*sorted), compare_changes);
    struct oid root = *base;
    struct span whole = { sorted, 0, count, 0 };
    if (count > 0)
        TRY(update(store, base, &whole, 0, &root, err));
    if (oid_is_none(&root))
        TRY(store_object_add(store, GIT_OBJECT_TREE, &nothing, &root, err));
    *out = root;
    return STATUS_OK;
}

// The files [begin, end) of sealed content that share the first `skip` bytes of their paths. Paths
// in bytewise order are in git's order already: a folder's name is followed by '/'.
struct files {
    struct store *store;
    const struct content *content;
    const struct oid *ids;
};

// Depth is bounded by CONTENT_MAX_PATH_SEGMENTS, which every path was held to.
static enum status put_folder(const struct files *files, size_t begin, size_t end, size_t skip,
                              struct oid *out, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    for (size_t at = begin; at < end;) {
        const char *path = files->content->files[at].path;
        struct tree_text_entry entry = { .name = path + skip, .oid = files->ids[at] };
        entry.name_bytes = strcspn(entry.name, "/");
        entry.is_tree = entry.name[entry.name_bytes] == '/';
        TRY(tree_text_check_name(entry.name, entry.name_bytes, err));
        size_t next = at + 1;
        size_t prefix = skip + entry.name_bytes + 1;
        while (entry.is_tree && next < end &&
               strncmp(files->content->files[next].path, path, prefix) == 0)
            next++;
        if (entry.is_tree)
            TRY(put_folder(files, at, next, prefix, &entry.oid, err));
        tree_text_append(&text, &entry);
        at = next;
    }
    TRY(buffer_check(&text, err));
    return store_object_add(files->store, GIT_OBJECT_TREE, &text, out, err);
}

enum status writer_tree_of_content(struct store *store, const struct content *content,
                                   const struct oid *ids, struct oid *out, struct error *err)
{
    struct files files = { store, content, ids };
    return put_folder(&files, 0, content->count, 0, out, err);
}
