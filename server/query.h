// The parameters behind a target's question mark. Source: WHATWG URL,
// application/x-www-form-urlencoded.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "head.h"

// The decoded value of the parameter `name`, in `out` with a NUL behind it; it may hold NULs
// itself. *out_found is false when there is none. STATUS_INVALID (code "parameter_invalid") when it
// stands there twice, has a '%' without two hex digits, or does not fit into `room`.
enum status query_get(struct head_span query, const char *name, char *out, size_t room,
                      size_t *out_bytes, bool *out_found, struct error *err);

// The same as a whole number from `least` to `most`; `fallback` when there is none.
struct query_number {
    unsigned least;
    unsigned most;
    unsigned fallback;
};
enum status query_get_number(struct head_span query, const char *name,
                             const struct query_number *bounds, unsigned *out, struct error *err);
