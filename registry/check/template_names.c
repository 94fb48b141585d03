// The variables that a prompt's templates name, against those it declares.
#include "check/template_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/manifest_note.h"
#include "check/variable_scope.h"

struct naming {
    const struct check_subject *subject;
    const struct json *variables;
    struct finding_list *findings;
    uint64_t steps_left;
    // Variables of the root that a template names; sorted and looked up by address at the end.
    const struct json **used;
    size_t used_count;
    size_t used_capacity;
    bool is_unsure; // a template has faults, so that names may have been missed
};

static void naming_release(struct naming *naming)
{
    free(naming->used);
}

static enum status add(const struct naming *naming, const struct prompt_section *section,
                       const struct template_tag *tag, const struct manifest_note *what,
                       struct error *err, const char *message, const char *detail)
{
    struct finding_draft draft = { .severity = what->severity,
                                   .rule = what->rule,
                                   .file = section->file,
                                   .line = tag->line,
                                   .column = tag->column,
                                   .mend = what->mend };
    return finding_add(naming->findings, &draft, err, "'%s' %s%s", tag->name, message, detail);
}

static bool is_type(const struct json *schema, const char *type)
{
    return strcmp(json_get_string(schema, "type", ""), type) == 0;
}

// A variable may say that only calls of one direction have it, as a section may.
static enum status check_direction(const struct naming *naming,
                                   const struct prompt_section *section,
                                   const struct template_tag *tag, const struct json *variable,
                                   struct error *err)
{
    const char *direction = json_get_string(variable, "direction", NULL);
    if (!direction || !section->direction || strcmp(direction, section->direction) == 0)
        return STATUS_OK;
    struct manifest_note what = {
        .severity = manifest_note_severity(naming->subject),
        .rule = "template.wrong-direction",
        .mend = "take the tag out, or move it into a section of the variable's direction",
    };
    return add(naming, section, tag, &what, err,
               strcmp(direction, "inbound") == 0
                   ? "is there on inbound calls only, and the section is for outbound ones"
                   : "is there on outbound calls only, and the section is for inbound ones",
               "");
}

static enum status check_type(const struct naming *naming, const struct prompt_section *section,
                              const struct template_tag *tag, const struct json *schema,
                              struct error *err)
{
    struct manifest_note what = {
        .severity = SEVERITY_WARNING,
        .rule = "template.not-text",
        .mend = "write {{#name}}…{{.}}…{{/name}} for a list, and name.part for a part of an object",
    };
    if (tag->kind != TEMPLATE_VARIABLE)
        return STATUS_OK;
    if (is_type(schema, "array"))
        return add(naming, section, tag, &what, err, "is a list, and would be spoken as JSON", "");
    if (is_type(schema, "object"))
        return add(naming, section, tag, &what, err, "is an object, and would be spoken as JSON",
                   "");
    return STATUS_OK;
}

static enum status check_tag(struct naming *naming, struct variable_scope *scope,
                             const struct prompt_section *section, size_t index, struct error *err)
{
    const struct template_tag *tag = template_tag_at(section->template, index);
    if (tag->kind == TEMPLATE_PARTIAL)
        return STATUS_OK; // said elsewhere
    struct variable_meaning meaning = variable_scope_find(scope, index);
    if (meaning.variable) {
        TRY(memory_grow(&naming->used, naming->used_count, &naming->used_capacity,
                        sizeof(*naming->used), err));
        naming->used[naming->used_count++] = meaning.variable;
        TRY(check_direction(naming, section, tag, meaning.variable, err));
    }
    if (section->is_repeated) // its other faults were said
        return STATUS_OK;
    if (meaning.answer == VARIABLE_KNOWN)
        return check_type(naming, section, tag, meaning.schema, err);
    struct manifest_note what = {
        .severity = manifest_note_severity(naming->subject),
        .rule = "template.unknown-variable",
        .mend = "correct the name, or declare it in the manifest's \"variables\"",
    };
    return meaning.answer == VARIABLE_UNKNOWN
               ? add(naming, section, tag, &what, err,
                     "is not among the variables, so nothing would be said in its place", "")
               : STATUS_OK;
}

