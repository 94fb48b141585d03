// waive: what a check found in an artifact was reviewed, and may pass.
#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/control.h"
#include "release/control_edit.h"
#include "release/waiver.h"

#define WAIVER_DEFAULT_EXPIRES "90d" // then somebody looks again

static enum status make_document(struct json **out, const struct artifact_id *id,
                                 const struct operation_call *call, struct error *err)
{
    const char *rule = json_get_string(call->input, "rule", "");
    char bare[ID_TEXT_BYTES];
    int64_t span;
    TRY(waiver_check_rule(rule, err));
    TRY(clock_parse_duration(&span, json_get_string(call->input, "expires", WAIVER_DEFAULT_EXPIRES),
                             err));
    id_format_bare(id, bare);
    *out = json_new_object();
    json_set_string(*out, "artifact", bare);
    json_set_string(*out, "rule", rule);
    json_set_string(*out, "path", json_get_string(call->input, "path", "*"));
    json_set_string(*out, "actor", call->actor);
    json_set_string(*out, "reason", json_get_string(call->input, "reason", ""));
    operation_result_set_time(*out, "expires", live_signer_time(call->signer) + span);
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct artifact_id id;
    struct control control OWNED(control_release) = { 0 };
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer subject OWNED(buffer_release) = { 0 };
    if (call->environment->identity.environment_class == ENVIRONMENT_LIVE && !call->signer) {
        error_set(err, STATUS_INVALID, "signature_missing",
                  "what the gate finds is waived with a signature");
        return error_hint(err, "name an approver's key with --sign-with");
    }
    TRY(id_parse_bare(&id, json_get_string(call->input, "artifact", ""), err));
    TRY(make_document(&call->output, &id, call, err));
    TRY(control_read(&control, call->environment->store, err));
    buffer_append_format(&path, "waivers/%s/%s/%04zu.json", id_kind_word(id.kind), id.name,
                         control.waiver_count + 1);
    buffer_append_format(&subject, "waive: %s for %s", json_get_string(call->input, "rule", ""),
                         json_get_string(call->input, "artifact", ""));
    TRY(buffer_check(&path, err));
    TRY(buffer_check(&subject, err));
    TRY(json_print_pretty(&text, call->output, err));
    struct control_edit edit = { path.bytes, text.bytes };
    struct change_message message = { .operation = "waive",
                                      .subject = subject.bytes,
                                      .actor = call->actor,
                                      .reason = json_get_string(call->input, "reason", NULL) };
    return control_edit_signed(call->environment, &control, &edit, 1, &message, call->signer, err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME", "the artifact", FIELD_TEXT, true },
    { "rule", NULL, "RULE", "e.g. personal-data.phone, or personal-data.*", FIELD_TEXT, true },
    { "path", "--path", "GLOB", "only in these files (default: all of them)", FIELD_TEXT, false },
    { "reason", "--reason", "TEXT", "why it may pass, for those who read it", FIELD_TEXT, true },
    { "expires", "--expires", "90d", "when somebody has to look again", FIELD_TEXT, false },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key; required in a live environment",
      FIELD_SIGNER, false },
    { 0 },
};

const struct operation operation_waive = {
    .name = "waive",
    .summary = "let what a check found in an artifact pass, after review",
    .roles = ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .writes = true,
    .fields = fields,
    .run = run,
};
