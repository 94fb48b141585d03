// What a JSON Schema lets through by type and by listed values. Internal to compatibility*.c.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/json.h"

// Types as bits. A number is an integer or a fraction.
enum compatibility_type {
    COMPATIBILITY_NULL = 1 << 0,
    COMPATIBILITY_BOOLEAN = 1 << 1,
    COMPATIBILITY_INTEGER = 1 << 2,
    COMPATIBILITY_FRACTION = 1 << 3,
    COMPATIBILITY_STRING = 1 << 4,
    COMPATIBILITY_ARRAY = 1 << 5,
    COMPATIBILITY_OBJECT = 1 << 6,
    COMPATIBILITY_ANY = (1 << 7) - 1,
};

#define COMPATIBILITY_WORDS_BYTES 80 // "integer, string, array or object" and the like

// One schema document, and the work that may still be done on it.
struct compatibility_document {
    const struct json *root;
    uint64_t *steps;
};

// Takes work off; false when not enough is left.
bool compatibility_type_charge(const struct compatibility_document *document, uint64_t steps);

// The schema that `node` stands for: where its $ref leads, as long as that is inside the document.
// *out_pointer is set to the fragment when a reference was followed.
const struct json *compatibility_type_resolve(const struct compatibility_document *document,
                                              const struct json *node, const char **out_pointer);

// The types that the schema leaves possible.
unsigned compatibility_type_of(const struct compatibility_document *document,
                               const struct json *node);

// "string or null"; "anything" for all.
void compatibility_type_words(unsigned types, char out[COMPATIBILITY_WORDS_BYTES]);
