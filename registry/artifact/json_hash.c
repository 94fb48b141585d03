// A hash that agrees with json_equal.
#include "artifact/json_hash.h"

#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/json_node.h"

#define BYTES_PER_WEIGHT 32
#define NUMBER_TEXT_WEIGHT 4

// The finaliser of SplitMix64: every bit of the input reaches every bit of the output.
static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

static uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t hash = seed ^ mix(length + 1);
    for (; length >= 8; at += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof(word));
        hash = mix(hash ^ word) + 1;
    }
    uint64_t rest = 0;
    memcpy(&rest, at, length);
    return mix(hash ^ rest);
}

static struct json_hash hash_text(uint64_t seed, const char *text)
{
    size_t length = strlen(text);
    return (struct json_hash) { hash_bytes(seed, text, length), 1 + length / BYTES_PER_WEIGHT };
}

static struct json_hash hash_number(const cJSON *node)
{
    struct json_decimal decimal;
    json_decimal_of(&decimal, (const struct json *)node);
    uint64_t seed = mix((uint64_t)decimal.exponent * 2 + decimal.negative) + cJSON_Number;
    return (struct json_hash) { hash_bytes(seed, decimal.digits, decimal.count),
                                NUMBER_TEXT_WEIGHT };
}

static struct json_hash hash_container(const cJSON *container)
{
    bool object = json_node_type(container) == cJSON_Object;
    struct json_hash all = { mix((uint64_t)json_node_type(container)), 1 };
    for (const cJSON *child = container->child; child; child = child->next) {
        struct json_hash one = json_hash((const struct json *)child);
        all.weight += one.weight;
        if (object) { // a sum, whatever the order
            struct json_hash key = hash_text(cJSON_Object, child->string);
            all.weight += key.weight;
            all.hash += mix(key.hash ^ mix(one.hash));
        } else {
            all.hash = mix(all.hash ^ one.hash) + 1;
        }
    }
    return all;
}

struct json_hash json_hash(const struct json *value)
{
    const cJSON *node = json_node_of(value);
    switch (json_node_type(node)) {
    case cJSON_String:
    case cJSON_Raw:
        return hash_text((uint64_t)json_node_type(node), node->valuestring);
    case cJSON_Number:
        return hash_number(node);
    case cJSON_Array:
    case cJSON_Object:
        return hash_container(node);
    default:
        return (struct json_hash) { mix((uint64_t)json_node_type(node)), 1 };
    }
}
