// The table of keywords, and those of one subschema.
#include <stdlib.h>
#include <string.h>

#include "artifact/schema_internal.h"
#include "artifact/schema_run.h"
#include "base/memory.h"

// Phases: what looks at evaluated members comes behind all that evaluates any.
#define FIRST 0
#define THEN 1
#define LAST 2

#define D7 SCHEMA_DRAFT_07
#define D20 SCHEMA_2020_12
#define ALL SCHEMA_EVERY_DRAFT

#define ROW(name_, form_, drafts_, vocabulary_, ...)                                               \
    {                                                                                              \
        .name = (name_), .form = SCHEMA_FORM_##form_, .drafts = (drafts_),                         \
        .vocabulary = SCHEMA_##vocabulary_, __VA_ARGS__                                            \
    }

// Sorted by name.
static const struct schema_row rows[] = {
    ROW("$defs", SCHEMA_MAP, D20, CORE),
    ROW("$dynamicRef", DYNAMIC, D20, CORE, .evaluate = schema_logic_dynamic_ref),
    ROW("$ref", REFERENCE, ALL, CORE, .evaluate = schema_logic_ref),
    ROW("additionalItems", SCHEMA, D7, APPLICATOR, .evaluate = schema_array_additional,
        .phase = THEN, .beside = { "items" }),
    ROW("additionalProperties", SCHEMA, ALL, APPLICATOR, .evaluate = schema_object_additional,
        .phase = THEN, .beside = { "properties", "patternProperties" }),
    ROW("allOf", SCHEMAS, ALL, APPLICATOR, .evaluate = schema_logic_all_of),
    ROW("anyOf", SCHEMAS, ALL, APPLICATOR, .evaluate = schema_logic_any_of),
    ROW("const", VALUE, ALL, VALIDATION, .evaluate = schema_scalar_const),
    ROW("contains", SCHEMA, ALL, APPLICATOR, .evaluate = schema_array_contains, .phase = THEN,
        .beside = { "minContains", "maxContains" }),
    ROW("contentSchema", SCHEMA, D20, CORE),
    // 2020-12 gave these two other names; its metaschema still has the old ones, as have many
    // schemas that declare no draft.
    ROW("definitions", SCHEMA_MAP, ALL, CORE),
    ROW("dependencies", DEPENDENCIES, ALL, APPLICATOR, .evaluate = schema_object_dependent_schemas),
    ROW("dependentRequired", NAMES_MAP, D20, VALIDATION,
        .evaluate = schema_object_dependent_required),
    ROW("dependentSchemas", SCHEMA_MAP, D20, APPLICATOR,
        .evaluate = schema_object_dependent_schemas),
    ROW("else", SCHEMA, ALL, APPLICATOR),
    ROW("enum", VALUES, ALL, VALIDATION, .evaluate = schema_scalar_enum),
    ROW("exclusiveMaximum", NUMBER, ALL, VALIDATION, .evaluate = schema_scalar_exclusive_maximum),
    ROW("exclusiveMinimum", NUMBER, ALL, VALIDATION, .evaluate = schema_scalar_exclusive_minimum),
    ROW("if", SCHEMA, ALL, APPLICATOR, .evaluate = schema_logic_if, .beside = { "then", "else" }),
    ROW("items", ITEMS, ALL, APPLICATOR, .evaluate = schema_array_items, .phase = THEN,
        .beside = { "prefixItems" }),
    ROW("maxContains", COUNT, D20, VALIDATION),
    ROW("maxItems", COUNT, ALL, VALIDATION, .evaluate = schema_array_max),
    ROW("maxLength", COUNT, ALL, VALIDATION, .evaluate = schema_scalar_max_length),
    ROW("maxProperties", COUNT, ALL, VALIDATION, .evaluate = schema_object_max),
    ROW("maximum", NUMBER, ALL, VALIDATION, .evaluate = schema_scalar_maximum),
    ROW("minContains", COUNT, D20, VALIDATION),
    ROW("minItems", COUNT, ALL, VALIDATION, .evaluate = schema_array_min),
    ROW("minLength", COUNT, ALL, VALIDATION, .evaluate = schema_scalar_min_length),
    ROW("minProperties", COUNT, ALL, VALIDATION, .evaluate = schema_object_min),
    ROW("minimum", NUMBER, ALL, VALIDATION, .evaluate = schema_scalar_minimum),
    ROW("multipleOf", DIVISOR, ALL, VALIDATION, .evaluate = schema_scalar_multiple_of),
    ROW("not", SCHEMA, ALL, APPLICATOR, .evaluate = schema_logic_not),
    ROW("oneOf", SCHEMAS, ALL, APPLICATOR, .evaluate = schema_logic_one_of),
    ROW("pattern", REGEX, ALL, VALIDATION, .evaluate = schema_scalar_pattern),
    ROW("patternProperties", PATTERN_MAP, ALL, APPLICATOR,
        .evaluate = schema_object_pattern_properties),
    ROW("prefixItems", SCHEMAS, D20, APPLICATOR, .evaluate = schema_array_prefix_items),
    ROW("properties", SCHEMA_MAP, ALL, APPLICATOR, .evaluate = schema_object_properties),
    ROW("propertyNames", SCHEMA, ALL, APPLICATOR, .evaluate = schema_object_property_names),
    ROW("required", NAMES, ALL, VALIDATION, .evaluate = schema_object_required),
    ROW("then", SCHEMA, ALL, APPLICATOR),
    ROW("type", TYPES, ALL, VALIDATION, .evaluate = schema_scalar_type),
    ROW("unevaluatedItems", SCHEMA, D20, UNEVALUATED, .evaluate = schema_array_unevaluated,
        .phase = LAST, .needs_evaluated = true),
    ROW("unevaluatedProperties", SCHEMA, D20, UNEVALUATED, .evaluate = schema_object_unevaluated,
        .phase = LAST, .needs_evaluated = true),
    ROW("uniqueItems", BOOLEAN, ALL, VALIDATION, .evaluate = schema_array_unique),
};

