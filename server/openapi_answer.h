// What openapi.json is made of on the side of answers: the files of schema/ that say what comes
// back, and responses that point at their components.
#pragma once

#include <stddef.h>

#include "artifact/json.h"

// A file of schema/, parsed: built in, so that it is there, which a test reads. The caller frees
// it.
struct json *openapi_answer_table(const char *file_name);

// Fills components with the schemas and headers there are, and the problems that `paths` refer to.
void openapi_answer_add_components(struct json *components, const struct json *paths);

// responses/STATUS: a problem.
void openapi_answer_add_problem(struct json *responses, unsigned http_status);
// The same for each status in an array of numbers.
void openapi_answer_add_problems(struct json *responses, const struct json *statuses);
// responses/default: what any request may be answered with, for no reason of its route's.
void openapi_answer_add_any(struct json *responses);

// A response with its description and the headers of that names. *out_content is where its media
// types go; NULL: it has none.
struct json *openapi_answer_add(struct json *responses, const char *status, const char *description,
                                const struct json *headers, struct json **out_content);

// A media type whose schema is the component of that name, which has its own example.
void openapi_answer_add_media(struct json *content, const char *media_type, const char *schema);

#define OPENAPI_REFERENCE_BYTES 128
// "#/components/KIND/NAME"
void openapi_answer_refer(struct json *object, const char *kind, const char *name);
