// What promote, admit and plan share.
#include "operation/operation_admission.h"

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_caller.h"
#include "operation/operation_result.h"
#include "release/admit.h"

static void set_releases(struct json *output, const struct seal *seal,
                         const struct admit_result *result)
{
    char commit[OID_TEXT_BYTES];
    oid_format(&result->commit, commit);
    json_set_string(output, "commit", commit);
    struct json *releases = json_set_array(output, "releases");
    for (size_t i = 0; i < seal->count; i++) {
        char name[STORE_REF_BYTES];
        struct json *release = json_append_object(releases);
        verify_tag_name(&seal->items[i].id, name);
        operation_result_set_version(release, &seal->items[i].id, &seal->items[i].digest);
        json_set_string(release, "tag", name);
        json_set_string(release, "state", result->items[i].is_unchanged ? "unchanged" : "live");
    }
}

// The reason of an emergency stands in lists, logs, commits and the audit: it is said so that
// nobody reads over it, and until when the regular approvals have to be made up for.
static enum status announce_emergency(struct buffer *out, const struct operation_call *call,
                                      const char *emergency, int64_t *out_until, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    struct error ignored; // a policy without break_glass is refused by the gate
    int64_t span = 0;
    char until[CLOCK_TEXT_BYTES];
    if (!emergency)
        return STATUS_OK;
    TRY(control_read(&control, call->environment->store, err));
    (void)clock_parse_duration(
        &span, json_get_string(json_get(control.policy, "break_glass"), "open_for", ""), &ignored);
    *out_until = live_signer_time(call->signer) + span;
    clock_format(*out_until, until);
    if (*emergency)
        buffer_append_format(out, "BREAK-GLASS, open until %s: %s", until, emergency);
    return buffer_check(out, err);
}

enum status operation_admission_run(struct operation_call *call, const char *operation,
                                    const struct seal *seal, struct error *err)
{
    const char *emergency = json_get_string(call->input, "break-glass", NULL);
    for (size_t i = 0; i < seal->count; i++)
        TRY(operation_caller_covers(call, &seal->items[i].id, err));
    struct buffer loud OWNED(buffer_release) = { 0 };
    int64_t until = 0;
    TRY(announce_emergency(&loud, call, emergency, &until, err));
    struct admit_result result OWNED(admit_result_release) = { 0 };
    struct admit_request request = { .seal = seal,
                                     .operation = operation,
                                     .actor = call->actor,
                                     .reason = emergency
                                                   ? buffer_text(&loud)
                                                   : json_get_string(call->input, "reason", NULL),
                                     .break_glass = emergency != NULL,
                                     .emergency_until = until,
                                     .signer = call->signer,
                                     .second_signer = call->second_signer };
    TRY(admit_releases(call->environment, &request, &call->findings, &result, err));
    call->output = json_new_object();
    set_releases(call->output, seal, &result);
    return STATUS_OK;
}
