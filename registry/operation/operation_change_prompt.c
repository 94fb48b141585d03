// What a change of a prompt means: its sections, its guardrails, and when it may call.
#include <stdlib.h>
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "base/text.h"
#include "operation/operation_change_lines.h"
#include "operation/operation_change_part.h"

#define SHOWN_LINES 5 // guardrails spelt out for people; JSON has them all

// One side of a prompt, read. The views stay open, since the lines borrow from them.
struct side {
    struct content_view *views; // by section; empty where there is no such file
    size_t count;
    size_t characters; // of all sections
    struct operation_change_lines guardrails;
};

static void release_side(struct side *side)
{
    for (size_t i = 0; i < side->count; i++)
        content_view_release(&side->views[i]);
    free(side->views);
    operation_change_lines_release(&side->guardrails);
}

static enum status read_side(struct side *side, const struct operation_change *change, int which,
                             struct error *err)
{
    const struct json *sections = json_get(change->documents[which], "sections");
    TRY(memory_new(&side->views, json_count(sections) + 1, sizeof(*side->views), err));
    for (const struct json *section = json_first(sections); section; section = json_next(section)) {
        const struct content_file *file =
            content_find(change->contents[which], json_get_string(section, "file", ""));
        struct content_view *view = &side->views[side->count];
        view->bytes = "";
        if (file)
            TRY(content_view(view, file, err));
        side->count++;
        side->characters += text_count_code_points(view->bytes, view->size_bytes);
        TRY(operation_change_lines_add(&side->guardrails, json_get_string(section, "name", ""),
                                       view->bytes, view->size_bytes, err));
    }
    return STATUS_OK;
}

static const struct json *find_section(const struct json *document, const char *name, size_t *out)
{
    *out = 0;
    for (const struct json *section = json_first(json_get(document, "sections")); section;
         section = json_next(section), (*out)++)
        if (strcmp(json_get_string(section, "name", ""), name) == 0)
            return section;
    return NULL;
}

static long long characters_of(const struct side *side, size_t at)
{
    const struct content_view *view = &side->views[at];
    return (long long)text_count_code_points(view->bytes, view->size_bytes);
}

static bool has_same_text(const struct content_view *a, const struct content_view *b)
{
    return a->size_bytes == b->size_bytes && memcmp(a->bytes, b->bytes, a->size_bytes) == 0;
}

static void change_section(const struct operation_change *change, const struct side sides[2],
                           const char *name)
{
    size_t at[2];
    const struct json *sections[2];
    char count[OPERATION_CHANGE_COUNT_BYTES];
    for (int i = 0; i < 2; i++)
        sections[i] = find_section(change->documents[i], name, &at[i]);
    long long before = sections[0] ? characters_of(&sides[0], at[0]) : 0;
    long long after = sections[1] ? characters_of(&sides[1], at[1]) : 0;
    struct operation_change_line line = { "section", name,
                                          !sections[0]   ? "added"
                                          : !sections[1] ? "removed"
                                                         : "changed",
                                          !sections[1] };
    struct json *item = NULL;
    if (!sections[0] || !sections[1])
        item =
            operation_change_add(change, &line, "section %s: %s, %s characters", name, line.change,
                                 operation_change_count(count, sections[1] ? after : before));
    else if (!has_same_text(&sides[0].views[at[0]], &sides[1].views[at[1]]))
        item = operation_change_add(change, &line, "section %s: changed, %s%s characters", name,
                                    after > before ? "+" : "",
                                    operation_change_count(count, after - before));
    if (item)
        json_set_integer(item, "characters", after - before);
    const char *directions[2] = { json_get_string(sections[0], "direction", "both"),
                                  json_get_string(sections[1], "direction", "both") };
    if (sections[0] && sections[1] && strcmp(directions[0], directions[1]) != 0) {
        line.attention = true;
        operation_change_add(change, &line, "section %s: for %s calls now, was for %s", name,
                             directions[1], directions[0]);
    }
}

// Names that both have, in the order of one of them.
static void list_common(struct buffer *out, const struct operation_change *change, int side)
{
    for (const struct json *section = json_first(json_get(change->documents[side], "sections"));
         section; section = json_next(section)) {
        size_t ignored;
        const char *name = json_get_string(section, "name", "");
        if (find_section(change->documents[!side], name, &ignored))
            buffer_append_format(out, "%s%s", out->length ? ", " : "", name);
    }
}

static void change_order(const struct operation_change *change)
{
    struct buffer orders[2] = { 0 };
    for (int i = 0; i < 2; i++)
        list_common(&orders[i], change, i);
    struct operation_change_line line = { "order", "sections", "changed", false };
    if (strcmp(buffer_text(&orders[0]), buffer_text(&orders[1])) != 0)
        operation_change_add(change, &line, "the sections stand in another order: %s",
                             buffer_text(&orders[1]));
    for (int i = 0; i < 2; i++)
        buffer_release(&orders[i]);
}

static void change_characters(const struct operation_change *change, const struct side sides[2])
{
    char more[OPERATION_CHANGE_COUNT_BYTES];
    char all[OPERATION_CHANGE_COUNT_BYTES];
    char most[OPERATION_CHANGE_COUNT_BYTES];
    long long grown = (long long)sides[1].characters - (long long)sides[0].characters;
    struct operation_change_line line = { "characters", "", "changed", false };
    if (grown == 0)
        return;
    struct json *item =
        operation_change_add(change, &line, "%s%s characters, %s of %s", grown > 0 ? "+" : "",
                             operation_change_count(more, grown),
                             operation_change_count(all, (long long)sides[1].characters),
                             operation_change_count(most, MANIFEST_MAX_PROMPT_CHARACTERS));
    json_set_integer(item, "characters", grown);
    json_set_integer(item, "total", (int64_t)sides[1].characters);
    json_set_integer(item, "limit", MANIFEST_MAX_PROMPT_CHARACTERS);
}

