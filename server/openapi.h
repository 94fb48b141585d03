// GET /openapi.json: what this server offers, as OpenAPI 3.1, made from the tables of routes,
// operations and problems, and the files schema/openapi.*.json, which say what comes back. Source:
// OpenAPI Specification 3.1.0.
#pragma once

#include "artifact/json.h"
#include "base/error.h"
#include "exchange.h"

// The document. NULL when memory ran out; the caller frees it.
struct json *openapi_document(void);

enum status openapi_handle(struct exchange *exchange, struct error *err);
