// Makes a new environment.
#include "release/environment.h"

#include <string.h>

#include "base/memory.h"
#include "release/building.h"
#include "release/control_edit.h"

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

// What is to be made.
struct making {
    const struct environment_plan *plan;
    const char *name;
};

static enum status fill(void *context, const char *folder, struct error *err)
{
    const struct making *making = context;
    char *store OWNED(memory_release) = NULL;
    char *cache OWNED(memory_release) = NULL;
    struct environment *environment OWNED(environment_release) = NULL;
    TRY(write_identity(folder, making->plan, making->name, err));
    TRY(file_join(&store, folder, "store.git", err));
    TRY(file_join(&cache, folder, "cache", err));
    TRY(store_create(store, err));
    TRY(file_make_folder(cache, err));
    TRY(environment_open_parts(&environment, folder, err));
    return commit_control(environment, making->plan, err);
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

enum status environment_create(const char *path, const struct environment_plan *plan,
                               struct error *err)
{
    char *name OWNED(memory_release) = NULL;
    if (plan->name)
        TRY(memory_copy_string(&name, plan->name, err));
    else
        TRY(base_name(&name, path, err));
    TRY(check_name(name, err));
    struct making making = { plan, name };
    return building_make(path, fill, &making, err);
}
