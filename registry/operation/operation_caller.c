// A caller from elsewhere.
#include "operation/operation_caller.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "operation/operation_signing.h"
#include "trust/access_key.h"
#include "trust/hash.h"

void operation_caller_free(struct operation_caller *caller)
{
    if (!caller)
        return;
    operation_signing_free(caller->signing);
    buffer_release(&caller->request_key);
    buffer_release(&caller->answer);
    control_release(&caller->control);
    free(caller);
}

static enum status refuse(struct error *err)
{
    error_set(err, STATUS_UNAUTHENTICATED, "unauthenticated",
              "this needs a key of this environment");
    return error_hint(err, "an operator makes a key with `greenroom key create`");
}

static const struct control_key *find_key(const struct control *control,
                                          const struct digest *digest, int64_t now)
{
    for (size_t i = 0; i < control->key_count; i++)
        if (access_key_digest_equal(&control->keys[i].digest, digest) &&
            control_key_is_valid(&control->keys[i], now))
            return &control->keys[i];
    return NULL;
}

// A key of another environment is refused even where its hash is known, say in a copy of that
// environment's control branch.
static enum status check_environment(const struct operation_call *call, struct error *err)
{
    struct environment_identity identity;
    struct access_key_parts parts;
    struct error unheard;
    TRY(environment_identify(&identity, call->environment_path, err));
    if (access_key_parse(&parts, call->bearer, strlen(call->bearer), &unheard) != STATUS_OK)
        return refuse(err);
    bool is_live = identity.environment_class == ENVIRONMENT_LIVE;
    bool is_same = strcmp(parts.environment_id, identity.id) == 0 &&
                   (parts.key_class == ACCESS_KEY_LIVE) == is_live;
    return is_same ? STATUS_OK : refuse(err);
}

static enum status read_control(struct control *out, const struct operation_call *call,
                                struct error *err)
{
    struct store *store OWNED(store_release) = NULL;
    char *path OWNED(memory_release) = NULL;
    TRY(file_join(&path, call->environment_path, "store.git", err));
    TRY(store_open(&store, path, NULL, err));
    return control_read(out, store, err);
}

enum status operation_caller_authenticate(struct operation_call *call, struct error *err)
{
    struct digest digest;
    call->roles = 0;
    TRY(check_environment(call, err));
    TRY(memory_new(&call->caller, 1, sizeof(*call->caller), err));
    TRY(read_control(&call->caller->control, call, err));
    TRY(hash_bytes(&digest, call->bearer, strlen(call->bearer), err));
    call->caller->key = find_key(&call->caller->control, &digest, clock_now());
    if (!call->caller->key)
        return refuse(err);
    call->roles = call->caller->key->role;
    call->actor = call->caller->key->owner;
    return STATUS_OK;
}

bool operation_caller_covers_all(const struct operation_call *call)
{
    return !call->caller || control_key_covers_all(call->caller->key);
}

enum status operation_caller_covers(const struct operation_call *call, const struct artifact_id *id,
                                    struct error *err)
{
    char text[ID_TEXT_BYTES];
    if (operation_caller_covers_all(call) || control_key_covers(call->caller->key, id))
        return STATUS_OK;
    id_format_bare(id, text);
    error_set(err, STATUS_FORBIDDEN, "scope_missing", "this key does not reach %s", text);
    return error_hint(err, "use a key whose scopes hold it");
}

// What does not read as an artifact's name is for the operation to refuse.
static enum status check_name(const struct operation_call *call, const char *text,
                              struct error *err)
{
    struct artifact_id id;
    struct error unheard;
    if (!text || id_parse(&id, text, &unheard) != STATUS_OK)
        return STATUS_OK;
    return operation_caller_covers(call, &id, err);
}

enum status operation_caller_check(const struct operation *operation,
                                   const struct operation_call *call, struct error *err)
{
    static const char *const names[] = { "artifact", "subject", "as" };
    if (operation_caller_covers_all(call))
        return STATUS_OK;
    if (!operation->is_scoped) {
        error_set(err, STATUS_FORBIDDEN, "scope_missing",
                  "'%s' is about the whole environment, and this key is for some artifacts only",
                  operation->name);
        return error_hint(err, "use a key without scopes");
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        TRY(check_name(call, json_get_string(call->input, names[i], NULL), err));
    for (const struct json *item = json_first(json_get(call->input, "artifacts")); item;
         item = json_next(item))
        TRY(check_name(call, json_string(item), err));
    return STATUS_OK;
}
