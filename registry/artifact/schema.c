// JSON Schema validation: the contract.
#include "artifact/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema_internal.h"
#include "artifact/schema_run.h"
#include "base/memory.h"
#include "base/text.h"

void schema_free(struct schema *schema)
{
    if (!schema)
        return;
    for (struct schema_owned *owned = schema->owned; owned; owned = owned->next) {
        json_free(owned->document);
        pattern_free(owned->pattern);
    }
    schema_arena_release(&schema->arena);
    free(schema);
}

void schema_release(struct schema **schema)
{
    schema_free(*schema);
    *schema = NULL;
}

// Compiles what is queued, and what that queues.
static enum status compile_pending(struct schema *schema, struct error *err)
{
    while (schema->pending) {
        struct schema_node *node = schema->pending;
        schema->pending = node->next_pending;
        if (json_is(node->value, JSON_OBJECT))
            TRY(schema_keyword_compile_node(schema, node, err));
    }
    return STATUS_OK;
}

static enum status validate_node(const struct schema *schema, const struct schema_node *node,
                                 const struct json *instance, schema_report report, void *context,
                                 struct error *err)
{
    struct schema_run run OWNED(schema_run_release) = {
        .schema = schema,
        .err = err,
        .report = report,
        .context = context,
        .steps_left = SCHEMA_MAX_STEPS,
    };
    bool valid = schema_run_node(&run, node, instance, NULL, NULL);
    // Once something is wrong, the work limit ends the search for more of it, not the verdict.
    bool cut_short = run.status == STATUS_TOO_LARGE && run.failed;
    if (run.status != STATUS_OK && !cut_short)
        return run.status;
    if (valid)
        return STATUS_OK;
    return error_set(err, STATUS_REFUSED, "schema_refused", "not valid against the schema");
}

// Keeps the first failure, for the error of a schema that is not valid itself.
struct first_failure {
    bool found;
    char text[ERROR_MESSAGE_BYTES / 2];
};

static void keep_first(void *context, const struct schema_failure *failure)
{
    struct first_failure *first = context;
    bool top = failure->instance_pointer[0] == '\0';
    if (!first->found)
        snprintf(first->text, sizeof(first->text), top ? "at the top%s: %s" : "at '%.250s': %s",
                 failure->instance_pointer, failure->message);
    first->found = true;
}

const char *schema_fault_place(char out[SCHEMA_FAULT_POINTER_BYTES], const char *message)
{
    static const char before[] = "at '";
    static const char after[] = "': ";
    const char *begin = message + sizeof(before) - 1;
    const char *end = text_starts_with(message, before) ? strstr(begin, after) : NULL;
    out[0] = '\0';
    if (!end || end - begin >= SCHEMA_FAULT_POINTER_BYTES)
        return message;
    memcpy(out, begin, (size_t)(end - begin));
    out[end - begin] = '\0';
    return end + sizeof(after) - 1;
}

// The dialect in the metaschemas that the caller has compiled already, or NULL.
static const struct schema_dialect *shared_dialect(const struct schema *shared, const char *uri)
{
    return shared ? schema_map_get(&shared->dialects, NULL, uri) : NULL;
}

// Holds a document against its dialect's metaschema.
static enum status check_document(struct schema *schema, const struct json *root, const char *uri,
                                  struct schema_dialect *dialect, struct error *err)
{
    struct first_failure first = { 0 };
    const struct schema *within = schema->registry ? schema->registry->metaschemas : NULL;
    const struct schema_dialect *compiled = shared_dialect(within, dialect->uri);
    if (!compiled) {
        TRY(schema_document_metaschema(schema, dialect, err));
        TRY(compile_pending(schema, err));
        within = schema;
        compiled = dialect;
    }
    enum status status = validate_node(within, compiled->metaschema, root, keep_first, &first, err);
    if (status != STATUS_REFUSED)
        return status;
    error_set(err, STATUS_INVALID, "schema_invalid", "%.200s%s%s", uri, *uri ? ": " : "",
              first.text);
    return error_hint(err, "the schema must be valid against %.200s", dialect->uri);
}

