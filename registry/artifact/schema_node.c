// One node for each subschema; their identifiers; where references lead.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "artifact/json_pointer.h"
#include "artifact/schema_internal.h"
#include "artifact/schema_uri.h"
#include "base/memory.h"

struct schema_node *schema_node_of(const struct schema *schema, const struct json *value)
{
    return schema_map_get(&schema->nodes, value, NULL);
}

void schema_node_append_pointer(struct buffer *out, const struct schema_node *node)
{
    const struct schema_node *chain[JSON_MAX_DEPTH];
    size_t count = 0;
    for (; node; node = node->parent)
        if (count < COUNT_OF(chain))
            chain[count++] = node;
    while (count > 0)
        buffer_append_text(out, chain[--count]->path);
}

enum status schema_node_fail(const struct schema_node *node, const char *keyword, struct error *err,
                             const char *format, ...)
{
    struct buffer pointer OWNED(buffer_release) = { 0 };
    char what[ERROR_MESSAGE_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    schema_node_append_pointer(&pointer, node);
    if (keyword)
        buffer_append_format(&pointer, "/%s", keyword);
    if (pointer.length == 0)
        return error_set(err, STATUS_INVALID, "schema_invalid", "at the top: %s", what);
    return error_set(err, STATUS_INVALID, "schema_invalid", "at '%.400s': %s",
                     buffer_text(&pointer), what);
}

void schema_node_queue(struct schema *schema, struct schema_node *node)
{
    if (node->queued)
        return;
    node->queued = true;
    node->next_pending = schema->pending;
    schema->pending = node;
}

enum status schema_node_new(struct schema *schema, struct schema_node **out,
                            const struct json *value, const struct schema_node *parent,
                            const char *path, struct schema_resource *resource, struct error *err)
{
    struct schema_node *node = NULL;
    if (schema->node_count++ == SCHEMA_MAX_NODES)
        return error_set(err, STATUS_INVALID, "schema_invalid", "more than %d subschemas",
                         SCHEMA_MAX_NODES);
    TRY(schema_arena_new(&schema->arena, &node, 1, sizeof(*node), err));
    node->value = value;
    node->parent = parent;
    node->resource = resource;
    node->types = SCHEMA_EVERY_TYPE;
    TRY(schema_arena_copy(&schema->arena, &node->path, path, strlen(path), err));
    TRY(schema_map_put(&schema->nodes, &schema->arena, value, NULL, node, err));
    if (schema->last_made)
        schema->last_made->next_made = node;
    else
        schema->first_made = node;
    schema->last_made = node;
    if (!schema->undiscovered)
        schema->undiscovered = node;
    *out = node;
    return STATUS_OK;
}

// --- identifiers ---

static enum status get_text(const struct schema_node *node, const char *keyword,
                            const char **out_text, struct error *err)
{
    const struct json *member = json_get(node->value, keyword);
    *out_text = json_string(member);
    return !member || *out_text ? STATUS_OK
                                : schema_node_fail(node, keyword, err, "expected a string");
}

static enum status add_anchor(struct schema *schema, struct schema_node *node,
                              struct schema_map *map, const char *keyword, const char *name,
                              struct error *err)
{
    const struct schema_node *other = schema_map_get(map, node->resource, name);
    if (other == node)
        return STATUS_OK;
    if (other)
        return schema_node_fail(node, keyword, err, "the anchor '%.100s' is there already", name);
    return schema_map_put(map, &schema->arena, node->resource, name, node, err);
}

static enum status start_resource(struct schema *schema, struct schema_node *node, const char *id,
                                  struct error *err)
{
    struct schema_resource *resource = NULL;
    struct buffer uri OWNED(buffer_release) = { 0 };
    TRY(schema_uri_resolve(&uri, node->resource->uri, id, err));
    if (strcmp(buffer_text(&uri), node->resource->uri) == 0 && node->resource->root == node)
        return STATUS_OK; // a document found under its own $id
    TRY(schema_arena_new(&schema->arena, &resource, 1, sizeof(*resource), err));
    TRY(schema_arena_copy(&schema->arena, &resource->uri, buffer_text(&uri), uri.length, err));
    resource->root = node;
    resource->document = node->resource->document;
    TRY(schema_document_dialect(schema, &resource->dialect, node->value, node->resource->dialect,
                                err));
    const struct schema_resource *other = schema_map_get(&schema->resources, NULL, resource->uri);
    if (other && other->document == resource->document)
        return schema_node_fail(node, "$id", err, "the URI '%.200s' is there already",
                                resource->uri);
    node->resource = resource;
    return other ? STATUS_OK
                 : schema_map_put(&schema->resources, &schema->arena, NULL, resource->uri, resource,
                                  err);
}

// Draft-07: "#name" in $id is an anchor; beside $ref nothing counts.
static enum status identify_draft_07(struct schema *schema, struct schema_node *node,
                                     struct error *err)
{
    const char *id = NULL;
    struct buffer fragment OWNED(buffer_release) = { 0 };
    const char *name = NULL;
    if (schema_keyword_ref_alone(node))
        return STATUS_OK;
    TRY(get_text(node, "$id", &id, err));
    if (!id)
        return STATUS_OK;
    if (id[0] != '#')
        TRY(start_resource(schema, node, id, err));
    TRY(schema_uri_fragment(&fragment, id, err));
    if (fragment.length == 0)
        return STATUS_OK;
    TRY(schema_arena_copy(&schema->arena, &name, fragment.bytes, fragment.length, err));
    return add_anchor(schema, node, &schema->anchors, "$id", name, err);
}

static enum status identify_2020_12(struct schema *schema, struct schema_node *node,
                                    struct error *err)
{
    const char *id = NULL;
    const char *anchor = NULL;
    TRY(get_text(node, "$id", &id, err));
    TRY(get_text(node, "$anchor", &anchor, err));
    TRY(get_text(node, "$dynamicAnchor", &node->dynamic_anchor, err));
    if (id)
        TRY(start_resource(schema, node, id, err));
    if (anchor)
        TRY(add_anchor(schema, node, &schema->anchors, "$anchor", anchor, err));
    if (!node->dynamic_anchor)
        return STATUS_OK;
    schema_node_queue(schema, node); // any $dynamicRef may lead here
    TRY(add_anchor(schema, node, &schema->anchors, "$dynamicAnchor", node->dynamic_anchor, err));
    return add_anchor(schema, node, &schema->dynamic_anchors, "$dynamicAnchor",
                      node->dynamic_anchor, err);
}

// --- subschemas ---

// Takes the value under `keyword` (and `child` within it, for its key or index) as a subschema.
static enum status add_subschema(struct schema *schema, struct schema_node *node,
                                 const char *keyword, const struct json *value, bool is_child,
                                 size_t index, struct error *err)
{
    struct buffer path OWNED(buffer_release) = { 0 };
    struct schema_node *made = NULL;
    if (!json_is(value, JSON_OBJECT) && !json_is(value, JSON_BOOLEAN))
        return STATUS_OK; // refused, or something else's, when the keyword is compiled
    buffer_append_byte(&path, '/');
    buffer_append_text(&path, keyword);
    if (is_child && json_key(value))
        json_pointer_append_key(&path, json_key(value));
    else if (is_child)
        buffer_append_format(&path, "/%zu", index);
    TRY(buffer_check(&path, err));
    return schema_node_new(schema, &made, value, node, path.bytes, node->resource, err);
}

static enum status add_subschemas(struct schema *schema, struct schema_node *node,
                                  const char *keyword, const struct json *container,
                                  struct error *err)
{
    size_t index = 0;
    for (const struct json *child = json_first(container); child; child = json_next(child))
        TRY(add_subschema(schema, node, keyword, child, true, index++, err));
    return STATUS_OK;
}

static bool holds_schemas(enum schema_form form, const struct json *value)
{
    switch (form) {
    case SCHEMA_FORM_SCHEMAS:
        return json_is(value, JSON_ARRAY);
    case SCHEMA_FORM_ITEMS:
        return json_is(value, JSON_ARRAY);
    case SCHEMA_FORM_SCHEMA_MAP:
    case SCHEMA_FORM_PATTERN_MAP:
    case SCHEMA_FORM_DEPENDENCIES:
        return json_is(value, JSON_OBJECT);
    default:
        return false;
    }
}

static enum status discover_node(struct schema *schema, struct schema_node *node, struct error *err)
{
    bool draft_07 = node->resource->dialect->draft == SCHEMA_DRAFT_07;
    TRY((draft_07 ? identify_draft_07 : identify_2020_12)(schema, node, err));
    for (const struct json *member = json_first(node->value); member; member = json_next(member)) {
        const struct schema_row *row =
            schema_keyword_find(node->resource->dialect, json_key(member));
        if (!row)
            continue;
        if (holds_schemas(row->form, member))
            TRY(add_subschemas(schema, node, row->name, member, err));
        else if (row->form == SCHEMA_FORM_SCHEMA || row->form == SCHEMA_FORM_ITEMS)
            TRY(add_subschema(schema, node, row->name, member, false, 0, err));
    }
    return STATUS_OK;
}

enum status schema_node_discover(struct schema *schema, struct error *err)
{
    while (schema->undiscovered) {
        struct schema_node *node = schema->undiscovered;
        schema->undiscovered = node->next_made; // first: a dialect may load a document in between
        if (json_is(node->value, JSON_OBJECT))
            TRY(discover_node(schema, node, err));
    }
    return STATUS_OK;
}

// --- references ---

static enum status step_into(struct schema *schema, const struct json **value,
                             const struct json_pointer_token *token, struct error *err)
{
    size_t index = 0;
    bool array = json_is(*value, JSON_ARRAY);
    const struct json *child = json_first(*value);
    if (array && !json_pointer_index(token, &index))
        child = NULL;
    while (child && (array ? index-- > 0 : !json_pointer_is_key(token, json_key(child)))) {
        if (schema->steps_left-- == 0) {
            schema->steps_left = 0;
            return error_set(err, STATUS_TOO_LARGE, "schema_work_limit",
                             "the references in this schema are too many to resolve");
        }
        child = json_next(child);
    }
    *value = child;
    return STATUS_OK;
}

// The schema at a JSON pointer in a resource; one that no known keyword holds is taken in now.
static enum status resolve_pointer(struct schema *schema, struct schema_node **out,
                                   struct schema_node *node, const char *pointer, struct error *err)
{
    struct json_pointer_token token;
    const struct json *value = node->value;
    const char *rest = pointer;
    while (value && json_pointer_next(&token, &pointer)) {
        TRY(step_into(schema, &value, &token, err));
        struct schema_node *known = value ? schema_node_of(schema, value) : NULL;
        if (known) {
            node = known;
            rest = pointer;
        }
    }
    if (!value || *pointer != '\0') {
        *out = NULL;
        return STATUS_OK;
    }
    *out = node;
    if (value == node->value)
        return STATUS_OK;
    if (!json_is(value, JSON_OBJECT) && !json_is(value, JSON_BOOLEAN)) {
        *out = NULL;
        return STATUS_OK;
    }
    TRY(schema_node_new(schema, out, value, node, rest, node->resource, err));
    return schema_node_discover(schema, err);
}

static enum status find_target(struct schema *schema, struct schema_node **out,
                               struct schema_resource *resource, const char *fragment,
                               struct error *err)
{
    *out = resource->root;
    if (*fragment == '/')
        return resolve_pointer(schema, out, resource->root, fragment, err);
    if (*fragment != '\0')
        *out = schema_map_get(&schema->anchors, resource, fragment);
    return STATUS_OK;
}

enum status schema_node_resolve(struct schema *schema, struct schema_node **out,
                                const struct schema_node *from, const char *reference,
                                struct error *err)
{
    struct buffer uri OWNED(buffer_release) = { 0 };
    struct buffer fragment OWNED(buffer_release) = { 0 };
    struct schema_resource *resource = from->resource;
    struct schema_node *target = NULL;
    TRY(schema_uri_resolve(&uri, resource->uri, reference, err));
    TRY(schema_uri_fragment(&fragment, reference, err));
    if (strcmp(buffer_text(&uri), resource->uri) != 0)
        TRY(schema_document_resource(schema, &resource, buffer_text(&uri), from->resource->dialect,
                                     err));
    if (resource)
        TRY(find_target(schema, &target, resource, buffer_text(&fragment), err));
    if (target) {
        *out = target;
        return STATUS_OK;
    }
    error_set(err, STATUS_INVALID, "schema_invalid", "'%.300s' leads to no schema%s", reference,
              resource ? "" : "; nothing is fetched over a network");
    return error_hint(err, "put what it means under $defs and refer to it as #/$defs/NAME");
}
