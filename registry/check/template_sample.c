// A prompt rendered with each of the examples that it declares.
#include "check/template_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/memory.h"
#include "check/manifest_note.h"

#define POINTER_BYTES 64
#define MAX_FAILURES 5 // of one example that are shown: the first says most

struct sampling {
    const struct check_subject *subject;
    struct finding_list *findings;
    size_t example; // from 1
    // What rendering takes off.
    struct template_limits limits;
    const struct prompt_section *section;
    bool *told; // by tag of the section: nothing was there for it in this example or another
    size_t failures;
    enum status status; // of adding a finding in a callback
    struct error *err;
};

// --- the schema, and the examples by it ---

static void report_failure(void *context, const struct schema_failure *failure)
{
    struct sampling *sampling = context;
    if (sampling->status != STATUS_OK || sampling->failures++ >= MAX_FAILURES)
        return;
    struct buffer pointer OWNED(buffer_release) = { 0 };
    buffer_append_format(&pointer, "/examples/%zu%s", sampling->example - 1,
                         failure->instance_pointer);
    sampling->status = buffer_check(&pointer, sampling->err);
    if (sampling->status != STATUS_OK)
        return;
    struct manifest_note note = { manifest_note_severity(sampling->subject),
                                  "template.example-invalid", pointer.bytes,
                                  "correct the example, or what \"variables\" says of the value" };
    sampling->status =
        manifest_note_add(sampling->subject, sampling->findings, &note, sampling->err,
                          "example %zu: %s", sampling->example, failure->message);
}

static enum status compile(struct schema **out, const struct check_subject *subject,
                           struct finding_list *findings, struct error *err)
{
    const struct manifest_note note = { manifest_note_severity(subject),
                                        "template.variables-invalid", "/variables",
                                        "mend the JSON Schema of the variables" };
    return manifest_note_compile(out, subject, findings, &note, err);
}

static enum status validate(struct sampling *sampling, const struct schema *schema,
                            const struct json *example, struct error *err)
{
    struct error verdict = { 0 };
    sampling->failures = 0;
    enum status status = schema_validate(schema, "", example, report_failure, sampling, &verdict);
    TRY(sampling->status);
    if (status == STATUS_NO_MEMORY)
        *err = verdict;
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

// --- rendering ---

// The check of names may have said it of this tag.
static bool is_known(const struct sampling *sampling, const struct template_tag *tag)
{
    for (size_t i = 0; i < sampling->findings->count; i++) {
        const struct finding *finding = &sampling->findings->items[i];
        if (finding->line == tag->line && finding->column == tag->column &&
            strcmp(finding->file, sampling->section->file) == 0 &&
            (strcmp(finding->rule, "template.unknown-variable") == 0 ||
             strcmp(finding->rule, "template.wrong-direction") == 0))
            return true;
    }
    return false;
}

static size_t index_of(const struct template *template, const struct template_tag *tag)
{
    return (size_t)(tag - template_tag_at(template, 0));
}

static void report_miss(void *context, const struct template_tag *tag)
{
    struct sampling *sampling = context;
    bool *told = &sampling->told[index_of(sampling->section->template, tag)];
    if (sampling->status != STATUS_OK || *told)
        return;
    *told = true;
    if (is_known(sampling, tag))
        return;
    struct finding_draft draft = {
        .severity = SEVERITY_WARNING,
        .rule = "template.example-missing",
        .file = sampling->section->file,
        .line = tag->line,
        .column = tag->column,
        .mend = "put what depends on the value between {{#name}} and {{/name}}, or give the "
                "example a value",
    };
    sampling->status = finding_add(sampling->findings, &draft, sampling->err,
                                   "with example %zu, nothing is said in the place of '%s'",
                                   sampling->example, tag->name);
}

static enum status report_unrendered(struct sampling *sampling, const struct error *fault,
                                     struct error *err)
{
    struct finding_draft draft = {
        .severity = manifest_note_severity(sampling->subject),
        .rule = "template.sample-too-large",
        .file = sampling->section->file,
        .line = 1,
        .column = 1,
        .mend = "have shorter lists in the examples, or fewer sections in each other",
    };
    return finding_add(sampling->findings, &draft, err, "example %zu cannot be rendered: %s",
                       sampling->example, fault->message);
}

// Renders one section with one example. False in *out_goes_on when the limits are used up.
static enum status render(struct sampling *sampling, const struct json *example, bool *out_goes_on,
                          struct error *err)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error fault = { 0 };
    struct template_rendering with = {
        .data = example, .miss = report_miss, .context = sampling, .limits = &sampling->limits
    };
    enum status status = template_render(&out, sampling->section->template, &with, &fault);
    TRY(sampling->status);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (status == STATUS_NO_MEMORY) {
        *err = fault;
        return status;
    }
    *out_goes_on = false;
    return report_unrendered(sampling, &fault, err);
}

static enum status render_section(struct sampling *sampling, const struct json *examples,
                                  bool *out_goes_on, struct error *err)
{
    bool *told OWNED(memory_release) = NULL;
    TRY(memory_new(&told, template_tag_count(sampling->section->template) + 1, sizeof(*told), err));
    sampling->told = told;
    sampling->example = 1;
    for (const struct json *example = json_first(examples); example && *out_goes_on;
         example = json_next(example), sampling->example++)
        TRY(render(sampling, example, out_goes_on, err));
    return STATUS_OK;
}

enum status template_sample_check(const struct check_subject *subject,
                                  const struct prompt_sections *sections,
                                  struct finding_list *findings, struct error *err)
{
    const struct json *document = subject->manifest->document;
    const struct json *examples = json_get(document, "examples");
    struct schema *schema OWNED(schema_release) = NULL;
    struct sampling sampling = {
        .subject = subject,
        .findings = findings,
        .limits = { TEMPLATE_SAMPLE_MAX_BYTES, TEMPLATE_SAMPLE_MAX_STEPS },
        .example = 1,
        .err = err,
    };
    TRY(compile(&schema, subject, findings, err));
    for (const struct json *example = json_first(examples); example && schema;
         example = json_next(example), sampling.example++)
        TRY(validate(&sampling, schema, example, err));
    bool goes_on = true;
    for (size_t i = 0; i < sections->count && goes_on; i++) {
        sampling.section = &sections->items[i];
        if (!sampling.section->is_repeated && template_fault_count(sampling.section->template) == 0)
            TRY(render_section(&sampling, examples, &goes_on, err));
    }
    return STATUS_OK;
}
