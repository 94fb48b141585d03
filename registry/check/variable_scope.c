// Which variable a name in a template means, by the JSON Schema of the prompt's variables.
#include "check/variable_scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define MAX_DEPTH 16 // of subschemas and references that are followed for one name

// One look for a property, through what a schema is put together of.
struct search {
    const struct json *root;
    uint64_t *steps_left;
    const char *key;
    size_t key_length;
    const struct json *found; // the property's schema
    bool has_properties;      // any are declared
    bool is_open;             // others may be there as well
};

void variable_scope_release(struct variable_scope *scope)
{
    free(scope->contexts);
    *scope = (struct variable_scope) { 0 };
}

enum status variable_scope_init(struct variable_scope *scope, const struct json *root,
                                const struct template *template, uint64_t *steps_left,
                                struct error *err)
{
    const struct json **contexts = NULL;
    TRY(memory_new(&contexts, template_tag_count(template) + 1, sizeof(*contexts), err));
    *scope = (struct variable_scope) {
        .root = root, .template = template, .steps_left = steps_left, .contexts = contexts
    };
    return STATUS_OK;
}

static bool take_step(struct search *search)
{
    if (*search->steps_left == 0) {
        search->is_open = true;
        return false;
    }
    --*search->steps_left;
    return true;
}

static void search_properties(struct search *search, const struct json *properties)
{
    for (const struct json *member = json_first(properties); member && !search->found;
         member = json_next(member)) {
        const char *key = json_key(member);
        if (!key || !take_step(search))
            return;
        search->has_properties = true;
        if (strncmp(key, search->key, search->key_length) == 0 && key[search->key_length] == '\0')
            search->found = member;
    }
}

// A place in the same document, or NULL.
static const struct json *follow(const struct json *root, const char *reference)
{
    return reference[0] == '#' && (reference[1] == '/' || reference[1] == '\0')
               ? json_at(root, reference + 1)
               : NULL;
}

static void search_schema(struct search *search, const struct json *schema, int depth);

static void search_each(struct search *search, const struct json *schemas, int depth)
{
    for (const struct json *item = json_first(schemas); item && !search->found;
         item = json_next(item))
        search_schema(search, item, depth);
}

static void search_schema(struct search *search, const struct json *schema, int depth)
{
    static const char *const lists[] = { "allOf", "anyOf", "oneOf" };
    static const char *const singles[] = { "if", "then", "else" };
    if (!json_is(schema, JSON_OBJECT) || !take_step(search))
        return;
    if (depth == MAX_DEPTH) {
        search->is_open = true;
        return;
    }
    search_properties(search, json_get(schema, "properties"));
    const struct json *more = json_get(schema, "additionalProperties");
    if (json_is(more, JSON_OBJECT) || json_bool(more) || json_get(schema, "patternProperties") ||
        json_get(schema, "$dynamicRef"))
        search->is_open = true;
    const char *reference = json_get_string(schema, "$ref", NULL);
    if (reference) {
        const struct json *target = follow(search->root, reference);
        search->is_open = search->is_open || !target;
        search_schema(search, target, depth + 1);
    }
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        search_each(search, json_get(schema, lists[i]), depth + 1);
    for (size_t i = 0; i < COUNT_OF(singles); i++)
        search_schema(search, json_get(schema, singles[i]), depth + 1);
}

// Whether values of the schema have no members, whatever they are.
static bool is_plain(const struct json *schema)
{
    static const char *const words[] = { "string", "number", "integer", "boolean", "null" };
    const char *type = json_get_string(schema, "type", "");
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(type, words[i]) == 0)
            return true;
    return false;
}

static enum variable_answer look_in(struct variable_scope *scope, const struct json *schema,
                                    const char *key, size_t length, const struct json **out)
{
    struct search search = {
        .root = scope->root, .steps_left = scope->steps_left, .key = key, .key_length = length
    };
    *out = NULL;
    if (is_plain(schema))
        return VARIABLE_UNKNOWN;
    search_schema(&search, schema, 0);
    *out = search.found;
    if (search.found)
        return VARIABLE_KNOWN;
    return search.is_open || !search.has_properties ? VARIABLE_UNTOLD : VARIABLE_UNKNOWN;
}

// What an item of a list is; the schema itself when it is of no list.
static const struct json *item_of(const struct variable_scope *scope, const struct json *schema)
{
    for (int depth = 0; depth < MAX_DEPTH && json_get_string(schema, "$ref", NULL); depth++)
        schema = follow(scope->root, json_get_string(schema, "$ref", NULL));
    const struct json *items = json_get(schema, "items");
    if (json_is(items, JSON_OBJECT) && !json_get(schema, "prefixItems"))
        return items;
    if (items || json_get(schema, "prefixItems") ||
        strcmp(json_get_string(schema, "type", ""), "array") == 0)
        return NULL;
    return json_is(schema, JSON_OBJECT) ? schema : NULL;
}

// The innermost section around a tag in which names mean something else, or TEMPLATE_NO_SECTION.
static size_t enclosing(const struct variable_scope *scope, size_t section)
{
    while (section != TEMPLATE_NO_SECTION &&
           template_tag_at(scope->template, section)->kind == TEMPLATE_INVERTED)
        section = template_tag_at(scope->template, section)->section;
    return section;
}

// The first part of a name: in the sections around the tag from the innermost on, then at the root.
static struct variable_meaning find_first(struct variable_scope *scope, size_t section,
                                          const char *key, size_t length)
{
    struct variable_meaning meaning = { .answer = VARIABLE_UNKNOWN };
    bool is_untold = false;
    for (section = enclosing(scope, section);
         section != TEMPLATE_NO_SECTION && meaning.answer != VARIABLE_KNOWN;
         section = enclosing(scope, template_tag_at(scope->template, section)->section)) {
        meaning.answer = look_in(scope, scope->contexts[section], key, length, &meaning.schema);
        is_untold = is_untold || meaning.answer == VARIABLE_UNTOLD;
    }
    if (meaning.answer == VARIABLE_KNOWN)
        return meaning;
    meaning.answer = look_in(scope, scope->root, key, length, &meaning.schema);
    meaning.variable = meaning.schema;
    if (meaning.answer == VARIABLE_UNKNOWN && is_untold)
        meaning.answer = VARIABLE_UNTOLD;
    return meaning;
}

static struct variable_meaning find_name(struct variable_scope *scope,
                                         const struct template_tag *tag)
{
    if (strcmp(tag->name, ".") == 0) {
        size_t section = enclosing(scope, tag->section);
        const struct json *schema =
            section == TEMPLATE_NO_SECTION ? scope->root : scope->contexts[section];
        return (struct variable_meaning) { .answer = schema ? VARIABLE_KNOWN : VARIABLE_UNTOLD,
                                           .schema = schema };
    }
    const char *part = tag->name;
    size_t length = strcspn(part, ".");
    struct variable_meaning meaning = find_first(scope, tag->section, part, length);
    while (part[length] == '.' && meaning.answer == VARIABLE_KNOWN) {
        part += length + 1;
        length = strcspn(part, ".");
        meaning.answer = look_in(scope, meaning.schema, part, length, &meaning.schema);
    }
    return meaning;
}

struct variable_meaning variable_scope_find(struct variable_scope *scope, size_t tag)
{
    const struct template_tag *at = template_tag_at(scope->template, tag);
    struct variable_meaning meaning = find_name(scope, at);
    if (at->kind == TEMPLATE_SECTION && meaning.answer == VARIABLE_KNOWN)
        scope->contexts[tag] = item_of(scope, meaning.schema);
    return meaning;
}
