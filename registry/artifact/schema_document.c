// Documents and dialects: which texts a schema is made of, and how each is to be read.
#include <string.h>

#include "artifact/schema_internal.h"
#include "artifact/schema_uri.h"
#include "base/embedded.h"
#include "base/memory.h"

#define URI_2020_12 "https://json-schema.org/draft/2020-12/schema"
#define URI_DRAFT_07 "http://json-schema.org/draft-07/schema"

// The metaschemas compiled in (schema/metaschema-*.json).
static const struct builtin {
    const char *uri;
    const char *file;
} builtins[] = {
    { URI_2020_12, "metaschema-2020-12.json" },
    { URI_DRAFT_07, "metaschema-draft-07.json" },
    { "https://json-schema.org/draft/2020-12/meta/core", "metaschema-2020-12-core.json" },
    { "https://json-schema.org/draft/2020-12/meta/applicator",
      "metaschema-2020-12-applicator.json" },
    { "https://json-schema.org/draft/2020-12/meta/unevaluated",
      "metaschema-2020-12-unevaluated.json" },
    { "https://json-schema.org/draft/2020-12/meta/validation",
      "metaschema-2020-12-validation.json" },
    { "https://json-schema.org/draft/2020-12/meta/meta-data", "metaschema-2020-12-meta-data.json" },
    { "https://json-schema.org/draft/2020-12/meta/format-annotation",
      "metaschema-2020-12-format-annotation.json" },
    { "https://json-schema.org/draft/2020-12/meta/format-assertion",
      "metaschema-2020-12-format-assertion.json" },
    { "https://json-schema.org/draft/2020-12/meta/content", "metaschema-2020-12-content.json" },
};

// Vocabularies that we know; 0 for those that only annotate. Not format-assertion: `format`
// asserts nothing here, so whoever requires that it does is refused.
static const struct vocabulary {
    const char *uri;
    unsigned bit;
} vocabularies[] = {
    { "https://json-schema.org/draft/2020-12/vocab/core", SCHEMA_CORE },
    { "https://json-schema.org/draft/2020-12/vocab/applicator", SCHEMA_APPLICATOR },
    { "https://json-schema.org/draft/2020-12/vocab/unevaluated", SCHEMA_UNEVALUATED },
    { "https://json-schema.org/draft/2020-12/vocab/validation", SCHEMA_VALIDATION },
    { "https://json-schema.org/draft/2020-12/vocab/meta-data", 0 },
    { "https://json-schema.org/draft/2020-12/vocab/format-annotation", 0 },
    { "https://json-schema.org/draft/2020-12/vocab/content", 0 },
};

static const struct vocabulary *find_vocabulary(const char *uri)
{
    for (size_t i = 0; i < COUNT_OF(vocabularies); i++)
        if (strcmp(vocabularies[i].uri, uri) == 0)
            return &vocabularies[i];
    return NULL;
}

static enum status new_dialect(struct schema *schema, struct schema_dialect **out, const char *uri,
                               struct error *err)
{
    struct schema_dialect *dialect = NULL;
    TRY(schema_arena_new(&schema->arena, &dialect, 1, sizeof(*dialect), err));
    TRY(schema_arena_copy(&schema->arena, &dialect->uri, uri, strlen(uri), err));
    TRY(schema_map_put(&schema->dialects, &schema->arena, NULL, dialect->uri, dialect, err));
    *out = dialect;
    return STATUS_OK;
}

static enum status fail_unknown(const char *uri, struct error *err)
{
    error_set(err, STATUS_INVALID, "schema_invalid", "at '/$schema': '%.300s' is not known here",
              uri);
    return error_hint(err, "use \"%s\" or \"%s#\", or leave $schema out, which means the former",
                      URI_2020_12, URI_DRAFT_07);
}

// A metaschema's $vocabulary (2020-12 Core, section 8.1.2) as a mask.
static enum status read_vocabularies(unsigned *out, const struct json *metaschema, const char *uri,
                                     struct error *err)
{
    const struct json *named = json_get(metaschema, "$vocabulary");
    unsigned mask = named ? SCHEMA_CORE : SCHEMA_EVERY_VOCABULARY;
    for (const struct json *one = json_first(named); one; one = json_next(one)) {
        const struct vocabulary *known = find_vocabulary(json_key(one));
        if (!known && json_bool(one))
            return error_set(err, STATUS_INVALID, "schema_invalid",
                             "the dialect '%.200s' requires the vocabulary '%.200s', which is not "
                             "known here",
                             uri, json_key(one));
        mask |= known ? known->bit : 0;
    }
    *out = mask;
    return STATUS_OK;
}