static struct schema_document *find_unchecked(const struct schema *schema)
{
    struct schema_document *document = schema->documents;
    while (document && document->valid)
        document = document->next;
    return document;
}

// Documents that references reached are checked when all is compiled: their dialects' metaschemas
// may be among them.
static enum status check_reached(struct schema *schema, struct error *err)
{
    for (;;) {
        TRY(compile_pending(schema, err));
        struct schema_document *document = find_unchecked(schema);
        if (!document)
            return STATUS_OK;
        document->valid = true;
        TRY(check_document(schema, document->root, document->uri, document->dialect, err));
    }
}

// Every subschema of the document itself is compiled, as validation may start from any.
static void queue_all(struct schema *schema, const struct schema_document *document)
{
    for (struct schema_node *node = schema->first_made; node; node = node->next_made)
        if (node->resource->document == document)
            schema_node_queue(schema, node);
}

static enum status compile_document(struct schema *schema, const struct json *root,
                                    struct error *err)
{
    struct schema_dialect *dialect = NULL;
    struct schema_document *document = NULL;
    TRY(schema_document_dialect(schema, &dialect, root, NULL, err));
    TRY(check_document(schema, root, "", dialect, err));
    TRY(schema_document_add(schema, root, "", dialect, &document, err));
    document->valid = true;
    queue_all(schema, document);
    return check_reached(schema, err);
}

static enum status new_schema(struct schema **out, struct error *err)
{
    struct schema *schema = NULL;
    TRY(memory_new(&schema, 1, sizeof(*schema), err));
    schema->steps_left = SCHEMA_MAX_COMPILE_STEPS;
    *out = schema;
    return STATUS_OK;
}

enum status schema_metaschemas(struct schema **out, struct error *err)
{
    struct schema *schema OWNED(schema_release) = NULL;
    TRY(new_schema(&schema, err));
    TRY(schema_document_builtin_dialects(schema, err));
    TRY(compile_pending(schema, err));
    *out = MOVE(schema);
    return STATUS_OK;
}

enum status schema_compile(struct schema **out, const struct json *document,
                           const struct schema_registry *registry, struct error *err)
{
    struct schema *schema OWNED(schema_release) = NULL;
    if (!document)
        return error_set(err, STATUS_INVALID, "schema_invalid", "there is no schema");
    TRY(new_schema(&schema, err));
    schema->document = document;
    schema->registry = registry;
    TRY(compile_document(schema, document, err));
    schema->registry = NULL;
    *out = MOVE(schema);
    return STATUS_OK;
}

enum status schema_compile_builtin(struct schema **out, const struct json *document,
                                   const char *pointer, struct error *err)
{
    struct schema *schema OWNED(schema_release) = NULL;
    struct schema_dialect *dialect = NULL;
    struct schema_node *root = NULL;
    struct schema_node *start = NULL;
    struct buffer reference OWNED(buffer_release) = { 0 };
    TRY(new_schema(&schema, err));
    schema->document = document;
    schema->is_builtin = true;
    TRY(schema_document_dialect(schema, &dialect, document, NULL, err));
    TRY(schema_document_add_root(schema, document, dialect, &root, err));
    buffer_append_format(&reference, "#%s", pointer);
    TRY(buffer_check(&reference, err));
    TRY(schema_node_resolve(schema, &start, root, reference.bytes, err));
    schema_node_queue(schema, start);
    TRY(compile_pending(schema, err));
    *out = MOVE(schema);
    return STATUS_OK;
}

enum status schema_validate(const struct schema *schema, const char *pointer,
                            const struct json *instance, schema_report report, void *context,
                            struct error *err)
{
    const struct json *value = json_at(schema->document, pointer);
    const struct schema_node *node = value ? schema_node_of(schema, value) : NULL;
    if (!instance)
        return error_set(err, STATUS_INVALID, "schema_instance_missing",
                         "there is no value to validate");
    if (!node || !node->queued)
        return error_set(err, STATUS_NOT_FOUND, "schema_pointer_unknown",
                         "there is no schema at '%.300s'", pointer);
    return validate_node(schema, node, instance, report, context, err);
}
