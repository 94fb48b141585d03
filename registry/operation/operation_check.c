// check: what the checks say of a folder, a file, or a version.
#include <string.h>

#include "archive/archive_writer.h"
#include "artifact/manifest.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "operation/operation_checking.h"
#include "operation/operation_rows.h"
#include "operation/operation_sarif.h"

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

// What the findings' files stand in, as seen from where the command runs; "" for an archive.
static const char *folder_of(const struct operation_call *call)
{
    enum archive_format unused;
    struct error no_archive;
    const char *path = json_get_string(call->input, "path", "");
    bool is_folder = !json_get(call->input, "subject") && !call->content_is_single &&
                     strcmp(path, "-") != 0 &&
                     archive_writer_format_of(&unused, path, &no_archive) != STATUS_OK;
    return is_folder ? path : "";
}

static enum status run(struct operation_call *call, struct error *err)
{
    const char *rule = json_get_string(call->input, "explain", NULL);
    if (rule)
        return explain(call, rule, err);
    if (call->content.count == 0 && !json_get(call->input, "subject")) {
        error_set(err, STATUS_INVALID, "subject_missing", "say what is to be checked");
        return error_hint(err, "name a folder, a file with --as, or KIND/NAME[@V]");
    }
    call->output = json_new_object();
    TRY(operation_checking_run(call, call->output, err));
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
    { "path", NULL, "", "what messages call the content that comes along", FIELD_LABEL, false },
    { "to", "--to", "DIR",
      "judge it as this environment would: by its policy, next to what is there", FIELD_JUDGE,
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