static enum status check_section(struct naming *naming, const struct prompt_section *section,
                                 struct error *err)
{
    struct variable_scope scope OWNED(variable_scope_release) = { 0 };
    TRY(variable_scope_init(&scope, naming->variables, section->template, &naming->steps_left,
                            err));
    for (size_t i = 0; i < template_tag_count(section->template); i++)
        TRY(check_tag(naming, &scope, section, i, err));
    return STATUS_OK;
}

static int compare_addresses(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t) * (const void *const *)a;
    uintptr_t right = (uintptr_t) * (const void *const *)b;
    return left < right ? -1 : left > right;
}

// As a token of a JSON pointer.
static void append_token(struct buffer *out, const char *key)
{
    for (; *key; key++)
        if (*key == '~' || *key == '/')
            buffer_append_text(out, *key == '~' ? "~0" : "~1");
        else
            buffer_append_byte(out, *key);
}

static enum status report_unused(const struct naming *naming, const char *name, struct error *err)
{
    struct buffer pointer OWNED(buffer_release) = { 0 };
    buffer_append_text(&pointer, "/variables/properties/");
    append_token(&pointer, name);
    TRY(buffer_check(&pointer, err));
    struct manifest_note note = { SEVERITY_NOTE, "template.unused-variable", pointer.bytes,
                                  "delete it, unless something other than the sections needs it" };
    return manifest_note_add(naming->subject, naming->findings, &note, err,
                             "no section uses the variable '%.200s'", name);
}

static enum status check_unused(struct naming *naming, struct error *err)
{
    const struct json *properties = json_get(naming->variables, "properties");
    if (naming->used_count > 0)
        qsort(naming->used, naming->used_count, sizeof(*naming->used), compare_addresses);
    for (const struct json *member = json_first(properties); member; member = json_next(member))
        if (naming->used_count == 0 || !bsearch(&member, naming->used, naming->used_count,
                                                sizeof(*naming->used), compare_addresses))
            TRY(report_unused(naming, json_key(member), err));
    return STATUS_OK;
}

// Without "variables", nobody can tell what a call has to bring.
static enum status report_undeclared(const struct check_subject *subject,
                                     const struct prompt_sections *sections,
                                     struct finding_list *findings, struct error *err)
{
    struct manifest_note note = { SEVERITY_NOTE, "template.undeclared", "/sections",
                                  "declare what the templates take: \"variables\": { \"type\": "
                                  "\"object\", \"properties\": { … } }" };
    for (size_t i = 0; i < sections->count; i++)
        for (size_t at = 0; at < template_tag_count(sections->items[i].template); at++) {
            const struct template_tag *tag = template_tag_at(sections->items[i].template, at);
            if (tag->kind != TEMPLATE_PARTIAL)
                return manifest_note_add(subject, findings, &note, err,
                                         "the templates take variables ('%s' first), and the "
                                         "manifest declares none",
                                         tag->name);
        }
    return STATUS_OK;
}

enum status template_names_check(const struct check_subject *subject,
                                 const struct prompt_sections *sections,
                                 struct finding_list *findings, struct error *err)
{
    struct naming naming OWNED(naming_release) = {
        .subject = subject,
        .variables = json_get(subject->manifest->document, "variables"),
        .findings = findings,
        .steps_left = VARIABLE_SCOPE_MAX_STEPS,
    };
    if (!naming.variables)
        return report_undeclared(subject, sections, findings, err);
    for (size_t i = 0; i < sections->count; i++) {
        // With faults, sections are not where their author meant them.
        if (template_fault_count(sections->items[i].template) > 0)
            naming.is_unsure = true;
        else
            TRY(check_section(&naming, &sections->items[i], err));
    }
    return naming.is_unsure || naming.steps_left == 0 ? STATUS_OK : check_unused(&naming, err);
}
