// A prompt's sections with their templates.
#include "check/prompt_sections.h"

#include <string.h>

#include "base/memory.h"

void prompt_sections_release(struct prompt_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++)
        if (!sections->items[i].is_repeated)
            template_free(sections->items[i].template);
    sections->count = 0;
}

enum status prompt_sections_parse(struct template **out, const struct check_subject *subject,
                                  const char *path, struct error *err)
{
    const struct content_file *file = content_find(subject->content, path);
    if (!file || file->size_bytes > TEMPLATE_MAX_BYTES)
        return STATUS_OK;
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    struct error no_text;
    enum status status = template_parse(out, view.bytes, (size_t)view.size_bytes, &no_text);
    if (status == STATUS_NO_MEMORY)
        *err = no_text;
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

static struct prompt_section *find_file(struct prompt_sections *sections, const char *file)
{
    for (size_t i = 0; i < sections->count; i++)
        if (strcmp(sections->items[i].file, file) == 0)
            return &sections->items[i];
    return NULL;
}

enum status prompt_sections_read(struct prompt_sections *sections,
                                 const struct check_subject *subject, struct error *err)
{
    size_t index = 0;
    const struct json *list = json_get(subject->manifest->document, "sections");
    for (const struct json *item = json_first(list); item && index < PROMPT_MAX_SECTIONS;
         item = json_next(item), index++) {
        struct prompt_section section = { .index = index,
                                          .name = json_get_string(item, "name", ""),
                                          .file = json_get_string(item, "file", ""),
                                          .direction = json_get_string(item, "direction", NULL) };
        const struct prompt_section *same = find_file(sections, section.file);
        section.is_repeated = same != NULL;
        if (same)
            section.template = same->template;
        else
            TRY(prompt_sections_parse(&section.template, subject, section.file, err));
        if (section.template)
            sections->items[sections->count++] = section;
    }
    return STATUS_OK;
}
