// A prompt's sections and fallback against its files.
#include "artifact/manifest_prompt.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

#define MAX_SECTIONS 200 // as the schema says; it reports what is over
#define POINTER_BYTES 64
#define MAX_CHARACTER_BYTES 4 // of a code point in UTF-8
#define LARGEST_PROMPT_FILE (MAX_CHARACTER_BYTES * MANIFEST_MAX_PROMPT_CHARACTERS)

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// A file that its author may have meant: the same name in another folder or letter case.
static const struct content_file *find_similar(const struct content *content, const char *path)
{
    for (size_t i = 0; i < content->count; i++)
        if (strcasecmp(base_name(content->files[i].path), base_name(path)) == 0)
            return &content->files[i];
    return NULL;
}

static enum status report_missing(const struct manifest_files *check, const char *pointer,
                                  const char *path, struct error *err)
{
    const struct content *content = check->reading->content;
    char mend[2 * CONTENT_MAX_PATH_BYTES];
    struct error fault;
    struct manifest_finding finding = { SEVERITY_ERROR, "manifest.file-missing", pointer, mend };
    if (content_check_path(path, &fault) != STATUS_OK) {
        finding.mend = fault.hint;
        return manifest_finding_add(check->reading, &finding, err, "%s", fault.message);
    }
    const struct content_file *similar = find_similar(content, path);
    if (similar) {
        check->used[similar - content->files] = true; // one fault, one finding
        snprintf(mend, sizeof(mend), "there is '%s': correct the path, or move the file",
                 similar->path);
    } else {
        snprintf(mend, sizeof(mend), "add the file, or correct its path; paths are relative to %s",
                 MANIFEST_PATH);
    }
    return manifest_finding_add(check->reading, &finding, err, "there is no file '%.1000s'", path);
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

// How much text there is. A file that is over the limit anyway is not read, so that its share is
// the least that it can be.
struct text_size {
    size_t characters;
    bool at_least;
};

// Looks at a file that the manifest names at `pointer`, and adds its size.
static enum status check_prompt_file(const struct manifest_files *check, const char *pointer,
                                     const char *path, struct text_size *size, struct error *err)
{
    const struct content *content = check->reading->content;
    const struct content_file *file = content_find(content, path);
    if (!file)
        return report_missing(check, pointer, path, err);
    check->used[file - content->files] = true;
    if (file->size_bytes > LARGEST_PROMPT_FILE) {
        size->characters += (size_t)((file->size_bytes - 1) / MAX_CHARACTER_BYTES + 1);
        size->at_least = true;
        return STATUS_OK;
    }
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    size->characters += text_count_code_points(view.bytes, (size_t)view.size_bytes);
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
                                   const char *what, const struct text_size *size,
                                   const char *longest, struct error *err)
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
                                err, "%s: %s%zu characters, %d is the most", what,
                                size->at_least ? "at least " : "", size->characters,
                                MANIFEST_MAX_PROMPT_CHARACTERS);
}

static enum status check_sections(const struct manifest_files *check, struct error *err)
{
    const struct json *sections = json_get(check->reading->manifest->document, "sections");
    const char *longest = "";
    size_t longest_characters = 0;
    struct text_size total = { 0 };
    size_t index = 0;
    for (const struct json *section = json_first(sections); section && index < MAX_SECTIONS;
         section = json_next(section), index++) {
        TRY(check_section_name(check, sections, section, index, err));
        const char *path = json_get_string(section, "file", NULL);
        if (!path)
            continue;
        char pointer[POINTER_BYTES];
        size_t before = total.characters;
        snprintf(pointer, sizeof(pointer), "/sections/%zu/file", index);
        TRY(check_prompt_file(check, pointer, path, &total, err));
        if (total.characters - before > longest_characters) {
            longest_characters = total.characters - before;
            longest = json_get_string(section, "name", path);
        }
    }
    if (total.characters <= MANIFEST_MAX_PROMPT_CHARACTERS)
        return STATUS_OK;
    return report_too_long(check, "/sections", "the sections together", &total, longest, err);
}

enum status manifest_prompt_check(const struct manifest_files *check, struct error *err)
{
    TRY(check_sections(check, err));
    const struct json *document = check->reading->manifest->document;
    const char *path = json_string(json_at(document, "/fallback/file"));
    if (!path)
        return STATUS_OK;
    struct text_size size = { 0 };
    TRY(check_prompt_file(check, "/fallback/file", path, &size, err));
    if (size.characters <= MANIFEST_MAX_PROMPT_CHARACTERS)
        return STATUS_OK;
    return report_too_long(check, "/fallback/file", "the fallback", &size, NULL, err);
}
