// GET /openapi.json: what this server offers, as OpenAPI 3.1, made from the tables of routes,
// operations and problems, so that it says what they say. Source: OpenAPI Specification 3.1.0.
#pragma once

#include "artifact/json.h"
#include "base/error.h"
#include "exchange.h"

// The document. NULL when memory ran out; the caller frees it.
struct json *openapi_document(void);

// The words for a route's pattern; NULL when there are none, which a test refuses.
const char *openapi_summary(const char *pattern);

enum status openapi_handle(struct exchange *exchange, struct error *err);
