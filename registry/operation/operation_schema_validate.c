// schema validate: whether a JSON value is what a JSON Schema asks for.
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/memory.h"
#include "base/text.h"
#include "operation/operation_input.h"
#include "operation/operation_rows.h"
#include "operation/operation_source.h"

#define REMOTES_BASE "http://localhost:1234/" // what the folder of --remotes stands for

// A file of the call's content, read as JSON.
struct document {
    struct json *value;
    struct content_view view;
};

static void release_document(struct document *document)
{
    json_free(document->value);
    content_view_release(&document->view);
}

static enum status read_document(struct document *out, const struct content_file *file,
                                 const char *label, struct error *err)
{
    TRY(content_view(&out->view, file, err));
    if (json_parse(&out->value, out->view.bytes, (size_t)out->view.size_bytes, err) == STATUS_OK)
        return STATUS_OK;
    return error_prefix(err, "%.300s", label);
}

// Schemas that others refer to, parsed when they are asked for.
struct remotes {
    const struct content *content;
    struct remote {
        const struct content_file *file;
        struct document document;
    } * items;
    size_t count;
    size_t capacity;
    struct error fault; // why one could not be read
};

static void release_remotes(struct remotes *remotes)
{
    for (size_t i = 0; i < remotes->count; i++)
        release_document(&remotes->items[i].document);
    free(remotes->items);
}

static const struct json *find_remote(void *context, const char *uri)
{
    struct remotes *remotes = context;
    struct buffer path OWNED(buffer_release) = { 0 };
    struct document document = { 0 };
    if (!text_starts_with(uri, REMOTES_BASE))
        return NULL;
    buffer_append_format(&path, "remotes/%s", uri + strlen(REMOTES_BASE));
    const struct content_file *file = content_find(remotes->content, buffer_text(&path));
    for (size_t i = 0; i < remotes->count; i++)
        if (remotes->items[i].file == file)
            return remotes->items[i].document.value;
    if (!file || memory_grow(&remotes->items, remotes->count, &remotes->capacity,
                             sizeof(*remotes->items), &remotes->fault) != STATUS_OK)
        return NULL;
    if (read_document(&document, file, uri, &remotes->fault) != STATUS_OK) {
        release_document(&document);
        return NULL;
    }
    remotes->items[remotes->count] = (struct remote) { file, document };
    return remotes->items[remotes->count++].document.value;
}

static enum status compile(struct schema **out, const struct json *document,
                           struct remotes *remotes, const char *label, struct error *err)
{
    const struct schema_registry registry = { .find = find_remote, .context = remotes };
    enum status status = schema_compile(out, document, &registry, err);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (remotes->fault.status != STATUS_OK) { // rather than that it cannot be resolved
        *err = remotes->fault;
        return err->status;
    }
    return error_prefix(err, "%.300s", label);
}

// What the instance does not keep to.
struct reporting {
    const struct document *instance;
    const char *file;
    struct json *findings;
    size_t count; // with those that are too many to list
};

static void report(void *context, const struct schema_failure *failure)
{
    struct reporting *reporting = context;
    const struct content_view *view = &reporting->instance->view;
    struct buffer rule OWNED(buffer_release) = { 0 };
    struct buffer message OWNED(buffer_release) = { 0 };
    struct json_span span = { 0 };
    const char *keyword = strrchr(failure->keyword_pointer, '/');
    const char *pointer = failure->instance_pointer;
    if (reporting->count++ >= FINDING_MAX) // each costs a walk over the text
        return;
    (void)json_locate(&span, view->bytes, (size_t)view->size_bytes, pointer);
    buffer_append_format(&rule, "schema.%s", keyword ? keyword + 1 : "false");
    buffer_append_format(&message, "%s%s%s", pointer, *pointer ? ": " : "", failure->message);
    struct json *finding = json_append_object(reporting->findings);
    json_set_string(finding, "rule", buffer_text(&rule));
    json_set_string(finding, "severity", finding_severity_word(SEVERITY_ERROR));
    json_set_string(finding, "file", reporting->file);
    json_set_integer(finding, "line", span.line);
    json_set_integer(finding, "column", span.column);
    json_set_string(finding, "pointer", pointer);
    json_set_string(finding, "keyword", failure->keyword_pointer);
    json_set_string(finding, "message", buffer_text(&message));
    operation_source_set(finding, view->bytes, (size_t)view->size_bytes);
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *schema_label = operation_input_label(call, "schema");
    const char *instance_label = operation_input_label(call, "instance");
    const struct content_file *schema_file = content_find(&call->content, "schema");
    const struct content_file *instance_file = content_find(&call->content, "instance");
    struct document document OWNED(release_document) = { 0 };
    struct document instance OWNED(release_document) = { 0 };
    struct remotes remotes OWNED(release_remotes) = { .content = &call->content };
    struct schema *schema OWNED(schema_release) = NULL;
    if (!schema_file || !instance_file)
        return error_set(err, STATUS_INVALID, "input_missing", "there is no schema or no instance");
    TRY(read_document(&document, schema_file, schema_label, err));
    TRY(read_document(&instance, instance_file, instance_label, err));
    TRY(compile(&schema, document.value, &remotes, schema_label, err));
    call->output = json_new_object();
    json_set_string(call->output, "schema", schema_label);
    json_set_string(call->output, "instance", instance_label);
    struct reporting reporting = { &instance, instance_label,
                                   json_set_array(call->output, "findings"), 0 };
    enum status status = schema_validate(schema, "", instance.value, report, &reporting, err);
    if (status != STATUS_OK && status != STATUS_REFUSED)
        return status;
    call->is_refusal = status == STATUS_REFUSED;
    json_set_bool(call->output, "valid", status == STATUS_OK);
    json_set_integer(call->output, "count", (int64_t)reporting.count);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "schema", NULL, "SCHEMA", "a JSON Schema, draft 2020-12 or 07; - for standard input",
      FIELD_DOCUMENT, true },
    { "instance", NULL, "INSTANCE", "the JSON to hold it to; - for standard input", FIELD_DOCUMENT,
      true },
    { "remotes", "--remotes", "DIR",
      "schemas that a $ref to " REMOTES_BASE "... may lead to; nothing is ever fetched",
      FIELD_FOLDER, false },
    { 0 },
};

const struct operation operation_schema_validate = {
    .name = "schema validate",
    .summary = "hold JSON to a JSON Schema",
    .roles = ROLE_ANY,
    .fields = fields,
    .run = run,
};
