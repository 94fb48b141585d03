// The operation table as a part of openapi.json.
#pragma once

#include "artifact/json.h"

void openapi_operation_add_all(struct json *paths);

// The schemas of their inputs and answers: "input-NAME", "result-NAME", "done-NAME".
void openapi_operation_add_schemas(struct json *schemas);
