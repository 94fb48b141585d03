// The routes for reading as a part of openapi.json.
#include "openapi_route.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "handler_operation.h"
#include "openapi_answer.h"
#include "route.h"

#define PATH_BYTES 160
#define JSON_TYPE "application/json"
#define ROUTES_FILE "openapi.routes.json"

// One path of the document on its way: a route, for one collection, as it is or at a state.
struct describing {
    const struct route *route;
    const struct json *words; // of the table
    const char *collection;   // "prompts"; "": the route is about no artifact
    bool is_at_state;
};

static void add_path_parameter(struct json *list, const char *name, const char *description,
                               const char *example)
{
    struct json *parameter = json_append_object(list);
    json_set_string(parameter, "name", name);
    json_set_string(parameter, "in", "path");
    json_set_bool(parameter, "required", true);
    json_set_string(parameter, "description", description);
    json_set_string(json_set_object(parameter, "schema"), "type", "string");
    json_set_string(parameter, "example", example);
}

static void add_parameters(struct json *operation, const struct describing *describing)
{
    struct json *list = json_new_array();
    if (describing->is_at_state)
        add_path_parameter(list, "commit", "A state of live: Greenroom-State of an earlier answer",
                           "5d1c0f6e8b7a4c2d9e3f1a0b5c6d7e8f90a1b2c3");
    if (*describing->collection)
        add_path_parameter(list, "name",
                           "The artifact's name, its slashes as they stand, and @VERSION for a "
                           "release",
                           "outbound/greeting");
    const struct json *more = json_get(describing->words, "parameters");
    for (const struct json *parameter = json_first(more); parameter;
         parameter = json_next(parameter))
        json_append(list, json_copy(parameter));
    if (json_count(list) > 0)
        json_set(operation, "parameters", list);
    else
        json_free(list);
}

static void add_request(struct json *operation, const char *schema)
{
    if (!schema)
        return;
    struct json *body = json_set_object(operation, "requestBody");
    openapi_answer_add_media(json_set_object(body, "content"), JSON_TYPE, schema);
}

// The component of an answer: one for all, or one for each collection.
static const char *schema_of(const struct describing *describing, const struct json *answer)
{
    const struct json *schema = json_get(answer, "schema");
    const char *name = json_string(schema);
    return name ? name : json_get_string(schema, describing->collection, NULL);
}

static void add_answer(struct json *responses, const struct describing *describing,
                       const struct json *answer)
{
    struct json *content;
    const char *media_type = json_get_string(answer, "media_type", NULL);
    const char *summary = json_get_string(describing->words, "summary", "");
    const char *schema = schema_of(describing, answer);
    if (strcmp(json_key(answer), "304") == 0)
        summary = "It has not changed (If-None-Match)";
    if (strcmp(json_key(answer), "206") == 0)
        summary = "A part of it (Range)";
    openapi_answer_add(responses, json_key(answer), json_get_string(answer, "description", summary),
                       json_get(answer, "headers"), media_type ? &content : NULL);
    if (!media_type)
        return;
    if (schema) {
        openapi_answer_add_media(content, media_type, schema);
        return;
    }
    struct json *bytes = json_set_object(json_set_object(content, media_type), "schema");
    json_set_string(bytes, "type", "string");
    json_set_string(bytes, "description", "The bytes themselves");
}

static void add_operation(struct json *path, const struct describing *describing)
{
    bool is_post = describing->route->methods & METHOD_POST;
    char id[PATH_BYTES];
    struct json *operation = json_set_object(path, is_post ? "post" : "get");
    snprintf(id, sizeof(id), "%s%s%s", describing->collection,
             json_get_string(describing->words, "id", ""),
             describing->is_at_state ? "AtState" : "");
    json_set_string(operation, "operationId", id);
    json_set_string(operation, "summary", json_get_string(describing->words, "summary", ""));
    bool is_live = strncmp(describing->route->pattern, "/v1/", 4) == 0;
    json_append_string(json_set_array(operation, "tags"), is_live ? "live" : "server");
    if (describing->route->roles == 0)
        json_set_array(operation, "security");
    add_parameters(operation, describing);
    add_request(operation, json_get_string(describing->words, "request", NULL));
    struct json *responses = json_set_object(operation, "responses");
    const struct json *answers = json_get(describing->words, "answers");
    for (const struct json *answer = json_first(answers); answer; answer = json_next(answer))
        add_answer(responses, describing, answer);
    openapi_answer_add_problems(responses, json_get(describing->words, "problems"));
    if (describing->is_at_state)
        openapi_answer_add_problem(responses, 404); // a state that is not held
    openapi_answer_add_any(responses);
}

static void add_path(struct json *paths, const struct describing *describing, const char *path)
{
    char at_state[PATH_BYTES + sizeof("/at/{commit}")];
    struct describing earlier = *describing;
    add_operation(json_set_object(paths, path), describing);
    if (strncmp(path, "/v1/", 4) != 0)
        return;
    snprintf(at_state, sizeof(at_state), "/v1/at/{commit}%s", path + strlen("/v1"));
    earlier.is_at_state = true;
    add_operation(json_set_object(paths, at_state), &earlier);
}

// "/v1/{artifact}/-/render" as "/v1/prompts/{name}/-/render", for each collection that has it.
static void add_route(struct json *paths, const struct route *route, const struct json *words)
{
    static const char hole[] = "{artifact}";
    const char *at = strstr(route->pattern, hole);
    struct describing describing = { .route = route, .words = words, .collection = "" };
    char path[PATH_BYTES];
    if (!at) {
        add_path(paths, &describing, route->pattern);
        return;
    }
    const struct json *collections = json_get(words, "collections");
    for (const struct json *item = json_first(collections); item; item = json_next(item)) {
        describing.collection = json_string(item);
        snprintf(path, sizeof(path), "%.*s%s/{name}%s", (int)(at - route->pattern), route->pattern,
                 describing.collection, at + sizeof(hole) - 1);
        add_path(paths, &describing, path);
    }
}

void openapi_route_add_all(struct json *paths)
{
    struct json *table OWNED(json_release) = openapi_answer_table(ROUTES_FILE);
    for (size_t i = 1; route_at(i); i++) // 0 is for paths that no row has
        if (route_at(i)->handle != handler_operation_perform)
            add_route(paths, route_at(i), json_get(table, route_at(i)->pattern));
}
