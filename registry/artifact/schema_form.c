// Keywords' values made ready for validating.
#include <stdlib.h>
#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/schema_internal.h"
#include "artifact/schema_run.h"
#include "artifact/schema_uri.h"
#include "base/memory.h"

static enum status fail_form(const struct schema_keyword *keyword, struct error *err,
                             const char *expected)
{
    return schema_node_fail(keyword->node, keyword->row->name, err, "expected %s", expected);
}

// What went wrong inside, as a fault of this keyword.
static enum status pass_on(const struct schema_keyword *keyword, const struct error *reason,
                           struct error *err)
{
    if (reason->status != STATUS_INVALID) {
        *err = *reason;
        return reason->status;
    }
    schema_node_fail(keyword->node, keyword->row->name, err, "%s", reason->message);
    return error_hint(err, "%s", reason->hint);
}

static enum status use_node(struct schema *schema, const struct schema_node **out,
                            const struct schema_keyword *keyword, const struct json *value,
                            struct error *err)
{
    struct schema_node *node = schema_node_of(schema, value);
    if (!node)
        return fail_form(keyword, err, "a schema: an object, true or false");
    schema_node_queue(schema, node);
    *out = node;
    return STATUS_OK;
}

// Room for one subschema for each child of the value, or for `count`.
static enum status new_nodes(struct schema *schema, struct schema_keyword *keyword, size_t count,
                             struct error *err)
{
    TRY(schema_arena_new(&schema->arena, &keyword->nodes, count, sizeof(struct schema_node *),
                         err));
    keyword->count = count;
    return STATUS_OK;
}

static enum status compile_schema(struct schema *schema, struct schema_keyword *keyword,
                                  struct error *err)
{
    TRY(new_nodes(schema, keyword, 1, err));
    return use_node(schema, &keyword->nodes[0], keyword, keyword->value, err);
}

static enum status compile_children(struct schema *schema, struct schema_keyword *keyword,
                                    struct error *err)
{
    size_t index = 0;
    TRY(new_nodes(schema, keyword, json_count(keyword->value), err));
    for (const struct json *child = json_first(keyword->value); child; child = json_next(child))
        TRY(use_node(schema, &keyword->nodes[index++], keyword, child, err));
    return STATUS_OK;
}

static enum status compile_schemas(struct schema *schema, struct schema_keyword *keyword,
                                   struct error *err)
{
    if (!json_is(keyword->value, JSON_ARRAY))
        return fail_form(keyword, err, "a list of schemas");
    return compile_children(schema, keyword, err);
}

static enum status compile_items(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    bool lists = keyword->node->resource->dialect->draft == SCHEMA_DRAFT_07;
    keyword->is_list = lists && json_is(keyword->value, JSON_ARRAY);
    if (json_is(keyword->value, JSON_ARRAY) && !lists) {
        fail_form(keyword, err, "a schema; a list of them is prefixItems since 2020-12");
        return error_hint(err, "write prefixItems, or declare the draft that the schema was "
                               "written for in $schema");
    }
    return (keyword->is_list ? compile_schemas : compile_schema)(schema, keyword, err);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct schema_name *)a)->key, ((const struct schema_name *)b)->key);
}

// Repeated names, which only "required" can hold, are kept once.
static void sort_names(struct schema_keyword *keyword)
{
    size_t kept = 0;
    qsort(keyword->names, keyword->name_count, sizeof(*keyword->names), compare_names);
    for (size_t i = 0; i < keyword->name_count; i++)
        if (i == 0 || compare_names(&keyword->names[i], &keyword->names[kept - 1]) != 0)
            keyword->names[kept++] = keyword->names[i];
    keyword->name_count = kept;
}

static enum status new_names(struct schema *schema, struct schema_keyword *keyword,
                             struct error *err)
{
    keyword->name_count = json_count(keyword->value);
    return schema_arena_new(&schema->arena, &keyword->names, keyword->name_count,
                            sizeof(*keyword->names), err);
}

static bool is_list_of_names(const struct json *value)
{
    const struct json *item = json_first(value);
    while (item && json_is(item, JSON_STRING))
        item = json_next(item);
    return json_is(value, JSON_ARRAY) && !item;
}

// An object whose members are schemas, lists of names, or either.
static enum status compile_map(struct schema *schema, struct schema_keyword *keyword, bool schemas,
                               bool lists, struct error *err)
{
    size_t index = 0;
    if (!json_is(keyword->value, JSON_OBJECT))
        return fail_form(keyword, err, "an object");
    TRY(new_names(schema, keyword, err));
    for (const struct json *child = json_first(keyword->value); child; child = json_next(child)) {
        struct schema_name *name = &keyword->names[index++];
        *name = (struct schema_name) { .key = json_key(child), .value = child };
        if (lists && is_list_of_names(child))
            continue;
        if (!schemas)
            return fail_form(keyword, err, "lists of strings");
        TRY(use_node(schema, &name->node, keyword, child, err));
    }
    sort_names(keyword);
    return STATUS_OK;
}

