// JSON values: reading and building them.
#include "artifact/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/json_node.h"
#include "artifact/json_pointer.h"
#include "artifact/json_text.h"

void json_free(struct json *value)
{
    cJSON_Delete(json_node(value));
}

void json_release(struct json **value)
{
    json_free(*value);
    *value = NULL;
}

enum json_type json_type(const struct json *value)
{
    if (!value)
        return JSON_NULL;
    switch (json_node_type(json_node_of(value))) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOLEAN;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

bool json_is(const struct json *value, enum json_type type)
{
    return value && json_type(value) == type;
}

static bool is_container(const struct json *value)
{
    return json_is(value, JSON_OBJECT) || json_is(value, JSON_ARRAY);
}

static cJSON *find_member(const struct json *object, const char *key)
{
    if (!json_is(object, JSON_OBJECT))
        return NULL;
    cJSON *member = json_node_of(object)->child;
    while (member && strcmp(member->string, key) != 0)
        member = member->next;
    return member;
}

const struct json *json_get(const struct json *object, const char *key)
{
    return json_node_value(find_member(object, key));
}

static const struct json *child_at(const struct json *container,
                                   const struct json_pointer_token *token)
{
    size_t index = 0;
    bool array = json_is(container, JSON_ARRAY);
    if (array && !json_pointer_index(token, &index))
        return NULL;
    const struct json *child = json_first(container);
    while (child && (array ? index-- > 0 : !json_pointer_is_key(token, json_key(child))))
        child = json_next(child);
    return child;
}

const struct json *json_at(const struct json *value, const char *pointer)
{
    struct json_pointer_token token;
    while (value && json_pointer_next(&token, &pointer))
        value = child_at(value, &token);
    return *pointer == '\0' ? value : NULL;
}

const struct json *json_first(const struct json *container)
{
    return is_container(container) ? json_node_value(json_node_of(container)->child) : NULL;
}

const struct json *json_next(const struct json *member)
{
    return member ? json_node_value(json_node_of(member)->next) : NULL;
}

const char *json_key(const struct json *member)
{
    return member ? json_node_of(member)->string : NULL;
}

size_t json_count(const struct json *container)
{
    size_t count = 0;
    for (const struct json *child = json_first(container); child; child = json_next(child))
        count++;
    return count;
}

const char *json_string(const struct json *value)
{
    return json_is(value, JSON_STRING) ? json_node_of(value)->valuestring : NULL;
}

double json_number(const struct json *value)
{
    return json_is(value, JSON_NUMBER) ? json_node_of(value)->valuedouble : 0;
}

bool json_bool(const struct json *value)
{
    return value && json_node_type(json_node_of(value)) == cJSON_True;
}

const char *json_get_string(const struct json *object, const char *key, const char *fallback)
{
    const char *text = json_string(json_get(object, key));
    return text ? text : fallback;
}

int64_t json_get_integer(const struct json *object, const char *key, int64_t fallback)
{
    const struct json *member = json_get(object, key);
    struct json_decimal decimal;
    int64_t number;
    if (!json_is(member, JSON_NUMBER))
        return fallback;
    json_decimal_of(&decimal, member);
    return json_decimal_integer(&decimal, &number) ? number : fallback;
}

bool json_get_bool(const struct json *object, const char *key, bool fallback)
{
    const struct json *member = json_get(object, key);
    return json_is(member, JSON_BOOLEAN) ? json_bool(member) : fallback;
}

struct json *json_new_object(void)
{
    return json_node_value(cJSON_CreateObject());
}

struct json *json_new_array(void)
{
    return json_node_value(cJSON_CreateArray());
}

// A node that holds `text`, which it takes over; NULL if that is NULL or memory is out.
static cJSON *new_text_node(int type, char *text)
{
    cJSON *node = text ? cJSON_CreateNull() : NULL;
    if (!node) {
        free(text);
        return NULL;
    }
    node->type = type;
    node->valuestring = text;
    return node;
}

struct json *json_new_string(const char *text)
{
    if (!text)
        return json_node_value(cJSON_CreateNull());
    return json_node_value(new_text_node(cJSON_String, json_text_copy(text)));
}

struct json *json_new_number(double number)
{
    return json_node_value(isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull());
}

// A whole number that a double cannot hold keeps its text beside it.
static struct json *new_integer(int64_t number)
{
    char text[24];
    cJSON *node = cJSON_CreateNumber((double)number);
    if (!node || fabs((double)number) < JSON_NODE_EXACT)
        return json_node_value(node);
    snprintf(text, sizeof(text), "%" PRId64, number);
    node->valuestring = strdup(text);
    if (node->valuestring)
        return json_node_value(node);
    cJSON_Delete(node);
    return NULL;
}

struct json *json_copy(const struct json *value)
{
    cJSON *copy = value ? cJSON_Duplicate(json_node_of(value), true) : NULL;
    if (copy) { // the copy is nobody's member yet
        free(copy->string);
        copy->string = NULL;
    }
    return json_node_value(copy);
}

static void break_container(cJSON *container)
{
    container->type |= JSON_NODE_BROKEN;
}

void json_set(struct json *object, const char *key, struct json *value)
{
    cJSON *container = json_node(object);
    if (!json_is(object, JSON_OBJECT)) {
        json_free(value);
        return;
    }
    char *name = value ? json_text_copy(key) : NULL;
    if (!name) {
        json_free(value);
        break_container(container);
        return;
    }
    cJSON *node = json_node(value);
    cJSON *old = find_member(object, name);
    free(node->string);
    node->string = name;
    if (old)
        cJSON_ReplaceItemViaPointer(container, old, node);
    else
        cJSON_AddItemToArray(container, node);
}

void json_set_string(struct json *object, const char *key, const char *text)
{
    json_set(object, key, json_new_string(text));
}

void json_set_integer(struct json *object, const char *key, int64_t number)
{
    json_set(object, key, new_integer(number));
}

void json_set_bool(struct json *object, const char *key, bool truth)
{
    json_set(object, key, json_node_value(cJSON_CreateBool(truth)));
}

void json_set_null(struct json *object, const char *key)
{
    json_set(object, key, json_node_value(cJSON_CreateNull()));
}

void json_set_raw(struct json *object, const char *key, const char *text)
{
    json_set(object, key, json_node_value(new_text_node(cJSON_Raw, text ? strdup(text) : NULL)));
}

struct json *json_set_object(struct json *object, const char *key)
{
    struct json *value = json_new_object();
    json_set(object, key, value);
    return (struct json *)json_get(object, key);
}

struct json *json_set_array(struct json *object, const char *key)
{
    struct json *value = json_new_array();
    json_set(object, key, value);
    return (struct json *)json_get(object, key);
}

void json_append(struct json *array, struct json *value)
{
    if (!json_is(array, JSON_ARRAY))
        json_free(value);
    else if (!value)
        break_container(json_node(array));
    else
        cJSON_AddItemToArray(json_node(array), json_node(value));
}

void json_append_string(struct json *array, const char *text)
{
    json_append(array, json_new_string(text));
}

struct json *json_append_object(struct json *array)
{
    struct json *value = json_new_object();
    json_append(array, value);
    return json_is(array, JSON_ARRAY) ? value : NULL;
}
