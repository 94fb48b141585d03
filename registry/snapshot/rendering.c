// A prompt filled in for one call.
#include "snapshot/rendering.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "artifact/manifest.h"
#include "artifact/schema.h"
#include "artifact/template.h"
#include "base/memory.h"

#define MAX_FAILURES 5 // of the values that are named: the first says most

struct section {
    const char *name;      // borrowed from the manifest, like the next
    const char *direction; // NULL: both
    struct template *template;
};

struct rendering {
    const struct snapshot_release *release;
    struct json *manifest;
    struct schema *variables; // NULL: the prompt declares none
    enum template_escape escape;
    size_t section_count;
    struct section *sections;
};

void rendering_free(struct rendering *rendering)
{
    if (!rendering)
        return;
    for (size_t i = 0; i < rendering->section_count; i++)
        template_free(rendering->sections[i].template);
    free(rendering->sections);
    schema_free(rendering->variables);
    json_free(rendering->manifest);
    free(rendering);
}

void rendering_release(struct rendering **rendering)
{
    rendering_free(*rendering);
    *rendering = NULL;
}

// --- what a release is made ready of ---

static enum status not_renderable(struct error *err, const char *what)
{
    error_set(err, STATUS_REFUSED, "prompt_not_renderable", "this prompt cannot be rendered: %s",
              what);
    return error_hint(err, "use its fallback, and have its author mend it: `greenroom check` says "
                           "where");
}

static enum status parse_section(struct section *section, const struct snapshot_release *release,
                                 const struct json *from, struct error *err)
{
    struct error fault;
    const char *path = json_get_string(from, "file", "");
    const struct snapshot_file *file = snapshot_release_file(release, path, strlen(path));
    if (!file)
        return not_renderable(err, "a file of it is missing");
    section->name = json_get_string(from, "name", "");
    section->direction = json_get_string(from, "direction", NULL);
    if (template_parse(&section->template, file->bytes, file->size_bytes, &fault) != STATUS_OK)
        return fault.status == STATUS_NO_MEMORY ? error_no_memory(err)
                                                : not_renderable(err, fault.message);
    if (template_fault_count(section->template) > 0)
        return not_renderable(err, template_fault_at(section->template, 0)->message);
    return STATUS_OK;
}

static enum status parse_sections(struct rendering *rendering, struct error *err)
{
    const struct json *list = json_get(rendering->manifest, "sections");
    TRY(memory_new(&rendering->sections, json_count(list) + 1, sizeof(*rendering->sections), err));
    for (const struct json *from = json_first(list); from; from = json_next(from))
        TRY(parse_section(&rendering->sections[rendering->section_count++], rendering->release,
                          from, err));
    return STATUS_OK;
}

static enum status compile_variables(struct rendering *rendering, struct error *err)
{
    struct error fault;
    const struct json *document = json_get(rendering->manifest, "variables");
    if (!document || schema_compile(&rendering->variables, document, NULL, &fault) == STATUS_OK)
        return STATUS_OK;
    return fault.status == STATUS_NO_MEMORY ? error_no_memory(err)
                                            : not_renderable(err, fault.message);
}

enum status rendering_new(struct rendering **out, const struct snapshot_release *release,
                          struct error *err)
{
    struct rendering *rendering OWNED(rendering_release) = NULL;
    const struct snapshot_file *manifest =
        snapshot_release_file(release, MANIFEST_PATH, strlen(MANIFEST_PATH));
    if (!manifest || release->id.kind != KIND_PROMPT)
        return not_renderable(err, "it is none");
    TRY(memory_new(&rendering, 1, sizeof(*rendering), err));
    rendering->release = release;
    TRY(json_parse(&rendering->manifest, manifest->bytes, manifest->size_bytes, err));
    const char *escape = json_get_string(rendering->manifest, "escape", "none");
    rendering->escape = strcmp(escape, "html") == 0 ? TEMPLATE_ESCAPE_HTML : TEMPLATE_ESCAPE_NONE;
    TRY(parse_sections(rendering, err));
    TRY(compile_variables(rendering, err));
    *out = MOVE(rendering);
    return STATUS_OK;
}

// --- what a caller asks ---

struct request {
    struct json *document;
    const struct json *variables; // NULL: none were given
    const char *direction;        // NULL: both
};

static void request_release(struct request *request)
{
    json_free(request->document);
}

static enum status refuse_request(struct error *err, const char *what)
{
    error_set(err, STATUS_INVALID, "render_request_invalid", "%s", what);
    return error_hint(err, "send {\"variables\":{\"NAME\":VALUE},\"direction\":\"inbound\"}; both "
                           "may be left out");
}

static bool is_direction(const struct json *value)
{
    const char *word = json_string(value);
    return word && (strcmp(word, "inbound") == 0 || strcmp(word, "outbound") == 0);
}

