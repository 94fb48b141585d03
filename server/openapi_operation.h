// The operation table as a part of openapi.json.
#pragma once

#include "artifact/json.h"

void openapi_operation_add_all(struct json *paths);
void openapi_operation_add_schemas(struct json *schemas);

// Every problem that there is, by its HTTP status, as a response (openapi.c).
void openapi_add_problems(struct json *responses);
