// tool-schema: a tool's schemas are schemas, and its examples are what they say.
#include <stdio.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "check/check_rows.h"
#include "check/manifest_note.h"

// Where the failures of one example go.
struct reporting {
    const struct check_subject *subject;
    struct finding_list *findings;
    const char *pointer; // of the example, in artifact.json
    struct error *err;
    enum status status;
};

static enum status add(const struct reporting *reporting, const char *below, const char *message,
                       struct error *err)
{
    struct buffer pointer OWNED(buffer_release) = { 0 };
    buffer_append_format(&pointer, "%s%s", reporting->pointer, below);
    TRY(buffer_check(&pointer, err));
    const struct manifest_note note = { SEVERITY_ERROR, "tool-schema.example", pointer.bytes,
                                        "change the example, or the schema that it shows" };
    return manifest_note_add(reporting->subject, reporting->findings, &note, err, "%s: %s",
                             pointer.bytes, message);
}

static void report(void *context, const struct schema_failure *failure)
{
    struct reporting *reporting = context;
    if (reporting->status == STATUS_OK)
        reporting->status =
            add(reporting, failure->instance_pointer, failure->message, reporting->err);
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
        struct reporting reporting = {
            .subject = subject, .findings = findings, .pointer = input, .err = err
        };
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
    static const char rule[] = "tool-schema.invalid";
    const struct manifest_note input = { SEVERITY_ERROR, rule, "/input_schema", mend };
    const struct manifest_note output = { SEVERITY_ERROR, rule, "/output_schema", mend };
    struct schema *input_schema OWNED(schema_release) = NULL;
    struct schema *output_schema OWNED(schema_release) = NULL;
    TRY(manifest_note_compile(&input_schema, subject, findings, &input, err));
    TRY(manifest_note_compile(&output_schema, subject, findings, &output, err));
    return check_examples(subject, input_schema, output_schema, findings, err);
}
