// JSON documents that are built in and were read when the program was built (schema/embed_json.c).
//
// To read the schema of manifests and the detector's rules anew took a fifth of each publish.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"
#include "base/error.h"

// A value, without pointers, so that nothing has to be adjusted when the program is loaded. Values
// stand in the document's order: one's first member behind it, its next sibling at `end`.
struct json_builtin_node {
    uint8_t type; // enum json_type
    bool is_true; // a boolean's value
    bool has_next;
    uint32_t key;  // offset in the document's texts; 0: none
    uint32_t text; // a string's, likewise
    uint32_t end;  // index behind all that stands within
    double number; // a number's value, which it says exactly
};

struct json_builtin_document {
    const char *name; // of the file in schema/; NULL ends the table
    const struct json_builtin_node *nodes;
    size_t count;
    const char *texts;
};

extern const struct json_builtin_document json_builtin_documents[];

// The document's value, as json_parse would have given it; any number of threads may read it.
// STATUS_NOT_FOUND when no such document is built in.
enum status json_builtin_new(const struct json **out, const char *name, struct error *err);
void json_builtin_free(const struct json *value); // of the document, and nothing else
