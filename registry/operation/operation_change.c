// What a change means: what all kinds of artifact have in common.
#include "operation/operation_change.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "operation/operation.h"
#include "operation/operation_change_part.h"
#include "operation/operation_version.h"

#define LINE_BYTES 1024 // a line for people; longer names are cut

struct json *operation_change_add(const struct operation_change *change,
                                  const struct operation_change_line *line, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    struct json *item = json_append_object(change->list);
    json_set_string(item, "kind", line->kind);
    json_set_string(item, "subject", line->subject);
    json_set_string(item, "change", line->change);
    json_set_bool(item, "attention", line->attention);
    json_set_string(item, "text", text);
    return item;
}

const char *operation_change_count(char out[OPERATION_CHANGE_COUNT_BYTES], long long count)
{
    char digits[OPERATION_CHANGE_COUNT_BYTES];
    size_t at = 0;
    int length = snprintf(digits, sizeof(digits), "%lld", count < 0 ? -count : count);
    if (count < 0)
        out[at++] = '-';
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static const char *change_of(const struct json *before, const struct json *after)
{
    if (before && after)
        return json_equal(before, after) ? NULL : "changed";
    return after ? "added" : before ? "removed" : NULL;
}

void operation_change_member(const struct operation_change *change, const char *kind,
                             const char *label, const char *pointer, bool attention)
{
    const struct json *sides[2];
    struct buffer shown[2] = { 0 };
    struct error unprintable;
    for (int i = 0; i < 2; i++) {
        sides[i] = json_at(change->documents[i], pointer);
        if (sides[i])
            (void)json_print(&shown[i], sides[i], &unprintable);
    }
    const char *what = change_of(sides[0], sides[1]);
    struct operation_change_line line = { kind, label, what, attention && change->documents[0] };
    if (what && sides[0] && sides[1])
        operation_change_add(change, &line, "%s: %.200s, was %.200s", label, buffer_text(&shown[1]),
                             buffer_text(&shown[0]));
    else if (what)
        operation_change_add(change, &line, "%s: %s, %.400s", label, what,
                             buffer_text(&shown[sides[1] != NULL]));
    for (int i = 0; i < 2; i++)
        buffer_release(&shown[i]);
}

static bool is_required(const struct json *schema, const char *name)
{
    for (const struct json *item = json_first(json_get(schema, "required")); item;
         item = json_next(item))
        if (json_string(item) && strcmp(json_string(item), name) == 0)
            return true;
    return false;
}

static const char *need_words(bool required)
{
    return required ? "required" : "optional";
}

static void change_property(const struct operation_change *change, const char *kind,
                            const struct json *const schemas[2], const char *name, bool must_give)
{
    const struct json *sides[2];
    bool required[2];
    for (int i = 0; i < 2; i++) {
        sides[i] = json_get(json_get(schemas[i], "properties"), name);
        required[i] = is_required(schemas[i], name);
    }
    const char *what = change_of(sides[0], sides[1]);
    bool needs_changed = sides[0] && sides[1] && required[0] != required[1];
    bool breaks = must_give && ((sides[1] && required[1] && !required[0]) || !sides[1]);
    struct operation_change_line line = { kind, name, what ? what : "changed",
                                          breaks && change->documents[0] };
    if (needs_changed)
        operation_change_add(change, &line, "%s %s: is %s now, was %s", kind, name,
                             need_words(required[1]), need_words(required[0]));
    if (what && sides[1] && !sides[0])
        operation_change_add(change, &line, "%s %s: added, %s", kind, name,
                             need_words(required[1]));
    else if (what && !sides[1])
        operation_change_add(change, &line, "%s %s: removed", kind, name);
    if (sides[0] && sides[1] && what)
        operation_change_add(change, &line, "%s %s: its schema changed", kind, name);
}

void operation_change_properties(const struct operation_change *change, const char *kind,
                                 const char *pointer, bool must_give)
{
    const struct json *schemas[2] = { json_at(change->documents[0], pointer),
                                      json_at(change->documents[1], pointer) };
    const struct json *lists[2] = { json_get(schemas[0], "properties"),
                                    json_get(schemas[1], "properties") };
    for (const struct json *member = json_first(lists[1]); member; member = json_next(member))
        change_property(change, kind, schemas, json_key(member), must_give);
    for (const struct json *member = json_first(lists[0]); member; member = json_next(member))
        if (!json_get(lists[1], json_key(member)))
            change_property(change, kind, schemas, json_key(member), must_give);
}

static bool has_string(const struct json *list, const char *text)
{
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (json_string(item) && strcmp(json_string(item), text) == 0)
            return true;
    return false;
}

void operation_change_strings(const struct operation_change *change, const char *kind,
                              const char *pointer, bool attention_when_removed)
{
    static const char *const words[] = { "removed", "added" };
    for (int side = 1; side >= 0; side--) {
        const struct json *list = json_at(change->documents[side], pointer);
        const struct json *other = json_at(change->documents[!side], pointer);
        for (const struct json *item = json_first(list); item; item = json_next(item)) {
            const char *text = json_string(item);
            struct operation_change_line line = { kind, text, words[side],
                                                  side == 0 && attention_when_removed };
            if (text && !has_string(other, text))
                operation_change_add(change, &line, "%s %s: '%.300s'", kind, words[side], text);
        }
    }
}

// --- what is used, and what that may do ---

static const struct {
    const char *side_effect;
    const char *words;
    bool attention;
} effects[] = {
    { "read", "which only reads", false },
    { "write", "which writes to a system", true },
    { "crm-write", "which writes to the CRM", true },
    { "call-control", "which controls the call", true },
};

static enum status read_document(struct json **out, const struct content *content,
                                 struct error *err)
{
    const struct content_file *file = content_find(content, MANIFEST_PATH);
    struct content_view view OWNED(content_view_release) = { 0 };
    if (!file)
        return STATUS_OK;
    TRY(content_view(&view, file, err));
    return json_parse(out, view.bytes, view.size_bytes, err);
}

static enum status take_effect(struct buffer *out, const struct json *document, struct error *err)
{
    buffer_append_text(out, json_get_string(document, "side_effect", ""));
    return buffer_check(out, err);
}

// As this environment knows the tool: the live one, or the latest draft.
static enum status find_in_environment(struct buffer *out, bool *out_is_known,
                                       struct environment *environment, const char *text,
                                       struct error *err)
{
    struct operation_call probe = { .environment = environment };
    struct operation_version version OWNED(operation_version_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    enum status status = operation_version_find(&version, &probe, text, err);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    TRY(status);
    TRY(operation_version_content(&content, &probe, &version, err));
    TRY(read_document(&document, &content, err));
    *out_is_known = true;
    return take_effect(out, document, err);
}

// What a tool may do; empty where it does not say, or is not known.
static enum status find_effect(struct buffer *out, const struct operation_change_lookup *lookup,
                               const char *text, struct error *err)
{
    struct artifact_id id;
    bool is_known = false;
    TRY(id_parse_bare(&id, text, err));
    for (size_t i = 0; lookup->seal && i < lookup->seal->count; i++)
        if (id_same_artifact(&lookup->seal->items[i].id, &id))
            return take_effect(out, lookup->seal->items[i].manifest.document, err);
    TRY(find_in_environment(out, &is_known, lookup->environment, text, err));
    if (is_known || !lookup->seal)
        return STATUS_OK;
    const struct json *said = json_get(lookup->seal->source_zone, "side_effects");
    buffer_append_text(out, json_get_string(said, text, ""));
    return buffer_check(out, err);
}

static enum status change_use(const struct operation_change *change, const char *text, bool gained,
                              struct error *err)
{
    struct buffer found OWNED(buffer_release) = { 0 };
    TRY(find_effect(&found, change->lookup, text, err));
    const char *effect = buffer_text(&found);
    const char *words = "";
    struct operation_change_line line = { "uses", text, gained ? "added" : "removed", false };
    for (size_t i = 0; i < COUNT_OF(effects); i++)
        if (strcmp(effect, effects[i].side_effect) == 0) {
            words = effects[i].words;
            line.attention = gained && effects[i].attention;
        }
    struct json *item = operation_change_add(change, &line, "%s %s%s%s", gained ? "gains" : "loses",
                                             text, *words ? ", " : "", words);
    if (*words) // what a seal says beside these says nothing
        json_set_string(item, "side_effect", effect);
    return STATUS_OK;
}

static enum status change_uses(const struct operation_change *change, struct error *err)
{
    for (int side = 1; side >= 0; side--) {
        const struct json *list = json_get(change->documents[side], "uses");
        const struct json *other = json_get(change->documents[!side], "uses");
        for (const struct json *item = json_first(list); item; item = json_next(item))
            if (json_string(item) && !has_string(other, json_string(item)))
                TRY(change_use(change, json_string(item), side == 1, err));
    }
    return STATUS_OK;
}

static enum status change_all(const struct operation_change *change, struct error *err)
{
    const char *kind = json_get_string(change->documents[1], "kind", "");
    if (strcmp(kind, "prompt") == 0)
        TRY(operation_change_prompt(change, err));
    else if (strcmp(kind, "tool") == 0)
        operation_change_tool(change);
    else
        operation_change_knowledge(change);
    TRY(change_uses(change, err));
    if (!change->documents[0])
        return STATUS_OK;
    operation_change_member(change, "title", "title", "/title", false);
    operation_change_member(change, "description", "description", "/description", false);
    operation_change_member(change, "language", "language", "/language", false);
    return STATUS_OK;
}

enum status operation_change_list(struct json *list, const struct content *old_content,
                                  const struct content *new_content,
                                  const struct operation_change_lookup *lookup, struct error *err)
{
    struct json *old_document OWNED(json_release) = NULL;
    struct json *new_document OWNED(json_release) = NULL;
    TRY(read_document(&old_document, old_content, err));
    TRY(read_document(&new_document, new_content, err));
    struct operation_change change = { .list = list,
                                       .contents = { old_content, new_content },
                                       .documents = { old_document, new_document },
                                       .lookup = lookup };
    return change_all(&change, err);
}
