// What a manifest says against the files that are there.
#include "artifact/manifest_files.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "artifact/manifest_prompt.h"
#include "base/memory.h"
#include "base/text.h"

#define MAX_USES 64    // as the schema says; it reports what is over
#define MAX_UNUSED 20  // files that nothing names, each with a finding of its own
#define MAX_ENDINGS 16 // of files that are no documents, each with a finding of its own
#define POINTER_BYTES 64

// Files of one ending that are no documents.
struct ending_count {
    const char *ending;
    const char *first_path;
    size_t count;
};

static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash + 1 : path, '.');
    return dot ? dot : "(no ending)";
}

static void count_ending(struct ending_count counts[MAX_ENDINGS], const char *path)
{
    size_t i = 0;
    while (i < MAX_ENDINGS - 1 && counts[i].count > 0 &&
           strcasecmp(counts[i].ending, ending_of(path)) != 0)
        i++;
    if (counts[i].count++ == 0) {
        counts[i].ending = i < MAX_ENDINGS - 1 ? ending_of(path) : "other";
        counts[i].first_path = path;
    }
}

// Images and settings commonly stand beside documents, so they are kept, and only noted.
static enum status note_endings(const struct manifest_files *check,
                                const struct ending_count counts[MAX_ENDINGS], struct error *err)
{
    for (size_t i = 0; i < MAX_ENDINGS && counts[i].count > 0; i++)
        TRY(finding_add(check->reading->findings,
                        &(struct finding_draft) { .severity = SEVERITY_NOTE,
                                                  .rule = "manifest.document-type",
                                                  .file = counts[i].first_path,
                                                  .mend = "convert it to Markdown if agents "
                                                          "should find what it says" },
                        err, "%zu file%s '%.60s' under docs/: kept and served, but not searched",
                        counts[i].count, counts[i].count == 1 ? " of type" : "s of type",
                        counts[i].ending));
    return STATUS_OK;
}

static enum status check_knowledge(const struct manifest_files *check, struct error *err)
{
    const struct content *content = check->reading->content;
    struct ending_count counts[MAX_ENDINGS] = { 0 };
    size_t documents = 0;
    for (size_t i = 0; i < content->count; i++) {
        const char *path = content->files[i].path;
        if (!text_starts_with(path, MANIFEST_DOCUMENTS_FOLDER "/"))
            continue;
        check->used[i] = true;
        if (manifest_is_document(path))
            documents++;
        else
            count_ending(counts, path);
    }
    if (documents == 0)
        TRY(finding_add(check->reading->findings,
                        &(struct finding_draft) { .severity = SEVERITY_ERROR,
                                                  .rule = "manifest.no-documents",
                                                  .file = MANIFEST_PATH,
                                                  .line = 1,
                                                  .column = 1,
                                                  .mend = "put documents under docs/: .md, "
                                                          ".markdown, .txt, .html, .htm, .jsonl, "
                                                          ".csv or .pdf" },
                        err, "the knowledge base holds no documents"));
    return note_endings(check, counts, err);
}

static enum status check_tool(const struct manifest_files *check, struct error *err)
{
    (void)err;
    const struct content *content = check->reading->content;
    const struct content_file *source = content_find(content, MANIFEST_TOOL_SOURCE_PATH);
    if (source)
        check->used[source - content->files] = true;
    return STATUS_OK;
}

static enum status check_uses(const struct manifest_reading *reading, struct error *err)
{
    const struct json *document = reading->manifest->document;
    size_t index = 0;
    for (const struct json *use = json_first(json_get(document, "uses")); use && index < MAX_USES;
         use = json_next(use), index++) {
        struct artifact_id id;
        struct error ignored;
        const char *text = json_string(use);
        if (!text || id_parse(&id, text, &ignored) != STATUS_OK ||
            id.kind != reading->manifest->id.kind ||
            strcmp(id.name, json_get_string(document, "name", "")) != 0)
            continue;
        char pointer[POINTER_BYTES];
        snprintf(pointer, sizeof(pointer), "/uses/%zu", index);
        TRY(manifest_finding_add(reading,
                                 &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                                              .rule = "manifest.uses",
                                                              .pointer = pointer,
                                                              .mend = "take it out of \"uses\"" },
                                 err, "the artifact says that it uses itself"));
    }
    return STATUS_OK;
}

// Files that stand in many folders and are for people only.
static bool is_note(const char *path)
{
    static const char *const notes[] = { "README", "LICENSE", "NOTICE", "CHANGELOG" };
    static const char *const endings[] = { "", ".md", ".txt" };
    for (size_t i = 0; i < COUNT_OF(notes) * COUNT_OF(endings); i++) {
        const char *note = notes[i / COUNT_OF(endings)];
        size_t length = strlen(note);
        if (strncasecmp(path, note, length) == 0 &&
            strcasecmp(path + length, endings[i % COUNT_OF(endings)]) == 0)
            return true;
    }
    return strcmp(path, MANIFEST_PATH) == 0;
}

static enum status warn_unused(const struct manifest_files *check, struct error *err)
{
    const struct content *content = check->reading->content;
    size_t unused = 0;
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = "manifest.file-unused",
                                   .mend = "name it in artifact.json or take it out" };
    if (check->reading->manifest->id.kind == KIND_KNOWLEDGE)
        draft.mend = "move it under docs/ or take it out";
    for (size_t i = 0; i < content->count; i++) {
        if (check->used[i] || is_note(content->files[i].path) || unused++ >= MAX_UNUSED)
            continue;
        draft.file = content->files[i].path;
        TRY(finding_add(check->reading->findings, &draft, err, "nothing names this file"));
    }
    if (unused <= MAX_UNUSED)
        return STATUS_OK;
    draft.file = "";
    return finding_add(check->reading->findings, &draft, err, "nothing names %zu more files",
                       unused - MAX_UNUSED);
}

enum status manifest_files_check(const struct manifest_reading *reading, struct error *err)
{
    static enum status (*const by_kind[KIND_COUNT])(const struct manifest_files *,
                                                    struct error *) = {
        [KIND_PROMPT] = manifest_prompt_check,
        [KIND_TOOL] = check_tool,
        [KIND_KNOWLEDGE] = check_knowledge,
    };
    bool *used OWNED(memory_release) = NULL;
    TRY(memory_new(&used, reading->content->count, sizeof(*used), err));
    struct manifest_files check = { .reading = reading, .used = used };
    TRY(by_kind[reading->manifest->id.kind](&check, err));
    TRY(check_uses(reading, err));
    return warn_unused(&check, err);
}
