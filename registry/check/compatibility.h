// Whether callers that know a tool's live input schema can go on calling it by a new one.
#pragma once

#include <stdbool.h>

#include "artifact/json.h"
#include "base/error.h"

// One thing that callers would notice. Strings are borrowed for the call.
struct compatibility_change {
    const char *rule;    // static
    bool breaks;         // a caller with the old arguments would surely fail
    const char *pointer; // where in the new schema, as far as it is there
    const char *message;
    const char *mend; // static
};
typedef enum status (*compatibility_report)(void *context,
                                            const struct compatibility_change *change,
                                            struct error *err);

// Members and listed values looked at; a tool of a hundred arguments needs a few thousand.
#define COMPATIBILITY_MAX_STEPS 5000000

// Reports every way in which `new_schema` takes less than `live_schema`. References that leave the
// schema are not followed. Schemas too large to compare are reported as that.
enum status compatibility_compare(const struct json *live_schema, const struct json *new_schema,
                                  compatibility_report report, void *context, struct error *err);
