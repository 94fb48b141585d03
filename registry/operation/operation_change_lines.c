// Lines of a prompt that keep an agent within bounds.
#include "operation/operation_change_lines.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

void operation_change_lines_release(struct operation_change_lines *lines)
{
    free(lines->items);
    *lines = (struct operation_change_lines) { 0 };
}

// Whether the words stand in the text, in any letter case and not within a longer word.
static bool has_words(const char *text, size_t length, const char *words)
{
    size_t wanted = strlen(words);
    for (size_t at = 0; at + wanted <= length; at++) {
        bool begins = at == 0 || !isalnum((unsigned char)text[at - 1]);
        bool ends = at + wanted == length || !isalnum((unsigned char)text[at + wanted]);
        if (begins && ends && strncasecmp(text + at, words, wanted) == 0)
            return true;
    }
    return false;
}

static bool binds(const char *text, size_t length)
{
    static const char *const words[] = {
        "never",       "must not",   "do not", "don't",   "may not", "cannot",
        "not allowed", "prohibited", "always", "only if", "must",    "under no circumstances",
        "refuse",
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (has_words(text, length, words[i]))
            return true;
    return false;
}

static bool holds_guardrails(const char *section)
{
    static const char *const words[] = { "guardrail", "safety", "compliance", "boundar", "limits" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strstr(section, words[i]))
            return true;
    return false;
}

// Blanks, and the marks of Markdown's lists, headings and quotes.
static struct operation_change_text trim(const char *begin, size_t length)
{
    while (length > 0 && strchr(" \t\r", begin[length - 1]))
        length--;
    while (length > 0 && strchr(" \t-*+>#", *begin)) {
        begin++;
        length--;
    }
    return (struct operation_change_text) { begin, length };
}

enum status operation_change_lines_add(struct operation_change_lines *lines, const char *section,
                                       const char *text, size_t length, struct error *err)
{
    bool takes_all = holds_guardrails(section);
    const char *end = text + length;
    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        size_t line_bytes = (size_t)((feed ? feed : end) - text);
        struct operation_change_text line = trim(text, line_bytes);
        if (line.length > 0 && *text != '#' && (takes_all || binds(line.begin, line.length))) {
            TRY(memory_grow(&lines->items, lines->count, &lines->capacity, sizeof(*lines->items),
                            err));
            lines->items[lines->count++] = line;
        }
        text += line_bytes + 1;
    }
    return STATUS_OK;
}

static int by_text(const void *a, const void *b)
{
    const struct operation_change_text *left = a;
    const struct operation_change_text *right = b;
    size_t common = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->begin, right->begin, common);
    if (order != 0)
        return order;
    return (left->length > right->length) - (left->length < right->length);
}

static void sort(struct operation_change_lines *lines)
{
    if (lines->count > 0)
        qsort(lines->items, lines->count, sizeof(*lines->items), by_text);
}

void operation_change_lines_missing(struct operation_change_lines *a,
                                    struct operation_change_lines *b,
                                    void (*visit)(void *context, const char *begin, size_t length),
                                    void *context)
{
    size_t j = 0;
    sort(a);
    sort(b);
    for (size_t i = 0; i < a->count; i++) {
        while (j < b->count && by_text(&b->items[j], &a->items[i]) < 0)
            j++;
        if (j < b->count && by_text(&b->items[j], &a->items[i]) == 0)
            j++;
        else
            visit(context, a->items[i].begin, a->items[i].length);
    }
}
