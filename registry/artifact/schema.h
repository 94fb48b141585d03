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
    const struct json *(*find)(void *context, const char *uri); // may be NULL
    void *context;
    const struct schema *metaschemas; // from schema_metaschemas, or NULL
};

// Work that one validation may do, so that no schema or instance can hang it.
#define SCHEMA_MAX_STEPS 2000000
#define SCHEMA_MAX_DEPTH 512 // of schemas applied within each other: 64 levels of JSON need 260

// Compiles; `document` must outlive the schema. `registry` may be NULL. STATUS_INVALID with code
// "schema_invalid" and the JSON pointer of what is wrong: not valid against its dialect's
// metaschema, an unknown dialect ($schema), an unresolvable $ref, a bad regular expression. A
// missing $schema means 2020-12. A $ref may lead to any place in the document. `format` and the
// content keywords assert nothing; regular expressions are as artifact/pattern.h has them. The
// metaschemas of both drafts are built in. STATUS_TOO_LARGE when the references are too many to
// resolve.
enum status schema_compile(struct schema **out, const struct json *document,
                           const struct schema_registry *registry, struct error *err);
void schema_free(struct schema *schema);

// Where a schema is wrong, as the message of schema_compile's "schema_invalid" has it: writes the
// JSON pointer ("" where it is the whole, or another document; longer ones may be cut) and returns
// the rest of the message.
#define SCHEMA_FAULT_POINTER_BYTES 512
const char *schema_fault_place(char out[SCHEMA_FAULT_POINTER_BYTES], const char *message);

// The same for a schema that is built in, which the tests hold to its metaschema so that nobody has
// to at each start. Only what stands at `pointer`, and what that refers to within the document, is
// compiled: schema_validate may start there and nowhere else.
enum status schema_compile_builtin(struct schema **out, const struct json *document,
                                   const char *pointer, struct error *err);

// The built-in metaschemas, compiled. Whoever compiles many schemas makes this once and hands it to
// each schema_compile in its registry: a tenth of the time. Any number of threads may share it.
enum status schema_metaschemas(struct schema **out, struct error *err);

void schema_release(struct schema **schema); // for OWNED

// What one failed assertion says.
struct schema_failure {
    const char *instance_pointer; // RFC 6901
    // Of the failing keyword in the schema; "<uri>#<pointer>" when that is in another document.
    const char *keyword_pointer;
    const char *message; // what was expected, for a person
};
typedef void (*schema_report)(void *context, const struct schema_failure *failure);

// STATUS_OK when valid; STATUS_REFUSED when not, after reporting every failure that the work limit
// allows to find (`report` may be NULL; strings are borrowed for the call); STATUS_TOO_LARGE when a
// work limit was met before any verdict. Where alternatives failed (anyOf, oneOf), the one that the
// value's type leaves speaks for them, or else one failure for all. `pointer` selects a subschema
// of the document to start from ("" for the root, "/$defs/tool"); STATUS_NOT_FOUND when there is
// none. STATUS_INVALID when `instance` is NULL.
enum status schema_validate(const struct schema *schema, const char *pointer,
                            const struct json *instance, schema_report report, void *context,
                            struct error *err);
