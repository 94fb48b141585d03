// uses: everything that a prompt or tool uses is there; at the gate, it is live.
#include <stdio.h>

#include "check/check_rows.h"

static enum status check_one(const struct check_subject *subject, size_t index, const char *text,
                             struct finding_list *findings, struct error *err)
{
    const struct manifest *manifest = subject->manifest;
    const struct manifest *found = NULL;
    struct artifact_id id;
    struct error malformed; // the manifest's own validation says it
    struct json_span span = { 0 };
    char pointer[64];
    bool at_gate = subject->stage == CHECK_GATE;
    if (id_parse_bare(&id, text, &malformed) != STATUS_OK)
        return STATUS_OK;
    TRY(subject->world->find_manifest(subject->world->context, &id, &found, err));
    if (found)
        return STATUS_OK;
    snprintf(pointer, sizeof(pointer), "/uses/%zu", index);
    (void)json_locate(&span, manifest->text, manifest->text_bytes, pointer);
    struct finding_draft draft = { .severity = at_gate ? SEVERITY_ERROR : SEVERITY_WARNING,
                                   .rule = "uses.missing",
                                   .file = MANIFEST_PATH,
                                   .line = span.line,
                                   .column = span.column,
                                   .pointer = pointer,
                                   .mend = at_gate ? "promote it first, or in the same promotion"
                                                   : "publish it, or take it out of \"uses\"" };
    return finding_add(findings, &draft, err,
                       at_gate ? "it uses %s, which is neither live nor part of this promotion"
                               : "it uses %s, which is not published here",
                       text);
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
