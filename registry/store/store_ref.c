// Refs, read and moved without libgit2: it reads all of packed-refs before it creates one ref (140
// ms at 100,000 tags), and does not sync the folders that it makes.
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/lock_file.h"
#include "store/loose_refs.h"
#include "store/packed_refs.h"
#include "store/store_internal.h"
#include "store/store_object.h"

static enum status check_name(const char *ref, struct error *err)
{
    int is_valid = 0;
    if (strncmp(ref, "refs/", 5) == 0 && strlen(ref) < STORE_REF_BYTES &&
        git_reference_name_is_valid(&is_valid, ref) == 0 && is_valid)
        return STATUS_OK;
    return error_set(err, STATUS_INVALID, "ref_invalid", "'%.300s' cannot be a ref's name", ref);
}

static enum status find_packed(struct store *store, const char *ref, struct oid *out,
                               struct error *err)
{
    struct packed_refs packed OWNED(packed_refs_release) = { 0 };
    TRY(packed_refs_open(&packed, store->path, err));
    return packed_refs_find(&packed, ref, out, err);
}

// The file first: who packs a ref writes packed-refs before it removes the file.
enum status store_ref_get(struct store *store, const char *ref, struct oid *out, struct error *err)
{
    TRY(check_name(ref, err));
    if (held_moves_find(&store->held, ref, out))
        return STATUS_OK;
    TRY(loose_refs_find(store->path, ref, out, err));
    return oid_is_none(out) ? find_packed(store, ref, out, err) : STATUS_OK;
}

static enum status fail_taken(const char *ref, struct error *err)
{
    return error_set(err, STATUS_CONFLICT, "ref_taken",
                     "%s: another ref's name is a folder of this one, or this one of another's",
                     ref);
}

// Makes the folders on the way to the file at `path`, durably: each is synced into the one above.
static enum status make_folders(const struct store *store, const char *path, const char *ref,
                                struct error *err)
{
    struct buffer folder OWNED(buffer_release) = { 0 };
    for (const char *slash = path + strlen(store->path); slash; slash = strchr(slash + 1, '/')) {
        size_t above = folder.length;
        buffer_append(&folder, path + above, (size_t)(slash - path) - above);
        TRY(buffer_check(&folder, err));
        if (mkdir(folder.bytes, 0777) == 0) {
            folder.bytes[above] = '\0';
            TRY(file_sync_folder(folder.bytes, err));
            folder.bytes[above] = '/';
        } else if (errno == ENOTDIR || (errno == EEXIST && !file_is_folder(folder.bytes))) {
            return fail_taken(ref, err);
        } else if (errno != EEXIST) {
            return error_errno(err, "cannot make folder", folder.bytes);
        }
    }
    return STATUS_OK;
}

static enum status take_lock(struct store *store, const char *ref, struct lock_file *lock,
                             struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    TRY(file_join(&path, store->path, ref, err));
    enum status status = lock_file_take(lock, path, err);
    if (status != STATUS_NOT_FOUND)
        return status;
    TRY(make_folders(store, path, ref, err));
    return lock_file_take(lock, path, err);
}

static enum status fail_moved(const char *ref, const struct oid *found, struct error *err)
{
    char text[OID_TEXT_BYTES];
    oid_format(found, text);
    error_set(err, STATUS_CONFLICT, "ref_moved", "%s stands at %s now", ref,
              oid_is_none(found) ? "nothing" : text);
    return error_hint(err, "read it again, and do the work again on what is there");
}

static enum status hold_move(struct store *store, const char *ref, const struct oid *expected,
                             const struct oid *oid, struct error *err)
{
    struct store_move move = { .expected = *expected, .to = *oid };
    struct oid found;
    TRY(store_ref_get(store, ref, &found, err));
    if (!oid_equal(&found, expected))
        return fail_moved(ref, &found, err);
    memcpy(move.ref, ref, strlen(ref) + 1); // store_ref_get has looked at its length
    return held_moves_add(&store->held, &move, err);
}