static enum status compile_schema_map(struct schema *schema, struct schema_keyword *keyword,
                                      struct error *err)
{
    return compile_map(schema, keyword, true, false, err);
}

static enum status compile_dependencies(struct schema *schema, struct schema_keyword *keyword,
                                        struct error *err)
{
    return compile_map(schema, keyword, true, true, err);
}

static enum status compile_names_map(struct schema *schema, struct schema_keyword *keyword,
                                     struct error *err)
{
    return compile_map(schema, keyword, false, true, err);
}

static enum status compile_names(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    size_t index = 0;
    if (!is_list_of_names(keyword->value))
        return fail_form(keyword, err, "a list of strings");
    TRY(new_names(schema, keyword, err));
    for (const struct json *item = json_first(keyword->value); item; item = json_next(item))
        keyword->names[index++] = (struct schema_name) { .key = json_string(item), .value = item };
    sort_names(keyword);
    return STATUS_OK;
}

static enum status own_pattern(struct schema *schema, struct pattern **out,
                               const struct schema_keyword *keyword, const char *text,
                               struct error *err)
{
    struct schema_owned *owned = NULL;
    TRY(schema_arena_new(&schema->arena, &owned, 1, sizeof(*owned), err));
    struct error reason = { 0 };
    if ((schema->is_builtin ? pattern_defer : pattern_compile)(&owned->pattern, text, &reason) !=
        STATUS_OK)
        return pass_on(keyword, &reason, err);
    owned->next = schema->owned;
    schema->owned = owned;
    schema->pattern_bytes += pattern_size_bytes(owned->pattern);
    if (schema->pattern_bytes > SCHEMA_MAX_PATTERN_BYTES)
        return fail_form(keyword, err, "fewer or simpler regular expressions in all");
    *out = owned->pattern;
    return STATUS_OK;
}

static enum status compile_pattern_map(struct schema *schema, struct schema_keyword *keyword,
                                       struct error *err)
{
    size_t index = 0;
    if (!json_is(keyword->value, JSON_OBJECT))
        return fail_form(keyword, err, "an object");
    TRY(compile_children(schema, keyword, err));
    TRY(schema_arena_new(&schema->arena, &keyword->patterns, keyword->count,
                         sizeof(struct pattern *), err));
    for (const struct json *child = json_first(keyword->value); child; child = json_next(child))
        TRY(own_pattern(schema, &keyword->patterns[index++], keyword, json_key(child), err));
    return STATUS_OK;
}

static enum status compile_regex(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    if (!json_is(keyword->value, JSON_STRING))
        return fail_form(keyword, err, "a regular expression, in a string");
    TRY(schema_arena_new(&schema->arena, &keyword->patterns, 1, sizeof(struct pattern *), err));
    return own_pattern(schema, &keyword->patterns[0], keyword, json_string(keyword->value), err);
}

static enum status compile_reference(struct schema *schema, struct schema_keyword *keyword,
                                     struct error *err)
{
    struct schema_node *target = NULL;
    const char *reference = json_string(keyword->value);
    if (!reference)
        return fail_form(keyword, err, "a URI reference, in a string");
    TRY(new_nodes(schema, keyword, 1, err));
    struct error reason = { 0 };
    if (schema_node_resolve(schema, &target, keyword->node, reference, &reason) != STATUS_OK)
        return pass_on(keyword, &reason, err);
    schema_node_queue(schema, target);
    keyword->nodes[0] = target;
    return STATUS_OK;
}

// A $dynamicRef is dynamic only if what it leads to at first is a $dynamicAnchor of that name.
static enum status compile_dynamic(struct schema *schema, struct schema_keyword *keyword,
                                   struct error *err)
{
    struct buffer fragment OWNED(buffer_release) = { 0 };
    TRY(compile_reference(schema, keyword, err));
    TRY(schema_uri_fragment(&fragment, json_string(keyword->value), err));
    const char *anchor = keyword->nodes[0]->dynamic_anchor;
    keyword->dynamic = anchor && strcmp(anchor, buffer_text(&fragment)) == 0 ? anchor : NULL;
    return STATUS_OK;
}

static enum status compile_number(struct schema *schema, struct schema_keyword *keyword,
                                  struct error *err)
{
    (void)schema;
    return json_is(keyword->value, JSON_NUMBER) ? STATUS_OK : fail_form(keyword, err, "a number");
}

