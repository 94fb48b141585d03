// GET /openapi.json.
#include "openapi.h"

#include "base/memory.h"
#include "openapi_answer.h"
#include "openapi_operation.h"
#include "openapi_route.h"
#include "reply.h"

static void add_info(struct json *document)
{
    json_set_string(document, "openapi", "3.1.0");
    struct json *info = json_set_object(document, "info");
    json_set_string(info, "title", "Greenroom");
    json_set_string(info, "version", GREENROOM_VERSION);
    json_set_string(info, "description",
                    "A registry for what AI voice agents say and do: what is live, for the call "
                    "runtime, and operations on an environment, for its people. A name's slashes "
                    "stand as they are. HEAD is answered as GET, without the content; OPTIONS "
                    "with 204 and Allow.");
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

struct json *openapi_document(void)
{
    struct json *document = json_new_object();
    add_info(document);
    struct json *paths = json_set_object(document, "paths");
    openapi_route_add_all(paths);
    openapi_operation_add_all(paths);
    struct json *components = json_set_object(document, "components");
    openapi_answer_add_components(components, paths);
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
