// check: what the checks say of a folder, a file, or a version.
#include <stdlib.h>
#include <string.h>

#include "archive/archive_writer.h"
#include "artifact/infer.h"
#include "artifact/manifest.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "operation/operation_artifacts.h"
#include "operation/operation_check_target.h"
#include "operation/operation_checks.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_sarif.h"
#include "operation/operation_source.h"
#include "operation/operation_version.h"
#include "trust/hash.h"

// The page of a rule's check: "personal-data.email" is explained by personal-data.md.
static enum status explain(struct operation_call *call, const char *rule, struct error *err)
{
    struct buffer file OWNED(buffer_release) = { 0 };
    buffer_append(&file, rule, strcspn(rule, "."));
    buffer_append_text(&file, ".md");
    TRY(buffer_check(&file, err));
    const struct embedded_file *page = embedded_find(file.bytes);
    if (!page) {
        error_set(err, STATUS_NOT_FOUND, "rule_unknown", "there is no page about '%.80s'", rule);
        return error_hint(err,
                          "a finding ends with its rule in brackets, e.g. [tool-schema.example]");
    }
    call->output = json_new_object();
    json_set_string(call->output, "rule", rule);
    json_set_string(call->output, "page", page->bytes);
    return STATUS_OK;
}

// One artifact to check.
static enum status check_content(const struct manifest_reader *manifests,
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

// The artifacts of what was handed over, or the one version that the input names.
static enum status gather(struct infer_results *artifacts, struct operation_call *call,
                          struct error *err)
{
    struct operation_version version OWNED(operation_version_release) = { 0 };
    struct infer_result result = { 0 };
    if (json_get(call->input, "path"))
        return operation_artifacts_split(artifacts, call, err);
    TRY(operation_version_find(&version, call, json_get_string(call->input, "subject", ""), err));
    TRY(memory_grow(&artifacts->items, artifacts->count, &artifacts->capacity,
                    sizeof(*artifacts->items), err));
    TRY(operation_version_content(&result.content, call, &version, err));
    result.id = version.row.id;
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

static enum status check_all(struct operation_call *call, struct json *list, struct error *err)
{
    struct infer_results artifacts OWNED(infer_results_release) = { 0 };
    struct manifest_reader *manifests OWNED(manifest_reader_release) = NULL;
    struct operation_check_target target OWNED(operation_check_target_release) = { 0 };
    TRY(open_target(&target, call, err));
    struct operation_checks_request request = operation_check_target_request(&target);
    TRY(gather(&artifacts, call, err));
    TRY(manifest_reader_new(&manifests, err));
    for (size_t i = 0; i < artifacts.count; i++) {
        struct infer_result *artifact = &artifacts.items[i];
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        TRY(check_content(manifests, &request, artifact, &findings, err));
        add_artifact(list, artifact, json_get_string(call->input, "path", ""), &findings);
        call->is_refusal = call->is_refusal || finding_has_errors(&findings);
    }
    return STATUS_OK;
}

// What the findings' files stand in, as seen from where the command runs; "" for an archive.
static const char *folder_of(const struct operation_call *call)
{
    enum archive_format unused;
    struct error no_archive;
    const char *path = json_get_string(call->input, "path", "");
    bool is_folder = !call->content_is_single && strcmp(path, "-") != 0 &&
                     archive_writer_format_of(&unused, path, &no_archive) != STATUS_OK;
    return is_folder ? path : "";
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *rule = json_get_string(call->input, "explain", NULL);
    if (rule)
        return explain(call, rule, err);
    if (!json_get(call->input, "path") && !json_get(call->input, "subject")) {
        error_set(err, STATUS_INVALID, "subject_missing", "say what is to be checked");
        return error_hint(err, "name a folder, a file with --as, or KIND/NAME[@V]");
    }
    call->output = json_new_object();
    TRY(check_all(call, json_set_array(call->output, "artifacts"), err));
    json_set_bool(call->output, "passed", !call->is_refusal);
    if (!json_get(call->input, "sarif"))
        return STATUS_OK;
    struct json *sarif = operation_sarif_document(call->output, folder_of(call));
    json_free(call->output);
    call->output = sarif;
    return sarif ? STATUS_OK : error_no_memory(err);
}

static const struct operation_field fields[] = {
    { "subject", NULL, "PATH|KIND/NAME[@V]",
      "a folder, archive or file, published or not; or a version", FIELD_SUBJECT, false },
    { "as", "--as", "KIND/NAME", "the artifact's name, where PATH has no " MANIFEST_PATH,
      FIELD_TEXT, false },
    { "path", NULL, "", "set by the face when PATH is one", FIELD_TEXT, false },
    { "to", "--to", "DIR",
      "judge it as this environment would: by its policy, next to what is there", FIELD_PLACE,
      false },
    { "sarif", "--sarif", "", "print SARIF 2.1.0, for editors and CI systems", FIELD_SWITCH,
      false },
    { "explain", "--explain", "RULE", "print the page about a rule", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_check = {
    .name = "check",
    .summary = "check an artifact before it is published, or a version that was",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .stands_alone = { "path", "explain" },
    .fields = fields,
    .run = run,
};
