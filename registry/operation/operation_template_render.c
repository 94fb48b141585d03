// template render: a Mustache template with the data put in, as an agent would get it.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "artifact/template.h"
#include "base/memory.h"
#include "operation/operation_input.h"
#include "operation/operation_rows.h"

#define PARTIALS_MAX 200 // as many as a prompt has sections
#define PARTIAL_ENDING ".mustache"
#define RULE_FAULT "template.syntax"
#define RULE_MISSING "template.missing"

// A template that was met: the one to render, whose name is "", or a partial.
struct part {
    char *name;
    char *label;               // where it stands, for messages
    struct template *template; // NULL: there is none of that name
    bool *warned;              // of each tag
};

// One rendering, and what there is to say of it.
struct rendering {
    struct operation_call *call;
    struct part *parts; // the first is the one to render
    size_t count;
    size_t capacity;
    enum status status; // of a warning that could not be kept
    struct error *err;
};

static void release_part(struct part *part)
{
    free(part->name);
    free(part->label);
    free(part->warned);
    template_free(part->template);
}

static void release_rendering(struct rendering *rendering)
{
    for (size_t i = 0; i < rendering->count; i++)
        release_part(&rendering->parts[i]);
    free(rendering->parts);
}

static enum status add_faults(struct rendering *rendering, const struct template *template,
                              const char *label, struct error *err)
{
    for (size_t i = 0; i < template_fault_count(template); i++) {
        const struct template_fault *fault = template_fault_at(template, i);
        const struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                             .rule = RULE_FAULT,
                                             .file = label,
                                             .line = fault->line,
                                             .column = fault->column,
                                             .mend = fault->mend };
        TRY(finding_add(&rendering->call->findings, &draft, err, "%s", fault->message));
    }
    if (template_fault_count(template) == 0)
        return STATUS_OK;
    const struct template_fault *first = template_fault_at(template, 0);
    error_set(err, STATUS_INVALID, "template_invalid", "%.300s: line %u, column %u: %s", label,
              first->line, first->column, first->message);
    return error_hint(err, "%s", first->mend);
}

// Reads what stands at `path` of the call's content; a part without a template when nothing does.
static enum status add_part(struct rendering *rendering, const char *name, const char *path,
                            const char *label, struct error *err)
{
    struct part part OWNED(release_part) = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    const struct content_file *file = content_find(&rendering->call->content, path);
    TRY(memory_grow(&rendering->parts, rendering->count, &rendering->capacity,
                    sizeof(*rendering->parts), err));
    TRY(memory_copy_string(&part.name, name, err));
    TRY(memory_copy_string(&part.label, label, err));
    if (file) {
        TRY(content_view(&view, file, err));
        if (template_parse(&part.template, view.bytes, (size_t)view.size_bytes, err) != STATUS_OK)
            return error_prefix(err, "%.300s", label);
        TRY(add_faults(rendering, part.template, label, err));
        TRY(memory_new(&part.warned, template_tag_count(part.template) + 1, 1, err));
    }
    rendering->parts[rendering->count++] = part;
    part = (struct part) { 0 };
    return STATUS_OK;
}

// A warning at a tag of the part, once however often it is met.
static enum status warn(struct rendering *rendering, const struct part *part, size_t index,
                        const char *mend, const char *message, struct error *err)
{
    const struct template_tag *tag = template_tag_at(part->template, index);
    const struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                         .rule = RULE_MISSING,
                                         .file = part->label,
                                         .line = tag->line,
                                         .column = tag->column,
                                         .mend = mend };
    if (part->warned[index])
        return STATUS_OK;
    part->warned[index] = true;
    return finding_add(&rendering->call->findings, &draft, err,
                       "%s '%.200s', and nothing is put in its place", message, tag->name);
}

// At the first tag that asks for it, which is the one that is being rendered.
static enum status warn_no_partial(struct rendering *rendering, const char *name, struct error *err)
{
    for (size_t i = 0; i < rendering->count; i++) {
        const struct part *part = &rendering->parts[i];
        for (size_t j = 0; part->template && j < template_tag_count(part->template); j++) {
            const struct template_tag *tag = template_tag_at(part->template, j);
            if (tag->kind == TEMPLATE_PARTIAL && strcmp(tag->name, name) == 0)
                return warn(rendering, part, j, "name the folder that holds it with --partials",
                            "there is no partial", err);
        }
    }
    return STATUS_OK;
}

