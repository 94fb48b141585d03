// tool-schema: a tool's schemas are schemas, and its examples are what they say.
#include <stdio.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "check/check_kit.h"
#include "check/check_rows.h"

// Where the findings of one schema or example go.
struct reporting {
    const struct check_subject *subject;
    struct finding_list *findings;
    const char *rule;
    const char *pointer; // of what is looked at, in artifact.json
    const char *mend;
    struct error *err;
    enum status status;
};

static enum status add(const struct reporting *reporting, const char *below, const char *message,
                       struct error *err)
{
    const struct manifest *manifest = reporting->subject->manifest;
    struct json_span span = { 0 };
    struct buffer pointer OWNED(buffer_release) = { 0 };
    buffer_append_format(&pointer, "%s%s", reporting->pointer, below);
    TRY(buffer_check(&pointer, err));
    if (!json_locate(&span, manifest->text, manifest->text_bytes, pointer.bytes))
        (void)json_locate(&span, manifest->text, manifest->text_bytes, reporting->pointer);
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = reporting->rule,
                                   .file = MANIFEST_PATH,
                                   .line = span.line,
                                   .column = span.column,
                                   .pointer = pointer.bytes,
                                   .mend = reporting->mend };
    return finding_add(reporting->findings, &draft, err, "%s: %s", pointer.bytes, message);
}

static void report(void *context, const struct schema_failure *failure)
{
    struct reporting *reporting = context;
    if (reporting->status == STATUS_OK)
        reporting->status =
            add(reporting, failure->instance_pointer, failure->message, reporting->err);
}

// Compiles a schema; one that is none becomes a finding and leaves *out NULL.
static enum status compile(struct schema **out, struct reporting *reporting, struct error *err)
{
    const struct json *document =
        json_at(reporting->subject->manifest->document, reporting->pointer);
    struct schema_registry registry = { 0 };
    struct error fault = { 0 };
    if (!document)
        return STATUS_OK;
    TRY(check_kit_metaschemas(reporting->subject->kit, &registry.metaschemas, err));
    enum status status = schema_compile(out, document, &registry, &fault);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (status == STATUS_NO_MEMORY) {
        *err = fault;
        return status;
    }
    char place[SCHEMA_FAULT_POINTER_BYTES];
    const char *message = schema_fault_place(place, fault.message);
    return add(reporting, place, message, err);
}

static enum status check_example(const struct schema *schema, struct reporting *reporting,
                                 struct error *err)
{
    const struct json *value = json_at(reporting->subject->manifest->document, reporting->pointer);
    if (!schema || !value)
        return STATUS_OK;
    struct error fault = { 0 };
    enum status status = schema_validate(schema, "", value, report, reporting, &fault);
    TRY(reporting->status);
    if (status == STATUS_OK || status == STATUS_REFUSED)
        return STATUS_OK;
    if (status == STATUS_TOO_LARGE)
        return add(reporting, "", fault.message, err);
    *err = fault;
    return status;
}

static enum status check_examples(const struct check_subject *subject,
                                  const struct schema *input_schema,
                                  const struct schema *output_schema, struct finding_list *findings,
                                  struct error *err)
{
    size_t count = json_count(json_get(subject->manifest->document, "examples"));
    for (size_t i = 0; i < count; i++) {
        char input[64];
        char output[64];
        snprintf(input, sizeof(input), "/examples/%zu/input", i);
        snprintf(output, sizeof(output), "/examples/%zu/output", i);
        struct reporting reporting = { .subject = subject,
                                       .findings = findings,
                                       .rule = "tool-schema.example",
                                       .pointer = input,
                                       .mend = "change the example, or the schema that it shows",
                                       .err = err };
        TRY(check_example(input_schema, &reporting, err));
        reporting.pointer = output;
        TRY(check_example(output_schema, &reporting, err));
    }
    return STATUS_OK;
}

enum status check_tool_schema_run(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err)
{
    static const char mend[] =
        "write JSON Schema 2020-12, or draft-07 with its \"$schema\"; nothing is "
        "fetched, so every $ref has to point into the schema itself";
    struct schema *input_schema OWNED(schema_release) = NULL;
    struct schema *output_schema OWNED(schema_release) = NULL;
    struct reporting reporting = { .subject = subject,
                                   .findings = findings,
                                   .rule = "tool-schema.invalid",
                                   .pointer = "/input_schema",
                                   .mend = mend,
                                   .err = err };
    TRY(compile(&input_schema, &reporting, err));
    reporting.pointer = "/output_schema";
    TRY(compile(&output_schema, &reporting, err));
    return check_examples(subject, input_schema, output_schema, findings, err);
}
