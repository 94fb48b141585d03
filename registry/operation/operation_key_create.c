// key create: a bearer key, shown this once.
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_keys.h"
#include "operation/operation_rows.h"

#define KEY_MAX_DAYS 400 // a year and a month to renew it in

static enum status set_expiry(struct control_key *key, const struct operation_call *call,
                              struct error *err)
{
    const char *text = json_get_string(call->input, "expires", NULL);
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    int64_t seconds;
    key->expires = INT64_MAX;
    if (!text && is_live) {
        error_set(err, STATUS_INVALID, "expiry_missing", "a key of a live environment must expire");
        return error_hint(err, "say when with --expires, e.g. --expires 90d");
    }
    if (!text)
        return STATUS_OK;
    TRY(clock_parse_duration(&seconds, text, err));
    if (is_live && seconds > KEY_MAX_DAYS * INT64_C(86400)) {
        error_set(err, STATUS_INVALID, "expiry_too_far",
                  "a key of a live environment lives %d days at "
                  "most",
                  KEY_MAX_DAYS);
        return error_hint(err, "give a shorter --expires and renew the key before it ends");
    }
    key->expires = key->created + seconds;
    return STATUS_OK;
}

static enum status fill(struct control_key *key, const struct operation_call *call, char *text,
                        struct error *err)
{
    const struct environment_identity *identity = &call->environment->identity;
    const struct json *scopes = json_get(call->input, "scope");
    enum access_key_class key_class =
        identity->environment_class == ENVIRONMENT_LIVE ? ACCESS_KEY_LIVE : ACCESS_KEY_SANDBOX;
    key->created = clock_now();
    key->revoked = INT64_MAX;
    TRY(control_key_role_parse(&key->role, json_get_string(call->input, "role", ""), err));
    TRY(memory_copy_string(&key->owner, json_get_string(call->input, "owner", ""), err));
    for (const struct json *scope = json_first(scopes); scope; scope = json_next(scope))
        TRY(control_key_add_scope(key, json_string(scope), err));
    TRY(set_expiry(key, call, err));
    TRY(access_key_make_environment_id(key->id, err)); // the same form: 12 random characters
    return access_key_make(text, &key->digest, key_class, identity->id, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct control_key key OWNED(control_key_release) = { 0 };
    char text[ACCESS_KEY_BYTES];
    TRY(fill(&key, call, text, err));
    TRY(operation_keys_commit(call, &key, "key create", err));
    call->output = json_new_object();
    operation_keys_describe(call->output, &key);
    json_set_string(call->output, "key", text);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "role", "--role", "ROLE", "runtime, author, approver, operator or auditor", FIELD_TEXT,
      true },
    { "owner", "--owner", "NAME", "who answers for it", FIELD_TEXT, true },
    { "scope", "--scope", "GLOB", "only these artifacts, e.g. 'prompt/outbound/*'; may be repeated",
      FIELD_LIST, false },
    { "expires", "--expires", "90d", "when it ends; required in a live environment", FIELD_TEXT,
      false },
    { 0 },
};

const struct operation operation_key_create = {
    .name = "key create",
    .summary = "make a key for a runtime or a person; it is shown this once",
    .roles = ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .writes = true,
    .secret = "key",
    .fields = fields,
    .run = run,
};