// A dialect that somebody made: its metaschema is a document like any other.
static enum status custom_dialect(struct schema *schema, struct schema_dialect **out,
                                  const char *uri, struct error *err)
{
    struct schema_resource *resource = NULL;
    struct schema_dialect *dialect = NULL;
    unsigned mask = 0;
    TRY(schema_document_resource(schema, &resource, uri, NULL, err));
    if (!resource)
        return fail_unknown(uri, err);
    TRY(read_vocabularies(&mask, resource->root->value, uri, err));
    TRY(new_dialect(schema, &dialect, uri, err));
    dialect->draft = resource->dialect->draft;
    dialect->vocabularies = mask;
    *out = dialect;
    return STATUS_OK;
}

static enum status find_dialect(struct schema *schema, struct schema_dialect **out, const char *uri,
                                struct error *err)
{
    struct schema_dialect *dialect = schema_map_get(&schema->dialects, NULL, uri);
    bool builtin = strcmp(uri, URI_2020_12) == 0 || strcmp(uri, URI_DRAFT_07) == 0;
    if (!dialect && !builtin)
        return custom_dialect(schema, out, uri, err);
    if (!dialect) {
        TRY(new_dialect(schema, &dialect, uri, err));
        dialect->draft = strcmp(uri, URI_2020_12) == 0 ? SCHEMA_2020_12 : SCHEMA_DRAFT_07;
        dialect->vocabularies = SCHEMA_EVERY_VOCABULARY;
    }
    *out = dialect;
    return STATUS_OK;
}

enum status schema_document_dialect(struct schema *schema, struct schema_dialect **out,
                                    const struct json *root, struct schema_dialect *fallback,
                                    struct error *err)
{
    const struct json *declared = json_get(root, "$schema");
    struct buffer uri OWNED(buffer_release) = { 0 };
    if (!declared && fallback) {
        *out = fallback;
        return STATUS_OK;
    }
    if (declared && !json_string(declared))
        return error_set(err, STATUS_INVALID, "schema_invalid", "at '/$schema': expected a string");
    TRY(schema_uri_resolve(&uri, "", declared ? json_string(declared) : URI_2020_12, err));
    return find_dialect(schema, out, buffer_text(&uri), err);
}

enum status schema_document_builtin_dialects(struct schema *schema, struct error *err)
{
    static const char *const uris[] = { URI_2020_12, URI_DRAFT_07 };
    for (size_t i = 0; i < COUNT_OF(uris); i++) {
        struct schema_dialect *dialect = NULL;
        TRY(find_dialect(schema, &dialect, uris[i], err));
        TRY(schema_document_metaschema(schema, dialect, err));
    }
    return STATUS_OK;
}

enum status schema_document_metaschema(struct schema *schema, struct schema_dialect *dialect,
                                       struct error *err)
{
    struct schema_resource *resource = NULL;
    if (dialect->metaschema)
        return STATUS_OK;
    TRY(schema_document_resource(schema, &resource, dialect->uri, NULL, err));
    if (!resource)
        return fail_unknown(dialect->uri, err);
    dialect->metaschema = resource->root;
    schema_node_queue(schema, resource->root);
    return STATUS_OK;
}

// The resource that a document's root begins, before its $id is looked at.
static enum status begin_resource(struct schema *schema, struct schema_resource **out,
                                  const struct schema_document *document, struct error *err)
{
    struct schema_resource *resource = NULL;
    TRY(schema_arena_new(&schema->arena, &resource, 1, sizeof(*resource), err));
    resource->uri = document->uri;
    resource->dialect = document->dialect;
    resource->document = document;
    *out = resource;
    return STATUS_OK;
}

