// Tools out of one JSON file.
#include "artifact/infer_tool.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/infer_draft.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "base/text.h"

#define NO_ARGUMENTS "{ \"type\": \"object\", \"properties\": {}, \"additionalProperties\": false }"

// One tool as its author wrote it: the value, and the bytes that it was parsed from.
struct tool_source {
    const char *bytes;
    size_t length;
    const struct json *value;
    const struct json *function; // where name and description stand: the value or its "function"
    const char *input_pointer;   // NULL: takes no arguments
    const char *output_pointer;  // NULL: none
    const char *annotations;     // NULL: none
};

// A boundary inside camelCase: "lookupOrders" before the O, "getURLFor" before the U and the F.
static bool is_word_start(const char *name, size_t i)
{
    if (i == 0 || !isupper((unsigned char)name[i]))
        return false;
    unsigned char before = (unsigned char)name[i - 1];
    return islower(before) || isdigit(before) ||
           (isupper(before) && islower((unsigned char)name[i + 1]));
}

bool infer_tool_segment(const char *tool_name, char out[ID_MAX_SEGMENT_BYTES + 1])
{
    char segment[2 * INFER_TOOL_NAME_BYTES];
    size_t length = 0;
    if (strlen(tool_name) >= INFER_TOOL_NAME_BYTES)
        return false;
    for (size_t i = 0; tool_name[i]; i++) {
        char c = tool_name[i];
        bool separates = strchr("_-. ", c) != NULL;
        if (!separates && !(isascii(c) && isalnum((unsigned char)c)))
            return false;
        bool hyphen_wanted = separates || is_word_start(tool_name, i);
        if (hyphen_wanted && length > 0 && segment[length - 1] != '-')
            segment[length++] = '-';
        if (!separates)
            segment[length++] = (char)tolower((unsigned char)c);
    }
    if (length > 0 && segment[length - 1] == '-')
        length--;
    if (length == 0 || length > ID_MAX_SEGMENT_BYTES)
        return false;
    memcpy(out, segment, length);
    out[length] = '\0';
    return true;
}

// Which of the known forms a value has; false when none.
static bool recognise(struct tool_source *source)
{
    const struct json *value = source->value;
    const struct json *function = json_get(value, "function");
    source->function = value;
    if (json_is(function, JSON_OBJECT)) {
        source->function = function;
        source->input_pointer = json_get(function, "parameters") ? "/function/parameters" : NULL;
    } else if (json_get(value, "inputSchema")) {
        source->input_pointer = "/inputSchema";
        source->output_pointer = json_get(value, "outputSchema") ? "/outputSchema" : NULL;
        source->annotations = json_get(value, "annotations") ? "/annotations" : NULL;
    } else if (json_get(value, "parameters")) {
        source->input_pointer = "/parameters";
    } else if (strcmp(json_get_string(value, "type", ""), "function") != 0) {
        return false;
    }
    if (json_type(json_at(value, source->input_pointer ? source->input_pointer : "")) == JSON_NULL)
        source->input_pointer = NULL; // "parameters": null
    return json_get_string(source->function, "name", "")[0] != '\0';
}

static bool fits_title(const char *text)
{
    return text && *text && !strpbrk(text, "\n\r\t") &&
           text_count_code_points(text, strlen(text)) <= MANIFEST_MAX_TITLE_CHARACTERS;
}

static enum status set_raw(struct json *manifest, const char *key, const struct tool_source *source,
                           const char *pointer, struct error *err)
{
    struct json_span span;
    if (!pointer || !json_locate(&span, source->bytes, source->length, pointer))
        return STATUS_OK;
    char *text OWNED(memory_release) = NULL;
    TRY(memory_copy_bytes(&text, source->bytes + span.begin, span.end - span.begin, err));
    json_set_raw(manifest, key, text);
    return STATUS_OK;
}

// Makes the tool's manifest beside `content`, which holds its source.json.
static enum status finish_tool(struct infer_results *results, const struct artifact_id *id,
                               const struct tool_source *source, struct content *content,
                               struct error *err)
{
    char readable[ID_NAME_BYTES];
    id_readable(id, readable);
    const char *title = json_get_string(source->value, "title", NULL);
    if (!fits_title(title))
        title = json_string(json_at(source->value, "/annotations/title"));
    if (!fits_title(title))
        title = readable;
    // A model is told at least the title of a tool that nobody described.
    const char *description = json_get_string(source->function, "description", "");
    if (!*description)
        description = title;

    struct json *manifest OWNED(json_release) = infer_draft_begin(id, title);
    json_set_string(manifest, "description", description);
    if (source->input_pointer)
        TRY(set_raw(manifest, "input_schema", source, source->input_pointer, err));
    else
        json_set_raw(manifest, "input_schema", NO_ARGUMENTS);
    TRY(set_raw(manifest, "output_schema", source, source->output_pointer, err));
    TRY(set_raw(manifest, "annotations", source, source->annotations, err));
    return infer_draft_finish(results, id, manifest, content, err);
}

static enum status refuse_form(const char *what, struct error *err)
{
    error_set(err, STATUS_INVALID, "infer_no_tool", "%s is not a tool", what);
    return error_hint(err, "a tool is {\"name\", \"description\", \"inputSchema\"} (MCP) or "
                           "{\"type\": \"function\", \"name\", \"description\", \"parameters\"} "
                           "(OpenAI, also under \"function\"); many are a JSON list of those, "
                           "{\"tools\": [...]} or the answer to tools/list");
}

