// The JSON that callers get for an artifact.
#include "snapshot/answer_body.h"

#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "release/bindings.h"
#include "store/oid.h"

void answer_body_tool_name(char out[ID_NAME_BYTES], const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i <= length; i++)
        out[i] = name[i] == '/' ? '_' : name[i];
}

// A member that goes from the manifest into the answer.
struct member {
    const char *pointer; // where it stands in the manifest
    const char *name;    // what it is called in the answer
};

// Puts a member in byte for byte as its author wrote it; nothing when it is absent.
static enum status put_raw(struct json *object, const struct member *member,
                           const struct manifest *manifest, struct error *err)
{
    const char *bytes;
    size_t length;
    char *text OWNED(memory_release) = NULL;
    if (!manifest_raw(manifest, member->pointer, &bytes, &length))
        return STATUS_OK;
    TRY(memory_copy_bytes(&text, bytes, length, err));
    json_set_raw(object, member->name, text);
    return STATUS_OK;
}

static enum status put_members(struct json *object, const struct member *members, size_t count,
                               const struct manifest *manifest, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        TRY(put_raw(object, &members[i], manifest, err));
    return STATUS_OK;
}

// A file's text as a member. It has no NUL in it: manifest_read refuses that.
static enum status put_text(struct json *object, const struct verify_release *release,
                            const char *path, struct error *err)
{
    const struct content_file *file = path ? content_find(&release->content, path) : NULL;
    struct content_view view OWNED(content_view_release) = { 0 };
    char *text OWNED(memory_release) = NULL;
    if (!file)
        return error_set(err, STATUS_DAMAGED, "manifest_invalid",
                         "the manifest names '%.300s', which is not there", path ? path : "");
    TRY(content_view(&view, file, err));
    TRY(memory_copy_bytes(&text, view.bytes, view.size_bytes, err));
    json_set_string(object, "text", text);
    return STATUS_OK;
}

static enum status put_section(struct json *sections, const struct verify_release *release,
                               const struct json *from, struct error *err)
{
    const char *direction = json_get_string(from, "direction", NULL);
    struct json *section = json_append_object(sections);
    json_set_string(section, "name", json_get_string(from, "name", ""));
    if (direction)
        json_set_string(section, "direction", direction);
    return put_text(section, release, json_get_string(from, "file", NULL), err);
}

static enum status put_prompt(struct json *prompt, const struct verify_release *release,
                              struct error *err)
{
    static const struct member before[] = {
        { "/title", "title" },
        { "/description", "description" },
        { "/language", "language" },
        { "/escape", "escape" },
    };
    static const struct member after[] = {
        { "/variables", "variables" },
        { "/uses", "uses" },
        { "/readiness", "readiness" },
    };
    const struct json *document = release->manifest.document;
    TRY(put_members(prompt, before, COUNT_OF(before), &release->manifest, err));
    struct json *sections = json_set_array(prompt, "sections");
    for (const struct json *from = json_first(json_get(document, "sections")); from;
         from = json_next(from))
        TRY(put_section(sections, release, from, err));
    const struct json *fallback = json_get(document, "fallback");
    if (fallback)
        TRY(put_text(json_set_object(prompt, "fallback"), release,
                     json_get_string(fallback, "file", NULL), err));
    return put_members(prompt, after, COUNT_OF(after), &release->manifest, err);
}

// Where the runtime calls: the author's words, and the URL that they mean in this environment.
static enum status put_endpoint(struct json *tool, const struct verify_release *release,
                                const struct json *resolved, struct error *err)
{
    const struct json *from = json_get(release->manifest.document, "endpoint");
    struct buffer url OWNED(buffer_release) = { 0 };
    if (!from)
        return STATUS_OK;
    const char *binding = json_get_string(from, "binding", "");
    const char *path = json_get_string(from, "path", NULL);
    struct json *endpoint = json_set_object(tool, "endpoint");
    json_set_string(endpoint, "binding", binding);
    json_set_string(endpoint, "method", json_get_string(from, "method", "POST"));
    if (path)
        json_set_string(endpoint, "path", path);
    if (!bindings_append_url(&url, json_get_string(resolved, binding, NULL), path))
        json_set_null(endpoint, "url");
    else
        json_set_string(endpoint, "url", buffer_text(&url));
    return buffer_check(&url, err);
}

static enum status put_tool(struct json *tool, const struct verify_release *release,
                            struct error *err)
{
    static const struct member members[] = {
        { "/title", "title" },
        { "/description", "description" },
        { "/input_schema", "inputSchema" },
        { "/output_schema", "outputSchema" },
        { "/annotations", "annotations" },
        { "/headers", "headers" },
        { "/timeout_ms", "timeout_ms" },
        { "/side_effect", "side_effect" },
        { "/idempotency", "idempotency" },
        { "/uses", "uses" },
    };
    char name[ID_NAME_BYTES];
    answer_body_tool_name(name, release->id.name);
    json_set_string(tool, "name", name);
    return put_members(tool, members, COUNT_OF(members), &release->manifest, err);
}

// Every file, artifact.json too: from this list anyone can recompute the digest.
static void put_files(struct json *files, const struct content *content)
{
    for (size_t i = 0; i < content->count; i++) {
        char hex[DIGEST_HEX_BYTES];
        digest_format_hex(&content->files[i].sha256, hex);
        struct json *file = json_append_object(files);
        json_set_string(file, "path", content->files[i].path);
        json_set_integer(file, "size", (int64_t)content->files[i].size_bytes);
        json_set_string(file, "sha256", hex);
    }
}

static enum status put_knowledge(struct json *knowledge, const struct verify_release *release,
                                 struct error *err)
{
    static const struct member members[] = {
        { "/title", "title" },
        { "/description", "description" },
        { "/source", "source" },
        { "/language", "language" },
    };
    TRY(put_members(knowledge, members, COUNT_OF(members), &release->manifest, err));
    put_files(json_set_array(knowledge, "files"), &release->content);
    return STATUS_OK;
}

static enum status (*const put_kind[KIND_COUNT])(struct json *object,
                                                 const struct verify_release *release,
                                                 struct error *err) = {
    [KIND_PROMPT] = put_prompt,
    [KIND_TOOL] = put_tool,
    [KIND_KNOWLEDGE] = put_knowledge,
};

enum status answer_body_print(struct buffer *out, const struct verify_release *release,
                              const struct json *resolved, struct error *err)
{
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    char time[CLOCK_TEXT_BYTES];
    char commit[OID_TEXT_BYTES];
    struct json *body OWNED(json_release) = json_new_object();
    id_format_bare(&release->id, id);
    digest_format(&release->digest, digest);
    clock_format(release->released_at, time);
    oid_format(&release->commit, commit);
    json_set_string(body, "artifact", id);
    json_set_integer(body, "version", release->id.version);
    json_set_string(body, "digest", digest);
    json_set_string(body, "released_at", time);
    json_set_string(body, "commit", commit);
    struct json *object = json_set_object(body, id_kind_word(release->id.kind));
    TRY(put_kind[release->id.kind](object, release, err));
    if (release->id.kind == KIND_TOOL)
        TRY(put_endpoint(object, release, resolved, err));
    if (resolved)
        json_set(object, "bindings", json_copy(resolved));
    return json_print(out, body, err);
}