// The document and its root's node, below which nothing is looked for yet.
static enum status begin_document(struct schema *schema, const struct json *root, const char *uri,
                                  struct schema_dialect *dialect, struct schema_document **out,
                                  struct schema_node **out_node, struct error *err)
{
    struct schema_document *document = NULL;
    struct schema_resource *resource = NULL;
    struct buffer path OWNED(buffer_release) = { 0 };
    if (!json_is(root, JSON_OBJECT) && !json_is(root, JSON_BOOLEAN))
        return error_set(err, STATUS_INVALID, "schema_invalid",
                         "%.300s%sa schema is an object, true or false", uri, *uri ? ": " : "");
    TRY(schema_arena_new(&schema->arena, &document, 1, sizeof(*document), err));
    document->root = root;
    document->dialect = dialect;
    TRY(schema_arena_copy(&schema->arena, &document->uri, uri, strlen(uri), err));
    TRY(begin_resource(schema, &resource, document, err));
    if (*uri)
        buffer_append_format(&path, "%s#", uri);
    TRY(buffer_check(&path, err));
    TRY(schema_node_new(schema, &resource->root, root, NULL, buffer_text(&path), resource, err));
    if (*uri)
        TRY(schema_map_put(&schema->resources, &schema->arena, NULL, document->uri, resource, err));
    document->next = schema->documents;
    schema->documents = document;
    *out = document;
    *out_node = resource->root;
    return STATUS_OK;
}

enum status schema_document_add(struct schema *schema, const struct json *root, const char *uri,
                                struct schema_dialect *dialect, struct schema_document **out,
                                struct error *err)
{
    struct schema_document *document = NULL;
    struct schema_node *node = NULL;
    TRY(begin_document(schema, root, uri, dialect, &document, &node, err));
    TRY(schema_node_discover(schema, err));
    *out = document;
    return STATUS_OK;
}

enum status schema_document_add_root(struct schema *schema, const struct json *root,
                                     struct schema_dialect *dialect, struct schema_node **out,
                                     struct error *err)
{
    struct schema_document *document = NULL;
    TRY(begin_document(schema, root, "", dialect, &document, out, err));
    document->valid = true;
    schema->undiscovered = NULL;
    return STATUS_OK;
}

static enum status parse_builtin(struct schema *schema, const struct json **out, const char *uri,
                                 struct error *err)
{
    const struct embedded_file *file = NULL;
    struct schema_owned *owned = NULL;
    for (size_t i = 0; i < COUNT_OF(builtins) && !file; i++)
        if (strcmp(builtins[i].uri, uri) == 0)
            file = embedded_find(builtins[i].file);
    if (!file)
        return STATUS_OK;
    TRY(schema_arena_new(&schema->arena, &owned, 1, sizeof(*owned), err));
    TRY(json_parse(&owned->document, file->bytes, file->size_bytes, err));
    owned->next = schema->owned;
    schema->owned = owned;
    *out = owned->document;
    return STATUS_OK;
}

// A second URI of a resource.
static enum status add_alias(struct schema *schema, const char *uri,
                             struct schema_resource *resource, struct error *err)
{
    const char *copy = NULL;
    TRY(schema_arena_copy(&schema->arena, &copy, uri, strlen(uri), err));
    return schema_map_put(&schema->resources, &schema->arena, NULL, copy, resource, err);
}

static enum status load(struct schema *schema, const char *uri, struct schema_dialect *fallback,
                        struct error *err)
{
    const struct json *root = NULL;
    struct schema_document *document = NULL;
    struct schema_dialect *dialect = NULL;
    TRY(parse_builtin(schema, &root, uri, err));
    bool builtin = root != NULL;
    if (!root && schema->registry && schema->registry->find && schema_uri_is_absolute(uri))
        root = schema->registry->find(schema->registry->context, uri);
    if (!root)
        return STATUS_OK;
    if (schema_node_of(schema, root))
        return add_alias(schema, uri, schema_node_of(schema, root)->resource, err);
    TRY(schema_document_dialect(schema, &dialect, root, fallback, err));
    TRY(schema_document_add(schema, root, uri, dialect, &document, err));
    document->valid = builtin;
    return STATUS_OK;
}

enum status schema_document_resource(struct schema *schema, struct schema_resource **out,
                                     const char *uri, struct schema_dialect *fallback,
                                     struct error *err)
{
    struct schema_resource *resource = schema_map_get(&schema->resources, NULL, uri);
    if (!resource) {
        if (schema->loading == SCHEMA_MAX_LOADING)
            return error_set(err, STATUS_INVALID, "schema_invalid",
                             "'%.300s': more than %d documents that need each other to be read",
                             uri, SCHEMA_MAX_LOADING);
        schema->loading++;
        enum status status = load(schema, uri, fallback, err);
        schema->loading--;
        if (status != STATUS_OK)
            return status;
        resource = schema_map_get(&schema->resources, NULL, uri);
    }
    // With an $id of its own, a document's root begins another resource than the document's URI.
    *out = resource ? resource->root->resource : NULL;
    return STATUS_OK;
}
