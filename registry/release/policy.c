// Policies that come with the program.
#include "release/policy.h"

#include <string.h>

#include "artifact/schema.h"
#include "artifact/zone.h"
#include "base/buffer.h"
#include "base/embedded.h"
#include "base/memory.h"

enum status policy_find(const char **out_text, const char *name, struct error *err)
{
    struct buffer file OWNED(buffer_release) = { 0 };
    buffer_append_format(&file, "policy-%s.json", name);
    TRY(buffer_check(&file, err));
    const struct embedded_file *found = embedded_find(file.bytes);
    if (!found) {
        error_set(err, STATUS_NOT_FOUND, "policy_unknown", "there is no policy named '%.60s'",
                  name);
        return error_hint(err, "use standard, minimal, or a file of your own");
    }
    *out_text = found->bytes;
    return STATUS_OK;
}

// What a failed assertion becomes.
struct reporting {
    const char *text;
    size_t length;
    struct finding_list *findings;
    struct error *err;
    enum status status;
};

static void report(void *context, const struct schema_failure *failure)
{
    struct reporting *reporting = context;
    struct json_span span = { 0 };
    (void)json_locate(&span, reporting->text, reporting->length, failure->instance_pointer);
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = "policy.schema",
                                   .file = "policy.json",
                                   .line = span.line,
                                   .column = span.column,
                                   .mend = "docs/reference/policy.md says what a policy may hold" };
    if (reporting->status == STATUS_OK)
        reporting->status =
            finding_add(reporting->findings, &draft, reporting->err, "%s: %s",
                        *failure->instance_pointer ? failure->instance_pointer : "the policy",
                        failure->message);
}

static enum status validate(const struct json *policy, struct reporting *reporting,
                            struct error *err)
{
    const struct embedded_file *file = embedded_find("policy.schema.json");
    struct json *document OWNED(json_release) = NULL;
    struct schema *schema OWNED(schema_release) = NULL;
    TRY(json_parse(&document, file->bytes, file->size_bytes, err));
    TRY(schema_compile(&schema, document, NULL, err));
    enum status status = schema_validate(schema, "", policy, report, reporting, err);
    TRY(reporting->status);
    if (status != STATUS_REFUSED)
        return status;
    error_set(err, STATUS_REFUSED, "policy_invalid", "this is not a valid policy");
    return error_hint(err, "each finding says what is wrong where");
}

static bool has_stage(const struct json *policy, const char *id)
{
    for (const struct json *stage = json_first(json_get(policy, "stages")); stage;
         stage = json_next(stage))
        if (strcmp(json_get_string(stage, "id", ""), id) == 0)
            return true;
    return false;
}

// An item of a stage that is not there would never be asked for: a slip of the pen would weaken the
// gate.
static enum status check_stages(const struct json *policy, struct reporting *reporting,
                                struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = "policy.stage",
                                   .file = "policy.json",
                                   .mend = "name one of the policy's own stages" };
    bool all_there = true;
    for (const struct json *item = json_first(json_get(policy, "items")); item;
         item = json_next(item)) {
        const char *stage = json_get_string(item, "stage", "");
        if (has_stage(policy, stage))
            continue;
        all_there = false;
        TRY(finding_add(reporting->findings, &draft, err,
                        "the item %s is of a stage '%s' that is not there",
                        json_get_string(item, "id", ""), stage));
    }
    if (all_there)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "policy_invalid", "this is not a valid policy");
    return error_hint(err, "each finding says what is wrong where");
}

static enum status refuse(const char *rule, const char *mend, const char *message,
                          const char *subject, struct reporting *reporting, struct error *err)
{
    struct finding_draft draft = {
        .severity = SEVERITY_ERROR, .rule = rule, .file = "policy.json", .mend = mend
    };
    TRY(finding_add(reporting->findings, &draft, err, "%s: %s", subject, message));
    error_set(err, STATUS_REFUSED, "policy_invalid", "this is not a valid policy");
    return error_hint(err, "each finding says what is wrong where");
}

// What a binding means is the environment's: bound to one draft it would be asked for again and
// again, and never by `binding set`.
static enum status check_scopes(const struct json *policy, struct reporting *reporting,
                                struct error *err)
{
    for (const struct json *item = json_first(json_get(policy, "items")); item;
         item = json_next(item))
        if (json_get(item, "bindings") &&
            strcmp(json_get_string(item, "scope", ""), "environment") != 0)
            return refuse("policy.scope", "give it the scope environment",
                          "an item about bindings is about the environment",
                          json_get_string(item, "id", ""), reporting, err);
    return STATUS_OK;
}

static bool stands_in(const struct json *list, const struct json *entry)
{
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (json_equal(item, entry))
            return true;
    return false;
}

// Nothing is this environment's own and another's: whichever list is wrong would be believed.
static enum status check_zone(const struct json *policy, struct reporting *reporting,
                              struct error *err)
{
    for (enum zone_kind kind = 0; kind < ZONE_KIND_COUNT; kind++) {
        const struct json *owns = json_get(json_at(policy, "/zone/owns"), zone_kind_member(kind));
        const struct json *foreign =
            json_get(json_at(policy, "/zone/foreign"), zone_kind_member(kind));
        for (const struct json *entry = json_first(owns); entry; entry = json_next(entry))
            if (stands_in(foreign, entry))
                return refuse("policy.zone", "leave it in one of the two",
                              "it stands in zone.owns and in zone.foreign", json_string(entry),
                              reporting, err);
    }
    return STATUS_OK;
}

enum status policy_parse(struct json **out, const char *text, size_t length,
                         struct finding_list *findings, struct error *err)
{
    struct json *policy OWNED(json_release) = NULL;
    struct reporting reporting = { text, length, findings, err, STATUS_OK };
    if (json_parse(&policy, text, length, err) != STATUS_OK)
        return error_prefix(err, "policy");
    TRY(validate(policy, &reporting, err));
    TRY(check_stages(policy, &reporting, err));
    TRY(check_scopes(policy, &reporting, err));
    TRY(check_zone(policy, &reporting, err));
    *out = MOVE(policy);
    return STATUS_OK;
}
