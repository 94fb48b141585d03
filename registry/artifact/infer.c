// Makes a manifest for what has none.
#include "artifact/infer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "artifact/infer_draft.h"
#include "artifact/infer_tool.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "base/text.h"

#define SHOWN_FILES 3 // of what was found, in a refusal

// What the content looks like, for the words of a refusal.
enum found { FOUND_TEXT, FOUND_JSON, FOUND_DOCUMENTS, FOUND_OTHER, FOUND_COUNT };

void infer_results_release(struct infer_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        content_release(&results->items[i].content);
    free(results->items);
    *results = (struct infer_results) { 0 };
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *ending(const char *path)
{
    const char *name = base_name(path);
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

static bool is_text(const char *path)
{
    static const char *const endings[] = { ".md", ".markdown", ".txt" };
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (strcasecmp(ending(path), endings[i]) == 0)
            return true;
    return false;
}

static bool has_documents(const struct content *content)
{
    for (size_t i = 0; i < content->count; i++)
        if (manifest_is_document(content->files[i].path))
            return true;
    return false;
}

static enum found what_is_found(const struct content *content)
{
    const char *only = content->count == 1 ? content->files[0].path : "";
    if (is_text(only))
        return FOUND_TEXT;
    if (strcasecmp(ending(only), ".json") == 0)
        return FOUND_JSON;
    return has_documents(content) ? FOUND_DOCUMENTS : FOUND_OTHER;
}

// Says what was found, what the kind is made of, and which kind would fit.
static enum status refuse(const struct artifact_id *as, const struct content *content,
                          enum found found, struct error *err)
{
    static const char *const made_of[KIND_COUNT] = {
        [KIND_PROMPT] = "a prompt is made of exactly one .md, .markdown or .txt file",
        [KIND_TOOL] = "a tool is made of exactly one .json file",
        [KIND_KNOWLEDGE] = ("a knowledge base is made of documents (.md, .markdown, .txt, .html, "
                            ".htm, .jsonl, .csv, .pdf)"),
    };
    static const struct {
        const char *words;
        enum artifact_kind kind;
    } fits[FOUND_COUNT] = {
        [FOUND_TEXT] = { "one text file can be a prompt", KIND_PROMPT },
        [FOUND_JSON] = { "a JSON file can be a tool or a list of tools", KIND_TOOL },
        [FOUND_DOCUMENTS] = { "documents can be a knowledge base", KIND_KNOWLEDGE },
        [FOUND_OTHER] = { "write an artifact.json that says what it is", KIND_COUNT },
    };
    struct buffer list OWNED(buffer_release) = { 0 };
    for (size_t i = 0; i < content->count && i < SHOWN_FILES; i++)
        buffer_append_format(&list, "%s%.200s", i > 0 ? ", " : "", content->files[i].path);
    if (content->count > SHOWN_FILES)
        buffer_append_text(&list, ", ...");
    TRY(buffer_check(&list, err));
    bool one = content->count == 1;
    error_set(err, STATUS_INVALID, "infer_kind", "%s, but there %s %zu file%s (%s)",
              made_of[as->kind], one ? "is" : "are", content->count, one ? "" : "s",
              buffer_text(&list));
    const char *words = fits[found].words;
    if (fits[found].kind == KIND_COUNT)
        return error_hint(err, "%s", words);
    if (as->kind == KIND_PROMPT && found == FOUND_DOCUMENTS && content->count > 1)
        words = "write an artifact.json that lists the files as sections; or, as documents can be "
                "a knowledge base";
    return error_hint(err, "%s: --as %s/%s", words, id_kind_word(fits[found].kind), as->name);
}

// The author's file name with every byte that could trouble a shell, an archive or a URL as a
// hyphen; "prompt" when nothing else is left of it.
static enum status safe_name(struct buffer *out, const char *path, struct error *err)
{
    const char *name = base_name(path);
    const char *dot = ending(path);
    for (const char *at = name; at < dot; at++) {
        bool safe = isascii(*at) && (isalnum((unsigned char)*at) || strchr("._-", *at));
        bool leads = out->length == 0 && !isalnum((unsigned char)*at);
        bool doubles = !safe && out->length > 0 && out->bytes[out->length - 1] == '-';
        if (!leads && !doubles)
            buffer_append_byte(out, safe ? *at : '-');
    }
    if (out->length == 0)
        buffer_append_text(out, "prompt");
    buffer_append_text(out, dot);
    return buffer_check(out, err);
}

static enum status infer_prompt(struct infer_results *results, const struct artifact_id *as,
                                struct content *content, struct error *err)
{
    enum found found = what_is_found(content);
    if (found != FOUND_TEXT)
        return refuse(as, content, found, err);
    struct buffer file OWNED(buffer_release) = { 0 };
    TRY(safe_name(&file, content->files[0].path, err));
    TRY(infer_draft_rename(content, file.bytes, err));

    char title[ID_NAME_BYTES];
    id_readable(as, title);
    struct json *manifest OWNED(json_release) = infer_draft_begin(as, title);
    struct json *section = json_append_object(json_set_array(manifest, "sections"));
    json_set_string(section, "name", "prompt");
    json_set_string(section, "file", file.bytes);
    return infer_draft_finish(results, as, manifest, content, err);
}

static enum status infer_tools(struct infer_results *results, const struct artifact_id *as,
                               struct content *content, struct error *err)
{
    enum found found = what_is_found(content);
    if (found != FOUND_JSON)
        return refuse(as, content, found, err);
    return infer_tool_read(results, as, content, err);
}

static enum status infer_knowledge(struct infer_results *results, const struct artifact_id *as,
                                   struct content *content, struct error *err)
{
    if (!has_documents(content))
        return refuse(as, content, what_is_found(content), err);
    bool under_docs = true;
    for (size_t i = 0; i < content->count && under_docs; i++)
        under_docs = text_starts_with(content->files[i].path, MANIFEST_DOCUMENTS_FOLDER "/");
    if (!under_docs) // all of them, so that links between documents still hold
        TRY(content_move_under(content, MANIFEST_DOCUMENTS_FOLDER, err));

    char title[ID_NAME_BYTES];
    id_readable(as, title);
    struct json *manifest OWNED(json_release) = infer_draft_begin(as, title);
    return infer_draft_finish(results, as, manifest, content, err);
}

enum status infer_manifest(struct infer_results *out, const struct artifact_id *as,
                           struct content *content, struct error *err)
{
    static enum status (*const by_kind[KIND_COUNT])(
        struct infer_results *, const struct artifact_id *, struct content *, struct error *) = {
        [KIND_PROMPT] = infer_prompt,
        [KIND_TOOL] = infer_tools,
        [KIND_KNOWLEDGE] = infer_knowledge,
    };
    if (content_find(content, MANIFEST_PATH)) {
        error_set(err, STATUS_INVALID, "infer_manifest_present",
                  "there is an artifact.json already");
        return error_hint(err, "leave out --as: the manifest says what the artifact is called");
    }
    struct infer_results results OWNED(infer_results_release) = { 0 };
    TRY(by_kind[as->kind](&results, as, content, err));
    *out = results;
    results = (struct infer_results) { 0 };
    return STATUS_OK;
}