static enum status find_partial(void *context, const char *name, const struct template **out,
                                struct error *err)
{
    struct rendering *rendering = context;
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer label OWNED(buffer_release) = { 0 };
    for (size_t i = 1; i < rendering->count; i++)
        if (strcmp(rendering->parts[i].name, name) == 0) {
            *out = rendering->parts[i].template;
            return STATUS_OK;
        }
    if (rendering->count > PARTIALS_MAX)
        return error_set(err, STATUS_TOO_LARGE, "partials_too_many", "more than %d partials",
                         PARTIALS_MAX);
    const char *folder = json_get_string(rendering->call->input, "partials", "partials");
    buffer_append_format(&path, "partials/%s" PARTIAL_ENDING, name);
    buffer_append_format(&label, "%s/%s" PARTIAL_ENDING, folder, name);
    TRY(buffer_check(&path, err));
    TRY(buffer_check(&label, err));
    TRY(add_part(rendering, name, path.bytes, label.bytes, err));
    *out = rendering->parts[rendering->count - 1].template;
    return *out ? STATUS_OK : warn_no_partial(rendering, name, err);
}

// The index of a tag among those of the part, or their number: by its address, since a list may
// meet one tag a million times.
static size_t index_of(const struct part *part, const struct template_tag *tag)
{
    size_t count = part->template ? template_tag_count(part->template) : 0;
    uintptr_t first = count > 0 ? (uintptr_t)template_tag_at(part->template, 0) : 0;
    uintptr_t address = (uintptr_t)tag;
    size_t index = address >= first ? (size_t)((address - first) / sizeof(*tag)) : count;
    return index < count ? index : count;
}

// Mustache leaves such places empty; an author would rather know.
static void miss(void *context, const struct template_tag *tag)
{
    struct rendering *rendering = context;
    for (size_t i = 0; i < rendering->count && rendering->status == STATUS_OK; i++) {
        const struct part *part = &rendering->parts[i];
        size_t index = index_of(part, tag);
        if (!part->template || index == template_tag_count(part->template))
            continue;
        rendering->status = warn(rendering, part, index,
                                 "give it a value in --data, or a section {{#...}} around it",
                                 "nothing is there for", rendering->err);
        return;
    }
}

static enum status read_data(struct json **out, const struct operation_call *call,
                             struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    const struct content_file *file = content_find(&call->content, "data");
    if (!file)
        return error_set(err, STATUS_INVALID, "input_missing", "there are no data");
    TRY(content_view(&view, file, err));
    if (json_parse(out, view.bytes, (size_t)view.size_bytes, err) == STATUS_OK)
        return STATUS_OK;
    return error_prefix(err, "%.300s", operation_input_label(call, "data"));
}

static enum status read_escape(enum template_escape *out, const struct operation_call *call,
                               struct error *err)
{
    const char *word = json_get_string(call->input, "escape", "html");
    *out = strcmp(word, "none") == 0 ? TEMPLATE_ESCAPE_NONE : TEMPLATE_ESCAPE_HTML;
    if (strcmp(word, "none") == 0 || strcmp(word, "html") == 0)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "escape_unknown", "'%.80s' is no way to escape", word);
    return error_hint(err, "--escape html (as Mustache does), or --escape none (for speech)");
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct rendering rendering OWNED(release_rendering) = { .call = call, .err = err };
    struct json *data OWNED(json_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct template_rendering with = { .find_partial = find_partial,
                                       .miss = miss,
                                       .context = &rendering };
    TRY(read_escape(&with.escape, call, err));
    TRY(add_part(&rendering, "", "template", operation_input_label(call, "template"), err));
    if (!rendering.parts[0].template)
        return error_set(err, STATUS_INVALID, "input_missing", "there is no template");
    TRY(read_data(&data, call, err));
    with.data = data;
    TRY(template_render(&text, rendering.parts[0].template, &with, err));
    TRY(rendering.status);
    TRY(content_add_bytes(&call->result, "rendered", buffer_text(&text), text.length, err));
    TRY(content_seal(&call->result, err));
    call->output = json_new_object();
    return call->output ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = {
    { "template", NULL, "FILE", "a Mustache template; - for standard input", FIELD_DOCUMENT, true },
    { "data", "--data", "FILE", "the values to put in, as JSON; - for standard input",
      FIELD_DOCUMENT, true },
    { "partials", "--partials", "DIR", "{{>NAME}} is DIR/NAME" PARTIAL_ENDING, FIELD_FOLDER,
      false },
    { "escape", "--escape", "none|html",
      "how values are escaped: html (the default, as Mustache does), or none (for speech)",
      FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_template_render = {
    .name = "template render",
    .summary = "print what a Mustache template says with some data",
    .roles = ROLE_ANY,
    .result_form = RESULT_FILE,
    .fields = fields,
    .run = run,
};
