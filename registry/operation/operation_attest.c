// attest: a person's word that a checklist item holds.
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_caller.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/attestation.h"
#include "release/draft.h"
#include "trust/hash.h"

// What is attested, of what.
struct subject {
    struct artifact_id id; // version 0: the environment
    struct digest digest;
    const char *item;
    char folder[ID_TEXT_BYTES];
};

// With --environment its value is the item; otherwise the words are the draft and the item.
static enum status read_subject(struct subject *out, struct operation_call *call, struct error *err)
{
    const char *environment = json_get_string(call->input, "environment", NULL);
    const char *artifact = json_get_string(call->input, "artifact", NULL);
    struct draft draft OWNED(draft_release) = { 0 };
    *out = (struct subject) { .item = json_get_string(call->input, "item", NULL) };
    if (json_get(call->input, "destination") && (!environment || artifact)) {
        error_set(err, STATUS_INVALID, "subject_missing",
                  "--destination goes with --environment ITEM");
        return error_hint(err, "what a binding means is attested of the environment");
    }
    if (environment && !operation_caller_covers_all(call))
        return error_set(err, STATUS_FORBIDDEN, "scope_missing",
                         "this key is for some artifacts only, not for the environment");
    if (environment && !artifact) {
        out->item = environment;
        memcpy(out->folder, EVIDENCE_ENVIRONMENT_FOLDER, sizeof(EVIDENCE_ENVIRONMENT_FOLDER));
        return STATUS_OK;
    }
    if (environment || !artifact || !out->item) {
        error_set(err, STATUS_INVALID, "subject_missing", "say what is attested of what");
        return error_hint(err, "`greenroom attest KIND/NAME@V ITEM`, or `greenroom attest "
                               "--environment ITEM`");
    }
    TRY(id_parse_version(&out->id, artifact, err));
    TRY(draft_read(&draft, call->environment, &out->id, err));
    out->digest = draft.digest;
    evidence_folder(&out->id, out->folder);
    return STATUS_OK;
}

static enum status check_item(const char *item, struct error *err)
{
    struct artifact_id word = { 0 };
    if (!strchr(item, '/') && id_set_name(&word, item, err) == STATUS_OK)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "item_invalid", "'%.80s' is not a checklist item", item);
    return error_hint(err, "`greenroom status` lists the items");
}

static enum status print(struct buffer *out, const struct subject *subject,
                         struct operation_call *call, struct error *err)
{
    const char *expires = json_get_string(call->input, "expires", NULL);
    bool of_environment = subject->id.version == 0;
    struct digest unused;
    int64_t seconds;
    struct attestation attestation = { .item = subject->item,
                                       .id = of_environment ? NULL : &subject->id,
                                       .digest = of_environment ? NULL : &subject->digest,
                                       .destination =
                                           json_get_string(call->input, "destination", NULL),
                                       .author = call->actor,
                                       .note = json_get_string(call->input, "note", NULL),
                                       .time = live_signer_time(call->signer),
                                       .expires = INT64_MAX,
                                       .files = &call->content };
    if (expires) {
        TRY(clock_parse_duration(&seconds, expires, err));
        attestation.expires = attestation.time + seconds;
    }
    TRY(hash_content(&unused, &call->content, err));
    return attestation_print(out, &attestation, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct subject subject;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    char name[EVIDENCE_NAME_BYTES];
    TRY(read_subject(&subject, call, err));
    TRY(check_item(subject.item, err));
    TRY(print(&text, &subject, call, err));
    if (call->signer)
        TRY(live_signer_sign(call->signer, ATTESTATION_NAMESPACE, subject.item, &text, &signature,
                             err));
    struct change_message_item about = { subject.id, subject.digest };
    struct change_message message = { .operation = "attest",
                                      .items = &about,
                                      .count = subject.id.version != 0,
                                      .actor = call->actor,
                                      .reason = subject.item };
    struct evidence_addition addition = { .folder = subject.folder,
                                          .type = EVIDENCE_ATTESTATION,
                                          .text = text.bytes,
                                          .signature = call->signer ? signature.bytes : NULL,
                                          .attached = &call->content,
                                          .message = &message };
    TRY(evidence_add(call->environment, &addition, name, err));
    call->output = json_new_object();
    json_set_string(call->output, "record", name);
    json_set_string(call->output, "folder", subject.folder);
    json_set_string(call->output, "item", subject.item);
    if (json_get(call->input, "destination"))
        json_set_string(call->output, "destination",
                        json_get_string(call->input, "destination", ""));
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, false },
    { "item", NULL, "ITEM", "the checklist item, as `greenroom status` names it", FIELD_TEXT,
      false },
    { "environment", "--environment", "ITEM", "attest an item of the environment instead",
      FIELD_TEXT, false },
    { "destination", "--destination", "VALUE",
      "with --environment: it is about this value of a binding, a webhook's URL say", FIELD_TEXT,
      false },
    { "files", "--file", "F", "keep this file as evidence; may be repeated", FIELD_FILES, false },
    { "note", "--note", "TEXT", "what was looked at", FIELD_TEXT, false },
    { "expires", "--expires", "30d", "when it ends (at the latest when the policy says)",
      FIELD_TEXT, false },
    { "sign-with", "--sign-with", "SSH-KEY", "sign it, where the policy asks for that",
      FIELD_SIGNER, false },
    { 0 },
};

const struct operation operation_attest = {
    .name = "attest",
    .summary = "give your word that a checklist item holds",
    .roles = ROLE_AUTHOR | ROLE_APPROVER | ROLE_OPERATOR,
    .classes = ENVIRONMENT_SANDBOX,
    .is_scoped = true,
    .elsewhere = "evidence is gathered in the sandbox and travels with the release",
    .writes = true,
    .fields = fields,
    .run = run,
};