static void add_line(void *context, const char *begin, size_t length)
{
    char *text OWNED(memory_release) = NULL;
    struct error no_memory; // remembered by the list, which cannot be printed then
    (void)memory_copy_bytes(&text, begin, length, &no_memory);
    json_append(context, text ? json_new_string(text) : NULL);
}

static void change_guardrails(const struct operation_change *change, struct side sides[2])
{
    static const char *const words[] = { "removed", "added" };
    for (int side = 0; side < 2 && change->documents[0]; side++) {
        struct json *lines OWNED(json_release) = json_new_array();
        struct buffer shown OWNED(buffer_release) = { 0 };
        size_t count = 0;
        operation_change_lines_missing(&sides[side].guardrails, &sides[!side].guardrails, add_line,
                                       lines);
        for (const struct json *text = json_first(lines); text; text = json_next(text))
            if (count++ < SHOWN_LINES)
                buffer_append_format(&shown, "%s'%.100s'", count > 1 ? ", " : "",
                                     json_string(text));
        if (count == 0)
            continue;
        struct operation_change_line line = { "guardrails", "", words[side], side == 0 };
        struct json *item = operation_change_add(
            change, &line, "%zu guardrail line%s %s: %s%s", count, count == 1 ? "" : "s",
            words[side], buffer_text(&shown), count > SHOWN_LINES ? ", …" : "");
        json_set(item, "lines", MOVE(lines));
    }
}

static void describe_window(struct buffer *out, const struct json *window)
{
    for (const struct json *day = json_first(json_get(window, "days")); day; day = json_next(day))
        buffer_append_format(out, "%s%s", out->length ? "," : "", json_string(day));
    buffer_append_format(out, " %s-%s %s", json_get_string(window, "from", ""),
                         json_get_string(window, "to", ""),
                         json_get_string(window, "time_zone", ""));
}

static void change_windows(const struct operation_change *change)
{
    static const char *const words[] = { "removed", "added" };
    for (int side = 1; side >= 0; side--) {
        const struct json *list = json_at(change->documents[side], "/readiness/schedule");
        for (const struct json *window = json_first(list); window; window = json_next(window)) {
            struct buffer text OWNED(buffer_release) = { 0 };
            const struct json *other =
                json_first(json_at(change->documents[!side], "/readiness/schedule"));
            while (other && !json_equal(other, window))
                other = json_next(other);
            if (other)
                continue;
            describe_window(&text, window);
            struct operation_change_line line = { "schedule", buffer_text(&text), words[side],
                                                  side == 1 && change->documents[0] };
            operation_change_add(change, &line, "schedule: %s, %s", words[side], line.subject);
        }
    }
}

static enum status change_fallback(const struct operation_change *change, struct error *err)
{
    struct content_view views[2] = { { .bytes = "" }, { .bytes = "" } };
    const struct content_file *files[2];
    enum status status = STATUS_OK;
    for (int i = 0; i < 2 && status == STATUS_OK; i++) {
        const char *path = json_string(json_at(change->documents[i], "/fallback/file"));
        files[i] = path ? content_find(change->contents[i], path) : NULL;
        if (files[i])
            status = content_view(&views[i], files[i], err);
    }
    if (status == STATUS_OK && (files[0] || files[1]) &&
        (!files[0] || !files[1] || !has_same_text(&views[0], &views[1]))) {
        struct operation_change_line line = { "fallback", "",
                                              !files[0]   ? "added"
                                              : !files[1] ? "removed"
                                                          : "changed",
                                              !files[1] };
        operation_change_add(change, &line, "fallback: %s", line.change);
    }
    for (int i = 0; i < 2; i++)
        content_view_release(&views[i]);
    return status;
}

static void change_sections(const struct operation_change *change, const struct side sides[2])
{
    size_t ignored;
    for (const struct json *section = json_first(json_get(change->documents[1], "sections"));
         section; section = json_next(section))
        change_section(change, sides, json_get_string(section, "name", ""));
    for (const struct json *section = json_first(json_get(change->documents[0], "sections"));
         section; section = json_next(section)) {
        const char *name = json_get_string(section, "name", "");
        if (!find_section(change->documents[1], name, &ignored))
            change_section(change, sides, name);
    }
}

static void release_sides(struct side (*sides)[2])
{
    release_side(&(*sides)[0]);
    release_side(&(*sides)[1]);
}

enum status operation_change_prompt(const struct operation_change *change, struct error *err)
{
    struct side sides[2] OWNED(release_sides) = { 0 };
    for (int i = 0; i < 2; i++)
        TRY(read_side(&sides[i], change, i, err));
    change_characters(change, sides);
    change_sections(change, sides);
    if (change->documents[0])
        change_order(change);
    change_guardrails(change, sides);
    TRY(change_fallback(change, err));
    operation_change_properties(change, "variable", "/variables", true);
    operation_change_member(change, "suppression", "do-not-call list", "/readiness/suppression",
                            true);
    operation_change_strings(change, "disclosure", "/readiness/disclosures", true);
    change_windows(change);
    return STATUS_OK;
}
