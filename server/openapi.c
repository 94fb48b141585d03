// GET /openapi.json.
#include "openapi.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "handler_operation.h"
#include "openapi_operation.h"
#include "problem.h"
#include "reply.h"
#include "route.h"

#define PATH_BYTES 128

// What the tables do not say of a route: its words, and what comes back.
static const struct words {
    const char *pattern;
    const char *id;
    const char *summary;
    const char *media_type;
} routes_words[] = {
    { "/v1/{artifact}", "Artifact", "What is live, or a release by its version",
      "application/json" },
    { "/v1/{artifact}/-/files/{path}", "File", "One file, its own bytes",
      "application/octet-stream" },
    { "/v1/{artifact}/-/archive.tar.gz", "ArchiveTarGz", "All its files", "application/gzip" },
    { "/v1/{artifact}/-/archive.zip", "ArchiveZip", "All its files", "application/zip" },
    { "/v1/{artifact}/-/search", "Search", "Search a knowledge base", "application/json" },
    { "/v1/{artifact}/-/render", "Render", "A prompt filled in for one call", "application/json" },
    { "/v1/live", "live", "The state: every artifact with version and digest", "application/json" },
    { "/v1/operations/{path}", "operations", "One command of the table", "application/json" },
    { "/healthz", "healthz", "Whether the server runs", "application/json" },
    { "/readyz", "readyz", "Whether it serves the newest state", "application/json" },
    { "/metrics", "metrics", "Figures for Prometheus", "text/plain" },
    { "/openapi.json", "openapi", "This document", "application/json" },
};

static const struct words *find_words(const char *pattern)
{
    for (size_t i = 0; i < COUNT_OF(routes_words); i++)
        if (strcmp(routes_words[i].pattern, pattern) == 0)
            return &routes_words[i];
    return NULL;
}

const char *openapi_summary(const char *pattern)
{
    const struct words *words = find_words(pattern);
    return words ? words->summary : NULL;
}

static void add_parameter(struct json *list, const char *name, const char *where, bool required,
                          const char *description, const char *example)
{
    struct json *parameter = json_append_object(list);
    json_set_string(parameter, "name", name);
    json_set_string(parameter, "in", where);
    json_set_bool(parameter, "required", required);
    json_set_string(parameter, "description", description);
    json_set_string(json_set_object(parameter, "schema"), "type", "string");
    json_set_string(parameter, "example", example);
}

static void add_parameters(struct json *operation, const struct words *words, bool has_name)
{
    struct json *list = json_new_array();
    if (has_name)
        add_parameter(list, "name", "path", true,
                      "The artifact's name, its slashes as they stand, and @VERSION for a release",
                      "outbound/greeting");
    if (strstr(words->pattern, "{path}"))
        add_parameter(list, "path", "path", true, "The file's path in the artifact",
                      "artifact.json");
    if (strcmp(words->id, "Search") == 0)
        add_parameter(list, "q", "query", true, "What is looked for", "opening hours");
    if (json_count(list) > 0)
        json_set(operation, "parameters", list);
    else
        json_free(list);
}

void openapi_add_problems(struct json *responses)
{
    char status[16];
    for (size_t i = 0; problem_status_at(i); i++) {
        char reference[64];
        snprintf(status, sizeof(status), "%u", problem_status_at(i));
        snprintf(reference, sizeof(reference), "#/components/responses/Problem%s", status);
        if (!json_get(responses, status))
            json_set_string(json_set_object(responses, status), "$ref", reference);
    }
}

static struct json *add_content(struct json *response, const char *description,
                                const char *media_type)
{
    json_set_string(response, "description", description);
    struct json *media = json_set_object(json_set_object(response, "content"), media_type);
    return json_set_object(media, "schema");
}

static void add_schema(struct json *schema, const struct words *words)
{
    if (strcmp(words->media_type, "application/json") == 0)
        json_set_string(schema, "type", "object");
    else
        json_set_string(schema, "type", "string");
}

