// Checks what was handed over, or a version, and says what is wrong.
#include "operation/operation_checking.h"

#include "artifact/infer.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "operation/operation_artifacts.h"
#include "operation/operation_caller.h"
#include "operation/operation_check_target.h"
#include "operation/operation_result.h"
#include "operation/operation_source.h"
#include "operation/operation_version.h"
#include "trust/hash.h"

// One artifact to check.
static enum status check_content(const struct operation_call *call,
                                 const struct manifest_reader *manifests,
                                 const struct operation_checks_request *request,
                                 struct infer_result *artifact, struct finding_list *findings,
                                 struct error *err)
{
    struct content *content = &artifact->content;
    struct manifest manifest OWNED(manifest_release) = { 0 };
    struct digest unused;
    enum status status = manifest_reader_read(manifests, &manifest, content, findings, err);
    if (status == STATUS_OK && artifact->id.version == 0)
        artifact->id = manifest.id;
    if (status == STATUS_OK)
        status = operation_caller_covers(call, &manifest.id, err);
    if (status == STATUS_OK)
        status = content_hold(content, err);
    if (status == STATUS_OK)
        status = hash_content(&unused, content, err);
    if (status == STATUS_OK)
        status = operation_checks_run(content, &manifest, request, findings, err);
    return status == STATUS_REFUSED ? STATUS_OK : status; // the findings say it
}

// `path` stands for an artifact whose manifest does not say what it is.
static void add_artifact(struct json *list, const struct infer_result *artifact, const char *path,
                         const struct finding_list *findings)
{
    char text[ID_TEXT_BYTES];
    struct json *item = json_append_object(list);
    id_format(&artifact->id, text);
    json_set_string(item, "artifact", artifact->id.name[0] ? text : path);
    operation_result_set_findings(item, findings);
    operation_source_set_all(json_get(item, "findings"), &artifact->content);
}

// The version that the input names: from the environment, or as it was brought along from another.
static enum status take_version(struct infer_result *out, struct operation_call *call,
                                const char *subject, struct error *err)
{
    struct operation_version version OWNED(operation_version_release) = { 0 };
    if (call->content.count > 0) {
        TRY(id_parse_version(&out->id, subject, err));
        out->content = call->content;
        call->content = (struct content) { 0 };
        return STATUS_OK;
    }
    TRY(operation_version_find(&version, call, subject, err));
    TRY(operation_version_content(&out->content, call, &version, err));
    out->id = version.row.id;
    return STATUS_OK;
}

// The artifacts of what was handed over, or the one version that the input names.
static enum status gather(struct infer_results *artifacts, struct operation_call *call,
                          struct error *err)
{
    struct infer_result result = { 0 };
    const char *subject = json_get_string(call->input, "subject", NULL);
    if (!subject)
        return operation_artifacts_split(artifacts, call, err);
    TRY(memory_grow(&artifacts->items, artifacts->count, &artifacts->capacity,
                    sizeof(*artifacts->items), err));
    TRY(take_version(&result, call, subject, err));
    artifacts->items[artifacts->count++] = result;
    return STATUS_OK;
}

// For the environment that --to names, or that a version comes from; a folder alone is checked as a
// sandbox would, next to nothing.
static enum status open_target(struct operation_check_target *out, struct operation_call *call,
                               struct error *err)
{
    const char *to = json_get_string(call->input, "to", NULL);
    if (to)
        return operation_check_target_open(out, to, err);
    return call->environment ? operation_check_target_set(out, call->environment, err) : STATUS_OK;
}

// A version of an environment here, to be brought along.
static enum status take_along(struct operation_call *asked, struct operation_call *call,
                              struct json *input, const char *subject, struct error *err)
{
    struct infer_result version = { 0 };
    char id[ID_TEXT_BYTES];
    TRY(take_version(&version, call, subject, err));
    id_format(&version.id, id);
    json_set_string(input, "subject", id);
    asked->content = version.content;
    return STATUS_OK;
}

// The same, done by the environment elsewhere: what is to be checked goes there.
static enum status judge_elsewhere(struct operation_call *call, struct json *output,
                                   struct error *err)
{
    static const char *const names[] = { "path", "as" };
    struct json *input OWNED(json_release) = json_new_object();
    struct operation_call asked OWNED(
        operation_call_release) = { .actor = call->actor, .roles = call->roles, .input = input };
    const char *subject = json_get_string(call->input, "subject", NULL);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (json_get(call->input, names[i]))
            json_set(input, names[i], json_copy(json_get(call->input, names[i])));
    if (subject) {
        TRY(take_along(&asked, call, input, subject, err));
    } else {
        asked.content = call->content;
        asked.content_is_single = call->content_is_single;
        call->content = (struct content) { 0 };
    }
    TRY(call->judge(call->judge_context, &asked, err));
    const struct json *artifacts = json_get(asked.output, "artifacts");
    json_set(output, "artifacts", artifacts ? json_copy(artifacts) : json_new_array());
    json_set_bool(output, "passed", !asked.is_refusal);
    call->is_refusal = asked.is_refusal;
    return STATUS_OK;
}

enum status operation_checking_run(struct operation_call *call, struct json *output,
                                   struct error *err)
{
    if (call->judge)
        return judge_elsewhere(call, output, err);
    struct json *list = json_set_array(output, "artifacts");
    struct infer_results artifacts OWNED(infer_results_release) = { 0 };
    struct manifest_reader *manifests OWNED(manifest_reader_release) = NULL;
    struct operation_check_target target OWNED(operation_check_target_release) = { 0 };
    struct check_kit *kit OWNED(check_kit_release) = NULL;
    call->is_refusal = false;
    TRY(open_target(&target, call, err));
    struct operation_checks_request request = operation_check_target_request(&target);
    TRY(check_kit_new(&kit, err));
    request.kit = kit;
    TRY(gather(&artifacts, call, err));
    TRY(manifest_reader_new(&manifests, err));
    for (size_t i = 0; i < artifacts.count; i++) {
        struct infer_result *artifact = &artifacts.items[i];
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        TRY(check_content(call, manifests, &request, artifact, &findings, err));
        add_artifact(list, artifact, json_get_string(call->input, "path", MANIFEST_PATH),
                     &findings);
        call->is_refusal = call->is_refusal || finding_has_errors(&findings);
    }
    json_set_bool(output, "passed", !call->is_refusal);
    return STATUS_OK;
}
