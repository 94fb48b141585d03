// Fuzzes templates: reading, the walk, and rendering. The input is a template, optionally a NUL and
// a partial ("p"), a NUL and the data.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/template.h"
#include "base/memory.h"
#include "base/text.h"
#include "fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char usual_data[] =
    "{\"a\":\"A\",\"b\":{\"c\":[1,2.50,{\"a\":\"\\u0000<\"}],\"d\":true},\"l\":[\"x\",[],{}],"
    "\"f\":false,\"n\":null}";

// Takes what is before the next NUL off the input.
static const char *next_part(const char **input, size_t *left, size_t *out_length)
{
    const char *part = *input;
    const char *nul = *left > 0 ? memchr(part, '\0', *left) : NULL;
    *out_length = nul ? (size_t)(nul - part) : *left;
    *input += nul ? *out_length + 1 : *out_length;
    *left -= nul ? *out_length + 1 : *out_length;
    return part;
}

static enum status find_partial(void *context, const char *name, const struct template **out,
                                struct error *err)
{
    (void)err;
    must(name[0] != '\0' && name[0] != '/' && !strstr(name, "..") && !strstr(name, "//"));
    if (strcmp(name, "p") == 0)
        *out = context;
    return STATUS_OK;
}

static void check_walk(const struct template *template)
{
    uint32_t line = 1;
    for (size_t i = 0; i < template_tag_count(template); i++) {
        const struct template_tag *tag = template_tag_at(template, i);
        must(tag->name[0] != '\0' && strlen(tag->name) <= TEMPLATE_MAX_NAME_BYTES);
        must(tag->line >= line && tag->column > 0);
        must(tag->section == TEMPLATE_NO_SECTION || tag->section < i);
        line = tag->line;
    }
    for (size_t i = 0; i < template_fault_count(template); i++) {
        const struct template_fault *fault = template_fault_at(template, i);
        must(fault->line > 0 && fault->column > 0 && fault->message[0] && fault->mend[0]);
        must(text_is_utf8(fault->message, strlen(fault->message), NULL));
    }
    struct template_text text;
    size_t position = 0;
    while (template_next_text(&text, template, &position))
        must(text.length > 0 && text_is_utf8(text.bytes, text.length, NULL));
}

static struct template *parse(const char *bytes, size_t length)
{
    struct error err = { 0 };
    struct template *template = NULL;
    enum status status = template_parse(&template, bytes, length, &err);
    must(status == STATUS_OK || (!template && err.message[0]));
    if (template)
        check_walk(template);
    return template;
}

static void render(const struct template *template, struct template *partial,
                   const struct json *values, enum template_escape escape)
{
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    struct template_limits limits = { .bytes = 65536, .steps = 20000 };
    struct template_rendering with = { .data = values,
                                       .escape = escape,
                                       .find_partial = find_partial,
                                       .context = partial,
                                       .limits = &limits };
    enum status status = template_render(&out, template, &with, &err);
    if (status != STATUS_OK) {
        must((status == STATUS_INVALID || status == STATUS_TOO_LARGE) && err.code);
        must(out.length == 0);
        return;
    }
    must(template_fault_count(template) == 0 && out.length <= 65536);
    must(text_is_utf8(buffer_text(&out), out.length, NULL));
    must(strlen(buffer_text(&out)) == out.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    const char *input = (const char *)data;
    size_t length;
    const char *part = next_part(&input, &size, &length);
    struct template *template OWNED(template_release) = parse(part, length);
    part = next_part(&input, &size, &length);
    struct template *partial OWNED(template_release) = parse(part, length);
    struct json *values OWNED(json_release) = NULL;
    if (size == 0 || json_parse(&values, input, size, &err) != STATUS_OK)
        must(json_parse(&values, usual_data, strlen(usual_data), &err) == STATUS_OK);
    if (!template)
        return 0;
    render(template, partial, values, TEMPLATE_ESCAPE_NONE);
    render(template, partial, values, TEMPLATE_ESCAPE_HTML);
    return 0;
}
