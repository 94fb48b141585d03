// RFC 9457 problem details.
#include "problem.h"

#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "exit_code.h"
#include "trust/hash.h"

#define REQUEST_ID_RANDOM_BYTES ((PROBLEM_REQUEST_ID_BYTES - 1) / 2)

// The first row that fits counts. Titles are RFC 9110's reason phrases, as "about:blank" asks.
static const struct row {
    enum status status;
    const char *code; // NULL: any
    unsigned http_status;
    const char *title;
} rows[] = {
    { STATUS_INVALID, "method_not_allowed", 405, "Method Not Allowed" },
    { STATUS_INVALID, "range_not_satisfiable", 416, "Range Not Satisfiable" },
    { STATUS_INVALID, "version_not_supported", 505, "HTTP Version Not Supported" },
    { STATUS_INVALID, "method_unknown", 501, "Not Implemented" },
    { STATUS_INVALID, "expectation_failed", 417, "Expectation Failed" },
    { STATUS_INVALID, "media_type_unsupported", 415, "Unsupported Media Type" },
    { STATUS_INVALID, "signature_needed", 428, "Precondition Required" },
    { STATUS_INVALID, "request_timeout", 408, "Request Timeout" },
    { STATUS_INVALID, NULL, 400, "Bad Request" },
    { STATUS_UNAUTHENTICATED, NULL, 401, "Unauthorized" },
    { STATUS_FORBIDDEN, NULL, 403, "Forbidden" },
    { STATUS_NOT_FOUND, NULL, 404, "Not Found" },
    { STATUS_CONFLICT, "busy", 503, "Service Unavailable" },
    { STATUS_CONFLICT, NULL, 409, "Conflict" },
    { STATUS_TOO_LARGE, "target_too_long", 414, "URI Too Long" },
    { STATUS_TOO_LARGE, "fields_too_large", 431, "Request Header Fields Too Large" },
    { STATUS_TOO_LARGE, NULL, 413, "Content Too Large" },
    { STATUS_REFUSED, NULL, 422, "Unprocessable Content" },
    { STATUS_NO_MEMORY, NULL, 503, "Service Unavailable" },
    { STATUS_IO, NULL, 500, "Internal Server Error" },
    { STATUS_DAMAGED, NULL, 500, "Internal Server Error" },
};

static const struct row *find_row(const struct error *error)
{
    size_t i = 0;
    while (i < COUNT_OF(rows) - 1 && (rows[i].status != error->status ||
                                      (rows[i].code && strcmp(rows[i].code, error->code) != 0)))
        i++;
    return &rows[i];
}

unsigned problem_status_at(size_t index)
{
    return index < COUNT_OF(rows) ? rows[index].http_status : 0;
}

const char *problem_title_at(size_t index)
{
    return index < COUNT_OF(rows) ? rows[index].title : NULL;
}

unsigned problem_http_status(const struct error *error)
{
    return find_row(error)->http_status;
}

enum status problem_make_request_id(char out[PROBLEM_REQUEST_ID_BYTES], struct error *err)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[REQUEST_ID_RANDOM_BYTES];
    TRY(hash_random(random, sizeof(random), err));
    for (size_t i = 0; i < sizeof(random); i++) {
        out[2 * i] = digits[random[i] >> 4];
        out[2 * i + 1] = digits[random[i] & 15];
    }
    out[2 * sizeof(random)] = '\0';
    return STATUS_OK;
}

static enum status print_body(struct buffer *out, const struct error *error, const char *request_id,
                              const struct json *more, bool may_hide, struct error *err)
{
    const struct row *row = find_row(error);
    // What goes wrong inside is told to the log, not to a caller.
    bool is_ours = may_hide && error->status != STATUS_INVALID && row->http_status >= 500 &&
                   strcmp(error->code, "busy") != 0;
    struct json *body OWNED(json_release) = json_new_object();
    json_set_string(body, "type", "about:blank");
    json_set_string(body, "title", row->title);
    json_set_integer(body, "status", row->http_status);
    json_set_string(body, "detail", is_ours ? "the server could not answer" : error->message);
    if (!is_ours && error->hint[0])
        json_set_string(body, "hint", error->hint);
    json_set_string(body, "error_code", error->code);
    json_set_string(body, "request_id", request_id);
    for (const struct json *member = json_first(more); member; member = json_next(member))
        json_set(body, json_key(member), json_copy(member));
    return json_print(out, body, err);
}

enum status problem_print(struct buffer *out, const struct error *error, const char *request_id,
                          struct error *err)
{
    return print_body(out, error, request_id, NULL, true, err);
}

enum status problem_print_more(struct buffer *out, const struct error *error,
                               const char *request_id, struct json *more, struct error *err)
{
    // Damage is told: whoever runs operations has to mend it.
    bool is_hidden = error->status == STATUS_IO || error->status == STATUS_NO_MEMORY;
    json_set_integer(more, "exit_code", exit_code_of(error->status));
    return print_body(out, error, request_id, more, is_hidden, err);
}
