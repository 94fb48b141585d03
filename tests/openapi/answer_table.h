// The answers that an OpenAPI document tells of: a row for each path, method and status, and a row
// for each status that any request may be answered with.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/json.h"
#include "artifact/schema.h"
#include "base/error.h"

#define ANSWER_POINTER_BYTES 300

struct answer_row {
    const char *path;   // "/v1/prompts/{name}"; "*": any
    const char *method; // "get"; "*": any
    unsigned status;
    const struct json *response; // resolved
    size_t number;
    size_t count; // seen
};

// Starts as {0}.
struct answer_table {
    struct json *document;
    struct json *judged; // {"components":…, "$defs": each response's and header's schemas}
    struct schema *schema;
    struct answer_row *rows;
    size_t count;
    size_t capacity;
};

// STATUS_NOT_FOUND, STATUS_INVALID.
enum status answer_table_open(struct answer_table *out, const char *path, struct error *err);
void answer_table_release(struct answer_table *table);

// What a "$ref" leads to, or the value itself.
const struct json *answer_table_resolve(const struct answer_table *table, const struct json *value);

// The row of an answer: of the longest path that fits, or of what any request may meet. NULL: it is
// not documented. HEAD is answered as GET.
struct answer_row *answer_table_find(const struct answer_table *table, const char *method,
                                     const char *path, unsigned status);

// Where in the schema the content of that media type is judged. False: it is not documented.
// *out_is_bytes: any media type is, and nothing is read from it.
bool answer_table_media(char out[ANSWER_POINTER_BYTES], bool *out_is_bytes,
                        const struct answer_row *row, const char *media_type);
// Likewise a header, which is a member of a response's "headers".
void answer_table_header(char out[ANSWER_POINTER_BYTES], const struct json *header);
