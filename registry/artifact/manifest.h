// An artifact's manifest, artifact.json: validated against schema/artifact.schema.json and checked
// against the files it names.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "base/error.h"

#define MANIFEST_PATH "artifact.json"
#define MANIFEST_MAX_BYTES (1U << 20)        // real tools reach 11 kB
#define MANIFEST_MAX_PROMPT_CHARACTERS 40000 // code points over all sections of a prompt
#define MANIFEST_MAX_TITLE_CHARACTERS 200    // as the schema says

#define MANIFEST_DOCUMENTS_FOLDER "docs"        // of a knowledge base
#define MANIFEST_TOOL_SOURCE_PATH "source.json" // what infer made a tool's manifest from

// Owns its JSON document and text. Read-only once made.
struct manifest {
    struct artifact_id id; // version 0
    struct json *document;
    char *text; // the file's bytes, NUL-terminated
    size_t text_bytes;
};

void manifest_release(struct manifest *manifest);

// Reads artifact.json out of sealed content. Everything wrong with it becomes a finding (rules
// "manifest.*", with line and column): not JSON, not valid by the schema, names a file that is not
// there, sections over the limit, a prompt file that is not UTF-8, a knowledge base without
// documents, a file that nothing names (warning). STATUS_REFUSED when any finding is an error;
// STATUS_NOT_FOUND when there is no artifact.json. Give it an empty list.
enum status manifest_read(struct manifest *out, const struct content *content,
                          struct finding_list *findings, struct error *err);

// The same for many manifests: keeps the compiled schema, which takes most of the time of reading
// one small manifest. Any number of threads may read with one.
struct manifest_reader;
enum status manifest_reader_new(struct manifest_reader **out, struct error *err);
void manifest_reader_free(struct manifest_reader *reader);
void manifest_reader_release(struct manifest_reader **reader); // for OWNED
enum status manifest_reader_read(const struct manifest_reader *reader, struct manifest *out,
                                 const struct content *content, struct finding_list *findings,
                                 struct error *err);

// The exact bytes of a member of the manifest, e.g. "/input_schema"; false when absent. Borrowed.
bool manifest_raw(const struct manifest *manifest, const char *pointer, const char **out_bytes,
                  size_t *out_length);

// Whether a path ends like a document of a knowledge base: .md, .markdown, .txt, .html, .htm,
// .jsonl, .csv or .pdf, in any letter case.
bool manifest_is_document(const char *path);