// Refuses a tool whose name leads to an artifact that another tool of the list has already. A list
// is at most INFER_MAX_TOOLS long, so every pair may be looked at.
static enum status refuse_same_name(const struct infer_results *results,
                                    const struct artifact_id *id, const struct json *list,
                                    const char *tool_name, struct error *err)
{
    const struct json *other = json_first(list);
    for (size_t i = 0; i < results->count; i++, other = json_next(other)) {
        if (!id_same_artifact(&results->items[i].id, id))
            continue;
        struct tool_source same = { .value = other };
        recognise(&same);
        char text[ID_TEXT_BYTES];
        id_format_bare(id, text);
        error_set(err, STATUS_INVALID, "infer_same_name", "'%.200s' and '%.200s' would both be %s",
                  json_get_string(same.function, "name", ""), tool_name, text);
        return error_hint(err, "publish one of them from a file of its own, --as another name");
    }
    return STATUS_OK;
}

static enum status list_item_id(struct artifact_id *out, const struct artifact_id *as,
                                const char *tool_name, struct error *err)
{
    char segment[ID_MAX_SEGMENT_BYTES + 1];
    if (!infer_tool_segment(tool_name, segment)) {
        error_set(err, STATUS_INVALID, "infer_name",
                  "the tool's name '%.200s' cannot become part of an artifact's name", tool_name);
        return error_hint(err,
                          "a part is 1 to %d letters and digits with '-', '_', '.' or spaces "
                          "between them; rename the tool or publish it from a file of its own",
                          ID_MAX_SEGMENT_BYTES);
    }
    char name[ID_NAME_BYTES + ID_MAX_SEGMENT_BYTES + 2];
    snprintf(name, sizeof(name), "%s/%s", as->name, segment);
    out->kind = KIND_TOOL;
    return id_set_name(out, name, err);
}

static enum status read_item(struct infer_results *results, const struct artifact_id *as,
                             const struct json *list, const struct tool_source *item,
                             struct error *err)
{
    struct tool_source source = *item;
    if (!recognise(&source)) {
        char what[64];
        snprintf(what, sizeof(what), "item %zu of the list", results->count + 1);
        return refuse_form(what, err);
    }
    const char *tool_name = json_get_string(source.function, "name", "");
    struct artifact_id id = { 0 };
    TRY(list_item_id(&id, as, tool_name, err));
    TRY(refuse_same_name(results, &id, list, tool_name, err));
    struct content content OWNED(content_release) = { 0 };
    TRY(content_add_bytes(&content, MANIFEST_TOOL_SOURCE_PATH, source.bytes, source.length, err));
    return finish_tool(results, &id, &source, &content, err);
}

// `span` is the list's place in the text.
static enum status read_list(struct infer_results *results, const struct artifact_id *as,
                             const struct json *list, const char *bytes, struct json_span span,
                             struct error *err)
{
    if (json_count(list) == 0 || json_count(list) > INFER_MAX_TOOLS) {
        error_set(err, STATUS_INVALID, "infer_tool_count", "the list holds %zu tools",
                  json_count(list));
        return error_hint(err, "put 1 to %d tools into a list", INFER_MAX_TOOLS);
    }
    size_t at = span.begin + 1;
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        // Found one behind the other: looking up each by its number would read the list from its
        // beginning for every item.
        at += strspn(bytes + at, " \t\r\n,");
        struct json_span place;
        if (!json_locate(&place, bytes + at, span.end - at, ""))
            return refuse_form("the list", err);
        struct tool_source source = { .bytes = bytes + at + place.begin,
                                      .length = place.end - place.begin,
                                      .value = item };
        TRY(read_item(results, as, list, &source, err));
        at += place.end;
    }
    return STATUS_OK;
}

static enum status read_text(struct infer_results *results, const struct artifact_id *as,
                             const char *text, size_t length, struct content *content,
                             struct error *err)
{
    static const char *const lists[] = { "", "/tools", "/result/tools" };
    struct json *document OWNED(json_release) = NULL;
    TRY(json_parse(&document, text, length, err));
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct json *list = json_at(document, lists[i]);
        struct json_span span;
        if (json_is(list, JSON_ARRAY) && json_locate(&span, text, length, lists[i]))
            return read_list(results, as, list, text, span, err);
    }
    struct tool_source source = { .bytes = text, .length = length, .value = document };
    if (!recognise(&source))
        return refuse_form("what it holds", err);
    TRY(infer_draft_rename(content, MANIFEST_TOOL_SOURCE_PATH, err));
    return finish_tool(results, as, &source, content, err);
}

static enum status copy_text(char **out, const struct content_file *file, struct error *err)
{
    if (file->size_bytes > JSON_MAX_BYTES) {
        error_set(err, STATUS_TOO_LARGE, "infer_too_large", "it is larger than %u bytes",
                  JSON_MAX_BYTES);
        return error_hint(err, "split the list into several files");
    }
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    return memory_copy_bytes(out, view.bytes, (size_t)view.size_bytes, err);
}

enum status infer_tool_read(struct infer_results *results, const struct artifact_id *as,
                            struct content *content, struct error *err)
{
    char *text OWNED(memory_release) = NULL;
    char *path OWNED(memory_release) = NULL;
    size_t length = (size_t)content->files[0].size_bytes;
    TRY(memory_copy_string(&path, content->files[0].path, err));
    enum status status = copy_text(&text, &content->files[0], err);
    if (status == STATUS_OK)
        status = read_text(results, as, text, length, content, err);
    if (status != STATUS_OK)
        return error_prefix(err, "%s", path);
    content_release(content); // the tools of a list have copies
    return STATUS_OK;
}
