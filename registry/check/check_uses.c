// uses: everything that a prompt or tool uses is there; at the gate, and on the way back, it is
// live.
#include <stdio.h>

#include "base/memory.h"
#include "check/check_rows.h"

// What is said of something that is not there, by stage.
struct wording {
    enum check_stage stage;
    enum severity severity;
    const char *message; // the used artifact's name stands in front
    const char *mend;
};
static const struct wording wordings[] = {
    { CHECK_PUBLISH, SEVERITY_WARNING, "is not published here",
      "publish it, or take it out of \"uses\"" },
    { CHECK_GATE, SEVERITY_ERROR, "is neither live nor part of this promotion",
      "promote it first, or in the same promotion" },
    { CHECK_BACK, SEVERITY_ERROR, "is not live any more",
      "make it live first (promote), or go back to another version with --to" },
};

static const struct wording *find_wording(enum check_stage stage)
{
    size_t i = 0;
    while (wordings[i].stage != stage && i + 1 < COUNT_OF(wordings))
        i++;
    return &wordings[i];
}

static enum status check_one(const struct check_subject *subject, size_t index, const char *text,
                             struct finding_list *findings, struct error *err)
{
    const struct manifest *manifest = subject->manifest;
    const struct manifest *found = NULL;
    struct artifact_id id;
    struct error malformed; // the manifest's own validation says it
    struct json_span span = { 0 };
    char pointer[64];
    const struct wording *wording = find_wording(subject->stage);
    if (id_parse_bare(&id, text, &malformed) != STATUS_OK)
        return STATUS_OK;
    TRY(subject->world->find_manifest(subject->world->context, &id, &found, err));
    if (found)
        return STATUS_OK;
    snprintf(pointer, sizeof(pointer), "/uses/%zu", index);
    (void)json_locate(&span, manifest->text, manifest->text_bytes, pointer);
    struct finding_draft draft = { .severity = wording->severity,
                                   .rule = "uses.missing",
                                   .file = MANIFEST_PATH,
                                   .line = span.line,
                                   .column = span.column,
                                   .pointer = pointer,
                                   .mend = wording->mend };
    return finding_add(findings, &draft, err, "it uses %s, which %s", text, wording->message);
}

enum status check_uses_run(const struct check_subject *subject, struct finding_list *findings,
                           struct error *err)
{
    size_t index = 0;
    if (!subject->world->find_manifest)
        return STATUS_OK;
    for (const struct json *item = json_first(json_get(subject->manifest->document, "uses")); item;
         item = json_next(item), index++)
        if (json_string(item))
            TRY(check_one(subject, index, json_string(item), findings, err));
    return STATUS_OK;
}
