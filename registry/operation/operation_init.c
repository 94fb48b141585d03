// init: makes an environment.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/policy.h"

// A built-in policy by its name, or a policy's own text.
static enum status take_policy(const char **out, struct operation_call *call,
                               const char *default_name, struct error *err)
{
    const char *policy = json_get_string(call->input, "policy", default_name);
    struct json *parsed OWNED(json_release) = NULL;
    if (!strchr(policy, '{'))
        return policy_find(out, policy, err);
    TRY(policy_parse(&parsed, policy, strlen(policy), &call->findings, err));
    *out = policy;
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *path = json_get_string(call->input, "directory", "");
    struct environment_plan plan = { .name = json_get_string(call->input, "name", NULL),
                                     .actor = call->actor };
    struct environment_identity identity;
    TRY(environment_class_parse(&plan.environment_class, json_get_string(call->input, "class", ""),
                                err));
    bool is_live = plan.environment_class == ENVIRONMENT_LIVE;
    TRY(take_policy(&plan.policy, call, is_live ? "standard" : "minimal", err));
    TRY(environment_create(path, &plan, err));
    TRY(environment_identify(&identity, path, err));
    call->output = json_new_object();
    json_set_string(call->output, "path", path);
    json_set_string(call->output, "id", identity.id);
    json_set_string(call->output, "name", identity.name);
    json_set_string(call->output, "class", environment_class_word(identity.environment_class));
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "directory", NULL, "DIR", "the folder to make", FIELD_PLACE, true },
    { "class", "--class", "CLASS", "sandbox (drafts, test systems) or live (what callers get)",
      FIELD_TEXT, true },
    { "name", "--name", "NAME", "its name (default: the folder's)", FIELD_TEXT, false },
    { "policy", "--policy", "POLICY",
      "what a promotion into it needs: standard (what a live environment has by default), minimal, "
      "or a file",
      FIELD_WORD_OR_FILE, false },
    { 0 },
};

const struct operation operation_init = {
    .name = "init",
    .summary = "make an environment: a sandbox, or a live one",
    .roles = ROLE_OPERATOR,
    .fields = fields,
    .run = run,
};
