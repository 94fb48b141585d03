// Makes a new environment: built beside its place under another name, then renamed into it.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "release/control_edit.h"
#include "release/environment.h"

#define SYNC_OPEN_FOLDERS 16 // a repository is 3 deep

static enum status write_identity(const char *folder, const struct environment_plan *plan,
                                  const char *name, struct error *err)
{
    char id[ACCESS_KEY_ENVIRONMENT_BYTES];
    char *file OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    TRY(access_key_make_environment_id(id, err));
    json_set_integer(document, "format", 1);
    json_set_string(document, "id", id);
    json_set_string(document, "name", name);
    json_set_string(document, "class", environment_class_word(plan->environment_class));
    TRY(json_print_pretty(&text, document, err));
    TRY(file_join(&file, folder, "environment.json", err));
    return file_write_atomic(file, text.bytes, text.length, 0644, err);
}

static enum status commit_control(struct environment *environment,
                                  const struct environment_plan *plan, struct error *err)
{
    struct control_edit edits[] = { { "policy.json", plan->policy },
                                    { "approvers", "" },
                                    { "bindings.json", "{}\n" } };
    struct change_message message = { .operation = "init",
                                      .subject = "init: make the environment",
                                      .actor = plan->actor };
    TRY(ledger_begin(environment->ledger, err));
    TRY(control_edit_commit(environment, edits, COUNT_OF(edits), &message, err));
    return ledger_commit(environment->ledger, err);
}

static enum status fill(const char *folder, const struct environment_plan *plan, const char *name,
                        struct error *err)
{
    char *store OWNED(memory_release) = NULL;
    char *cache OWNED(memory_release) = NULL;
    struct environment *environment OWNED(environment_release) = NULL;
    TRY(write_identity(folder, plan, name, err));
    TRY(file_join(&store, folder, "store.git", err));
    TRY(file_join(&cache, folder, "cache", err));
    TRY(store_create(store, err));
    TRY(file_make_folder(cache, err));
    TRY(environment_open_parts(&environment, folder, err));
    return commit_control(environment, plan, err);
}

// The last part of a path, without trailing slashes.
static enum status base_name(char **out, const char *path, struct error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t begin = length;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    return memory_copy_bytes(out, path + begin, length - begin, err);
}

static enum status check_name(const char *name, struct error *err)
{
    struct artifact_id id = { 0 };
    struct environment_identity *identity = NULL;
    if (strchr(name, '/') || strlen(name) >= sizeof(identity->name) ||
        id_set_name(&id, name, err) != STATUS_OK) {
        error_set(err, STATUS_INVALID, "name_invalid", "'%.80s' is not an environment's name",
                  name);
        return error_hint(err,
                          "use 1 to 63 lower-case letters, digits and hyphens; --name gives one "
                          "other than the folder's");
    }
    return STATUS_OK;
}

static int sync_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info, (void)type, (void)place;
    int fd OWNED(file_close) = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? fd : fsync(fd);
}

// libgit2 makes a repository without syncing it. The environment is closed by now: to close another
// descriptor of the ledger's file would let go of SQLite's locks on it.
static enum status sync_tree(const char *folder, struct error *err)
{
    if (nftw(folder, sync_entry, SYNC_OPEN_FOLDERS, FTW_PHYS) != 0)
        return error_errno(err, "cannot sync", folder);
    return STATUS_OK;
}

static enum status put_in_place(const char *building, const char *path, struct error *err)
{
    char *parent OWNED(memory_release) = NULL;
    if (rename(building, path) != 0)
        return error_errno(err, "cannot make", path);
    TRY(file_join(&parent, path, "..", err));
    return file_sync_folder(parent, err);
}

enum status environment_create(const char *path, const struct environment_plan *plan,
                               struct error *err)
{
    char *name OWNED(memory_release) = NULL;
    char unique[ACCESS_KEY_ENVIRONMENT_BYTES]; // no two builders, nor what a dead one left, meet
    struct buffer building OWNED(buffer_release) = { 0 };
    TRY(access_key_make_environment_id(unique, err));
    if (plan->name)
        TRY(memory_copy_string(&name, plan->name, err));
    else
        TRY(base_name(&name, path, err));
    TRY(check_name(name, err));
    if (file_exists(path) && rmdir(path) != 0) { // an empty folder is taken over
        error_set(err, STATUS_CONFLICT, "exists", "%s: exists already", path);
        return error_hint(err, "name a folder that does not exist yet, or is empty");
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    buffer_append(&building, path, length);
    buffer_append_format(&building, ".new-%s", unique);
    TRY(buffer_check(&building, err));
    TRY(file_make_folder(building.bytes, err));
    enum status status = fill(building.bytes, plan, name, err);
    if (status == STATUS_OK)
        status = sync_tree(building.bytes, err);
    if (status == STATUS_OK)
        status = put_in_place(building.bytes, path, err);
    if (status != STATUS_OK) {
        struct error ignored;
        (void)file_remove_tree(building.bytes, &ignored);
    }
    return status;
}
