// new: a folder to start an artifact from.
#include <string.h>

#include "artifact/manifest.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "operation/operation_rows.h"

// The files of a new artifact, and what they are made from (schema/starter/).
static const struct starter_file {
    enum artifact_kind kind;
    const char *path;
    const char *source;
} starter_files[] = {
    { KIND_PROMPT, MANIFEST_PATH, "starter-prompt.json" },
    { KIND_PROMPT, "README.md", "starter-prompt-readme.md" },
    { KIND_PROMPT, "sections/identity.md", "starter-prompt-identity.md" },
    { KIND_PROMPT, "sections/opening.md", "starter-prompt-opening.md" },
    { KIND_PROMPT, "sections/boundaries.md", "starter-prompt-boundaries.md" },
    { KIND_PROMPT, "sections/closing.md", "starter-prompt-closing.md" },
    { KIND_PROMPT, "sections/fallback.md", "starter-prompt-fallback.md" },
    { KIND_TOOL, MANIFEST_PATH, "starter-tool.json" },
    { KIND_TOOL, "README.md", "starter-tool-readme.md" },
    { KIND_KNOWLEDGE, MANIFEST_PATH, "starter-knowledge.json" },
    { KIND_KNOWLEDGE, "README.md", "starter-knowledge-readme.md" },
    { KIND_KNOWLEDGE, "docs/index.md", "starter-knowledge-index.md" },
    { KIND_KNOWLEDGE, "docs/opening-hours.md", "starter-knowledge-hours.md" },
};

// "prompt" and "outbound/greeting", or "prompt/outbound/greeting" with its kind once more.
static enum status read_id(struct artifact_id *out, const struct json *input, struct error *err)
{
    const char *name = json_get_string(input, "name", "");
    struct artifact_id whole;
    struct error no_address;
    TRY(id_kind_parse(&out->kind, json_get_string(input, "kind", ""), err));
    if (id_parse_bare(&whole, name, &no_address) != STATUS_OK)
        return id_set_name(out, name, err);
    if (whole.kind == out->kind) {
        *out = whole;
        return STATUS_OK;
    }
    error_set(err, STATUS_INVALID, "kind_mismatch", "%.300s is no %s", name,
              id_kind_word(out->kind));
    return error_hint(err, "to call it %s/%.300s, write that out; else: greenroom new %s %.300s",
                      id_kind_word(out->kind), name, id_kind_word(whole.kind), name);
}

// The manifest as it stands in the starter, but for one member's text.
static enum status replace_member(struct buffer *text, const char *pointer, const char *value,
                                  struct error *err)
{
    struct json_span span;
    struct json *string OWNED(json_release) = json_new_string(value);
    struct buffer replaced OWNED(buffer_release) = { 0 };
    if (!json_locate(&span, buffer_text(text), text->length, pointer))
        return error_set(err, STATUS_DAMAGED, "starter_damaged", "the starter has no %s", pointer);
    buffer_append(&replaced, text->bytes, span.begin);
    TRY(json_print(&replaced, string, err));
    buffer_append(&replaced, text->bytes + span.end, text->length - span.end);
    TRY(buffer_check(&replaced, err));
    struct buffer before = *text;
    *text = replaced;
    replaced = before;
    return STATUS_OK;
}

// Its address, where a page says "@ADDRESS@".
static void append_page(struct buffer *out, const char *page, const char *address)
{
    static const char mark[] = "@ADDRESS@";
    for (const char *at; (at = strstr(page, mark)); page = at + strlen(mark)) {
        buffer_append(out, page, (size_t)(at - page));
        buffer_append_text(out, address);
    }
    buffer_append_text(out, page);
}

static enum status add_file(struct content *content, const struct starter_file *row,
                            const struct artifact_id *id, struct error *err)
{
    const struct embedded_file *source = embedded_find(row->source);
    struct buffer text OWNED(buffer_release) = { 0 };
    char address[ID_TEXT_BYTES];
    char title[ID_NAME_BYTES];
    id_format_bare(id, address);
    id_readable(id, title);
    append_page(&text, source->bytes, address);
    TRY(buffer_check(&text, err));
    if (strcmp(row->path, MANIFEST_PATH) == 0) {
        TRY(replace_member(&text, "/name", id->name, err));
        TRY(replace_member(&text, "/title", title, err));
    }
    return content_add_bytes(content, row->path, buffer_text(&text), text.length, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct artifact_id id = { 0 };
    char address[ID_TEXT_BYTES];
    TRY(read_id(&id, call->input, err));
    for (size_t i = 0; i < COUNT_OF(starter_files); i++)
        if (starter_files[i].kind == id.kind)
            TRY(add_file(&call->result, &starter_files[i], &id, err));
    TRY(content_seal(&call->result, err));
    id_format_bare(&id, address);
    const char *slash = strrchr(id.name, '/');
    call->output = json_new_object();
    json_set_string(call->output, "artifact", address);
    json_set_string(call->output, "folder", slash ? slash + 1 : id.name);
    struct json *files = json_set_array(call->output, "files");
    for (size_t i = 0; i < call->result.count; i++)
        json_append_string(files, call->result.files[i].path);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "kind", NULL, "KIND", "prompt, tool or knowledge", FIELD_TEXT, true },
    { "name", NULL, "NAME", "e.g. outbound/greeting; or KIND/NAME", FIELD_TEXT, true },
    { "out", NULL, "OUT", "the folder to make (default: the last part of NAME)", FIELD_OUTPUT,
      false },
    { 0 },
};

const struct operation operation_new = {
    .name = "new",
    .summary = "make a folder to start an artifact from",
    .roles = ROLE_ANY,
    .result_form = RESULT_NEW_FOLDER,
    .fields = fields,
    .run = run,
};
