// The operation table as a part of openapi.json.
#include "openapi_operation.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "openapi_answer.h"
#include "operation/operation.h"
#include "operation/operation_validate.h"
#include "order.h"
#include "order_answer.h"

#define PATH_BYTES 96
#define JSON_TYPE "application/json"
#define FORM_TYPE "multipart/form-data"
#define MIXED_TYPE "multipart/mixed"
#define RESULTS_FILE "openapi.results.json" // what comes of each operation, by its name

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

static void name_operation(const struct operation *operation, const char *before, char *out,
                           size_t out_bytes)
{
    snprintf(out, out_bytes, "%s%s", before, operation->name);
    for (char *at = out; *at; at++)
        *at = *at == ' ' ? '-' : *at;
}

// What the row alone says it may be refused with; what else it may, the table of results says.
static void add_problems(struct json *responses, const struct operation *operation,
                         const struct json *result)
{
    static const unsigned always[] = { 400, 401, 403, 413, 415 };
    bool is_signed = false;
    for (const struct operation_field *field = operation->fields; field->name; field++)
        is_signed |= operation_validate_shape(operation, field, true) == SHAPE_SIGNATURES;
    for (size_t i = 0; i < COUNT_OF(always); i++)
        openapi_answer_add_problem(responses, always[i]);
    openapi_answer_add_problems(responses, json_get(result, "problems"));
    if (operation->writes || operation->classes != (ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE))
        openapi_answer_add_problem(responses, 422); // its key was used, or it is another class
    if (is_signed) {
        openapi_answer_add_problem(responses, 409); // another thing is to be signed by now
        openapi_answer_add_problem(responses, 428);
    }
    openapi_answer_add_any(responses);
}

static bool has_output(const struct operation *operation)
{
    const struct operation_field *field = operation->fields;
    while (field->name && field->type != FIELD_OUTPUT)
        field++;
    return field->name;
}

// What comes back as bytes: alone, or behind the document.
static void add_bytes(struct json *content, const struct operation *operation, const char *done)
{
    const char *type = order_answer_media_type(operation);
    struct json *schema = json_set_object(json_set_object(content, type), "schema");
    json_set_string(schema, "description", "The bytes themselves");
    json_set_string(schema, "type", "string");
    schema = json_set_object(json_set_object(content, MIXED_TYPE), "schema");
    json_set_string(schema, "description", "With Accept: the document first, the bytes second");
    json_set_string(schema, "type", "array");
    json_set_integer(schema, "minItems", 2);
    json_set_integer(schema, "maxItems", 2);
    struct json *parts = json_set_array(schema, "prefixItems");
    openapi_answer_refer(json_append_object(parts), "schemas", done);
    struct json *bytes = json_append_object(parts);
    json_set_string(bytes, "type", "string");
    json_set_string(bytes, "contentMediaType", type);
}

static void add_answers(struct json *post, const struct operation *operation,
                        const struct json *result, const char *done)
{
    struct json *content;
    struct json *headers OWNED(json_release) = json_new_array();
    struct json *responses = json_set_object(post, "responses");
    json_append_string(headers, "Cache-Control-Never");
    json_append_string(headers, "X-Content-Type-Options");
    openapi_answer_add(responses, "200", operation->summary, headers, &content);
    if (has_output(operation) || json_get_bool(result, "bytes", false))
        add_bytes(content, operation, done);
    else
        openapi_answer_add_media(content, JSON_TYPE, done);
    add_problems(responses, operation, result);
}

static void add_operation(struct json *paths, const struct operation *operation,
                          const struct json *result)
{
    char path[PATH_BYTES];
    char id[PATH_BYTES];
    char input[PATH_BYTES];
    char done[PATH_BYTES];
    name_operation(operation, "/v1/operations/", path, sizeof(path));
    name_operation(operation, "operation-", id, sizeof(id));
    name_operation(operation, "#/components/schemas/input-", input, sizeof(input));
    name_operation(operation, "done-", done, sizeof(done));
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
    add_body(post, operation, input);
    add_answers(post, operation, result, done);
}

void openapi_operation_add_all(struct json *paths)
{
    struct json *results OWNED(json_release) = openapi_answer_table(RESULTS_FILE);
    for (size_t i = 0; operation_table[i]; i++)
        if (operation_table[i]->classes)
            add_operation(paths, operation_table[i], json_get(results, operation_table[i]->name));
}

// {"result":…,"findings":[…],"refused":false}
static void describe_done(struct json *schema, const char *result_name, const struct json *result)
{
    static const char *const members[] = { "result", "findings", "refused" };
    json_set_string(schema, "type", "object");
    json_set_bool(schema, "additionalProperties", false);
    struct json *required = json_set_array(schema, "required");
    for (size_t i = 0; i < COUNT_OF(members); i++)
        json_append_string(required, members[i]);
    struct json *properties = json_set_object(schema, "properties");
    openapi_answer_refer(json_set_object(properties, "result"), "schemas", result_name);
    struct json *findings = json_set_object(properties, "findings");
    json_set_string(findings, "type", "array");
    openapi_answer_refer(json_set_object(findings, "items"), "schemas", "Finding");
    struct json *refused = json_set_object(properties, "refused");
    json_set_string(refused, "description", "Done, and the command line would end with 1");
    json_set_string(refused, "type", "boolean");
    struct json *example = json_append_object(json_set_array(schema, "examples"));
    json_set(example, "result", json_copy(json_get(result, "example")));
    json_set_array(example, "findings");
    json_set_bool(example, "refused", false);
}

void openapi_operation_add_schemas(struct json *schemas)
{
    struct json *results OWNED(json_release) = openapi_answer_table(RESULTS_FILE);
    for (size_t i = 0; operation_table[i]; i++) {
        const struct operation *operation = operation_table[i];
        const struct json *result = json_get(results, operation->name);
        char name[PATH_BYTES];
        char result_name[PATH_BYTES];
        if (!operation->classes)
            continue;
        name_operation(operation, "input-", name, sizeof(name));
        describe_input(json_set_object(schemas, name), operation);
        name_operation(operation, "result-", result_name, sizeof(result_name));
        json_set(schemas, result_name, json_copy(json_get(result, "schema")));
        name_operation(operation, "done-", name, sizeof(name));
        describe_done(json_set_object(schemas, name), result_name, result);
    }
}
