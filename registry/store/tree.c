// Trees: look-ups, listings, and what differs between two.
#include "store/tree.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"

#define TREE_MAX_DEPTH 16 // "knowledge", four segments of a name, and what we keep beside content

static void free_tree(git_tree **tree)
{
    git_tree_free(*tree);
}

static void free_entry(git_tree_entry **entry)
{
    git_tree_entry_free(*entry);
}

static enum status read_tree(struct store *store, const struct oid *oid, git_tree **out,
                             struct error *err)
{
    git_oid id;
    unsigned looks = 0;
    int code;
    store_to_git(&id, oid);
    do
        code = git_tree_lookup(out, store->repository, &id);
    while (store_object_look_again(store, code, &looks));
    return code == 0 ? STATUS_OK : store_object_fail(err, code, oid);
}

static struct tree_entry entry_of(const git_tree_entry *from)
{
    struct tree_entry entry = { .name = git_tree_entry_name(from),
                                .is_tree = git_tree_entry_type(from) == GIT_OBJECT_TREE };
    store_from_git(&entry.oid, git_tree_entry_id(from));
    return entry;
}

enum status tree_find(struct store *store, const struct oid *root, const char *path,
                      struct oid *out, bool *out_is_tree, struct error *err)
{
    *out = (struct oid) { 0 };
    *out_is_tree = false;
    if (oid_is_none(root))
        return STATUS_OK;
    git_tree *tree OWNED(free_tree) = NULL;
    git_tree_entry *found OWNED(free_entry) = NULL;
    TRY(read_tree(store, root, &tree, err));
    unsigned looks = 0;
    int code;
    do
        code = git_tree_entry_bypath(&found, tree, path);
    while (store_object_look_again(store, code, &looks));
    if (code == GIT_ENOTFOUND)
        return STATUS_OK;
    if (code != 0)
        return store_fail(err, code, "find", path);
    struct tree_entry entry = entry_of(found);
    *out = entry.oid;
    *out_is_tree = entry.is_tree;
    return STATUS_OK;
}

enum status tree_each(struct store *store, const struct oid *tree_id, tree_visit visit,
                      void *context, struct error *err)
{
    git_tree *tree OWNED(free_tree) = NULL;
    TRY(read_tree(store, tree_id, &tree, err));
    size_t count = git_tree_entrycount(tree);
    for (size_t i = 0; i < count; i++) {
        struct tree_entry entry = entry_of(git_tree_entry_byindex(tree, i));
        TRY(visit(context, &entry, err));
    }
    return STATUS_OK;
}

// One comparison of two trees, and where it stands.
struct change_walk {
    struct store *store;
    const char *marker;
    tree_change_visit visit;
    void *context;
    struct buffer path;
    int depth;
};

static enum status walk_pair(struct change_walk *walk, const struct oid *before,
                             const struct oid *after, struct error *err);

static bool has_marker(const git_tree *tree, const char *marker)
{
    return tree && git_tree_entry_byname(tree, marker) != NULL;
}

static struct oid folder_named(const git_tree *tree, const char *name)
{
    struct oid oid = { 0 };
    const git_tree_entry *entry = tree ? git_tree_entry_byname(tree, name) : NULL;
    if (entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        store_from_git(&oid, git_tree_entry_id(entry));
    return oid;
}

static enum status enter(struct change_walk *walk, const char *name, const struct oid *before,
                         const struct oid *after, struct error *err)
{
    if (oid_equal(before, after))
        return STATUS_OK;
    size_t length = walk->path.length;
    if (length > 0)
        buffer_append_byte(&walk->path, '/');
    buffer_append_text(&walk->path, name);
    TRY(buffer_check(&walk->path, err));
    TRY(walk_pair(walk, before, after, err));
    buffer_truncate(&walk->path, length);
    return STATUS_OK;
}

// The folders of `tree`, each against the one of that name in `other`; with `only_missing`, those
// alone that `other` does not have.
static enum status walk_folders(struct change_walk *walk, const git_tree *tree,
                                const git_tree *other, bool only_missing, struct error *err)
{
    size_t count = tree ? git_tree_entrycount(tree) : 0;
    for (size_t i = 0; i < count; i++) {
        struct tree_entry entry = entry_of(git_tree_entry_byindex(tree, i));
        if (!entry.is_tree)
            continue;
        struct oid theirs = folder_named(other, entry.name);
        if (!only_missing)
            TRY(enter(walk, entry.name, &theirs, &entry.oid, err));
        else if (oid_is_none(&theirs))
            TRY(enter(walk, entry.name, &entry.oid, &theirs, err));
    }
    return STATUS_OK;
}

static enum status walk_pair(struct change_walk *walk, const struct oid *before,
                             const struct oid *after, struct error *err)
{
    if (walk->depth >= TREE_MAX_DEPTH)
        return error_set(err, STATUS_DAMAGED, "tree_too_deep",
                         "%s: deeper than any artifact's path", buffer_text(&walk->path));
    git_tree *old_tree OWNED(free_tree) = NULL;
    git_tree *new_tree OWNED(free_tree) = NULL;
    if (!oid_is_none(before))
        TRY(read_tree(walk->store, before, &old_tree, err));
    if (!oid_is_none(after))
        TRY(read_tree(walk->store, after, &new_tree, err));
    static const struct oid none;
    bool was_marked = has_marker(old_tree, walk->marker);
    bool is_marked = has_marker(new_tree, walk->marker);
    if (was_marked || is_marked)
        TRY(walk->visit(walk->context, buffer_text(&walk->path), was_marked ? before : &none,
                        is_marked ? after : &none, err));
    // A marked folder stands for all that is in it; its place may once have been a mere folder.
    const git_tree *old_open = was_marked ? NULL : old_tree;
    const git_tree *new_open = is_marked ? NULL : new_tree;
    walk->depth++;
    TRY(walk_folders(walk, new_open, old_open, false, err));
    TRY(walk_folders(walk, old_open, new_open, true, err));
    walk->depth--;
    return STATUS_OK;
}

static void release_walk(struct change_walk *walk)
{
    buffer_release(&walk->path);
}

enum status tree_each_change(struct store *store, const struct oid *before, const struct oid *after,
                             const char *marker, tree_change_visit visit, void *context,
                             struct error *err)
{
    if (oid_equal(before, after))
        return STATUS_OK;
    struct change_walk walk OWNED(
        release_walk) = { .store = store, .marker = marker, .visit = visit, .context = context };
    return walk_pair(&walk, before, after, err);
}