static int compare_row(const void *name, const void *row)
{
    return strcmp(name, ((const struct schema_row *)row)->name);
}

const struct schema_row *schema_keyword_find(const struct schema_dialect *dialect, const char *name)
{
    const struct schema_row *row =
        bsearch(name, rows, COUNT_OF(rows), sizeof(rows[0]), compare_row);
    bool known = row && (row->drafts & dialect->draft) && (row->vocabulary & dialect->vocabularies);
    return known ? row : NULL;
}

bool schema_keyword_ref_alone(const struct schema_node *node)
{
    return node->resource->dialect->draft == SCHEMA_DRAFT_07 &&
           json_is(json_get(node->value, "$ref"), JSON_STRING);
}

static int compare_name(const void *key, const void *name)
{
    return strcmp(key, ((const struct schema_name *)name)->key);
}

const struct schema_name *schema_keyword_name(const struct schema_keyword *keyword, const char *key)
{
    if (keyword->name_count == 0)
        return NULL;
    return bsearch(key, keyword->names, keyword->name_count, sizeof(*keyword->names), compare_name);
}

// --- linking a node's keywords ---

static bool counts(const struct schema_node *node, const struct schema_row *row)
{
    return row && (!schema_keyword_ref_alone(node) || row->form == SCHEMA_FORM_REFERENCE);
}

static const struct schema_keyword *find_sibling(const struct schema_node *node, const char *name)
{
    for (size_t i = 0; name && i < node->keyword_count; i++)
        if (strcmp(node->keywords[i].row->name, name) == 0)
            return &node->keywords[i];
    return NULL;
}

static int compare_phase(const void *a, const void *b)
{
    const struct schema_keyword *left = a;
    const struct schema_keyword *right = b;
    int order = left->row->phase - right->row->phase;
    return order ? order : (left->row > right->row) - (left->row < right->row);
}

// Gives each keyword its siblings; from here on the keywords keep their places.
static void link_keywords(struct schema_node *node)
{
    qsort(node->keywords, node->keyword_count, sizeof(*node->keywords), compare_phase);
    for (size_t i = 0; i < node->keyword_count; i++) {
        struct schema_keyword *keyword = &node->keywords[i];
        for (size_t j = 0; j < COUNT_OF(keyword->beside); j++)
            keyword->beside[j] = find_sibling(node, keyword->row->beside[j]);
        node->tracks = node->tracks || keyword->row->needs_evaluated;
        if (keyword->types != 0 || keyword->row->form == SCHEMA_FORM_VALUES)
            node->types &= keyword->types;
    }
}

enum status schema_keyword_compile_node(struct schema *schema, struct schema_node *node,
                                        struct error *err)
{
    const struct schema_dialect *dialect = node->resource->dialect;
    size_t room = 0;
    struct schema_keyword *keywords = NULL;
    size_t count = 0;
    for (const struct json *member = json_first(node->value); member; member = json_next(member))
        room += counts(node, schema_keyword_find(dialect, json_key(member)));
    TRY(schema_arena_new(&schema->arena, &keywords, room, sizeof(*keywords), err));
    for (const struct json *member = json_first(node->value); member; member = json_next(member)) {
        const struct schema_row *row = schema_keyword_find(dialect, json_key(member));
        if (!counts(node, row))
            continue;
        keywords[count] = (struct schema_keyword) { .row = row, .node = node, .value = member };
        TRY(schema_form_compile(schema, &keywords[count++], err));
    }
    node->keywords = keywords;
    node->keyword_count = count;
    link_keywords(node);
    return STATUS_OK;
}
