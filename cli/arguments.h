// The command line as a call of an operation: a projection of its row's fields.
#pragma once

#include <stdbool.h>

#include "base/memory.h"
#include "operation/operation.h"
#include "remote.h"
#include "signer.h"
#include "watching.h"

#define ARGUMENTS_NONE ((struct arguments) { .watching = WATCHING_NONE })

// Starts as ARGUMENTS_NONE.
struct arguments {
    const struct operation *operation; // NULL with help or version alone
    struct operation_call call;
    struct json *input;
    bool wants_json;
    bool wants_help;
    bool wants_version;
    const char *content_path; // FIELD_CONTENT
    const char *output_path;  // FIELD_OUTPUT
    char *actor;
    bool names_actor; // --actor was given
    struct remote remote;
    struct signer signer;
    struct signer second_signer;
    struct watching watching;
};
void arguments_release(struct arguments *arguments);

// Parses words; opens nothing. STATUS_INVALID says what was wrong and shows the usage.
enum status arguments_parse(struct arguments *out, int argc, char **argv, struct error *err);

// Opens what the words name: content and small files; finds out who is acting.
enum status arguments_open(struct arguments *arguments, struct error *err);

// A copy of the input without what fills fields of this type. NULL when memory ran out.
struct json *arguments_input_without(const struct arguments *arguments,
                                     enum operation_field_type type);

// The field that an operation's word number `position` (from 0) fills; a list takes all the rest.
// NULL when it takes no further word.
const struct operation_field *arguments_field_at(const struct operation *operation, int position);
