// diff: what differs between two versions: what that means, and file by file.
#include "base/memory.h"
#include "operation/operation_change.h"
#include "operation/operation_compare.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_version.h"

// The two versions, opened.
struct comparing {
    struct operation_version versions[2];
    struct content contents[2];
};

static void release_comparing(struct comparing *comparing)
{
    for (int i = 0; i < 2; i++) {
        content_release(&comparing->contents[i]);
        operation_version_release(&comparing->versions[i]);
    }
}

// The second version: "@B" or "B"; without one the latest draft, or what is live.
static enum status find_second(struct comparing *comparing, struct operation_call *call,
                               struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    char bare[ID_TEXT_BYTES];
    const char *with = json_get_string(call->input, "with", NULL);
    id_format_bare(&comparing->versions[0].row.id, bare);
    buffer_append_text(&text, bare);
    if (with)
        buffer_append_format(&text, "@%s", with[0] == '@' ? with + 1 : with);
    TRY(buffer_check(&text, err));
    return operation_version_find(&comparing->versions[1], call, text.bytes, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct comparing comparing OWNED(release_comparing) = { 0 };
    struct artifact_id id;
    const char *first = json_get_string(call->input, "artifact", "");
    TRY(id_parse_version(&id, first, err));
    TRY(operation_version_find(&comparing.versions[0], call, first, err));
    TRY(find_second(&comparing, call, err));
    call->output = json_new_object();
    static const char *const sides[] = { "from", "to" };
    for (int i = 0; i < 2; i++) {
        TRY(operation_version_content(&comparing.contents[i], call, &comparing.versions[i], err));
        operation_result_set_version(json_set_object(call->output, sides[i]),
                                     &comparing.versions[i].row.id,
                                     &comparing.versions[i].row.digest);
    }
    const struct operation_change_lookup lookup = { .environment = call->environment };
    TRY(operation_change_list(json_set_array(call->output, "summary"), &comparing.contents[0],
                              &comparing.contents[1], &lookup, err));
    return operation_compare_contents(json_set_array(call->output, "files"), &comparing.contents[0],
                                      &comparing.contents[1], err);
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@A", "the older version", FIELD_TEXT, true },
    { "with", NULL, "@B", "the newer version (default: the latest draft, or what is live)",
      FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_diff = {
    .name = "diff",
    .summary = "show what differs between two versions of an artifact",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX | ENVIRONMENT_LIVE,
    .is_scoped = true,
    .fields = fields,
    .run = run,
};
