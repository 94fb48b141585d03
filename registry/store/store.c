// An environment's git repository: the handle.
#include "store/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/repository.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/git.h"
#include "store/store_internal.h"

#define CACHED_TREE_BYTES ((size_t)1 << 20)   // 30,000 entries; libgit2's own limit is 4 KiB
#define CACHED_COMMIT_BYTES ((size_t)1 << 20) // of some thousand artifacts
#define CACHE_BYTES (64L << 20)
#define OPEN_PACKS 256 // descriptors; a handle goes on holding packs that were merged meanwhile

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

// Settings of libgit2 hold for the whole process, and other threads read them when they open a
// store: so they are made once, before the first.
static void set_up_library(void)
{
    static const int levels[] = { GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL,
                                  GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA };
    git_without_network();
    int code = git_libgit2_init();
    // A person's own git configuration has no say in a registry.
    for (size_t i = 0; code >= 0 && i < COUNT_OF(levels); i++)
        code = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    // Whoever may open an environment is decided by file permissions; nothing in it is executed.
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // What is read has its name (the default, but nobody looks again: pack.c, store_object.h).
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
    // A folder of 1,000 namespaces is read again for each look-up below it unless it is kept.
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, CACHED_TREE_BYTES);
    // A commit that names many artifacts, likewise: the next write begins where it stands.
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT,
                                CACHED_COMMIT_BYTES);
    if (code >= 0)
        code = git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)CACHE_BYTES);
    // Set last, so that it tells whether all the others are.
    if (code >= 0)
        git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, (size_t)OPEN_PACKS);
}

enum status store_start_library(struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    size_t limit = 0;
    pthread_once(&once, set_up_library);
    int code = git_libgit2_opts(GIT_OPT_GET_MWINDOW_FILE_LIMIT, &limit);
    if (code >= 0 && limit == OPEN_PACKS)
        return STATUS_OK;
    return store_fail(err, code, "start", "libgit2");
}

// Everything that libgit2 made, at once: it happens once in an environment's life.
static enum status sync_all(const char *path, struct error *err)
{
    int fd OWNED(file_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && syncfs(fd) == 0 ? STATUS_OK : error_errno(err, "cannot sync", path);
}

enum status store_create(const char *path, struct error *err)
{
    if (file_exists(path))
        return error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
    TRY(store_start_library(err));
    git_repository_init_options options = { .version = GIT_REPOSITORY_INIT_OPTIONS_VERSION };
    options.flags =
        GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = "main";
    git_repository *repository = NULL;
    int code = git_repository_init_ext(&repository, path, &options);
    git_repository_free(repository);
    return code == 0 ? sync_all(path, err) : store_fail(err, code, "create", path);
}

void store_free(struct store *store)
{
    if (!store)
        return;
    if (store->sha1)
        store->sha1->free(store->sha1);
    if (store->object_sha1)
        store->object_sha1->free(store->object_sha1);
    held_moves_release(&store->held);
    git_odb_free(store->odb);
    git_repository_free(store->repository);
    free(store->path);
    free(store->pack_folder);
    free(store);
}

void store_release(struct store **store)
{
    store_free(*store);
    *store = NULL;
}

enum status store_open(struct store **out, const char *path, hash_stream_new sha1,
                       struct error *err)
{
    TRY(store_start_library(err));
    struct store *store OWNED(store_release) = NULL;
    TRY(memory_new(&store, 1, sizeof(*store), err));
    TRY(memory_copy_string(&store->path, path, err));
    TRY(file_join(&store->pack_folder, path, "objects/pack", err));
    int code = git_repository_open_ext(
        &store->repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, NULL);
    if (code == 0)
        code = git_repository_odb(&store->odb, store->repository);
    if (code != 0)
        return store_fail(err, code, "open", path);
    TRY(pending_attach(&store->pending, store->odb, err));
    if (sha1) {
        TRY(sha1(&store->sha1, err));
        TRY(sha1(&store->object_sha1, err));
    }
    *out = MOVE(store);
    return STATUS_OK;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

// libgit2 keeps what it parsed. It must not go on finding what was never written: the next writer
// would leave it out.
void store_give_up(struct store *store)
{
    bool was_packed = store->pending->packed == store->pending->count;
    pending_clear(store->pending);
    if (was_packed)
        return;
    git_repository__cleanup(store->repository);
    git_repository_set_odb(store->repository, store->odb);
}
