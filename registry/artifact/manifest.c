// An artifact's manifest, artifact.json.
#include "artifact/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "artifact/manifest_files.h"
#include "artifact/manifest_finding.h"
#include "artifact/manifest_schema.h"
#include "base/memory.h"
#include "base/text.h"

void manifest_release(struct manifest *manifest)
{
    json_free(manifest->document);
    free(manifest->text);
    *manifest = (struct manifest) { 0 };
}

struct manifest_reader {
    struct manifest_schema *schema;
};

enum status manifest_reader_new(struct manifest_reader **out, struct error *err)
{
    struct manifest_reader *reader OWNED(manifest_reader_release) = NULL;
    TRY(memory_new(&reader, 1, sizeof(*reader), err));
    TRY(manifest_schema_new(&reader->schema, err));
    *out = MOVE(reader);
    return STATUS_OK;
}

void manifest_reader_free(struct manifest_reader *reader)
{
    if (!reader)
        return;
    manifest_schema_free(reader->schema);
    free(reader);
}

void manifest_reader_release(struct manifest_reader **reader)
{
    manifest_reader_free(*reader);
    *reader = NULL;
}

bool manifest_is_document(const char *path)
{
    static const char *const endings[] = { ".md",  ".markdown", ".txt", ".html",
                                           ".htm", ".jsonl",    ".csv", ".pdf" };
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name)
        return false;
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (strcasecmp(dot, endings[i]) == 0)
            return true;
    return false;
}

bool manifest_raw(const struct manifest *manifest, const char *pointer, const char **out_bytes,
                  size_t *out_length)
{
    struct json_span span;
    if (!json_locate(&span, manifest->text, manifest->text_bytes, pointer))
        return false;
    *out_bytes = manifest->text + span.begin;
    *out_length = span.end - span.begin;
    return true;
}

static enum status report_absent(const struct content *content, struct error *err)
{
    error_set(err, STATUS_NOT_FOUND, "manifest_missing", "there is no %s", MANIFEST_PATH);
    for (size_t i = 0; i < content->count; i++) {
        const char *path = content->files[i].path;
        if (text_ends_with(path, "/" MANIFEST_PATH))
            return error_hint(err, "there is one at '%.300s': publish its folder", path);
    }
    return error_hint(err, "write one (it stands at the root of the artifact), or publish with "
                           "--as KIND/NAME to have one made");
}

// A fault that makes the rest unreadable.
static enum status report_unreadable(struct finding_list *findings, const char *rule, uint32_t line,
                                     uint32_t column, const char *message, const char *mend,
                                     struct error *err)
{
    return finding_add(findings,
                       &(struct finding_draft) { .severity = SEVERITY_ERROR,
                                                 .rule = rule,
                                                 .file = MANIFEST_PATH,
                                                 .line = line,
                                                 .column = column,
                                                 .mend = mend },
                       err, "%s", message);
}

// Takes "line L, column C: " off a message of json_parse; 0 and 0 where there is none.
static const char *take_place(const char *message, uint32_t *line, uint32_t *column)
{
    static const char line_words[] = "line ";
    static const char column_words[] = ", column ";
    *line = *column = 0;
    if (!text_starts_with(message, line_words))
        return message;
    char *at;
    unsigned long line_number = strtoul(message + sizeof(line_words) - 1, &at, 10);
    if (!text_starts_with(at, column_words))
        return message;
    unsigned long column_number = strtoul(at + sizeof(column_words) - 1, &at, 10);
    if (!text_starts_with(at, ": "))
        return message;
    *line = (uint32_t)line_number;
    *column = (uint32_t)column_number;
    return at + 2;
}

// Leaves manifest->document NULL after a finding.
static enum status parse(struct manifest *manifest, const struct content_file *file,
                         struct finding_list *findings, struct error *err)
{
    if (file->size_bytes > MANIFEST_MAX_BYTES) {
        char message[128];
        snprintf(message, sizeof(message), "larger than %u bytes", MANIFEST_MAX_BYTES);
        return report_unreadable(findings, "manifest.too-long", 1, 1, message,
                                 "put texts and documents into files of their own", err);
    }
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    TRY(memory_copy_bytes(&manifest->text, view.bytes, (size_t)view.size_bytes, err));
    manifest->text_bytes = (size_t)view.size_bytes;

