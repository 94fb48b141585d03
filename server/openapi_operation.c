// The operation table as a part of openapi.json.
#include "openapi_operation.h"

#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "operation/operation.h"
#include "operation/operation_validate.h"
#include "order.h"

#define PATH_BYTES 96
#define JSON_TYPE "application/json"
#define FORM_TYPE "multipart/form-data"

// What an input of that metavar may look like.
static const struct {
    const char *metavar;
    const char *example;
} examples[] = {
    { "KIND/NAME", "prompt/outbound/greeting" },
    { "KIND/NAME@V", "prompt/outbound/greeting@4" },
    { "KIND/NAME[@V]", "prompt/outbound/greeting" },
    { "KIND/NAME@A", "prompt/outbound/greeting@3" },
    { "PATH|KIND/NAME[@V]", "prompt/outbound/greeting@4" },
    { "90d", "90d" },
    { "30d", "30d" },
    { "TIME", "2026-11-23T00:00:00Z" },
    { "ROLE", "runtime" },
    { "ITEM", "script-read" },
    { "RULE", "personal-data.phone" },
};

static const char *example_of(const struct operation_field *field)
{
    for (size_t i = 0; i < COUNT_OF(examples); i++)
        if (strcmp(examples[i].metavar, field->metavar) == 0)
            return examples[i].example;
    return field->type == FIELD_SWITCH ? "yes" : field->name;
}

static void describe_text(struct json *schema, const struct operation_field *field)
{
    json_set_string(schema, "type", "string");
    if (field->type == FIELD_SWITCH)
        json_append_string(json_set_array(schema, "enum"), "yes");
    else
        json_set_integer(schema, "maxLength", OPERATION_MAX_TEXT_BYTES);
}

static void describe_field(struct json *schema, const struct operation_field *field,
                           enum operation_shape shape)
{
    if (shape == SHAPE_SIGNATURES) {
        json_set_string(schema, "$ref", "#/components/schemas/Signatures");
        return;
    }
    json_set_string(schema, "description", field->help);
    if (shape == SHAPE_TEXT) {
        describe_text(schema, field);
        return;
    }
    json_set_string(schema, "type", "array");
    json_set_integer(schema, "maxItems", OPERATION_MAX_LIST);
    describe_text(json_set_object(schema, "items"), field);
}

static void add_example(struct json *example, const struct operation_field *field,
                        enum operation_shape shape)
{
    if (shape == SHAPE_TEXT)
        json_set_string(example, field->name, example_of(field));
    else if (shape == SHAPE_LIST)
        json_append_string(json_set_array(example, field->name), example_of(field));
    else
        json_set_object(example, field->name);
}

static void describe_input(struct json *schema, const struct operation *operation)
{
    json_set_string(schema, "type", "object");
    json_set_bool(schema, "additionalProperties", false);
    struct json *properties = json_set_object(schema, "properties");
    struct json *required = json_new_array();
    struct json *example = json_append_object(json_set_array(schema, "examples"));
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        enum operation_shape shape = operation_validate_shape(operation, field, true);
        if (shape == SHAPE_NONE)
            continue;
        describe_field(json_set_object(properties, field->name), field, shape);
        if (!field->required)
            continue;
        json_append_string(required, field->name);
        add_example(example, field, shape);
    }
    json_set(schema, "required", required);
}

static void add_body(struct json *post, const struct operation *operation, const char *reference)
{
    struct json *body = json_set_object(post, "requestBody");
    json_set_bool(body, "required", true);
    struct json *content = json_set_object(body, "content");
    struct json *schema = json_set_object(json_set_object(content, JSON_TYPE), "schema");
    json_set_string(schema, "$ref", reference);
    if (!order_takes_content(operation))
        return;
    schema = json_set_object(json_set_object(content, FORM_TYPE), "schema");
    json_set_string(schema, "type", "object");
    struct json *properties = json_set_object(schema, "properties");
    json_set_string(json_set_object(properties, "input"), "$ref", reference);
    static const char *const parts[] = { "content", "file" };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct json *part = json_set_object(properties, parts[i]);
        json_set_string(part, "type", "string");
        json_set_string(part, "contentMediaType", "application/octet-stream");
    }
}

static void add_answer(struct json *post, const struct operation *operation)
{
    struct json *responses = json_set_object(post, "responses");
    struct json *done = json_set_object(responses, "200");
    json_set_string(done, "description", operation->summary);
    struct json *media = json_set_object(json_set_object(done, "content"), JSON_TYPE);
    json_set_string(json_set_object(media, "schema"), "$ref", "#/components/schemas/Done");
    openapi_add_problems(responses);
}

static void name_operation(const struct operation *operation, const char *before, char *out,
                           size_t out_bytes)
{
    snprintf(out, out_bytes, "%s%s", before, operation->name);
    for (char *at = out; *at; at++)
        *at = *at == ' ' ? '-' : *at;
}

static void add_operation(struct json *paths, const struct operation *operation)
{
    char path[PATH_BYTES];
    char id[PATH_BYTES];
    char reference[PATH_BYTES];
    name_operation(operation, "/v1/operations/", path, sizeof(path));
    name_operation(operation, "operation-", id, sizeof(id));
    name_operation(operation, "#/components/schemas/input-", reference, sizeof(reference));
    struct json *post = json_set_object(json_set_object(paths, path), "post");
    json_set_string(post, "operationId", id);
    json_set_string(post, "summary", operation->summary);
    json_append_string(json_set_array(post, "tags"), "operations");
    struct json *roles = json_set_array(post, "x-roles");
    for (unsigned role = ROLE_RUNTIME; role <= ROLE_AUDITOR; role <<= 1)
        if (operation->roles & role)
            json_append_string(roles, control_key_role_word((enum control_role)role));
    struct json *key = json_append_object(json_set_array(post, "parameters"));
    json_set_string(key, "name", "Idempotency-Key");
    json_set_string(key, "in", "header");
    json_set_string(key, "description", "The same request again is answered, and not done, again");
    json_set_string(json_set_object(key, "schema"), "type", "string");
    add_body(post, operation, reference);
    add_answer(post, operation);
}

void openapi_operation_add_all(struct json *paths)
{
    for (size_t i = 0; operation_table[i]; i++)
        if (operation_table[i]->classes)
            add_operation(paths, operation_table[i]);
}

void openapi_operation_add_schemas(struct json *schemas)
{
    const struct embedded_file *file = embedded_find("openapi.schemas.json");
    struct json *constant OWNED(json_release) = NULL;
    struct error unheard; // built in: a test reads it
    if (file)
        (void)json_parse(&constant, file->bytes, file->size_bytes, &unheard);
    for (const struct json *schema = json_first(constant); schema; schema = json_next(schema))
        json_set(schemas, json_key(schema), json_copy(schema));
    for (size_t i = 0; operation_table[i]; i++) {
        char name[PATH_BYTES];
        if (!operation_table[i]->classes)
            continue;
        name_operation(operation_table[i], "input-", name, sizeof(name));
        describe_input(json_set_object(schemas, name), operation_table[i]);
    }
}
