// Renders a template with JSON data.
#include <string.h>

#include "artifact/json_text.h"
#include "artifact/template_internal.h"
#include "base/memory.h"

#define REPLACEMENT "\xEF\xBF\xBD" // U+FFFD
#define MAX_INDENT_BYTES 256       // of a partial's lines; real ones have a few blanks

struct run {
    const struct template_rendering *with;
    struct template_limits *limits;
    struct buffer *out;
    size_t counted; // length of `out` up to which it is taken off the limit
    // What names are looked up in, innermost last. One for each section met, and the data.
    const struct json *contexts[TEMPLATE_MAX_DEPTH + 1];
    size_t context_count;
    size_t depth;
    struct buffer indent; // stands before each line of the partial at hand
    bool at_line_begin;   // and is still to be put there
    struct error *err;
};

static enum status render_nodes(struct run *run, const struct template *template, size_t begin,
                                size_t end);

static enum status charge(struct run *run)
{
    size_t bytes = run->out->length - run->counted;
    if (run->limits->steps == 0 || bytes > run->limits->bytes) {
        error_set(run->err, STATUS_TOO_LARGE, "template_too_large", "%s",
                  run->limits->steps == 0 ? "rendering the template takes too much work"
                                          : "what the template makes of the data is too long");
        return error_hint(run->err, "have fewer or shorter lists in the data, or fewer sections "
                                    "and partials in each other");
    }
    run->limits->steps--;
    run->limits->bytes -= bytes;
    run->counted = run->out->length;
    return STATUS_OK;
}

// --- names ---

static const struct json *find_member(struct run *run, const struct json *object,
                                      const struct template_slice *key)
{
    if (!json_is(object, JSON_OBJECT))
        return NULL;
    for (const struct json *member = json_first(object); member; member = json_next(member)) {
        if (run->limits->steps == 0)
            return NULL; // the next charge says so
        run->limits->steps--;
        const char *name = json_key(member);
        if (strncmp(name, key->bytes, key->length) == 0 && name[key->length] == '\0')
            return member;
    }
    return NULL;
}

static struct template_slice first_part(const char *name)
{
    return (struct template_slice) { name, strcspn(name, ".") };
}

// Only the first part of a dotted name is looked for outwards (interpolation, "Dotted Names -
// Context Precedence").
static const struct json *find_value(struct run *run, const char *name)
{
    if (strcmp(name, ".") == 0)
        return run->contexts[run->context_count - 1];
    struct template_slice part = first_part(name);
    const struct json *value = NULL;
    for (size_t i = run->context_count; i > 0 && !value; i--)
        value = find_member(run, run->contexts[i - 1], &part);
    while (value && part.bytes[part.length] == '.') {
        part = first_part(part.bytes + part.length + 1);
        value = find_member(run, value, &part);
    }
    return value;
}

static bool is_true(const struct json *value)
{
    switch (json_type(value)) {
    case JSON_NULL:
        return false;
    case JSON_BOOLEAN:
        return json_bool(value);
    case JSON_NUMBER:
        return json_number(value) != 0;
    case JSON_STRING:
        return json_string(value)[0] != '\0';
    case JSON_ARRAY:
        return json_first(value) != NULL;
    default:
        return true;
    }
}

// --- text ---

static void begin_line(struct run *run)
{
    if (run->at_line_begin)
        buffer_append(run->out, run->indent.bytes, run->indent.length);
    run->at_line_begin = false;
}

static void put_text(struct run *run, const struct template_slice *text)
{
    const char *at = text->bytes;
    const char *end = at + text->length;
    if (run->indent.length == 0) {
        buffer_append(run->out, at, text->length);
        return;
    }
    while (at < end && run->out->length - run->counted <= run->limits->bytes) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *next = line_end ? line_end + 1 : end;
        begin_line(run);
        buffer_append(run->out, at, (size_t)(next - at));
        run->at_line_begin = line_end != NULL;
        at = next;
    }
}

static void put_html(struct buffer *out, const char *text)
{
    static const char *const entities[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
    };
    while (*text) {
        size_t plain = strcspn(text, "&<>\"'");
        buffer_append(out, text, plain);
        text += plain;
        if (*text)
            buffer_append_text(out, entities[(unsigned char)*text++]);
    }
}

static void put_escaped(struct run *run, const char *text, bool is_raw)
{
    if (is_raw || run->with->escape == TEMPLATE_ESCAPE_NONE)
        buffer_append_text(run->out, text);
    else
        put_html(run->out, text);
}

static void put_string(struct run *run, const char *text, bool is_raw)
{
    const char *nul = strstr(text, JSON_TEXT_NUL);
    if (!nul) {
        put_escaped(run, text, is_raw);
        return;
    }
    struct buffer mended OWNED(buffer_release) = { 0 };
    for (; nul; nul = strstr(text, JSON_TEXT_NUL)) {
        buffer_append(&mended, text, (size_t)(nul - text));
        buffer_append_text(&mended, REPLACEMENT);
        text = nul + strlen(JSON_TEXT_NUL);
    }
    buffer_append_text(&mended, text);
    run->out->failed = run->out->failed || mended.failed;
    put_escaped(run, buffer_text(&mended), is_raw);
}

static enum status put_value(struct run *run, const struct json *value, bool is_raw)
{
    if (json_type(value) == JSON_NULL)
        return STATUS_OK;
    if (json_is(value, JSON_STRING)) {
        put_string(run, json_string(value), is_raw);
        return STATUS_OK;
    }
    struct buffer printed OWNED(buffer_release) = { 0 };
    TRY(json_print(&printed, value, run->err));
    put_escaped(run, buffer_text(&printed), is_raw);
    return STATUS_OK;
}

// --- nodes ---

