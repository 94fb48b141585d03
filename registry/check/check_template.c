// template: a prompt's sections are Mustache that can be rendered, with the variables it declares.
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "check/check_rows.h"
#include "check/manifest_note.h"
#include "check/place.h"
#include "check/prompt_sections.h"
#include "check/template_names.h"
#include "check/template_sample.h"

#define MAX_MARKS 20       // of other languages in the text of one section that are shown
#define MAX_MARK_BYTES 500 // real ones reach 100; no text of braces is looked through for each

// --- faults of the templates ---

static const char *const fault_rules[] = {
    [TEMPLATE_BROKEN] = "template.broken-tag",
    [TEMPLATE_UNBALANCED] = "template.unbalanced",
    [TEMPLATE_FOREIGN] = "template.foreign-tag",
    [TEMPLATE_OVER_LIMIT] = "template.limit",
};

static bool has_foreign(const struct template *template)
{
    for (size_t i = 0; i < template_fault_count(template); i++)
        if (template_fault_at(template, i)->kind == TEMPLATE_FOREIGN)
            return true;
    return false;
}

// A text for another template language may be kept as a draft: its author moves it over later. The
// rest of what is wrong in it may come from that alone.
static enum status check_faults(const struct check_subject *subject,
                                const struct prompt_section *section, struct finding_list *findings,
                                struct error *err)
{
    const struct template *template = section->template;
    enum severity severity =
        has_foreign(template) ? manifest_note_severity(subject) : SEVERITY_ERROR;
    for (size_t i = 0; i < template_fault_count(template); i++) {
        const struct template_fault *fault = template_fault_at(template, i);
        struct finding_draft draft = { .severity = severity,
                                       .rule = fault_rules[fault->kind],
                                       .file = section->file,
                                       .line = fault->line,
                                       .column = fault->column,
                                       .mend = fault->mend };
        TRY(finding_add(findings, &draft, err, "%s", fault->message));
    }
    return STATUS_OK;
}

// --- marks of other languages in what Mustache takes as text ---

struct mark {
    const char *open;
    const char *close;
    const char *inside; // characters that may stand between them; NULL: any on the same line
    const char *what;
    bool is_sure; // nothing else looks like it
};

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

static const struct mark marks[] = {
    { "{%", "%}", NULL, "a tag of Liquid or Jinja", true },
    { "<%", "%>", NULL, "a tag of ERB or EJS", false },
    { "${", "}", NAME_CHARACTERS, "a variable of JavaScript or a shell", false },
};

// The length of the mark that begins at `at`, or 0.
static size_t mark_length(const struct mark *mark, const char *at, size_t left)
{
    size_t open = strlen(mark->open);
    size_t close = strlen(mark->close);
    if (left < open || memcmp(at, mark->open, open) != 0)
        return 0;
    left = left < MAX_MARK_BYTES ? left : MAX_MARK_BYTES;
    const char *line_end = memchr(at, '\n', left);
    size_t line = line_end ? (size_t)(line_end - at) : left;
    const char *end = line > open ? memmem(at + open, line - open, mark->close, close) : NULL;
    if (!end)
        return 0;
    for (const char *inside = at + open; mark->inside && inside < end; inside++)
        if (!strchr(mark->inside, *inside))
            return 0;
    return end == at + open && mark->inside ? 0 : (size_t)(end - at) + close;
}

static const struct mark *find_mark(const char *at, size_t left, size_t *out_length)
{
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        *out_length = mark_length(&marks[i], at, left);
        if (*out_length > 0)
            return &marks[i];
    }
    return NULL;
}

static enum status report_mark(const struct check_subject *subject,
                               const struct prompt_section *section, const struct mark *mark,
                               const struct place *place, struct finding_list *findings,
                               struct error *err)
{
    struct finding_draft draft = {
        .severity = mark->is_sure ? manifest_note_severity(subject) : SEVERITY_WARNING,
        .rule = "template.foreign-text",
        .file = section->file,
        .line = place->line,
        .column = place->column,
        .mend = "write {{name}} for a value, and {{#name}}…{{/name}} for what is said when there "
                "is one",
    };
    return finding_add(findings, &draft, err,
                       "%s%s… looks like %s, and would be spoken as it stands", mark->open,
                       mark->inside ? "" : " ", mark->what);
}

// By the first byte of each mark: hardly one in a text of any length.
static bool may_begin_mark(char byte)
{
    return byte == '{' || byte == '<' || byte == '$';
}

static enum status check_text(const struct check_subject *subject,
                              const struct prompt_section *section,
                              const struct template_text *text, size_t *shown,
                              struct finding_list *findings, struct error *err)
{
    struct place place = { .line = text->line, .column = text->column };
    size_t at = 0;
    while (at < text->length && *shown < MAX_MARKS) {
        size_t length = 0;
        const struct mark *mark = may_begin_mark(text->bytes[at])
                                      ? find_mark(text->bytes + at, text->length - at, &length)
                                      : NULL;
        if (mark) {
            place_advance(&place, text->bytes, at);
            TRY(report_mark(subject, section, mark, &place, findings, err));
            ++*shown;
        }
        at += mark ? length : 1;
    }
    return STATUS_OK;
}