void store_ref_hold(struct store *store)
{
    store->held.is_holding = true;
}

const struct store_move *store_ref_held(const struct store *store, size_t *out_count)
{
    *out_count = store->held.count;
    return store->held.moves;
}

enum status store_ref_make_held(struct store *store, struct error *err)
{
    struct held_moves held OWNED(held_moves_release) = store->held;
    store->held = (struct held_moves) { 0 };
    for (size_t i = 0; i < held.count; i++)
        TRY(store_ref_move(store, held.moves[i].ref, &held.moves[i].expected, &held.moves[i].to,
                           err));
    return STATUS_OK;
}

void store_ref_drop_held(struct store *store)
{
    held_moves_release(&store->held);
}

enum status store_ref_move(struct store *store, const char *ref, const struct oid *expected,
                           const struct oid *oid, struct error *err)
{
    if (store->held.is_holding)
        return hold_move(store, ref, expected, oid, err);
    struct lock_file lock OWNED(lock_file_release) = LOCK_FILE_NONE;
    struct oid found;
    char text[OID_TEXT_BYTES];
    TRY(check_name(ref, err));
    TRY(take_lock(store, ref, &lock, err));
    TRY(store_ref_get(store, ref, &found, err));
    if (!oid_equal(&found, expected))
        return fail_moved(ref, &found, err);
    if (oid_is_none(&found)) {
        struct packed_refs packed OWNED(packed_refs_release) = { 0 };
        bool is_allowed = false;
        TRY(packed_refs_open(&packed, store->path, err));
        TRY(packed_refs_allow(&packed, ref, &is_allowed, err));
        if (!is_allowed)
            return fail_taken(ref, err);
        if (rmdir(lock.path) != 0 && errno != ENOENT) // git leaves empty folders behind
            return fail_taken(ref, err);
    }
    oid_format(oid, text);
    text[OID_TEXT_BYTES - 1] = '\n';
    return lock_file_commit(&lock, text, sizeof(text), err);
}

// The new refs, and what they must not meet.
struct creation {
    struct store *store;
    struct packed_refs packed;
    struct packed_ref *refs;
    size_t count;
};

static void release_creation(struct creation *creation)
{
    packed_refs_release(&creation->packed);
    free(creation->refs);
}

// A file on the way to a ref, or a folder in its place that is not empty.
static enum status check_loose(const struct store *store, const char *ref, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    TRY(file_join(&path, store->path, ref, err));
    return rmdir(path) == 0 || errno == ENOENT ? STATUS_OK : fail_taken(ref, err);
}

static enum status add_new(struct creation *creation, const struct store_ref *new,
                           struct error *err)
{
    struct oid found;
    bool is_allowed = false;
    TRY(store_ref_get(creation->store, new->ref, &found, err));
    if (!oid_is_none(&found))
        return fail_moved(new->ref, &found, err);
    TRY(check_loose(creation->store, new->ref, err));
    TRY(packed_refs_allow(&creation->packed, new->ref, &is_allowed, err));
    if (!is_allowed)
        return fail_taken(new->ref, err);
    struct packed_ref *ref = &creation->refs[creation->count++];
    *ref =
        (struct packed_ref) { .name = new->ref, .name_bytes = strlen(new->ref), .oid = new->oid };
    return store_object_peel(creation->store, &ref->oid, &ref->peeled, err);
}

static int compare_new(const void *a, const void *b)
{
    return strcmp(((const struct packed_ref *)a)->name, ((const struct packed_ref *)b)->name);
}

// Between a name and what lies below it, names may stand that only begin with it.
static enum status check_among(const struct creation *creation, struct error *err)
{
    for (size_t i = 0; i < creation->count; i++)
        for (size_t j = i + 1; j < creation->count; j++) {
            const struct packed_ref *ref = &creation->refs[i];
            const char *other = creation->refs[j].name;
            if (strncmp(other, ref->name, ref->name_bytes) != 0)
                break;
            if (other[ref->name_bytes] == '\0' || other[ref->name_bytes] == '/')
                return fail_taken(ref->name, err);
        }
    return STATUS_OK;
}

