// The routes for reading as a part of openapi.json: the table of routes, with what
// schema/openapi.routes.json says of each.
#pragma once

#include "artifact/json.h"

void openapi_route_add_all(struct json *paths);
