// Tables of schemas, values and verdicts, for the tests of the validator.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/schema.h"
#include "base/memory.h"

struct schema_case {
    const char *schema;
    const char *valid[6]; // values that must be valid; NULL ends the list
    const char *wrong[6]; // values that must not be
};

static inline struct json *schema_case_json(const char *text)
{
    struct json *value = NULL;
    struct error err = { 0 };
    if (json_parse(&value, text, strlen(text), &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    return value;
}

static inline void schema_case_expect(const struct schema *schema, const char *schema_text,
                                      const char *text, enum status expected)
{
    struct error err = { 0 };
    struct json *value OWNED(json_release) = schema_case_json(text);
    enum status status = schema_validate(schema, "", value, NULL, NULL, &err);
    if (status != expected)
        fail_msg("%s with %s: expected status %d, got %d (%s)", schema_text, text, (int)expected,
                 (int)status, err.message);
}

static inline void schema_case_run(const struct schema_case *cases, size_t count,
                                   const struct schema_registry *registry)
{
    for (size_t i = 0; i < count; i++) {
        struct error err = { 0 };
        struct json *document OWNED(json_release) = schema_case_json(cases[i].schema);
        struct schema *schema OWNED(schema_release) = NULL;
        if (schema_compile(&schema, document, registry, &err) != STATUS_OK)
            fail_msg("%s: %s", cases[i].schema, err.message);
        for (size_t j = 0; j < COUNT_OF(cases[i].valid) && cases[i].valid[j]; j++)
            schema_case_expect(schema, cases[i].schema, cases[i].valid[j], STATUS_OK);
        for (size_t j = 0; j < COUNT_OF(cases[i].wrong) && cases[i].wrong[j]; j++)
            schema_case_expect(schema, cases[i].schema, cases[i].wrong[j], STATUS_REFUSED);
    }
}

// Compiling must fail with this code's status, and a message that begins so.
static inline void schema_case_refused(const char *text, const struct schema_registry *registry,
                                       const char *message)
{
    struct error err = { 0 };
    struct json *document OWNED(json_release) = schema_case_json(text);
    struct schema *schema OWNED(schema_release) = NULL;
    if (schema_compile(&schema, document, registry, &err) != STATUS_INVALID)
        fail_msg("%s: not refused", text);
    assert_string_equal(err.code, "schema_invalid");
    if (strncmp(err.message, message, strlen(message)) != 0)
        fail_msg("%s: expected '%s…', got '%s'", text, message, err.message);
}
