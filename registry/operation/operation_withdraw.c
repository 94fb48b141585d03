// The output that rollback and quarantine share.
#include "operation/operation_withdraw.h"

#include "release/uses.h"

static void set_version(struct json *object, const char *key, uint32_t version)
{
    if (version == 0)
        json_set_null(object, key);
    else
        json_set_integer(object, key, version);
}

enum status operation_withdraw_output(struct operation_call *call,
                                      const struct withdraw_result *result, struct error *err)
{
    char commit[OID_TEXT_BYTES];
    char artifact[ID_TEXT_BYTES];
    oid_format(&result->commit, commit);
    id_format_bare(&result->live, artifact);
    call->output = json_new_object();
    json_set_string(call->output, "commit", commit);
    json_set_string(call->output, "artifact", artifact);
    set_version(call->output, "live", result->live.version);
    set_version(call->output, "before", result->before.version);
    return uses_describe_users(call->output, call->environment, &result->live, err);
}
