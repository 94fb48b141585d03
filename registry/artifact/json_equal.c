// JSON Schema's equality: numbers by their value, objects whatever the order of their members.
#include <stdlib.h>
#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/json_node.h"
#include "base/memory.h"

#define FEW_MEMBERS 16 // looked up one by one, which is faster than sorting up to here

static bool nodes_equal(const cJSON *a, const cJSON *b);

static bool numbers_equal(const cJSON *a, const cJSON *b)
{
    if (!a->valuestring && !b->valuestring)
        return a->valuedouble == b->valuedouble;
    struct json_decimal left;
    struct json_decimal right;
    json_decimal_of(&left, (const struct json *)a);
    json_decimal_of(&right, (const struct json *)b);
    return json_decimal_compare(&left, &right) == 0;
}

static bool arrays_equal(const cJSON *a, const cJSON *b)
{
    const cJSON *left = a->child;
    const cJSON *right = b->child;
    while (left && right && nodes_equal(left, right)) {
        left = left->next;
        right = right->next;
    }
    return !left && !right;
}

static int compare_members(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

// The members sorted by key; NULL when memory is out. The caller frees it.
static const cJSON **sorted_members(const cJSON *object, size_t count)
{
    const cJSON **members = calloc(count, sizeof(*members));
    size_t filled = 0;
    if (!members)
        return NULL;
    for (const cJSON *member = object->child; member && filled < count; member = member->next)
        members[filled++] = member;
    qsort(members, count, sizeof(*members), compare_members);
    return members;
}

static bool members_equal_by_search(const cJSON *a, const cJSON *b)
{
    for (const cJSON *left = a->child; left; left = left->next) {
        const cJSON *right = b->child;
        while (right && strcmp(left->string, right->string) != 0)
            right = right->next;
        if (!right || !nodes_equal(left, right))
            return false;
    }
    return true;
}

static bool objects_equal(const cJSON *a, const cJSON *b)
{
    size_t count = json_count((const struct json *)a);
    if (count != json_count((const struct json *)b))
        return false;
    if (count <= FEW_MEMBERS)
        return members_equal_by_search(a, b);
    const cJSON **left OWNED(memory_release) = sorted_members(a, count);
    const cJSON **right OWNED(memory_release) = sorted_members(b, count);
    if (!left || !right)
        return members_equal_by_search(a, b);
    for (size_t i = 0; i < count; i++)
        if (strcmp(left[i]->string, right[i]->string) != 0 || !nodes_equal(left[i], right[i]))
            return false;
    return true;
}

static bool nodes_equal(const cJSON *a, const cJSON *b)
{
    if (json_node_type(a) != json_node_type(b))
        return false;
    switch (json_node_type(a)) {
    case cJSON_Number:
        return numbers_equal(a, b);
    case cJSON_String:
    case cJSON_Raw:
        return strcmp(a->valuestring, b->valuestring) == 0;
    case cJSON_Array:
        return arrays_equal(a, b);
    case cJSON_Object:
        return objects_equal(a, b);
    default:
        return true;
    }
}

bool json_equal(const struct json *a, const struct json *b)
{
    return a == b || (a && b && nodes_equal(json_node_of(a), json_node_of(b)));
}