static void add_route_operation(struct json *path, const struct route *route,
                                const struct words *words, const char *collection)
{
    bool is_post = route->methods & METHOD_POST;
    char id[64];
    struct json *operation = json_set_object(path, is_post ? "post" : "get");
    snprintf(id, sizeof(id), "%s%s", collection, words->id);
    json_set_string(operation, "operationId", id);
    json_set_string(operation, "summary", words->summary);
    json_append_string(json_set_array(operation, "tags"), *collection ? "live" : "server");
    if (route->roles == 0)
        json_set_array(operation, "security");
    add_parameters(operation, words, *collection != '\0');
    if (is_post) {
        struct json *body = json_set_object(operation, "requestBody");
        struct json *media = json_set_object(json_set_object(body, "content"), "application/json");
        json_set_string(json_set_object(media, "schema"), "type", "object");
        json_set_object(media, "example");
    }
    struct json *responses = json_set_object(operation, "responses");
    add_schema(add_content(json_set_object(responses, "200"), words->summary, words->media_type),
               words);
    if (!is_post && *collection)
        json_set_string(json_set_object(responses, "304"), "description",
                        "It has not changed (If-None-Match)");
    openapi_add_problems(responses);
}

// "/v1/{artifact}/-/render" as "/v1/prompts/{name}/-/render", for each collection.
static void add_route(struct json *paths, const struct route *route)
{
    static const char hole[] = "{artifact}";
    static const char *const collections[] = { "prompts", "tools", "knowledge" };
    const struct words *words = find_words(route->pattern);
    const char *at = strstr(route->pattern, hole);
    char path[PATH_BYTES];
    if (!words || route->handle == handler_operation_perform)
        return;
    if (!at) {
        add_route_operation(json_set_object(paths, route->pattern), route, words, "");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(collections); i++) {
        snprintf(path, sizeof(path), "%.*s%s/{name}%s", (int)(at - route->pattern), route->pattern,
                 collections[i], at + sizeof(hole) - 1);
        add_route_operation(json_set_object(paths, path), route, words, collections[i]);
    }
}

static void add_info(struct json *document)
{
    json_set_string(document, "openapi", "3.1.0");
    struct json *info = json_set_object(document, "info");
    json_set_string(info, "title", "Greenroom");
    json_set_string(info, "version", GREENROOM_VERSION);
    json_set_string(info, "description",
                    "A registry for what AI voice agents say and do: what is live, for the call "
                    "runtime, and operations on an environment, for its people.");
    struct json *licence = json_set_object(info, "license");
    json_set_string(licence, "name", "Apache-2.0");
    json_set_string(licence, "identifier", "Apache-2.0");
    json_set_string(json_append_object(json_set_array(document, "servers")), "url", "/");
    json_set_array(json_append_object(json_set_array(document, "security")), "bearer");
    struct json *tags = json_set_array(document, "tags");
    static const char *const names[][2] = { { "live", "What is live" },
                                            { "operations", "The commands, on a server that was "
                                                            "started --writable" },
                                            { "server", "The server itself" } };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct json *tag = json_append_object(tags);
        json_set_string(tag, "name", names[i][0]);
        json_set_string(tag, "description", names[i][1]);
    }
}

static void add_problem_responses(struct json *components)
{
    struct json *responses = json_set_object(components, "responses");
    for (size_t i = 0; problem_status_at(i); i++) {
        char name[32];
        snprintf(name, sizeof(name), "Problem%u", problem_status_at(i));
        if (json_get(responses, name))
            continue;
        struct json *schema =
            add_content(json_set_object(responses, name), problem_title_at(i), PROBLEM_MEDIA_TYPE);
        json_set_string(schema, "$ref", "#/components/schemas/Problem");
    }
}

struct json *openapi_document(void)
{
    struct json *document = json_new_object();
    add_info(document);
    struct json *paths = json_set_object(document, "paths");
    for (size_t i = 1; route_at(i); i++) // 0 is for paths that no row has
        add_route(paths, route_at(i));
    openapi_operation_add_all(paths);
    struct json *components = json_set_object(document, "components");
    openapi_operation_add_schemas(json_set_object(components, "schemas"));
    add_problem_responses(components);
    struct json *bearer = json_set_object(json_set_object(components, "securitySchemes"), "bearer");
    json_set_string(bearer, "type", "http");
    json_set_string(bearer, "scheme", "bearer");
    return document;
}

enum status openapi_handle(struct exchange *exchange, struct error *err)
{
    struct json *document OWNED(json_release) = openapi_document();
    struct buffer body OWNED(buffer_release) = { 0 };
    struct response *response OWNED(response_release) = NULL;
    static const struct reply_field fields[] = {
        { "Content-Type", "application/json" },
        { "Cache-Control", "no-cache" },
        { "X-Content-Type-Options", "nosniff" },
    };
    TRY(json_print(&body, document, err));
    TRY(reply_with_buffer(&response, &body, fields, COUNT_OF(fields), err));
    return exchange_send(exchange, 200, response);
}
