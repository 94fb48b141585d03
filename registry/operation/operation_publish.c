// publish: drafts into a sandbox.
#include <stdlib.h>
#include <string.h>

#include "artifact/infer.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "operation/operation_artifacts.h"
#include "operation/operation_caller.h"
#include "operation/operation_check_target.h"
#include "operation/operation_checks.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/publish.h"
#include "trust/hash.h"

// What is to be published, checked and hashed before the sandbox is locked.
struct publication {
    struct infer_results artifacts;
    struct publish_submission *submissions;
    struct manifest_reader *manifests;
    struct operation_check_target target; // the sandbox
    struct check_kit *kit;
    struct finding_list *findings; // one list an artifact
};

static void free_publication(void *state)
{
    struct publication *publication = state;
    for (size_t i = 0; publication->findings && i < publication->artifacts.count; i++)
        finding_list_release(&publication->findings[i]);
    infer_results_release(&publication->artifacts);
    manifest_reader_free(publication->manifests);
    check_kit_free(publication->kit);
    operation_check_target_release(&publication->target);
    free(publication->submissions);
    free(publication->findings);
    free(publication);
}

static enum status check_name(const struct operation_call *call, const struct manifest *manifest,
                              bool inferred, struct error *err)
{
    const char *as = json_get_string(call->input, "as", NULL);
    struct artifact_id id;
    char text[ID_TEXT_BYTES];
    if (!as || inferred)
        return STATUS_OK;
    TRY(id_parse_bare(&id, as, err));
    if (id_same_artifact(&id, &manifest->id))
        return STATUS_OK;
    id_format_bare(&manifest->id, text);
    error_set(err, STATUS_CONFLICT, "name_mismatch", MANIFEST_PATH " names %s, not %s", text, as);
    return error_hint(err, "leave --as out, or change kind and name in " MANIFEST_PATH);
}

static enum status check_artifact(struct publication *publication, size_t index,
                                  const struct operation_call *call, bool inferred,
                                  struct error *err)
{
    struct infer_result *artifact = &publication->artifacts.items[index];
    struct publish_submission *submission = &publication->submissions[index];
    struct manifest manifest OWNED(manifest_release) = { 0 };
    TRY(manifest_reader_read(publication->manifests, &manifest, &artifact->content,
                             &publication->findings[index], err));
    TRY(check_name(call, &manifest, inferred, err));
    TRY(operation_caller_covers(call, &manifest.id, err));
    submission->id = manifest.id;
    submission->content = &artifact->content;
    TRY(content_hold(&artifact->content, err));
    TRY(hash_content(&submission->digest, &artifact->content, err));
    struct operation_checks_request request = operation_check_target_request(&publication->target);
    request.kit = publication->kit;
    return operation_checks_run(&artifact->content, &manifest, &request,
                                &publication->findings[index], err);
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct publication *publication = NULL;
    TRY(memory_new(&publication, 1, sizeof(*publication), err));
    call->state = publication;
    call->free_state = free_publication;
    bool inferred = !content_find(&call->content, MANIFEST_PATH);
    TRY(operation_artifacts_split(&publication->artifacts, call, err));
    size_t count = publication->artifacts.count;
    TRY(memory_new(&publication->submissions, count, sizeof(*publication->submissions), err));
    TRY(manifest_reader_new(&publication->manifests, err));
    TRY(check_kit_new(&publication->kit, err));
    TRY(operation_open(call, err));
    TRY(operation_check_target_set(&publication->target, call->environment, err));
    TRY(memory_new(&publication->findings, count, sizeof(*publication->findings), err));
    for (size_t i = 0; i < count; i++) {
        enum status status = check_artifact(publication, i, call, inferred, err);
        if (status == STATUS_OK)
            continue;
        call->findings = publication->findings[i]; // what a refusal shows
        publication->findings[i] = (struct finding_list) { 0 };
        return status;
    }
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct publication *publication = call->state;
    size_t count = publication->artifacts.count;
    TRY(publish_drafts(call->environment, publication->submissions, count, call->actor,
                       json_get_string(call->input, "note", NULL), err));
    call->output = json_new_object();
    struct json *artifacts = json_set_array(call->output, "artifacts");
    for (size_t i = 0; i < count; i++) {
        const struct publish_submission *submission = &publication->submissions[i];
        struct json *item = json_append_object(artifacts);
        operation_result_set_version(item, &submission->id, &submission->digest);
        json_set_string(item, "state", submission->is_new ? "new" : "unchanged");
        operation_result_set_findings(item, &publication->findings[i]);
    }
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "path", NULL, "PATH",
      "a folder, .tar.gz, .tar.zst or .zip, a single file with --as, or - for an archive on "
      "standard input",
      FIELD_CONTENT, true },
    { "as", "--as", "KIND/NAME", "the artifact's name, where PATH has no " MANIFEST_PATH,
      FIELD_TEXT, false },
    { "note", "-m", "NOTE", "what changed, for those who read the log", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_publish = {
    .name = "publish",
    .summary = "publish a draft into a sandbox",
    .roles = ROLE_AUTHOR,
    .classes = ENVIRONMENT_SANDBOX,
    .is_scoped = true,
    .elsewhere = "drafts are never published into a live environment: publish into a sandbox, then "
                 "`greenroom promote` from it",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