static enum status check_texts(const struct check_subject *subject,
                               const struct prompt_section *section, struct finding_list *findings,
                               struct error *err)
{
    struct template_text text;
    size_t position = 0;
    size_t shown = 0;
    while (template_next_text(&text, section->template, &position))
        TRY(check_text(subject, section, &text, &shown, findings, err));
    return STATUS_OK;
}

// --- tags that are right, and of no use here ---

static enum status check_partials(const struct check_subject *subject,
                                  const struct prompt_section *section,
                                  struct finding_list *findings, struct error *err)
{
    for (size_t i = 0; i < template_tag_count(section->template); i++) {
        const struct template_tag *tag = template_tag_at(section->template, i);
        struct finding_draft draft = { .severity = manifest_note_severity(subject),
                                       .rule = "template.partial",
                                       .file = section->file,
                                       .line = tag->line,
                                       .column = tag->column,
                                       .mend = "put the text here, or make it a section of the "
                                               "prompt" };
        if (tag->kind == TEMPLATE_PARTIAL)
            TRY(finding_add(findings, &draft, err,
                            "there is no partial '%s': a prompt's text is in its sections",
                            tag->name));
    }
    return STATUS_OK;
}

static enum status report_raw(const struct prompt_section *section, const struct template_tag *tag,
                              struct finding_list *findings, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_NOTE,
                                   .rule = "template.unescaped",
                                   .file = section->file,
                                   .line = tag->line,
                                   .column = tag->column,
                                   .mend = "write {{name}} to have the value escaped like the "
                                           "others" };
    return finding_add(findings, &draft, err, "'%s' is put in unescaped, into text that is HTML",
                       tag->name);
}

// With "escape": "html", what is spoken gets entities, and raw tags are the ones that do not.
static enum status check_escape(const struct check_subject *subject,
                                const struct prompt_sections *sections,
                                struct finding_list *findings, struct error *err)
{
    bool has_escaped = false;
    if (strcmp(json_get_string(subject->manifest->document, "escape", "none"), "html") != 0)
        return STATUS_OK;
    for (size_t i = 0; i < sections->count; i++) {
        const struct template *template = sections->items[i].template;
        for (size_t at = 0; at < template_tag_count(template); at++) {
            const struct template_tag *tag = template_tag_at(template, at);
            has_escaped = has_escaped || (tag->kind == TEMPLATE_VARIABLE && !tag->is_raw);
            if (tag->is_raw && !sections->items[i].is_repeated)
                TRY(report_raw(&sections->items[i], tag, findings, err));
        }
    }
    struct manifest_note note = { SEVERITY_NOTE, "template.escaped", "/escape",
                                  "write \"escape\": \"none\" for text that is spoken" };
    return has_escaped ? manifest_note_add(subject, findings, &note, err,
                                           "values are escaped for web pages: \"&\" would be "
                                           "spoken as \"&amp;\"")
                       : STATUS_OK;
}

// The fallback is said when nothing can be rendered, so it is not rendered either.
static enum status check_fallback(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err)
{
    struct template *template OWNED(template_release) = NULL;
    const char *path = json_string(json_at(subject->manifest->document, "/fallback/file"));
    if (!path)
        return STATUS_OK;
    TRY(prompt_sections_parse(&template, subject, path, err));
    struct finding_draft draft = { .severity = manifest_note_severity(subject),
                                   .rule = "template.fallback-tag",
                                   .file = path,
                                   .mend = "write the fallback so that it needs no variables" };
    if (template && template_tag_count(template) > 0) {
        draft.line = template_tag_at(template, 0)->line;
        draft.column = template_tag_at(template, 0)->column;
    } else if (template && template_fault_count(template) > 0) {
        draft.line = template_fault_at(template, 0)->line;
        draft.column = template_fault_at(template, 0)->column;
    } else {
        return STATUS_OK;
    }
    return finding_add(findings, &draft, err,
                       "the fallback holds a tag, which would be spoken as it stands");
}

enum status check_template_run(const struct check_subject *subject, struct finding_list *findings,
                               struct error *err)
{
    struct prompt_sections sections OWNED(prompt_sections_release) = { 0 };
    TRY(prompt_sections_read(&sections, subject, err));
    for (size_t i = 0; i < sections.count; i++) {
        if (sections.items[i].is_repeated)
            continue;
        TRY(check_faults(subject, &sections.items[i], findings, err));
        TRY(check_texts(subject, &sections.items[i], findings, err));
        TRY(check_partials(subject, &sections.items[i], findings, err));
    }
    TRY(template_names_check(subject, &sections, findings, err));
    TRY(check_escape(subject, &sections, findings, err));
    TRY(template_sample_check(subject, &sections, findings, err));
    return check_fallback(subject, findings, err);
}
