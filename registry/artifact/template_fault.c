// Faults of a template: what they say.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "artifact/template_parse.h"
#include "base/memory.h"

#define SHOWN_BYTES 80 // of a tag, in a message

size_t template_fault_count(const struct template *template)
{
    return template->fault_count;
}

const struct template_fault *template_fault_at(const struct template *template, size_t index)
{
    return &template->faults[index];
}

enum status template_fault_add(struct template_parsing *parsing, const struct template_fault *where,
                               struct error *err, const char *format, ...)
{
    struct template *template = parsing->template;
    if (template->fault_count == TEMPLATE_MAX_FAULTS) {
        parsing->is_over = true;
        return STATUS_OK;
    }
    TRY(memory_grow(&template->faults, template->fault_count, &template->fault_capacity,
                    sizeof(*template->faults), err));
    struct template_fault *fault = &template->faults[template->fault_count++];
    *fault = *where;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->message, sizeof(fault->message), format, arguments);
    va_end(arguments);
    return STATUS_OK;
}

int template_fault_shown(const struct template_slice *slice)
{
    size_t shown = slice->length < SHOWN_BYTES ? slice->length : SHOWN_BYTES;
    const char *line_end = shown > 0 ? memchr(slice->bytes, '\n', shown) : NULL;
    if (line_end)
        return (int)(line_end - slice->bytes);
    while (shown > 0 && shown < slice->length &&
           ((unsigned char)slice->bytes[shown] & 0xC0) == 0x80)
        shown--;
    return (int)shown;
}

enum status template_fault_flaw(struct template_parsing *parsing,
                                const struct template_piece *piece,
                                const struct template_flaw *flaw, struct error *err)
{
    struct template_slice tag = { parsing->template->text + piece->begin,
                                  piece->end - piece->begin };
    return template_fault_add(
        parsing,
        &(struct template_fault) {
            .kind = flaw->kind, .line = piece->line, .column = piece->column, .mend = flaw->mend },
        err, "%.*s %s", template_fault_shown(&tag), tag.bytes, flaw->what);
}

enum status template_fault_limit(struct template_parsing *parsing,
                                 const struct template_piece *piece, const char *what,
                                 const char *mend, struct error *err)
{
    TRY(template_fault_add(parsing,
                           &(struct template_fault) { .kind = TEMPLATE_OVER_LIMIT,
                                                      .line = piece->line,
                                                      .column = piece->column,
                                                      .mend = mend },
                           err, "%s", what));
    parsing->is_over = true;
    return STATUS_OK;
}

enum status template_fault_unclosed(struct template_parsing *parsing,
                                    const struct template_open_section *section, struct error *err)
{
    return template_fault_add(parsing,
                              &(struct template_fault) {
                                  .kind = TEMPLATE_UNBALANCED,
                                  .line = section->line,
                                  .column = section->column,
                                  .mend = "write {{/name}} where the section ends, with its name" },
                              err, "the section '%.*s' is not closed",
                              template_fault_shown(&section->name), section->name.bytes);
}
