// Runs any row of the operation table.
#include "operation/operation.h"

#include <string.h>

#include "base/memory.h"
#include "operation/operation_refusal.h"

#define INPUT_MAX_TEXT_BYTES (1U << 20) // a file's text; everything else is far smaller
#define INPUT_MAX_LIST 1000

void operation_call_release(struct operation_call *call)
{
    if (call->free_state && call->state)
        call->free_state(call->state);
    json_free(call->output);
    finding_list_release(&call->findings);
    content_release(&call->content);
    content_release(&call->result);
    environment_free(call->environment);
    *call = (struct operation_call) { 0 };
}

const struct operation *operation_find(const char *name)
{
    for (size_t i = 0; operation_table[i]; i++)
        if (strcmp(operation_table[i]->name, name) == 0)
            return operation_table[i];
    return NULL;
}

static enum status authorise(const struct operation *operation, const struct operation_call *call,
                             struct error *err)
{
    if (call->roles & operation->roles)
        return STATUS_OK;
    error_set(err, STATUS_FORBIDDEN, "role_missing", "'%s' is not for this role", operation->name);
    return error_hint(err, "use a key whose role may do this");
}

static const struct operation_field *find_field(const struct operation *operation, const char *name)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static bool is_text(const struct operation_field *field)
{
    return field->type == FIELD_TEXT || field->type == FIELD_FILE || field->type == FIELD_SWITCH ||
           field->type == FIELD_WORD_OR_FILE || field->type == FIELD_SUBJECT ||
           field->type == FIELD_DOCUMENT || field->type == FIELD_FOLDER;
}

static enum status check_text(const struct operation_field *field, const struct json *value,
                              struct error *err)
{
    const char *text = json_string(value);
    if (!text)
        return error_set(err, STATUS_INVALID, "input_type", "'%s' is not a text", field->name);
    if (strlen(text) > INPUT_MAX_TEXT_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "input_too_large", "'%s' is longer than %u bytes",
                         field->name, INPUT_MAX_TEXT_BYTES);
    return STATUS_OK;
}

static enum status check_value(const struct operation_field *field, const struct json *value,
                               struct error *err)
{
    if (is_text(field))
        return check_text(field, value, err);
    if (field->type != FIELD_LIST)
        return error_set(err, STATUS_INVALID, "input_unknown", "'%s' is not part of the input",
                         field->name);
    if (!json_is(value, JSON_ARRAY) || json_count(value) > INPUT_MAX_LIST)
        return error_set(err, STATUS_INVALID, "input_type",
                         "'%s' is not a list of at most %d texts", field->name, INPUT_MAX_LIST);
    for (const struct json *item = json_first(value); item; item = json_next(item))
        TRY(check_text(field, item, err));
    return STATUS_OK;
}

static enum status validate(const struct operation *operation, const struct operation_call *call,
                            struct error *err)
{
    if (!json_is(call->input, JSON_OBJECT))
        return error_set(err, STATUS_INVALID, "input_type", "the input is not an object");
    for (const struct json *value = json_first(call->input); value; value = json_next(value)) {
        const struct operation_field *field = find_field(operation, json_key(value));
        if (!field)
            return error_set(err, STATUS_INVALID, "input_unknown",
                             "'%.80s' is not part of the input", json_key(value));
        TRY(check_value(field, value, err));
    }
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        bool in_input = field->type == FIELD_TEXT || field->type == FIELD_FILE ||
                        field->type == FIELD_LIST || field->type == FIELD_DOCUMENT;
        bool missing = in_input && !json_get(call->input, field->name);
        if (field->type == FIELD_SIGNER)
            missing = !call->signer;
        if (field->required && missing) {
            error_set(err, STATUS_INVALID, "input_missing", "%s is missing",
                      field->flag ? field->flag : field->metavar);
            return error_hint(err, "%s: %s", field->metavar, field->help);
        }
    }
    return STATUS_OK;
}

static enum status check_class(const struct operation *operation, const struct operation_call *call,
                               struct error *err)
{
    struct environment_identity identity;
    TRY(environment_identify(&identity, call->environment_path, err));
    if (identity.environment_class & operation->classes)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "wrong_class", "%s is a %s environment: '%s' is refused there",
              call->environment_path, environment_class_word(identity.environment_class),
              operation->name);
    return operation->elsewhere ? error_hint(err, "%s", operation->elsewhere) : err->status;
}

static enum status run_within_frame(const struct operation *operation, struct operation_call *call,
                                    struct error *err)
{
    TRY(environment_begin(call->environment, err));
    enum status status = operation->run(call, err);
    if (status == STATUS_OK)
        return environment_finish(call->environment, err);
    environment_abandon(call->environment);
    return status;
}

static bool stands_alone(const struct operation *operation, const struct operation_call *call)
{
    for (size_t i = 0; i < COUNT_OF(operation->stands_alone) && operation->stands_alone[i]; i++)
        if (json_get(call->input, operation->stands_alone[i]))
            return true;
    return false;
}

static enum status run_row(const struct operation *operation, struct operation_call *call,
                           struct error *err)
{
    bool needs_environment = operation->classes && !stands_alone(operation, call);
    TRY(authorise(operation, call, err));
    TRY(validate(operation, call, err));
    if (needs_environment && !call->environment_path) {
        error_set(err, STATUS_INVALID, "environment_missing", "no environment is named");
        return error_hint(err, "name its folder with --env DIR, or in GREENROOM_ENV");
    }
    if (needs_environment)
        TRY(check_class(operation, call, err));
    if (operation->prepare)
        TRY(operation->prepare(call, err));
    if (needs_environment && !call->environment)
        TRY(environment_open(&call->environment, call->environment_path, err));
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
