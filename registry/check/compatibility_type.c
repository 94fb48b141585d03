// What a JSON Schema lets through by type and by listed values.
#include "check/compatibility_type.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define REFERENCE_MAX 8 // references in a row
#define NESTING_MAX 8   // alternatives within alternatives; beyond, anything is thought possible

static const struct {
    const char *word;
    unsigned types;
} type_words[] = {
    { "null", COMPATIBILITY_NULL },
    { "boolean", COMPATIBILITY_BOOLEAN },
    { "number", COMPATIBILITY_INTEGER | COMPATIBILITY_FRACTION }, // before integer: the wider word
    { "integer", COMPATIBILITY_INTEGER },
    { "string", COMPATIBILITY_STRING },
    { "array", COMPATIBILITY_ARRAY },
    { "object", COMPATIBILITY_OBJECT },
};

bool compatibility_type_charge(const struct compatibility_document *document, uint64_t steps)
{
    if (*document->steps < steps) {
        *document->steps = 0;
        return false;
    }
    *document->steps -= steps;
    return true;
}

const struct json *compatibility_type_resolve(const struct compatibility_document *document,
                                              const struct json *node, const char **out_pointer)
{
    for (int i = 0; i < REFERENCE_MAX; i++) {
        const char *reference = json_get_string(node, "$ref", NULL);
        if (!reference || reference[0] != '#')
            return node;
        const struct json *found = json_at(document->root, reference + 1);
        if (!found)
            return node;
        node = found;
        *out_pointer = reference + 1;
    }
    return node;
}

static unsigned types_of_word(const char *word)
{
    for (size_t i = 0; word && i < COUNT_OF(type_words); i++)
        if (strcmp(word, type_words[i].word) == 0)
            return type_words[i].types;
    return 0;
}

static unsigned types_of_value(const struct json *value)
{
    static const unsigned types[] = {
        [JSON_NULL] = COMPATIBILITY_NULL,      [JSON_BOOLEAN] = COMPATIBILITY_BOOLEAN,
        [JSON_NUMBER] = COMPATIBILITY_INTEGER, [JSON_STRING] = COMPATIBILITY_STRING,
        [JSON_ARRAY] = COMPATIBILITY_ARRAY,    [JSON_OBJECT] = COMPATIBILITY_OBJECT,
    };
    if (json_is(value, JSON_NUMBER) && floor(json_number(value)) != json_number(value))
        return COMPATIBILITY_FRACTION;
    return types[json_type(value)];
}

// The types that `type`, `enum` and `const` leave.
static unsigned types_of_own(const struct json *node)
{
    const struct json *type = json_get(node, "type");
    const struct json *values = json_get(node, "enum");
    unsigned types = type ? types_of_word(json_string(type)) : COMPATIBILITY_ANY;
    for (const struct json *item = json_first(type); item; item = json_next(item))
        types |= types_of_word(json_string(item));
    if (values) {
        unsigned listed = 0;
        for (const struct json *item = json_first(values); item; item = json_next(item))
            listed |= types_of_value(item);
        types &= listed;
    }
    if (json_get(node, "const"))
        types &= types_of_value(json_get(node, "const"));
    return types;
}

static unsigned types_within(const struct compatibility_document *document, const struct json *node,
                             int depth)
{
    static const char *const alternatives[] = { "anyOf", "oneOf" };
    const char *ignored = NULL;
    node = compatibility_type_resolve(document, node, &ignored);
    if (json_is(node, JSON_BOOLEAN))
        return json_bool(node) ? COMPATIBILITY_ANY : 0;
    if (!json_is(node, JSON_OBJECT) || depth > NESTING_MAX ||
        !compatibility_type_charge(document, 1 + json_count(json_get(node, "enum"))))
        return COMPATIBILITY_ANY;
    unsigned types = types_of_own(node);
    for (size_t i = 0; i < COUNT_OF(alternatives); i++) {
        unsigned any = 0;
        const struct json *item = json_first(json_get(node, alternatives[i]));
        if (!item)
            continue;
        for (; item; item = json_next(item))
            any |= types_within(document, item, depth + 1);
        types &= any;
    }
    for (const struct json *item = json_first(json_get(node, "allOf")); item;
         item = json_next(item))
        types &= types_within(document, item, depth + 1);
    return types;
}

unsigned compatibility_type_of(const struct compatibility_document *document,
                               const struct json *node)
{
    return types_within(document, node, 0);
}

void compatibility_type_words(unsigned types, char out[COMPATIBILITY_WORDS_BYTES])
{
    const char *words[COUNT_OF(type_words)];
    size_t count = 0;
    if (types == COMPATIBILITY_ANY || types == 0) {
        snprintf(out, COMPATIBILITY_WORDS_BYTES, "%s", types ? "anything" : "nothing");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(type_words); i++)
        if ((types & type_words[i].types) == type_words[i].types) {
            words[count++] = type_words[i].word;
            types &= ~type_words[i].types;
        }
    if (types & COMPATIBILITY_FRACTION)
        words[count++] = "number with a fraction";
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *join = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        size_t length = strlen(out);
        snprintf(out + length, COMPATIBILITY_WORDS_BYTES - length, "%s%s", join, words[i]);
    }
}
