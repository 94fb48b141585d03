// An operation's input, held to its row's fields.
#include "operation/operation_validate.h"

#include <string.h>

#include "base/memory.h"

// By the field's type: for a caller who has the files, and for one from elsewhere. What names
// something on a machine's disk is never taken from another machine.
static const struct {
    enum operation_shape here;
    enum operation_shape elsewhere;
} shapes[] = {
    [FIELD_TEXT] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_LIST] = { SHAPE_LIST, SHAPE_LIST },
    [FIELD_FILE] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_WORD_OR_FILE] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_SWITCH] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_PLACE] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_OTHER] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_JUDGE] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_PEER] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_SIDE] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_LABEL] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_DOCUMENT] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_FOLDER] = { SHAPE_TEXT, SHAPE_NONE },
    [FIELD_SUBJECT] = { SHAPE_TEXT, SHAPE_TEXT },
    [FIELD_SIGNER] = { SHAPE_NONE, SHAPE_SIGNATURES },
    [FIELD_SECOND_SIGNER] = { SHAPE_NONE, SHAPE_SIGNATURES },
    [FIELD_OUTPUT] = { SHAPE_NONE, SHAPE_NONE }, // the last: all others are set by the face, too
};

enum operation_shape operation_validate_shape(const struct operation *operation,
                                              const struct operation_field *field,
                                              bool from_elsewhere)
{
    for (size_t i = 0; i < COUNT_OF(operation->stands_alone) && operation->stands_alone[i]; i++)
        if (from_elsewhere && field->type != FIELD_LABEL &&
            strcmp(operation->stands_alone[i], field->name) == 0)
            return SHAPE_NONE; // what needs no environment is done where the caller is
    if ((size_t)field->type >= COUNT_OF(shapes))
        return SHAPE_NONE;
    return from_elsewhere ? shapes[field->type].elsewhere : shapes[field->type].here;
}

static const struct operation_field *find_field(const struct operation *operation, const char *name)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static enum status check_text(const struct operation_field *field, const struct json *value,
                              struct error *err)
{
    const char *text = json_string(value);
    if (!text)
        return error_set(err, STATUS_INVALID, "input_type", "'%s' is not a text", field->name);
    if (strlen(text) > OPERATION_MAX_TEXT_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "input_too_large", "'%s' is longer than %u bytes",
                         field->name, OPERATION_MAX_TEXT_BYTES);
    return STATUS_OK;
}

static enum status check_list(const struct operation_field *field, const struct json *value,
                              struct error *err)
{
    if (!json_is(value, JSON_ARRAY) || json_count(value) > OPERATION_MAX_LIST)
        return error_set(err, STATUS_INVALID, "input_type",
                         "'%s' is not a list of at most %d texts", field->name, OPERATION_MAX_LIST);
    for (const struct json *item = json_first(value); item; item = json_next(item))
        TRY(check_text(field, item, err));
    return STATUS_OK;
}

static enum status check_value(const struct operation *operation,
                               const struct operation_field *field, const struct json *value,
                               bool from_elsewhere, struct error *err)
{
    switch (operation_validate_shape(operation, field, from_elsewhere)) {
    case SHAPE_TEXT:
        return check_text(field, value, err);
    case SHAPE_LIST:
        return check_list(field, value, err);
    case SHAPE_SIGNATURES: // looked at by operation_signing_begin already
        return STATUS_OK;
    case SHAPE_NONE:
        break;
    }
    return error_set(err, STATUS_INVALID, "input_unknown", "'%s' is not part of the input",
                     field->name);
}

// Whether what the row requires is not there. Content that a face here opened is never empty.
static bool is_missing(const struct operation *operation, const struct operation_field *field,
                       const struct operation_call *call)
{
    if (!field->required)
        return false;
    if (field->type == FIELD_SIGNER)
        return !call->signer;
    if (field->type == FIELD_OTHER && operation_has_seal(operation, call))
        return false;
    if (field->type == FIELD_OTHER || field->type == FIELD_CONTENT || field->type == FIELD_SEAL)
        return call->bearer ? call->content.count == 0
                            : field->type == FIELD_OTHER && !json_get(call->input, field->name);
    return operation_validate_shape(operation, field, call->bearer != NULL) != SHAPE_NONE &&
           !json_get(call->input, field->name);
}

enum status operation_validate_places(const struct operation *operation, const struct json *input,
                                      struct error *err)
{
    if (operation->classes == 0 || operation_stands_alone(operation, input))
        return STATUS_OK;
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        if (field->type != FIELD_PLACE || !json_get(input, field->name))
            continue;
        error_set(err, STATUS_INVALID, "place_unexpected",
                  "%s is of no use where an environment is looked at", field->flag);
        return error_hint(err, "%s: %s", field->flag, field->help);
    }
    return STATUS_OK;
}

enum status operation_validate(const struct operation *operation, const struct operation_call *call,
                               struct error *err)
{
    bool from_elsewhere = call->bearer != NULL;
    if (!json_is(call->input, JSON_OBJECT))
        return error_set(err, STATUS_INVALID, "input_type", "the input is not an object");
    for (const struct json *value = json_first(call->input); value; value = json_next(value)) {
        const struct operation_field *field = find_field(operation, json_key(value));
        if (!field)
            return error_set(err, STATUS_INVALID, "input_unknown",
                             "'%.80s' is not part of the input", json_key(value));
        TRY(check_value(operation, field, value, from_elsewhere, err));
    }
    TRY(operation_validate_places(operation, call->input, err));
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (is_missing(operation, field, call)) {
            error_set(err, STATUS_INVALID, "input_missing", "%s is missing",
                      field->flag ? field->flag : field->metavar);
            return error_hint(err, "%s: %s", field->metavar, field->help);
        }
    return STATUS_OK;
}
