// What differs between two contents, file by file.
#pragma once

#include "artifact/content.h"
#include "artifact/json.h"
#include "base/error.h"

// Appends {"path","change":"added"|"removed"|"changed","patch"?} for each file that differs;
// `patch` is a unified diff where both sides are text. Both contents are sealed and hashed.
enum status operation_compare_contents(struct json *list, const struct content *old_content,
                                       const struct content *new_content, struct error *err);
