// promote: drafts from a sandbox become what callers get.
#include <stdlib.h>

#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "release/admit.h"
#include "release/draft.h"
#include "store/tree_content.h"

// The drafts, read from the sandbox before production is locked.
struct promotion {
    struct environment *source;
    struct draft *drafts;
    struct content *contents;
    struct admit_item *items;
    size_t count;
};

static void free_promotion(void *state)
{
    struct promotion *promotion = state;
    for (size_t i = 0; promotion->drafts && i < promotion->count; i++)
        draft_release(&promotion->drafts[i]);
    for (size_t i = 0; promotion->contents && i < promotion->count; i++)
        content_release(&promotion->contents[i]);
    free(promotion->drafts);
    free(promotion->contents);
    free(promotion->items);
    environment_free(promotion->source);
    free(promotion);
}

static enum status open_source(struct promotion *promotion, const struct operation_call *call,
                               struct error *err)
{
    const char *from = json_get_string(call->input, "from", "");
    TRY(environment_open(&promotion->source, from, err));
    if (promotion->source->identity.environment_class == ENVIRONMENT_SANDBOX)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "wrong_class", "%s is not a sandbox", from);
    return error_hint(err, "drafts come from a sandbox: name it with --from");
}

static enum status take_draft(struct promotion *promotion, size_t index, const char *text,
                              struct error *err)
{
    struct draft *draft = &promotion->drafts[index];
    struct artifact_id id;
    TRY(id_parse_version(&id, text, err));
    for (size_t i = 0; i < index; i++)
        if (id_same_artifact(&promotion->drafts[i].id, &id))
            return error_set(err, STATUS_INVALID, "artifact_twice", "%.300s is named twice", text);
    enum status status = draft_read(draft, promotion->source, &id, err);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, STATUS_NOT_FOUND, "draft_unknown", "there is no draft %.300s in %s", text,
                  promotion->source->path);
        return error_hint(err, "`greenroom list --env %s` shows what there is",
                          promotion->source->path);
    }
    TRY(status);
    TRY(tree_content_read(promotion->source->store, &draft->content_tree,
                          &promotion->contents[index], err));
    promotion->items[index] = (struct admit_item) { .id = id,
                                                    .content = &promotion->contents[index],
                                                    .digest = draft->digest,
                                                    .author = draft->author,
                                                    .published_at = draft->published_at,
                                                    .draft = draft->document,
                                                    .source = promotion->source->identity.id };
    return STATUS_OK;
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct promotion *promotion = NULL;
    const struct json *artifacts = json_get(call->input, "artifacts");
    TRY(memory_new(&promotion, 1, sizeof(*promotion), err));
    call->state = promotion;
    call->free_state = free_promotion;
    TRY(open_source(promotion, call, err));
    promotion->count = json_count(artifacts);
    TRY(memory_new(&promotion->drafts, promotion->count, sizeof(*promotion->drafts), err));
    TRY(memory_new(&promotion->contents, promotion->count, sizeof(*promotion->contents), err));
    TRY(memory_new(&promotion->items, promotion->count, sizeof(*promotion->items), err));
    size_t index = 0;
    for (const struct json *item = json_first(artifacts); item; item = json_next(item))
        TRY(take_draft(promotion, index++, json_string(item), err));
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct promotion *promotion = call->state;
    struct admit_request request = { .items = promotion->items,
                                     .count = promotion->count,
                                     .actor = call->actor,
                                     .reason = json_get_string(call->input, "reason", NULL) };
    struct oid commit;
    char text[OID_TEXT_BYTES];
    TRY(admit_releases(call->environment, &request, call->signer, &call->findings, &commit, err));
    oid_format(&commit, text);
    call->output = json_new_object();
    json_set_string(call->output, "commit", text);
    struct json *releases = json_set_array(call->output, "releases");
    for (size_t i = 0; i < promotion->count; i++) {
        const struct admit_item *item = &promotion->items[i];
        char name[STORE_REF_BYTES];
        struct json *release = json_append_object(releases);
        verify_tag_name(&item->id, name);
        operation_result_set_version(release, &item->id, &item->digest);
        json_set_string(release, "tag", name);
        json_set_string(release, "state", item->is_unchanged ? "unchanged" : "live");
    }
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifacts", NULL, "KIND/NAME@V", "the drafts; several become live together, or none does",
      FIELD_LIST, true },
    { "from", "--from", "DIR", "the sandbox", FIELD_TEXT, true },
    { "to", "--to", "DIR", "the live environment", FIELD_ENVIRONMENT, true },
    { "sign-with", "--sign-with", "SSH-KEY",
      "an approver's key, as for ssh-keygen -Y sign -f: a private key, or the .pub of one in an "
      "agent",
      FIELD_SIGNER, true },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, false },
    { 0 },
};

const struct operation operation_promote = {
    .name = "promote",
    .summary = "make drafts live: signed, tagged, all or none",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_LIVE,
    .elsewhere = "name the live environment with --to, and the sandbox with --from",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
