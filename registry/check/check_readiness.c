// readiness: what must hold before a call may be placed with a prompt, or a tool be called in one.
//
// What is declared and does not hold may not go live. What is not declared at all may not either
// where the environment's policy has a stage "readiness" or names this check; elsewhere (policy
// minimal) it is a warning, since such a policy asks for a signature and nothing else.
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/check_rows.h"
#include "check/manifest_note.h"
#include "check/readiness_disclosure.h"
#include "check/readiness_schedule.h"

#define ID "readiness"
#define MAX_FALLBACK_CHARACTERS 2000 // two minutes of speech, on a call that has failed already

static bool names_check(const struct json *list, const char *key)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        const char *word = key ? json_get_string(item, key, "") : json_string(item);
        if (word && strcmp(word, ID) == 0)
            return true;
    }
    return false;
}

// How severe it is that something is not declared.
static enum severity severity_of_absence(const struct check_subject *subject)
{
    const struct json *policy = subject->world->policy;
    bool is_asked = !policy || names_check(json_get(policy, "stages"), "id") ||
                    names_check(json_get(policy, "checks"), NULL);
    return is_asked ? manifest_note_severity(subject) : SEVERITY_WARNING;
}

static enum status report_absent(const struct check_subject *subject, const char *rule,
                                 const char *pointer, const char *message, const char *mend,
                                 struct finding_list *findings, struct error *err)
{
    struct manifest_note note = { severity_of_absence(subject), rule, pointer, mend };
    return manifest_note_add(subject, findings, &note, err, "%s", message);
}

// --- prompts ---

static bool may_place_calls(const struct json *document)
{
    const struct json *sections = json_get(document, "sections");
    for (const struct json *section = json_first(sections); section; section = json_next(section))
        if (strcmp(json_get_string(section, "direction", "outbound"), "inbound") != 0)
            return true;
    return false;
}

static enum status check_outbound(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err)
{
    const struct json *document = subject->manifest->document;
    if (!may_place_calls(document))
        return STATUS_OK;
    const char *pointer = json_get(document, "readiness") ? "/readiness" : "";
    if (!json_at(document, "/readiness/suppression"))
        TRY(report_absent(subject, "readiness.suppression-missing", pointer,
                          "no do-not-call list is named, so everybody would be called",
                          "name its binding: \"readiness\": { \"suppression\": \"do-not-call\" }, "
                          "or give every section the direction \"inbound\"",
                          findings, err));
    if (!json_at(document, "/readiness/schedule"))
        TRY(report_absent(subject, "readiness.schedule-missing", pointer,
                          "no hours are named, so calls would be placed at any time",
                          "write the windows in which calls may be placed into "
                          "\"readiness\": { \"schedule\": […] }",
                          findings, err));
    return STATUS_OK;
}

static bool is_blank(const struct content_view *view)
{
    for (uint64_t i = 0; i < view->size_bytes; i++)
        if (!strchr(" \t\r\n", view->bytes[i]))
            return false;
    return true;
}

static enum status check_fallback(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err)
{
    const char *path = json_string(json_at(subject->manifest->document, "/fallback/file"));
    const struct content_file *file = path ? content_find(subject->content, path) : NULL;
    if (!path)
        return report_absent(subject, "readiness.fallback-missing", "",
                             "there is no fallback for a call on which the prompt cannot be "
                             "rendered",
                             "write one sentence that ends the call well, and name its file: "
                             "\"fallback\": { \"file\": \"sections/fallback.md\" }",
                             findings, err);
    if (!file) // the manifest's own validation says it
        return STATUS_OK;
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    struct finding_draft draft = { .severity = manifest_note_severity(subject),
                                   .rule = "readiness.fallback-empty",
                                   .file = path,
                                   .line = 1,
                                   .column = 1,
                                   .mend = "write one sentence that ends the call well" };
    if (is_blank(&view))
        return finding_add(findings, &draft, err, "the fallback says nothing");
    size_t characters = text_count_code_points(view.bytes, (size_t)view.size_bytes);
    if (characters <= MAX_FALLBACK_CHARACTERS)
        return STATUS_OK;
    draft.severity = SEVERITY_WARNING;
    draft.rule = "readiness.fallback-long";
    draft.mend = "say what the caller needs to know to hang up without a worry, no more";
    return finding_add(findings, &draft, err, "the fallback has %zu characters, %d is the most",
                       characters, MAX_FALLBACK_CHARACTERS);
}

static enum status check_prompt(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err)
{
    struct prompt_sections sections OWNED(prompt_sections_release) = { 0 };
    TRY(prompt_sections_read(&sections, subject, err));
    TRY(readiness_disclosure_check(subject, &sections, findings, err));
    TRY(check_outbound(subject, findings, err));
    TRY(readiness_schedule_check(subject, findings, err));
    return check_fallback(subject, findings, err);
}

// --- tools ---

static enum status check_tool(const struct check_subject *subject, struct finding_list *findings,
                              struct error *err)
{
    const struct json *document = subject->manifest->document;
    const char *effect = json_get_string(document, "side_effect", NULL);
    if (!effect)
        return manifest_note_add(subject, findings,
                                 &(struct manifest_note) {
                                     SEVERITY_NOTE, "readiness.side-effect-undeclared", "",
                                     "write \"side_effect\": \"read\", \"write\", \"crm-write\" or "
                                     "\"call-control\"" },
                                 err, "nobody can tell whether a call changes anything");
    if (strcmp(effect, "read") == 0)
        return STATUS_OK;
    if (!json_get(document, "timeout_ms"))
        TRY(report_absent(subject, "readiness.timeout-missing", "/side_effect",
                          "the tool changes something, and nothing says how long the caller waits",
                          "write \"timeout_ms\", in milliseconds; a caller is silent for that long",
                          findings, err));
    if (!json_get(document, "idempotency"))
        TRY(report_absent(subject, "readiness.idempotency-missing", "/side_effect",
                          "the tool changes something, and nothing says what a second call does",
                          "write \"idempotency\": \"none\", \"natural\" or \"key\"", findings,
                          err));
    return STATUS_OK;
}

enum status check_readiness_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err)
{
    return subject->manifest->id.kind == KIND_TOOL ? check_tool(subject, findings, err)
                                                   : check_prompt(subject, findings, err);
}