static enum status take_member(struct request *request, const struct json *member,
                               struct error *err)
{
    const char *name = json_key(member);
    if (strcmp(name, "variables") == 0) {
        request->variables = member;
        return json_is(member, JSON_OBJECT) ? STATUS_OK
                                            : refuse_request(err, "\"variables\" is no object");
    }
    if (strcmp(name, "direction") == 0) {
        request->direction = json_string(member);
        return is_direction(member)
                   ? STATUS_OK
                   : refuse_request(err, "\"direction\" is neither inbound nor outbound");
    }
    return refuse_request(err, "there is a member that is neither \"variables\" nor \"direction\"");
}

static enum status read_request(struct request *request, const char *text, size_t text_bytes,
                                struct error *err)
{
    TRY(json_parse(&request->document, text, text_bytes, err));
    if (!json_is(request->document, JSON_OBJECT))
        return refuse_request(err, "the content is no JSON object");
    for (const struct json *member = json_first(request->document); member;
         member = json_next(member))
        TRY(take_member(request, member, err));
    return STATUS_OK;
}

// --- the values, by the schema ---

struct failures {
    struct buffer text;
    size_t count;
};

static void failures_release(struct failures *failures)
{
    buffer_release(&failures->text);
}

static void note_failure(void *context, const struct schema_failure *failure)
{
    struct failures *failures = context;
    if (failures->count++ >= MAX_FAILURES)
        return;
    buffer_append_format(&failures->text, "%s%.200s%s%.300s", failures->count > 1 ? "; " : "",
                         failure->instance_pointer, failure->instance_pointer[0] ? ": " : "",
                         failure->message);
}

static enum status validate(const struct rendering *rendering, const struct json *variables,
                            struct error *err)
{
    struct failures failures OWNED(failures_release) = { 0 };
    if (!rendering->variables)
        return STATUS_OK;
    enum status status =
        schema_validate(rendering->variables, "", variables, note_failure, &failures, err);
    if (status != STATUS_REFUSED)
        return status;
    error_set(err, STATUS_REFUSED, "variables_invalid", "the variables do not fit the prompt: %s",
              buffer_text(&failures.text));
    return error_hint(err, "the prompt's \"variables\" is the JSON Schema that they must fit");
}

// --- rendering ---

struct misses {
    struct json *names; // an array; borrowed
    size_t count;
};

static bool is_listed(const struct json *names, const char *name)
{
    const struct json *item = json_first(names);
    while (item && strcmp(json_string(item), name) != 0)
        item = json_next(item);
    return item != NULL;
}

static void note_miss(void *context, const struct template_tag *tag)
{
    struct misses *misses = context;
    if (misses->count >= RENDERING_MAX_MISSING || is_listed(misses->names, tag->name))
        return;
    json_append_string(misses->names, tag->name);
    misses->count++;
}

static enum status render_section(struct json *sections, const struct section *section,
                                  struct template_rendering *with, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *out = json_append_object(sections);
    enum status status = template_render(&text, section->template, with, err);
    if (status == STATUS_TOO_LARGE)
        err->code = "rendering_too_large";
    TRY(status);
    TRY(buffer_check(&text, err));
    json_set_string(out, "name", section->name);
    if (section->direction)
        json_set_string(out, "direction", section->direction);
    json_set_string(out, "text", buffer_text(&text));
    return STATUS_OK;
}

static enum status render_all(const struct rendering *rendering, const struct request *request,
                              struct json *body, struct error *err)
{
    struct json *sections = json_set_array(body, "sections");
    struct misses misses = { .names = json_set_array(body, "missing") };
    struct template_limits limits = { RENDERING_MAX_BYTES, RENDERING_MAX_STEPS };
    struct template_rendering with = { .data = request->variables,
                                       .escape = rendering->escape,
                                       .miss = note_miss,
                                       .context = &misses,
                                       .limits = &limits };
    for (size_t i = 0; i < rendering->section_count; i++) {
        const struct section *section = &rendering->sections[i];
        if (request->direction && section->direction &&
            strcmp(request->direction, section->direction) != 0)
            continue;
        TRY(render_section(sections, section, &with, err));
    }
    return STATUS_OK;
}

enum status rendering_print(const struct rendering *rendering, struct buffer *out,
                            const char *request_text, size_t request_bytes, struct error *err)
{
    struct request request OWNED(request_release) = { 0 };
    struct json *none OWNED(json_release) = json_new_object();
    struct json *body OWNED(json_release) = json_new_object();
    const struct artifact_id *id = &rendering->release->id;
    char name[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    if (request_bytes > RENDERING_MAX_REQUEST_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "content_too_large",
                         "the content is longer than %u bytes", RENDERING_MAX_REQUEST_BYTES);
    if (!none)
        return error_no_memory(err);
    TRY(read_request(&request, request_text, request_bytes, err));
    if (!request.variables)
        request.variables = none;
    TRY(validate(rendering, request.variables, err));
    id_format_bare(id, name);
    digest_format(&rendering->release->digest, digest);
    json_set_string(body, "artifact", name);
    json_set_integer(body, "version", id->version);
    json_set_string(body, "digest", digest);
    TRY(render_all(rendering, &request, body, err));
    return json_print(out, body, err);
}
