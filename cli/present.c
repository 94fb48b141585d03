// Results for people.
#include "present.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "present_control.h"
#include "present_draft.h"
#include "present_release.h"

const char *present_text(const struct json *object, const char *key)
{
    return json_get_string(object, key, "");
}

long long present_number(const struct json *object, const char *key)
{
    return (long long)json_get_integer(object, key, 0);
}

void present_error(const struct error *err)
{
    bool colour = isatty(STDERR_FILENO);
    fprintf(stderr, "%sgreenroom:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "",
            err->message);
    if (err->hint[0])
        fprintf(stderr, "  %s\n", err->hint);
}

static void print_finding(FILE *out, const struct finding *finding)
{
    if (finding->file[0])
        fprintf(out, "%s:", finding->file);
    if (finding->line > 0)
        fprintf(out, "%u:%u:", finding->line, finding->column);
    fprintf(out, "%s%s: %s [%s]\n", finding->file[0] ? " " : "",
            finding_severity_word(finding->severity), finding->message, finding->rule);
    if (finding->mend[0])
        fprintf(out, "    %s\n", finding->mend);
}

void present_findings(const struct finding_list *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity != SEVERITY_NOTE) // `check` is the place for notes
            print_finding(stderr, &findings->items[i]);
}

// The line that a finding is about, and a caret below its column. Tabs stay tabs, so that it stands
// where it should.
static void print_source(const struct json *item)
{
    const char *source = json_get_string(item, "source", NULL);
    if (!source)
        return;
    fprintf(stderr, "    | %s\n    | ", source);
    long long column = present_number(item, "column");
    for (const char *at = source; *at && column > 1; at++)
        if (((unsigned char)*at & 0xC0) != 0x80) { // one code point further
            fputc(*at == '\t' ? '\t' : ' ', stderr);
            column--;
        }
    fputs("^\n", stderr);
}

void present_findings_json(const struct json *list, bool with_notes)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (!with_notes && strcmp(present_text(item, "severity"), "note") == 0)
            continue;
        if (*present_text(item, "file"))
            fprintf(stderr, "%s:%lld:%lld: ", present_text(item, "file"),
                    present_number(item, "line"), present_number(item, "column"));
        fprintf(stderr, "%s: %s [%s]\n", present_text(item, "severity"),
                present_text(item, "message"), present_text(item, "rule"));
        print_source(item);
        if (*present_text(item, "mend"))
            fprintf(stderr, "    %s\n", present_text(item, "mend"));
    }
}

static const struct {
    const char *operation;
    void (*present)(const struct json *output);
} presenters[] = {
    { "init", present_draft_init },
    { "check", present_draft_check },
    { "waive", present_release_waiver },
    { "publish", present_draft_publish },
    { "list", present_draft_rows },
    { "log", present_draft_rows },
    { "show", present_draft_show },
    { "diff", present_draft_diff },
    { "attest", present_release_record },
    { "status", present_release_status },
    { "approve", present_release_record },
    { "reject", present_release_record },
    { "withdraw-approval", present_release_record },
    { "plan", present_release_plan },
    { "promote", present_release_promote },
    { "seal", present_release_seal },
    { "admit", present_release_promote },
    { "rollback", present_release_withdraw },
    { "quarantine", present_release_withdraw },
    { "hold", present_release_hold },
    { "lift", present_release_hold },
    { "approver add", present_control_approver },
    { "approver list", present_control_approvers },
    { "approver remove", present_control_removed },
    { "policy show", present_control_policy },
    { "policy set", present_control_policy },
    { "policy diff", present_control_policy_diff },
    { "binding set", present_control_bindings },
    { "binding list", present_control_bindings },
    { "key create", present_control_key_create },
    { "key list", present_control_keys },
    { "key revoke", present_control_key },
    { "audit", present_control_audit },
    { "verify", present_control_verify },
    { "reindex", present_control_reindex },
};

void present_result(const struct operation *operation, const struct json *output,
                    const char *output_path)
{
    for (size_t i = 0; i < COUNT_OF(presenters); i++)
        if (strcmp(presenters[i].operation, operation->name) == 0)
            presenters[i].present(output);
    if (output_path && json_get(output, "artifact"))
        printf("%s@%lld  %.*s  written to %s\n", present_text(output, "artifact"),
               present_number(output, "version"), PRESENT_DIGEST_BYTES,
               present_text(output, "digest"), output_path);
}
