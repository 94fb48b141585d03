// Mustache templates: what a parsed one can be asked.
#include "artifact/template.h"

#include <stdlib.h>

#include "artifact/template_internal.h"

void template_free(struct template *template)
{
    if (!template)
        return;
    free(template->text);
    free(template->nodes);
    free(template->tags);
    free(template->faults);
    free(template);
}

void template_release(struct template **template)
{
    template_free(*template);
    *template = NULL;
}

size_t template_tag_count(const struct template *template)
{
    return template->tag_count;
}

const struct template_tag *template_tag_at(const struct template *template, size_t index)
{
    return &template->tags[index];
}

bool template_next_text(struct template_text *out, const struct template *template,
                        size_t *position)
{
    while (*position < template->node_count) {
        const struct template_node *node = &template->nodes[(*position)++];
        if (!node->is_text)
            continue;
        *out = (struct template_text) { .bytes = node->text.bytes,
                                        .length = node->text.length,
                                        .section = node->section,
                                        .line = node->line,
                                        .column = node->column };
        return true;
    }
    return false;
}
