// Answers, as openapi.json tells of them.
#include "openapi_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "base/text.h"
#include "openapi_operation.h"
#include "problem.h"

struct json *openapi_answer_table(const char *file_name)
{
    const struct embedded_file *file = embedded_find(file_name);
    struct json *table = NULL;
    struct error unheard;
    if (file)
        (void)json_parse(&table, file->bytes, file->size_bytes, &unheard);
    return table;
}

void openapi_answer_refer(struct json *object, const char *kind, const char *name)
{
    char reference[OPENAPI_REFERENCE_BYTES];
    snprintf(reference, sizeof(reference), "#/components/%s/%s", kind, name);
    json_set_string(object, "$ref", reference);
}

static void name_problem(char out[32], unsigned http_status)
{
    snprintf(out, 32, "Problem%u", http_status);
}

void openapi_answer_add_problem(struct json *responses, unsigned http_status)
{
    char status[16];
    char name[32];
    snprintf(status, sizeof(status), "%u", http_status);
    name_problem(name, http_status);
    if (!json_get(responses, status))
        openapi_answer_refer(json_set_object(responses, status), "responses", name);
}

void openapi_answer_add_problems(struct json *responses, const struct json *statuses)
{
    for (const struct json *status = json_first(statuses); status; status = json_next(status))
        openapi_answer_add_problem(responses, (unsigned)json_number(status));
}

void openapi_answer_add_any(struct json *responses)
{
    openapi_answer_refer(json_set_object(responses, "default"), "responses", "ProblemAny");
}

// The field's name is the component's up to its last hyphen, where that tells variants apart.
static void add_header(struct json *headers, const char *component)
{
    static const char *const variants[] = { "-Never", "-Any", "-None" };
    char name[64];
    snprintf(name, sizeof(name), "%s", component);
    for (size_t i = 0; i < COUNT_OF(variants); i++)
        if (text_ends_with(name, variants[i]))
            name[strlen(name) - strlen(variants[i])] = '\0';
    openapi_answer_refer(json_set_object(headers, name), "headers", component);
}

struct json *openapi_answer_add(struct json *responses, const char *status, const char *description,
                                const struct json *headers, struct json **out_content)
{
    struct json *response = json_set_object(responses, status);
    json_set_string(response, "description", description);
    struct json *fields = json_count(headers) > 0 ? json_set_object(response, "headers") : NULL;
    for (const struct json *name = json_first(headers); name; name = json_next(name))
        add_header(fields, json_string(name));
    if (out_content)
        *out_content = json_set_object(response, "content");
    return response;
}

void openapi_answer_add_media(struct json *content, const char *media_type, const char *schema)
{
    struct json *media = json_set_object(content, media_type);
    openapi_answer_refer(json_set_object(media, "schema"), "schemas", schema);
}

static struct json *copy_moved(const struct json *value, const char *component);

static struct json *copy_member(const struct json *member, const char *component)
{
    static const char inside[] = "#/$defs/";
    const char *text = json_string(member);
    char moved[OPENAPI_REFERENCE_BYTES];
    if (strcmp(json_key(member), "$ref") != 0 || !text || !text_starts_with(text, inside))
        return copy_moved(member, component);
    snprintf(moved, sizeof(moved), "#/components/schemas/%s/%s", component, text + 2);
    return json_new_string(moved);
}

// A schema that stands for itself elsewhere, as a component: what it refers to is in it.
static struct json *copy_moved(const struct json *value, const char *component)
{
    if (!json_is(value, JSON_OBJECT) && !json_is(value, JSON_ARRAY))
        return json_copy(value);
    struct json *copy = json_is(value, JSON_ARRAY) ? json_new_array() : json_new_object();
    for (const struct json *item = json_first(value); item; item = json_next(item))
        if (json_is(value, JSON_ARRAY))
            json_append(copy, copy_moved(item, component));
        else
            json_set(copy, json_key(item), copy_member(item, component));
    return copy;
}

static void add_file(struct json *schemas, const char *component, const char *file_name)
{
    struct json *schema OWNED(json_release) = openapi_answer_table(file_name);
    struct json *moved = json_set_object(schemas, component);
    for (const struct json *member = json_first(schema); member; member = json_next(member))
        if (strcmp(json_key(member), "$schema") != 0) // the document says which one holds
            json_set(moved, json_key(member), copy_member(member, component));
}

static struct json *add_problem_response(struct json *responses, const char *name,
                                         const char *description, const char *const *headers)
{
    struct json *content;
    struct json *list OWNED(json_release) = json_new_array();
    for (; *headers; headers++)
        json_append_string(list, *headers);
    struct json *response = openapi_answer_add(responses, name, description, list, &content);
    openapi_answer_add_media(content, PROBLEM_MEDIA_TYPE, "Problem");
    return response;
}

#define PROBLEM_HEADERS "Cache-Control-Never", "X-Content-Type-Options", "X-Request-Id"

static const char *const *headers_of(unsigned http_status)
{
    static const char *const plain[] = { PROBLEM_HEADERS, NULL };
    static const char *const key[] = { PROBLEM_HEADERS, "WWW-Authenticate", NULL };
    static const char *const range[] = { PROBLEM_HEADERS, "Content-Range-None", NULL };
    return http_status == 401 ? key : http_status == 416 ? range : plain;
}

static bool is_referred_to(const struct json *value, const char *reference)
{
    if (strcmp(json_get_string(value, "$ref", ""), reference) == 0)
        return true;
    for (const struct json *item = json_first(value); item; item = json_next(item))
        if (json_count(item) > 0 && is_referred_to(item, reference))
            return true;
    return false;
}

// Each problem that a route names, and the one for what any request may meet.
static void add_problem_responses(struct json *responses, const struct json *any,
                                  const struct json *paths)
{
    static const char *const many[] = { PROBLEM_HEADERS, "Allow", "Retry-After", NULL };
    for (size_t i = 0; problem_status_at(i); i++) {
        char name[32];
        char reference[OPENAPI_REFERENCE_BYTES];
        unsigned status = problem_status_at(i);
        name_problem(name, status);
        snprintf(reference, sizeof(reference), "#/components/responses/%s", name);
        if (!json_get(responses, name) && is_referred_to(paths, reference))
            add_problem_response(responses, name, problem_title_at(i), headers_of(status));
    }
    struct json *response = add_problem_response(responses, "ProblemAny",
                                                 json_get_string(any, "description", ""), many);
    json_set(response, "x-statuses", json_copy(json_get(any, "statuses")));
}

void openapi_answer_add_components(struct json *components, const struct json *paths)
{
    struct json *table OWNED(json_release) = openapi_answer_table("openapi.components.json");
    struct json *schemas = json_set_object(components, "schemas");
    const struct json *shared = json_get(table, "schemas");
    for (const struct json *schema = json_first(shared); schema; schema = json_next(schema))
        json_set(schemas, json_key(schema), json_copy(schema));
    add_file(schemas, "Manifest", "artifact.schema.json");
    add_file(schemas, "Policy", "policy.schema.json");
    add_file(schemas, "Description", "description.schema.json");
    openapi_operation_add_schemas(schemas);
    json_set(components, "headers", json_copy(json_get(table, "headers")));
    add_problem_responses(json_set_object(components, "responses"), json_get(table, "any"), paths);
}