    struct error fault;
    enum status status =
        json_parse(&manifest->document, manifest->text, manifest->text_bytes, &fault);
    if (status == STATUS_INVALID) {
        uint32_t line, column;
        const char *message = take_place(fault.message, &line, &column);
        return report_unreadable(findings, "manifest.json", line, column, message,
                                 fault.hint[0] ? fault.hint : "write it as JSON (RFC 8259)", err);
    }
    if (status != STATUS_OK)
        *err = fault;
    return status;
}

// Whether the rest can be judged: an object of a kind. Otherwise there is a finding.
static enum status read_kind(bool *out_known, struct manifest *manifest,
                             const struct manifest_reading *reading, struct error *err)
{
    static const char mend[] =
        "write an object that begins with {\"kind\": \"prompt\", ...; the kinds are prompt, tool "
        "and knowledge";
    struct error ignored;
    const char *word = json_get_string(manifest->document, "kind", NULL);
    if (word && id_kind_parse(&manifest->id.kind, word, &ignored) == STATUS_OK) {
        *out_known = true;
        return STATUS_OK;
    }
    struct manifest_finding finding = { SEVERITY_ERROR, "manifest.kind", "", mend };
    if (!json_is(manifest->document, JSON_OBJECT))
        return manifest_finding_add(reading, &finding, err, "the manifest is not a JSON object");
    if (!json_get(manifest->document, "kind"))
        return manifest_finding_add(reading, &finding, err, "the member \"kind\" is missing");
    finding.pointer = "/kind";
    if (!word)
        return manifest_finding_add(reading, &finding, err, "\"kind\" is not a string");
    return manifest_finding_add(reading, &finding, err, "'%.60s' is not a kind of artifact", word);
}

static enum status judge(const struct manifest_reader *reader, struct manifest *manifest,
                         const struct content *content, struct finding_list *findings,
                         struct error *err)
{
    struct manifest_reading reading = { content, manifest, findings };
    bool known = false;
    TRY(read_kind(&known, manifest, &reading, err));
    if (!known)
        return STATUS_OK;
    TRY(manifest_schema_check(reader->schema, &reading, err));
    return manifest_files_check(&reading, err);
}

static enum status refuse(const struct finding_list *findings, struct error *err)
{
    const struct finding *first = findings->items;
    while (first->severity != SEVERITY_ERROR)
        first++;
    error_set(err, STATUS_REFUSED, "manifest_refused", "%s:%u: %.600s",
              first->file[0] ? first->file : MANIFEST_PATH, first->line, first->message);
    return error_hint(err, "%s", first->mend);
}

enum status manifest_reader_read(const struct manifest_reader *reader, struct manifest *out,
                                 const struct content *content, struct finding_list *findings,
                                 struct error *err)
{
    const struct content_file *file = content_find(content, MANIFEST_PATH);
    if (!file)
        return report_absent(content, err);
    struct manifest manifest OWNED(manifest_release) = { 0 };
    TRY(parse(&manifest, file, findings, err));
    if (manifest.document)
        TRY(judge(reader, &manifest, content, findings, err));
    if (finding_has_errors(findings))
        return refuse(findings, err);
    TRY(id_set_name(&manifest.id, json_get_string(manifest.document, "name", ""), err));
    *out = manifest;
    manifest = (struct manifest) { 0 };
    return STATUS_OK;
}

enum status manifest_read(struct manifest *out, const struct content *content,
                          struct finding_list *findings, struct error *err)
{
    struct manifest_reader *reader OWNED(manifest_reader_release) = NULL;
    TRY(manifest_reader_new(&reader, err));
    return manifest_reader_read(reader, out, content, findings, err);
}
