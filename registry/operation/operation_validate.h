// An operation's input, held to its row's fields.
#pragma once

#include "operation/operation.h"

#define OPERATION_MAX_TEXT_BYTES (1U << 20) // a file's text; everything else is far smaller
#define OPERATION_MAX_LIST 1000

// What stands in the input for a field.
enum operation_shape {
    SHAPE_NONE,       // nothing: the face fills the call itself, or the caller is elsewhere
    SHAPE_TEXT,       // a string
    SHAPE_LIST,       // an array of strings
    SHAPE_SIGNATURES, // an object (operation_signing.h)
};
enum operation_shape operation_validate_shape(const struct operation *operation,
                                              const struct operation_field *field,
                                              bool from_elsewhere);

// STATUS_INVALID (code "place_unexpected") for a folder that goes with what needs no environment
// (operation_stands_alone), when the input names an environment's doing instead.
enum status operation_validate_places(const struct operation *operation, const struct json *input,
                                      struct error *err);

// STATUS_INVALID or STATUS_TOO_LARGE, naming the field: of another shape, unknown, or missing.
enum status operation_validate(const struct operation *operation, const struct operation_call *call,
                               struct error *err);
