// A prompt's sections and fallback against its files.
#include "artifact/manifest_prompt.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

#define MAX_SECTIONS 200 // as the schema says; it reports what is over
#define POINTER_BYTES 64
#define LARGEST_PROMPT_FILE (4 * MANIFEST_MAX_PROMPT_CHARACTERS) // a code point has 4 bytes at most

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// A file that its author may have meant: the same name in another folder or letter case.
static const char *similar_path(const struct content *content, const char *path)
{
    for (size_t i = 0; i < content->count; i++)
        if (strcasecmp(base_name(content->files[i].path), base_name(path)) == 0)
            return content->files[i].path;
    return NULL;
}

static enum status report_missing(const struct manifest_files *check, const char *pointer,
                                  const char *path, struct error *err)
{
    char mend[2 * CONTENT_MAX_PATH_BYTES];
    const char *similar = similar_path(check->reading->content, path);
    if (similar)
        snprintf(mend, sizeof(mend), "there is '%s': correct the path, or move the file", similar);
    else
        snprintf(mend, sizeof(mend), "add the file, or correct its path; paths are relative to %s",
                 MANIFEST_PATH);
    return manifest_finding_add(check->reading,
                                &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                                             .rule = "manifest.file-missing",
                                                             .pointer = pointer,
                                                             .mend = mend },
                                err, "there is no file '%.1000s'", path);
}

// Text for people and models: UTF-8 without NUL, which strings in C and some JSON readers cut off.
static enum status check_text(const struct manifest_files *check, const char *path,
                              const struct content_view *view, struct error *err)
{
    size_t size = (size_t)view->size_bytes;
    size_t bad = 0;
    const char *rule = "manifest.not-utf8";
    const char *fault = "not UTF-8";
    if (text_is_utf8(view->bytes, size, &bad)) {
        const char *nul = memchr(view->bytes, '\0', size);
        if (!nul)
            return STATUS_OK;
        bad = (size_t)(nul - view->bytes);
        rule = "manifest.not-text";
        fault = "not text";
    }
    uint32_t line = 1;
    size_t line_begin = 0;
    for (size_t i = 0; i < bad; i++)
        if (view->bytes[i] == '\n') {
            line++;
            line_begin = i + 1;
        }
    size_t column = text_count_code_points(view->bytes + line_begin, bad - line_begin) + 1;
    return finding_add(check->reading->findings,
                       &(struct finding_draft) { .severity = SEVERITY_ERROR,
                                                 .rule = rule,
                                                 .file = path,
                                                 .line = line,
                                                 .column = (uint32_t)column,
                                                 .mend = "save the file as text in UTF-8" },
                       err, "%s: byte 0x%02x at offset %zu", fault,
                       (unsigned)(unsigned char)view->bytes[bad], bad);
}

// Looks at a file that the manifest names at `pointer`. *characters is at least what it holds where
// it is over the limit anyway, and exact otherwise.
static enum status check_prompt_file(const struct manifest_files *check, const char *pointer,
                                     const char *path, size_t *characters, struct error *err)
{
    const struct content *content = check->reading->content;
    const struct content_file *file = content_find(content, path);
    *characters = 0;
    if (!file)
        return report_missing(check, pointer, path, err);
    check->used[file - content->files] = true;
    if (file->size_bytes > LARGEST_PROMPT_FILE) {
        *characters = MANIFEST_MAX_PROMPT_CHARACTERS + 1;
        return STATUS_OK;
    }
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    *characters = text_count_code_points(view.bytes, (size_t)view.size_bytes);
    return check_text(check, path, &view, err);
}

static enum status check_section_name(const struct manifest_files *check,
                                      const struct json *sections, const struct json *section,
                                      size_t index, struct error *err)
{
    const char *name = json_get_string(section, "name", NULL);
    if (!name)
        return STATUS_OK;
    const struct json *other = json_first(sections);
    for (; other != section; other = json_next(other))
        if (strcmp(json_get_string(other, "name", ""), name) == 0)
            break;
    if (other == section)
        return STATUS_OK;
    char pointer[POINTER_BYTES];
    snprintf(pointer, sizeof(pointer), "/sections/%zu/name", index);
    return manifest_finding_add(
        check->reading,
        &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                     .rule = "manifest.section-duplicate",
                                     .pointer = pointer,
                                     .mend = "give each section a name of its own" },
        err, "another section is called '%.100s' already", name);
}

static enum status report_too_long(const struct manifest_files *check, const char *pointer,
                                   const char *what, size_t characters, const char *longest,
                                   struct error *err)
{
    char mend[512];
    snprintf(mend, sizeof(mend),
             "shorten %s%s%s%s, or move what is looked up into a knowledge base", what,
             longest ? ", first of all '" : "", longest ? longest : "", longest ? "'" : "");
    return manifest_finding_add(check->reading,
                                &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                                             .rule = "manifest.too-long",
                                                             .pointer = pointer,
                                                             .mend = mend },
                                err, "%s: at least %zu characters, %d is the most", what,
                                characters, MANIFEST_MAX_PROMPT_CHARACTERS);
}

static enum status check_sections(const struct manifest_files *check, struct error *err)
{
    const struct json *sections = json_get(check->reading->manifest->document, "sections");
    const char *longest = "";
    size_t longest_characters = 0;
    size_t total = 0;
    size_t index = 0;
    for (const struct json *section = json_first(sections); section && index < MAX_SECTIONS;
         section = json_next(section), index++) {
        TRY(check_section_name(check, sections, section, index, err));
        const char *path = json_get_string(section, "file", NULL);
        if (!path)
            continue;
        char pointer[POINTER_BYTES];
        size_t characters;
        snprintf(pointer, sizeof(pointer), "/sections/%zu/file", index);
        TRY(check_prompt_file(check, pointer, path, &characters, err));
        total += characters;
        if (characters > longest_characters) {
            longest_characters = characters;
            longest = json_get_string(section, "name", path);
        }
    }
    if (total <= MANIFEST_MAX_PROMPT_CHARACTERS)
        return STATUS_OK;
    return report_too_long(check, "/sections", "the sections together", total, longest, err);
}

enum status manifest_prompt_check(const struct manifest_files *check, struct error *err)
{
    TRY(check_sections(check, err));
    const struct json *document = check->reading->manifest->document;
    const char *path = json_string(json_at(document, "/fallback/file"));
    if (!path)
        return STATUS_OK;
    size_t characters;
    TRY(check_prompt_file(check, "/fallback/file", path, &characters, err));
    if (characters <= MANIFEST_MAX_PROMPT_CHARACTERS)
        return STATUS_OK;
    return report_too_long(check, "/fallback/file", "the fallback", characters, NULL, err);
}
