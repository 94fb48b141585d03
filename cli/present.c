// Results for people.
#include "present.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "operation/operation_result.h"
#include "present_author.h"
#include "present_backup.h"
#include "present_control.h"
#include "present_draft.h"
#include "present_release.h"
#include "present_zone.h"
#include "printable.h"

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
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer hint OWNED(buffer_release) = { 0 };
    printable_append(&message, err->message);
    printable_append(&hint, err->hint);
    fprintf(stderr, "%sgreenroom:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "",
            buffer_text(&message));
    if (hint.length > 0)
        fprintf(stderr, "  %s\n", buffer_text(&hint));
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

static void print_place(const struct json *item)
{
    if (!*present_text(item, "file"))
        return;
    fprintf(stderr, "%s:", present_text(item, "file"));
    if (present_number(item, "line") > 0)
        fprintf(stderr, "%lld:%lld:", present_number(item, "line"), present_number(item, "column"));
    fputc(' ', stderr);
}

void present_findings_json(const struct json *list, bool with_notes)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (!with_notes && strcmp(present_text(item, "severity"), "note") == 0)
            continue;
        print_place(item);
        fprintf(stderr, "%s: %s [%s]\n", present_text(item, "severity"),
                present_text(item, "message"), present_text(item, "rule"));
        print_source(item);
        if (*present_text(item, "mend"))
            fprintf(stderr, "    %s\n", present_text(item, "mend"));
    }
}

void present_findings(const struct finding_list *findings)
{
    struct json *document OWNED(json_release) = json_new_object();
    operation_result_set_findings(document, findings);
    struct json *shown OWNED(json_release) = printable_copy(json_get(document, "findings"));
    present_findings_json(shown, false); // `check` is the place for notes
}

static const struct {
    const char *operation;
    void (*present)(const struct json *output);
} presenters[] = {
    { "init", present_draft_init },
    { "check", present_draft_check },
    { "new", present_author_new },
    { "pii scan", present_author_pii },
    { "mask", present_author_mask },
    { "schema validate", present_author_schema },
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
    { "environment show", present_zone_show },
    { "environment compare", present_zone_compare },
    { "environment describe", present_zone_described },
    { "key create", present_control_key_create },
    { "key list", present_control_keys },
    { "key revoke", present_control_key },
    { "audit", present_control_audit },
    { "audit restart", present_control_restart },
    { "receipts", present_control_receipts },
    { "verify", present_control_verify },
    { "reindex", present_control_reindex },
    { "backup", present_backup_made },
    { "restore", present_backup_restored },
};

void present_result(const struct operation *operation, const struct json *output,
                    const char *output_path)
{
    struct json *shown OWNED(json_release) = printable_copy(output);
    for (size_t i = 0; i < COUNT_OF(presenters); i++)
        if (strcmp(presenters[i].operation, operation->name) == 0)
            presenters[i].present(shown);
    if (output_path && json_get(output, "digest"))
        printf("%s@%lld  %.*s  written to %s\n", present_text(output, "artifact"),
               present_number(output, "version"), PRESENT_DIGEST_BYTES,
               present_text(output, "digest"), output_path);
}

void present_announcement(void *unused, const struct json *changes)
{
    (void)unused;
    struct json *shown OWNED(json_release) = printable_copy(changes);
    present_release_changes(shown);
}