static enum status compile_divisor(struct schema *schema, struct schema_keyword *keyword,
                                   struct error *err)
{
    struct json_decimal decimal;
    TRY(compile_number(schema, keyword, err));
    json_decimal_of(&decimal, keyword->value);
    return decimal.count > 0 && !decimal.negative ? STATUS_OK
                                                  : fail_form(keyword, err, "a number above 0");
}

// One that is beyond int64_t limits nothing that fits in memory.
static enum status compile_count(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    struct json_decimal decimal;
    int64_t number;
    TRY(compile_number(schema, keyword, err));
    json_decimal_of(&decimal, keyword->value);
    if (decimal.negative || !json_decimal_is_whole(&decimal))
        return fail_form(keyword, err, "a whole number, 0 or more");
    keyword->limit = json_decimal_integer(&decimal, &number) ? (uint64_t)number : UINT64_MAX;
    return STATUS_OK;
}

static enum status compile_boolean(struct schema *schema, struct schema_keyword *keyword,
                                   struct error *err)
{
    (void)schema;
    return json_is(keyword->value, JSON_BOOLEAN) ? STATUS_OK
                                                 : fail_form(keyword, err, "true or false");
}

static enum status compile_types(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    (void)schema;
    const struct json *word = keyword->value;
    if (json_is(word, JSON_ARRAY) && json_first(word))
        word = json_first(word);
    for (; word; word = word == keyword->value ? NULL : json_next(word)) {
        unsigned type = json_string(word) ? schema_scalar_type_mask(json_string(word)) : 0;
        if (type == 0)
            return fail_form(keyword, err,
                             "the name of a type (null, boolean, integer, number, string, array "
                             "or object) or a list of them");
        keyword->types |= type;
    }
    return STATUS_OK;
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t left = ((const struct schema_enum_value *)a)->hash.hash;
    uint64_t right = ((const struct schema_enum_value *)b)->hash.hash;
    return (left > right) - (left < right);
}

static enum status new_values(struct schema *schema, struct schema_keyword *keyword, size_t count,
                              struct error *err)
{
    keyword->value_count = count;
    return schema_arena_new(&schema->arena, &keyword->values, count, sizeof(*keyword->values), err);
}

static enum status compile_values(struct schema *schema, struct schema_keyword *keyword,
                                  struct error *err)
{
    size_t index = 0;
    if (!json_is(keyword->value, JSON_ARRAY))
        return fail_form(keyword, err, "a list");
    TRY(new_values(schema, keyword, json_count(keyword->value), err));
    for (const struct json *item = json_first(keyword->value); item; item = json_next(item)) {
        keyword->types |= schema_scalar_types_of(item);
        keyword->values[index++] =
            (struct schema_enum_value) { .hash = json_hash(item), .value = item };
    }
    qsort(keyword->values, keyword->value_count, sizeof(*keyword->values), compare_hashes);
    return STATUS_OK;
}

static enum status compile_value(struct schema *schema, struct schema_keyword *keyword,
                                 struct error *err)
{
    TRY(new_values(schema, keyword, 1, err));
    keyword->types = schema_scalar_types_of(keyword->value);
    keyword->values[0] =
        (struct schema_enum_value) { .hash = json_hash(keyword->value), .value = keyword->value };
    return STATUS_OK;
}

enum status schema_form_compile(struct schema *schema, struct schema_keyword *keyword,
                                struct error *err)
{
    static enum status (*const compilers[])(struct schema *, struct schema_keyword *,
                                            struct error *) = {
        [SCHEMA_FORM_SCHEMA] = compile_schema,
        [SCHEMA_FORM_SCHEMAS] = compile_schemas,
        [SCHEMA_FORM_ITEMS] = compile_items,
        [SCHEMA_FORM_SCHEMA_MAP] = compile_schema_map,
        [SCHEMA_FORM_PATTERN_MAP] = compile_pattern_map,
        [SCHEMA_FORM_DEPENDENCIES] = compile_dependencies,
        [SCHEMA_FORM_REFERENCE] = compile_reference,
        [SCHEMA_FORM_DYNAMIC] = compile_dynamic,
        [SCHEMA_FORM_NUMBER] = compile_number,
        [SCHEMA_FORM_DIVISOR] = compile_divisor,
        [SCHEMA_FORM_COUNT] = compile_count,
        [SCHEMA_FORM_BOOLEAN] = compile_boolean,
        [SCHEMA_FORM_TYPES] = compile_types,
        [SCHEMA_FORM_NAMES] = compile_names,
        [SCHEMA_FORM_NAMES_MAP] = compile_names_map,
        [SCHEMA_FORM_VALUES] = compile_values,
        [SCHEMA_FORM_VALUE] = compile_value,
        [SCHEMA_FORM_REGEX] = compile_regex,
    };
    return compilers[keyword->row->form](schema, keyword, err);
}
