// key revoke: a key is of no use from now on.
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_keys.h"
#include "operation/operation_rows.h"

static struct control_key *find_key(const struct control *control, const char *id)
{
    for (size_t i = 0; i < control->key_count; i++)
        if (strcmp(control->keys[i].id, id) == 0)
            return &control->keys[i];
    return NULL;
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *id = json_get_string(call->input, "id", "");
    struct control control OWNED(control_release) = { 0 };
    // Whatever else is broken: a key that is out must be stopped.
    TRY(control_read_limits(&control, call->environment->store, err));
    struct control_key *key = find_key(&control, id);
    if (!key) {
        error_set(err, STATUS_NOT_FOUND, "key_unknown", "there is no key with the id '%.60s'", id);
        return error_hint(err, "`greenroom key list` shows the ids");
    }
    if (key->revoked == INT64_MAX) { // a repeat of the command changes nothing
        key->revoked = clock_now();
        TRY(operation_keys_commit(call, key, "key revoke", err));
    }
    call->output = json_new_object();
    operation_keys_describe(call->output, key);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "id", NULL, "ID", "as `greenroom key list` shows it", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_key_revoke = {
    .name = "key revoke",
    .summary = "make a key useless at once",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .fields = fields,
    .run = run,
};
