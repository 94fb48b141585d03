// Which variable a name in a template means, by the JSON Schema of the prompt's variables.
#pragma once

#include "artifact/json.h"
#include "artifact/template.h"

// Work for all the names of one prompt: some 20 ms. What is asked after that is not told.
#define VARIABLE_SCOPE_MAX_STEPS 2000000

enum variable_answer {
    VARIABLE_KNOWN,
    VARIABLE_UNTOLD, // the schema leaves it open
    VARIABLE_UNKNOWN,
};

struct variable_meaning {
    enum variable_answer answer;
    const struct json *schema;   // what the variable is; NULL when the schema does not say
    const struct json *variable; // the member of the root's "properties", or NULL for others
};

// The names of one template. Starts as {0}; everything is borrowed but `contexts`.
struct variable_scope {
    const struct json *root; // the schema of the variables
    const struct template *template;
    uint64_t *steps_left;         // shared by all templates of a prompt
    const struct json **contexts; // by tag: what names mean inside a section; NULL: untold
};

void variable_scope_release(struct variable_scope *scope);
enum status variable_scope_init(struct variable_scope *scope, const struct json *root,
                                const struct template *template, uint64_t *steps_left,
                                struct error *err);

// What the name of a tag means. Ask for the tags in their order.
struct variable_meaning variable_scope_find(struct variable_scope *scope, size_t tag);
