// The links, images and scripts of Markdown and HTML, as far as a check needs them.
#include "check/document_link.h"

#include <string.h>
#include <strings.h>

#include "base/memory.h"

#define RUN_MAX 64               // backticks in a row; longer runs count as several
#define CODE_SPAN_MAX_BYTES 2000 // looked through for the end of a code span

// Elements that bring in, or lead to, something else.
struct document_link_element {
    const char *name;
    const char *attribute;
    enum document_link_kind kind;
};

static const struct document_link_element elements[] = {
    { "a", "href", DOCUMENT_LINK_TEXT },       { "img", "src", DOCUMENT_LINK_IMAGE },
    { "iframe", "src", DOCUMENT_LINK_FRAME },  { "frame", "src", DOCUMENT_LINK_FRAME },
    { "embed", "src", DOCUMENT_LINK_FRAME },   { "object", "data", DOCUMENT_LINK_FRAME },
    { "video", "src", DOCUMENT_LINK_MEDIA },   { "audio", "src", DOCUMENT_LINK_MEDIA },
    { "source", "src", DOCUMENT_LINK_MEDIA },  { "link", "href", DOCUMENT_LINK_MEDIA },
    { "script", "src", DOCUMENT_LINK_SCRIPT },
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

static bool is_at_line_start(const struct document_link_walk *walk)
{
    size_t at = walk->at;
    while (at > 0 && walk->at - at < 8 &&
           (walk->bytes[at - 1] == ' ' || walk->bytes[at - 1] == '\t'))
        at--;
    return at == 0 || walk->bytes[at - 1] == '\n';
}

static size_t run_length(const struct document_link_walk *walk, size_t at)
{
    size_t end = at;
    while (end < walk->length && end - at < RUN_MAX && walk->bytes[end] == walk->bytes[at])
        end++;
    return end - at;
}

static size_t line_end(const struct document_link_walk *walk, size_t at)
{
    const char *newline = memchr(walk->bytes + at, '\n', walk->length - at);
    return newline ? (size_t)(newline - walk->bytes) + 1 : walk->length;
}

// Whether fenced code begins here, and not a code span of three backticks.
static bool is_fence(const struct document_link_walk *walk)
{
    char mark = walk->bytes[walk->at];
    if ((mark != '`' && mark != '~') || !is_at_line_start(walk))
        return false;
    size_t fence = run_length(walk, walk->at);
    size_t rest = walk->at + fence;
    return fence >= 3 &&
           (mark == '~' || !memchr(walk->bytes + rest, '`', line_end(walk, rest) - rest));
}

// Past the fenced code that begins at `at`: to the line of a closing fence, or the end.
static void skip_fence(struct document_link_walk *walk)
{
    char mark = walk->bytes[walk->at];
    size_t fence = run_length(walk, walk->at);
    size_t line = line_end(walk, walk->at);
    while (line < walk->length) {
        size_t at = line;
        while (at < walk->length && (walk->bytes[at] == ' ' || walk->bytes[at] == '\t'))
            at++;
        line = line_end(walk, line);
        if (at < walk->length && walk->bytes[at] == mark && run_length(walk, at) >= fence)
            break;
    }
    walk->at = line;
}

// Past a code span, or past its backticks where it has no end.
static void skip_code(struct document_link_walk *walk)
{
    size_t ticks = run_length(walk, walk->at);
    size_t begin = walk->at + ticks;
    size_t end =
        walk->length - begin < CODE_SPAN_MAX_BYTES ? walk->length : begin + CODE_SPAN_MAX_BYTES;
    walk->at = begin;
    for (size_t at = begin; at < end; at++) {
        if (walk->bytes[at] != '`')
            continue;
        size_t run = run_length(walk, at);
        if (run == ticks) {
            walk->at = at + run;
            return;
        }
        at += run - 1;
    }
}

static void skip_comment(struct document_link_walk *walk)
{
    const char *from = walk->bytes + walk->at + 4;
    const char *end = memmem(from, walk->length - walk->at - 4, "-->", 3);
    // What is never closed hides the rest from a browser too.
    walk->at = end ? (size_t)(end - walk->bytes) + 3 : walk->length;
}

// `at` is at '<': whether a tag of the table begins there; moves behind its name if so.
static bool open_tag(struct document_link_walk *walk)
{
    size_t begin = walk->at + 1;
    size_t end = begin;
    while (end < walk->length && is_name(walk->bytes[end]))
        end++;
    for (size_t i = 0; i < COUNT_OF(elements); i++)
        if (strlen(elements[i].name) == end - begin &&
            strncasecmp(walk->bytes + begin, elements[i].name, end - begin) == 0) {
            walk->element = &elements[i];
            walk->tag = walk->at;
            walk->at = end;
            return true;
        }
    return false;
}

// Reads the value behind an attribute's name, if there is one.
static void read_value(struct document_link_walk *walk, size_t *out_begin, size_t *out_end)
{
    while (walk->at < walk->length && is_space(walk->bytes[walk->at]))
        walk->at++;
    *out_begin = *out_end = walk->at;
    if (walk->at == walk->length || walk->bytes[walk->at] != '=')
        return;
    walk->at++;
    while (walk->at < walk->length && is_space(walk->bytes[walk->at]))
        walk->at++;
    char quote = walk->at < walk->length ? walk->bytes[walk->at] : '\0';
    bool is_quoted = quote == '"' || quote == '\'';
    size_t at = walk->at + is_quoted;
    *out_begin = at;
    while (at < walk->length && (is_quoted ? walk->bytes[at] != quote
                                           : !is_space(walk->bytes[at]) && walk->bytes[at] != '>'))
        at++;
    *out_end = at;
    walk->at = at < walk->length && is_quoted ? at + 1 : at;
}

// The rest of the tag that the walk is in. True when it held what its element is looked at for.
static bool read_tag(struct document_link_walk *walk, struct document_link *out)
{
    const struct document_link_element *element = walk->element;
    bool found = element->kind == DOCUMENT_LINK_SCRIPT;
    *out = (struct document_link) { .kind = element->kind, .target = "", .offset = walk->tag };
    walk->element = NULL;
    while (walk->at < walk->length && walk->bytes[walk->at] != '>' &&
           walk->bytes[walk->at] != '<') {
        size_t name = walk->at;
        size_t begin = 0;
        size_t end = 0;
        while (walk->at < walk->length && is_name(walk->bytes[walk->at]))
            walk->at++;
        size_t length = walk->at - name;
        if (length == 0) {
            walk->at++;
            continue;
        }
        read_value(walk, &begin, &end);
        if (length != strlen(element->attribute) ||
            strncasecmp(walk->bytes + name, element->attribute, length) != 0 || out->length > 0)
            continue;
        out->target = walk->bytes + begin;
        out->length = end - begin;
        out->offset = begin;
        found = true;
    }
    return found;
}

// The target that begins at `at`: "<any thing>", or without spaces up to the ')' that ends it.
static void read_target(struct document_link_walk *walk, struct document_link *out)
{
    size_t at = walk->at;
    int depth = 0;
    while (at < walk->length && (walk->bytes[at] == ' ' || walk->bytes[at] == '\t'))
        at++;
    bool is_bracketed = at < walk->length && walk->bytes[at] == '<';
    at += is_bracketed;
    out->target = walk->bytes + at;
    out->offset = at;
    for (; at < walk->length && walk->bytes[at] != '\n'; at++) {
        char c = walk->bytes[at];
        if (is_bracketed ? c == '>' : is_space(c) || (c == ')' && depth == 0))
            break;
        depth += (c == '(') - (c == ')');
    }
    out->length = (size_t)(walk->bytes + at - out->target);
    walk->at = at;
}

// At ']': whether that ends the text of a link whose target follows.
static bool close_bracket(struct document_link_walk *walk, struct document_link *out)
{
    char next = walk->at + 1 < walk->length ? walk->bytes[walk->at + 1] : '\0';
    walk->at++;
    if (walk->open == 0)
        return false;
    size_t start = walk->starts[--walk->open];
    bool is_image = walk->images[walk->open];
    bool is_definition = next == ':' && !is_image && walk->bytes[start + 1] != '^' &&
                         (start == 0 || walk->bytes[start - 1] == '\n');
    if (next != '(' && !is_definition)
        return false;
    walk->at++;
    *out = (struct document_link) { .kind = is_image ? DOCUMENT_LINK_IMAGE : DOCUMENT_LINK_TEXT };
    read_target(walk, out);
    return true;
}

static void open_bracket(struct document_link_walk *walk)
{
    if (walk->open == DOCUMENT_LINK_NESTING_MAX)
        walk->open = 0;
    walk->images[walk->open] = walk->at > 0 && walk->bytes[walk->at - 1] == '!';
    walk->starts[walk->open++] = walk->at++;
}

// One step through Markdown's own signs. True with a link.
static bool step_markdown(struct document_link_walk *walk, struct document_link *out)
{
    char c = walk->bytes[walk->at];
    if (is_fence(walk))
        skip_fence(walk);
    else if (c == '`')
        skip_code(walk);
    else if (c == '[')
        open_bracket(walk);
    else if (c == ']')
        return close_bracket(walk, out);
    else if (c == '\\')
        walk->at += walk->at + 1 < walk->length ? 2 : 1;
    else if (c == '\n') { // brackets do not reach beyond a paragraph
        walk->at++;
        if (walk->at < walk->length && walk->bytes[walk->at] == '\n')
            walk->open = 0;
    } else
        walk->at++;
    return false;
}

// Moves on to the next byte that may mean something to step_markdown, or begin a tag.
static void skip_words(struct document_link_walk *walk)
{
    static const bool is_sign[256] = {
        ['<'] = true, ['`'] = true,  ['~'] = true,  ['['] = true,
        [']'] = true, ['\\'] = true, ['\n'] = true,
    };
    size_t at = walk->at;
    while (at < walk->length && !is_sign[(unsigned char)walk->bytes[at]])
        at++;
    walk->at = at;
}

static bool may_hold_links(const struct document_link_walk *walk)
{
    return memchr(walk->bytes, '<', walk->length) ||
           (walk->is_markdown && memchr(walk->bytes, '[', walk->length));
}

bool document_link_may_fetch(const char *bytes, size_t length)
{
    return memchr(bytes, '<', length) ||
           (memchr(bytes, '[', length) && memmem(bytes, length, "![", 2));
}

bool document_link_next(struct document_link_walk *walk, struct document_link *out)
{
    if (walk->at == 0 && !may_hold_links(walk))
        return false;
    while (walk->at < walk->length) {
        if (walk->element) {
            if (read_tag(walk, out))
                return true;
            continue;
        }
        if (walk->is_markdown)
            skip_words(walk);
        if (walk->at == walk->length)
            break;
        size_t left = walk->length - walk->at;
        const char *at = walk->bytes + walk->at;
        if (*at == '<' && left >= 4 && memcmp(at, "<!--", 4) == 0)
            skip_comment(walk);
        else if (*at == '<' && left >= 2 && is_letter(at[1]) && open_tag(walk))
            continue;
        else if (!walk->is_markdown) {
            const char *next = memchr(at + 1, '<', left - 1);
            walk->at = next ? (size_t)(next - walk->bytes) : walk->length;
        } else if (step_markdown(walk, out))
            return true;
    }
    return false;
}

bool document_link_is_remote(const struct document_link *link)
{
    static const char *const beginnings[] = { "http://", "https://", "//" };
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        size_t length = strlen(beginnings[i]);
        if (link->length > length && strncasecmp(link->target, beginnings[i], length) == 0)
            return true;
    }
    return false;
}
