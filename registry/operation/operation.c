// Runs any row of the operation table.
#include "operation/operation.h"

#include <string.h>

#include "base/memory.h"
#include "operation/operation_caller.h"
#include "operation/operation_refusal.h"
#include "operation/operation_request.h"
#include "operation/operation_signing.h"
#include "operation/operation_target.h"
#include "operation/operation_validate.h"

void operation_call_release(struct operation_call *call)
{
    if (call->free_state && call->state)
        call->free_state(call->state);
    json_free(call->output);
    finding_list_release(&call->findings);
    content_release(&call->content);
    content_release(&call->result);
    json_free(call->to_sign);
    environment_free(call->environment);
    operation_caller_free(call->caller); // last: the actor and the signers are its
    *call = (struct operation_call) { 0 };
}

const struct operation *operation_find(const char *name)
{
    for (size_t i = 0; operation_table[i]; i++)
        if (strcmp(operation_table[i]->name, name) == 0)
            return operation_table[i];
    return NULL;
}

enum status operation_authorise(const struct operation *operation, unsigned roles,
                                struct error *err)
{
    if (control_key_role_may(roles, operation->roles))
        return STATUS_OK;
    error_set(err, STATUS_FORBIDDEN, "role_missing", "'%s' is not for this role", operation->name);
    return error_hint(err, "use a key whose role may do this");
}

static const struct operation_field *find_type(const struct operation *operation,
                                               enum operation_field_type type)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == type)
            return field;
    return NULL;
}

bool operation_has_seal(const struct operation *operation, const struct operation_call *call)
{
    return call->content.count > 0 && find_type(operation, FIELD_OTHER);
}

static enum status check_class(const struct operation *operation, const struct operation_call *call,
                               struct error *err)
{
    struct environment_identity identity;
    const char *label = call->environment_label ? call->environment_label : call->environment_path;
    unsigned classes =
        operation_has_seal(operation, call) ? operation->classes_with_seal : operation->classes;
    TRY(environment_identify(&identity, call->environment_path, err));
    if (identity.environment_class & classes)
        return STATUS_OK;
    if (classes != operation->classes) // the row is a sandbox's, and this is what --to names
        return operation_target_check(&identity, label, err);
    error_set(err, STATUS_REFUSED, "wrong_class", "%s is a %s environment: '%s' is refused there",
              label, environment_class_word(identity.environment_class), operation->name);
    return operation->elsewhere ? error_hint(err, "%s", operation->elsewhere) : err->status;
}

enum status operation_open(struct operation_call *call, struct error *err)
{
    if (call->environment)
        return STATUS_OK;
    TRY(environment_open(&call->environment, call->environment_path, err));
    if (call->environment_label)
        call->environment->label = call->environment_label;
    return STATUS_OK;
}

// What a request's key was used for already is answered again.
static enum status run_once(const struct operation *operation, struct operation_call *call,
                            struct error *err)
{
    bool is_done = false;
    if (!call->request_key || !call->bearer)
        return operation->run(call, err);
    TRY(operation_request_find(operation, call, &is_done, err));
    if (is_done)
        return STATUS_OK;
    store_ref_hold(call->environment->store); // until what is answered is known
    TRY(operation->run(call, err));
    return operation_request_keep(operation, call, err);
}

static enum status run_within_frame(const struct operation *operation, struct operation_call *call,
                                    struct error *err)
{
    TRY(environment_begin(call->environment, err));
    enum status status = run_once(operation, call, err);
    if (status == STATUS_OK)
        return environment_finish(call->environment, err);
    environment_abandon(call->environment);
    return status;
}

bool operation_stands_alone(const struct operation *operation, const struct json *input)
{
    for (size_t i = 0; i < COUNT_OF(operation->stands_alone) && operation->stands_alone[i]; i++)
        if (json_get(input, operation->stands_alone[i]))
            return true;
    return false;
}

static enum status check_environment(const struct operation *operation,
                                     const struct operation_call *call, struct error *err)
{
    if (!call->environment_path) {
        error_set(err, STATUS_INVALID, "environment_missing", "no environment is named");
        return error_hint(err, "name its folder with --env DIR, or in GREENROOM_ENV");
    }
    return check_class(operation, call, err);
}

static enum status run_row(const struct operation *operation, struct operation_call *call,
                           struct error *err)
{
    bool needs_environment =
        operation->classes && (call->bearer || !operation_stands_alone(operation, call->input));
    if (call->bearer)
        TRY(operation_caller_authenticate(call, err));
    TRY(operation_authorise(operation, call->roles, err));
    if (call->bearer)
        TRY(operation_signing_begin(operation, call, err));
    if (needs_environment) // what is never done here needs no input to be refused
        TRY(check_environment(operation, call, err));
    TRY(operation_validate(operation, call, err));
    if (call->bearer)
        TRY(operation_caller_check(operation, call, err));
    if (call->bearer && call->request_key)
        TRY(operation_request_begin(operation, call, err));
    if (operation->follows && (!call->follow || !call->announce))
        return error_set(err, STATUS_INVALID, "follow_missing", "'%s' is for where the files are",
                         operation->name);
    if (operation->prepare)
        TRY(operation->prepare(call, err));
    if (needs_environment)
        TRY(operation_open(call, err));
    return operation->writes ? run_within_frame(operation, call, err) : operation->run(call, err);
}

enum status operation_run(const struct operation *operation, struct operation_call *call,
                          struct error *err)
{
    enum status status = run_row(operation, call, err);
    if (status != STATUS_OK)
        operation_refusal_record(operation, call, err);
    return status;
}
