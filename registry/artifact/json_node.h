// What a `struct json` is inside: a cJSON node. Only json*.c include this.
#pragma once

#include <cjson/cJSON.h>

#include "artifact/json.h"

// In cJSON's `type`, above the bits that cJSON 1.7 uses: this container lost a member to a failed
// allocation.
#define JSON_NODE_BROKEN (1 << 16)

// A number's `valuestring` is its exact text; NULL where `valuedouble` alone says it exactly and
// plainly (whole and below 10^15), which is nearly always.

// Whole numbers up to here are exact as doubles.
#define JSON_NODE_EXACT 9007199254740992.0

static inline cJSON *json_node(struct json *value)
{
    return (cJSON *)value;
}

static inline const cJSON *json_node_of(const struct json *value)
{
    return (const cJSON *)value;
}

static inline struct json *json_node_value(cJSON *node)
{
    return (struct json *)node;
}

static inline int json_node_type(const cJSON *node)
{
    return node->type & 0xFF;
}