static enum status go_deeper(struct run *run)
{
    if (run->depth == TEMPLATE_MAX_DEPTH) {
        error_set(run->err, STATUS_TOO_LARGE, "template_too_deep",
                  "more than %d sections and partials in each other", TEMPLATE_MAX_DEPTH);
        return error_hint(run->err, "see whether a partial holds itself");
    }
    run->depth++;
    return STATUS_OK;
}

static enum status render_variable(struct run *run, const struct template_tag *tag)
{
    const struct json *value = find_value(run, tag->name);
    begin_line(run);
    if (!value && run->limits->steps > 0 && run->with->miss)
        run->with->miss(run->with->context, tag);
    return put_value(run, value, tag->is_raw);
}

static enum status render_item(struct run *run, const struct template *template, size_t index,
                               const struct json *item)
{
    TRY(charge(run)); // also for an item that nothing is said about
    run->contexts[run->context_count++] = item;
    enum status status = render_nodes(run, template, index + 1, template->nodes[index].after);
    run->context_count--;
    return status;
}

static enum status render_section(struct run *run, const struct template *template, size_t index)
{
    const struct template_tag *tag = &template->tags[template->nodes[index].tag];
    const struct json *value = find_value(run, tag->name);
    bool is_inverted = tag->kind == TEMPLATE_INVERTED;
    if (is_true(value) == is_inverted)
        return STATUS_OK;
    TRY(go_deeper(run));
    if (is_inverted) {
        TRY(render_nodes(run, template, index + 1, template->nodes[index].after));
    } else if (!json_is(value, JSON_ARRAY)) {
        TRY(render_item(run, template, index, value));
    } else {
        for (const struct json *item = json_first(value); item; item = json_next(item))
            TRY(render_item(run, template, index, item));
    }
    run->depth--;
    return STATUS_OK;
}

static enum status refuse_faulty(const struct template *template, const char *partial,
                                 struct error *err)
{
    if (template->fault_count == 0)
        return STATUS_OK;
    const struct template_fault *fault = &template->faults[0];
    error_set(err, STATUS_INVALID, "template_invalid", "line %u, column %u: %s",
              (unsigned)fault->line, (unsigned)fault->column, fault->message);
    error_hint(err, "%s", fault->mend);
    return partial ? error_prefix(err, "partial '%s'", partial) : err->status;
}

static enum status render_indented(struct run *run, const struct template_node *node,
                                   const struct template *partial)
{
    struct buffer outer OWNED(buffer_release) = run->indent;
    run->indent = (struct buffer) { 0 };
    if (node->stands_alone) {
        buffer_append(&run->indent, outer.bytes, outer.length);
        buffer_append(&run->indent, node->text.bytes, node->text.length);
    }
    enum status status = buffer_check(&run->indent, run->err);
    if (status == STATUS_OK && run->indent.length > MAX_INDENT_BYTES) {
        error_set(run->err, STATUS_TOO_LARGE, "template_too_deep",
                  "a partial is indented by more than %d characters", MAX_INDENT_BYTES);
        status = error_hint(run->err, "have fewer blanks before the tags of partials");
    }
    if (status == STATUS_OK)
        status = render_nodes(run, partial, 0, partial->node_count);
    buffer_release(&run->indent);
    run->indent = outer;
    outer = (struct buffer) { 0 };
    return status;
}

// Each line of a partial with a line of its own gets the blanks before its tag.
static enum status render_partial(struct run *run, const struct template_node *node,
                                  const struct template_tag *tag)
{
    const struct template *partial = NULL;
    if (!run->with->find_partial)
        return STATUS_OK;
    TRY(run->with->find_partial(run->with->context, tag->name, &partial, run->err));
    if (!partial)
        return STATUS_OK;
    TRY(refuse_faulty(partial, tag->name, run->err));
    TRY(go_deeper(run));
    if (!node->stands_alone)
        begin_line(run);
    run->at_line_begin = node->stands_alone;
    TRY(render_indented(run, node, partial));
    run->at_line_begin = node->stands_alone;
    run->depth--;
    return STATUS_OK;
}

static enum status render_tag(struct run *run, const struct template *template, size_t index)
{
    const struct template_node *node = &template->nodes[index];
    const struct template_tag *tag = &template->tags[node->tag];
    switch (tag->kind) {
    case TEMPLATE_VARIABLE:
        return render_variable(run, tag);
    case TEMPLATE_PARTIAL:
        return render_partial(run, node, tag);
    default:
        return render_section(run, template, index);
    }
}

static enum status render_nodes(struct run *run, const struct template *template, size_t begin,
                                size_t end)
{
    size_t index = begin;
    while (index < end) {
        const struct template_node *node = &template->nodes[index];
        if (node->is_text)
            put_text(run, &node->text);
        else
            TRY(render_tag(run, template, index));
        TRY(charge(run));
        index = node->after ? node->after : index + 1; // only sections have something behind
    }
    return STATUS_OK;
}

enum status template_render(struct buffer *out, const struct template *template,
                            const struct template_rendering *with, struct error *err)
{
    struct template_limits own = { .bytes = TEMPLATE_MAX_OUTPUT_BYTES,
                                   .steps = TEMPLATE_MAX_STEPS };
    size_t length = out->length;
    struct run run = { .with = with,
                       .limits = with->limits ? with->limits : &own,
                       .out = out,
                       .counted = length,
                       .contexts = { with->data },
                       .context_count = 1,
                       .err = err };
    TRY(refuse_faulty(template, NULL, err));
    enum status status = render_nodes(&run, template, 0, template->node_count);
    buffer_release(&run.indent);
    if (status == STATUS_OK)
        status = buffer_check(out, err);
    if (status != STATUS_OK && !out->failed)
        buffer_truncate(out, length);
    return status;
}
