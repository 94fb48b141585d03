// audit: what happened, who did it, and whether the log is whole.
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "ledger/audit.h"
#include "operation/operation_rows.h"
#include "release/audit_anchor.h"
#include "release/audit_log.h"

// What is asked for; NULL: everything.
struct filter {
    const char *since;
    const char *actor;
    const char *artifact;
    struct json *output;
};

static bool names_artifact(const struct json *entry, const char *pattern)
{
    for (const struct json *item = json_first(json_get(entry, "artifacts")); item;
         item = json_next(item)) {
        const char *text = json_string(item);
        size_t length = strlen(pattern);
        if (text && (text_matches(pattern, text) ||
                     (strncmp(text, pattern, length) == 0 && text[length] == '@')))
            return true;
    }
    return false;
}

static enum status add_row(void *context, const struct audit_row *row, struct error *err)
{
    struct filter *filter = context;
    struct json *entry OWNED(json_release) = NULL;
    char hash[DIGEST_TEXT_BYTES];
    TRY(json_parse(&entry, row->entry, strlen(row->entry), err));
    if (filter->since && strcmp(json_get_string(entry, "time", ""), filter->since) < 0)
        return STATUS_OK;
    if (filter->actor && !text_matches(filter->actor, json_get_string(entry, "actor", "")))
        return STATUS_OK;
    if (filter->artifact && !names_artifact(entry, filter->artifact))
        return STATUS_OK;
    digest_format(&row->hash, hash);
    json_set_integer(entry, "sequence", row->sequence);
    json_set_string(entry, "hash", hash);
    json_append(filter->output, MOVE(entry));
    return STATUS_OK;
}

static enum status check_chain(struct operation_call *call, struct error *err)
{
    int64_t count;
    TRY(audit_log_verify(call->environment, &call->findings, &count, err));
    TRY(audit_anchor_verify(call->environment, &call->findings, err));
    if (!finding_has_errors(&call->findings))
        return STATUS_OK;
    error_set(err, STATUS_DAMAGED, "audit_damaged", "the audit of %s was changed",
              call->environment->label);
    return error_hint(err, "each finding names the row; compare the ledger with a backup");
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct filter filter = { .since = json_get_string(call->input, "since", NULL),
                             .actor = json_get_string(call->input, "who", NULL),
                             .artifact = json_get_string(call->input, "artifact", NULL) };
    int64_t unused;
    if (filter.since)
        TRY(clock_parse(&unused, filter.since, err));
    if (json_get_string(call->input, "verify", NULL))
        TRY(check_chain(call, err));
    call->output = json_new_array();
    filter.output = call->output;
    return audit_each(call->environment->ledger, 1, add_row, &filter, err);
}

static const struct operation_field fields[] = {
    { "since", "--since", "TIME", "only from then on, e.g. 2026-11-23T00:00:00Z", FIELD_TEXT,
      false },
    { "who", "--actor", "PATTERN", "only what these people did, e.g. '*@example.com>'", FIELD_TEXT,
      false },
    { "artifact", "--artifact", "KIND/NAME", "only what was done to it", FIELD_TEXT, false },
    { "verify", "--verify", "", "check the chain first; names the row that does not fit",
      FIELD_SWITCH, false },
    { 0 },
};

const struct operation operation_audit = {
    .name = "audit",
    .summary = "show what happened and who did it",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .fields = fields,
    .run = run,
};
