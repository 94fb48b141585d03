// An environment's git repository: the handle and its refs.
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/store_internal.h"

enum status store_fail(struct error *err, int code, const char *what, const char *subject)
{
    static const struct {
        int code;
        enum status status;
        const char *word;
    } codes[] = {
        { GIT_ENOTFOUND, STATUS_NOT_FOUND, "not_found" },
        { GIT_EEXISTS, STATUS_CONFLICT, "conflict" },
        { GIT_ELOCKED, STATUS_CONFLICT, "locked" },
        { GIT_EMODIFIED, STATUS_CONFLICT, "conflict" },
        { GIT_EINVALIDSPEC, STATUS_INVALID, "ref_invalid" },
    };
    const git_error *last = git_error_last();
    const char *words = last ? last->message : "no reason given";
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code)
            return error_set(err, codes[i].status, codes[i].word, "cannot %s %s: %s", what, subject,
                             words);
    if (last && last->klass == GIT_ERROR_NOMEMORY)
        return error_no_memory(err);
    if (last && (last->klass == GIT_ERROR_OS || last->klass == GIT_ERROR_FILESYSTEM))
        return error_set(err, STATUS_IO, "io", "cannot %s %s: %s", what, subject, words);
    error_set(err, STATUS_DAMAGED, "store_damaged", "cannot %s %s: %s", what, subject, words);
    return error_hint(err,
                      "run `greenroom verify`, and restore the store from a backup or replica");
}

// Settings of libgit2 that hold for the whole process; the same each time, so any order is fine.
static enum status start_library(struct error *err)
{
    static const int levels[] = { GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL,
                                  GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA };
    int code = git_libgit2_init();
    // Whoever may open an environment is decided by file permissions; nothing in it is executed.
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    // Tree entries are checked by us, once, against the content; not one look-up per entry.
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
    // A person's own git configuration has no say in a registry.
    for (size_t i = 0; code >= 0 && i < COUNT_OF(levels); i++)
        code = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    return code >= 0 ? STATUS_OK : store_fail(err, code, "start", "libgit2");
}

enum status store_create(const char *path, struct error *err)
{
    if (file_exists(path))
        return error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
    TRY(start_library(err));
    git_repository_init_options options = { .version = GIT_REPOSITORY_INIT_OPTIONS_VERSION };
    options.flags =
        GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    git_repository *repository = NULL;
    int code = git_repository_init_ext(&repository, path, &options);
    enum status status = code == 0 ? STATUS_OK : store_fail(err, code, "create", path);
    git_repository_free(repository);
    git_libgit2_shutdown();
    return status;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    if (store->sha1)
        store->sha1->free(store->sha1);
    git_odb_free(store->odb);
    git_repository_free(store->repository);
    free(store->path);
    free(store);
    git_libgit2_shutdown();
}

void store_release(struct store **store)
{
    store_free(*store);
    *store = NULL;
}

enum status store_open(struct store **out, const char *path, hash_stream_new sha1,
                       struct error *err)
{
    TRY(start_library(err));
    struct store *store OWNED(store_release) = NULL;
    enum status status = memory_new(&store, 1, sizeof(*store), err);
    if (status != STATUS_OK) {
        git_libgit2_shutdown();
        return status;
    }
    TRY(memory_copy_string(&store->path, path, err));
    int code = git_repository_open_ext(
        &store->repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, NULL);
    if (code == 0)
        code = git_repository_odb(&store->odb, store->repository);
    if (code != 0)
        return store_fail(err, code, "open", path);
    TRY(pending_attach(&store->pending, store->odb, err));
    if (sha1)
        TRY(sha1(&store->sha1, err));
    *out = MOVE(store);
    return STATUS_OK;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

enum status store_ref_get(struct store *store, const char *ref, struct oid *out, struct error *err)
{
    git_oid id;
    int code = git_reference_name_to_id(&id, store->repository, ref);
    if (code == GIT_ENOTFOUND) {
        *out = (struct oid) { 0 };
        return STATUS_OK;
    }
    if (code != 0)
        return store_fail(err, code, "read", ref);
    store_from_git(out, &id);
    return STATUS_OK;
}

static int try_move(struct store *store, const char *ref, const struct oid *expected,
                    const struct oid *oid)
{
    git_oid from;
    git_oid to;
    store_to_git(&from, expected);
    store_to_git(&to, oid);
    git_reference *moved = NULL;
    int code =
        oid_is_none(expected)
            ? git_reference_create(&moved, store->repository, ref, &to, 0, NULL)
            : git_reference_create_matching(&moved, store->repository, ref, &to, 1, &from, NULL);
    git_reference_free(moved);
    return code;
}

static enum status remove_stale_lock(const struct store *store, const char *name, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    struct buffer file OWNED(buffer_release) = { 0 };
    buffer_append_format(&file, "%s.lock", name);
    TRY(buffer_check(&file, err));
    TRY(file_join(&path, store->path, file.bytes, err));
    unlink(path);
    return STATUS_OK;
}

enum status store_ref_move(struct store *store, const char *ref, const struct oid *expected,
                           const struct oid *oid, struct error *err)
{
    int code = try_move(store, ref, expected, oid);
    if (code == GIT_ELOCKED) {
        TRY(remove_stale_lock(store, ref, err));
        TRY(remove_stale_lock(store, "packed-refs", err));
        code = try_move(store, ref, expected, oid);
    }
    return code == 0 ? STATUS_OK : store_fail(err, code, "move", ref);
}

static enum status visit_ref(git_reference *reference, store_ref_visit visit, void *context,
                             struct error *err)
{
    const git_oid *target = git_reference_target(reference);
    if (!target) // symbolic: HEAD and the like are no business of ours
        return STATUS_OK;
    struct oid oid;
    store_from_git(&oid, target);
    return visit(context, git_reference_name(reference), &oid, err);
}

enum status store_ref_each(struct store *store, const char *pattern, store_ref_visit visit,
                           void *context, struct error *err)
{
    git_reference_iterator *iterator = NULL;
    int code = git_reference_iterator_glob_new(&iterator, store->repository, pattern);
    enum status status = STATUS_OK;
    git_reference *reference = NULL;
    while (code == 0 && status == STATUS_OK &&
           (code = git_reference_next(&reference, iterator)) == 0) {
        status = visit_ref(reference, visit, context, err);
        git_reference_free(reference);
    }
    git_reference_iterator_free(iterator);
    if (status != STATUS_OK)
        return status;
    return code == GIT_ITEROVER ? STATUS_OK : store_fail(err, code, "list", pattern);
}
