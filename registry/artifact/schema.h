// JSON Schema validation: drafts 2020-12 and 07. Sources: JSON Schema Core and Validation 2020-12;
// draft-07 (draft-handrews-json-schema-01 and -validation-01).
#pragma once

#include <stddef.h>

#include "artifact/json.h"
#include "base/error.h"

// A compiled schema. Compiled once, then read-only: any number of threads may validate with it.
struct schema;

// Documents that $ref may reach, beside the schema itself and the built-in metaschemas. Nothing is
// ever fetched. `find` returns a borrowed document for an absolute URI without fragment, or NULL.
struct schema_registry {
    const struct json *(*find)(void *context, const char *uri);
    void *context;
};

// Work that one validation may do, so that no schema or instance can hang it.
#define SCHEMA_MAX_STEPS 2000000
#define SCHEMA_MAX_DEPTH 512 // of schemas applied within each other: 64 levels of JSON need 260

// Compiles; `document` must outlive the schema. `registry` may be NULL. STATUS_INVALID with code
// "schema_invalid" and the JSON pointer of what is wrong: not valid against its dialect's
// metaschema, an unknown dialect ($schema), an unresolvable $ref, a bad regular expression. A
// missing $schema means 2020-12.
enum status schema_compile(struct schema **out, const struct json *document,
                           const struct schema_registry *registry, struct error *err);
void schema_free(struct schema *schema);
void schema_release(struct schema **schema); // for OWNED

// What one failed assertion says.
struct schema_failure {
    const char *instance_pointer; // RFC 6901
    const char *keyword_pointer;  // of the failing keyword in the schema
    const char *message;          // what was expected, for a person
};
typedef void (*schema_report)(void *context, const struct schema_failure *failure);

// STATUS_OK when valid; STATUS_REFUSED when not, after reporting every failure (`report` may be
// NULL; strings are borrowed for the call); STATUS_TOO_LARGE when a work limit was met. `pointer`
// selects a subschema of the document to start from ("" for the root, "/$defs/tool").
enum status schema_validate(const struct schema *schema, const char *pointer,
                            const struct json *instance, schema_report report, void *context,
                            struct error *err);
