// What a caller gets when the answer is no: RFC 9457 problem details. The one place where a status
// becomes an HTTP status.
#pragma once

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/error.h"

#define PROBLEM_MEDIA_TYPE "application/problem+json"
#define PROBLEM_REQUEST_ID_BYTES 33 // 32 hex digits and the NUL

// The HTTP status for an error: by its code where that says more, else by its status.
unsigned problem_http_status(const struct error *error);

// The table's rows, for who describes them: 0 and NULL behind the last. A status may come twice.
unsigned problem_status_at(size_t index);
const char *problem_title_at(size_t index);

// A fresh id to find a request again by, in what the caller saw and in what we logged.
enum status problem_make_request_id(char out[PROBLEM_REQUEST_ID_BYTES], struct error *err);

// Appends {"type","title","status","detail","hint"?,"error_code","request_id"}. `type` is
// "about:blank": what it means beyond the HTTP status is `error_code`.
enum status problem_print(struct buffer *out, const struct error *error, const char *request_id,
                          struct error *err);

// The same for an operation: `more` are members of its own ("findings", "to_sign"), and to them
// comes "exit_code", which the command line ends with. What is damaged is told, too.
enum status problem_print_more(struct buffer *out, const struct error *error,
                               const char *request_id, struct json *more, struct error *err);