enum status store_ref_create(struct store *store, const struct store_ref *refs, size_t count,
                             struct error *err)
{
    struct creation creation OWNED(release_creation) = { .store = store };
    TRY(memory_new(&creation.refs, count, sizeof(*creation.refs), err));
    TRY(packed_refs_open(&creation.packed, store->path, err));
    for (size_t i = 0; i < count; i++)
        TRY(add_new(&creation, &refs[i], err));
    if (count == 0)
        return STATUS_OK;
    qsort(creation.refs, count, sizeof(*creation.refs), compare_new);
    TRY(check_among(&creation, err));
    return packed_refs_add(store->path, creation.refs, count, err);
}

struct ref_walk {
    const char *pattern;
    store_ref_visit visit;
    void *context;
    struct loose_refs loose;
    struct packed_refs packed;
    struct buffer name;
};

static void release_walk(struct ref_walk *walk)
{
    loose_refs_release(&walk->loose);
    packed_refs_release(&walk->packed);
    buffer_release(&walk->name);
}

static enum status visit_if_matching(const struct ref_walk *walk, const char *name,
                                     const struct oid *oid, struct error *err)
{
    return fnmatch(walk->pattern, name, 0) == 0 ? walk->visit(walk->context, name, oid, err)
                                                : STATUS_OK;
}

// The packed ones that begin with `literal`, but for those that a file stands for, too.
static enum status visit_packed(struct ref_walk *walk, const char *literal, struct error *err)
{
    size_t at = 0;
    TRY(packed_refs_seek(&walk->packed, literal, &at, err));
    for (;;) {
        struct packed_ref ref;
        bool found;
        TRY(packed_refs_next(&walk->packed, &at, &ref, &found, err));
        if (!found)
            return STATUS_OK;
        buffer_truncate(&walk->name, 0);
        buffer_append(&walk->name, ref.name, ref.name_bytes);
        TRY(buffer_check(&walk->name, err));
        if (walk->packed.is_sorted && strncmp(walk->name.bytes, literal, strlen(literal)) > 0)
            return STATUS_OK;
        if (!loose_refs_has(&walk->loose, walk->name.bytes))
            TRY(visit_if_matching(walk, walk->name.bytes, &ref.oid, err));
    }
}

enum status store_ref_each(struct store *store, const char *pattern, store_ref_visit visit,
                           void *context, struct error *err)
{
    struct ref_walk walk OWNED(release_walk) = { pattern, visit, context, { 0 }, { 0 }, { 0 } };
    struct buffer literal OWNED(buffer_release) = { 0 }; // what every match begins with
    struct buffer folder OWNED(buffer_release) = { 0 };
    buffer_append(&literal, pattern, strcspn(pattern, "*?[\\"));
    const char *slash = strrchr(buffer_text(&literal), '/');
    buffer_append(&folder, literal.bytes, slash ? (size_t)(slash - literal.bytes) : 0);
    TRY(buffer_check(&literal, err));
    TRY(buffer_check(&folder, err));
    if (strncmp(buffer_text(&folder), "refs", 4) != 0)
        return error_set(err, STATUS_INVALID, "ref_invalid", "'%.300s' matches no refs", pattern);
    // Files first: one that is packed meanwhile is then met in packed-refs.
    TRY(loose_refs_read(&walk.loose, store->path, folder.bytes, err));
    TRY(packed_refs_open(&walk.packed, store->path, err));
    for (size_t i = 0; i < walk.loose.count; i++)
        TRY(visit_if_matching(&walk, walk.loose.items[i].name, &walk.loose.items[i].oid, err));
    return visit_packed(&walk, literal.bytes, err);
}
