// A version that an operation's input names, found.
#include "operation/operation_version.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/tree_content.h"
#include "trust/hash.h"

void operation_version_release(struct operation_version *version)
{
    for (size_t i = 0; i < COUNT_OF(version->strings); i++)
        free(version->strings[i]);
    *version = (struct operation_version) { 0 };
}

static enum status copy_row(void *context, const struct index_version *row, struct error *err)
{
    struct operation_version *version = context;
    version->row = *row;
    const char **members[] = { &version->row.content,  &version->row.commit, &version->row.tag,
                               &version->row.approver, &version->row.author, &version->row.note };
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        TRY(memory_copy_string(&version->strings[i], *members[i] ? *members[i] : "", err));
        *members[i] = version->strings[i];
    }
    return STATUS_OK;
}

static enum status not_found(const struct operation_call *call, const struct artifact_id *id,
                             struct error *err)
{
    char text[ID_TEXT_BYTES];
    char bare[ID_TEXT_BYTES];
    id_format(id, text);
    id_format_bare(id, bare);
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    error_set(err, STATUS_NOT_FOUND, "artifact_unknown", "%s is not in %s", text,
              call->environment->label);
    if (id->version != 0)
        return error_hint(err, "`greenroom log %s` lists its versions here", bare);
    return error_hint(err, is_live ? "`greenroom list` shows what is live"
                                   : "`greenroom list` shows what was published");
}

enum status operation_version_find(struct operation_version *out, struct operation_call *call,
                                   const char *text, struct error *err)
{
    struct operation_version version OWNED(operation_version_release) = { 0 };
    struct artifact_id id;
    TRY(id_parse(&id, text, err));
    bool is_live = call->environment->identity.environment_class == ENVIRONMENT_LIVE;
    struct ledger *ledger = call->environment->ledger;
    enum status status = is_live && id.version == 0
                             ? index_find_live(ledger, &id, copy_row, &version, err)
                             : index_find_version(ledger, &id, copy_row, &version, err);
    if (status == STATUS_NOT_FOUND)
        return not_found(call, &id, err);
    TRY(status);
    *out = version;
    version = (struct operation_version) { 0 };
    return STATUS_OK;
}

enum status operation_version_content(struct content *out, struct operation_call *call,
                                      const struct operation_version *version, struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    struct digest digest;
    struct oid tree;
    TRY(oid_parse(&tree, version->row.content, err));
    TRY(tree_content_read(call->environment->store, &tree, &content, err));
    TRY(hash_content(&digest, &content, err));
    if (!digest_equal(&digest, &version->row.digest)) {
        error_set(err, STATUS_DAMAGED, "digest_mismatch", "the content does not have its digest");
        return error_hint(err,
                          "`greenroom verify` tells what is damaged, `greenroom reindex` makes "
                          "the index again");
    }
    *out = content;
    content = (struct content) { 0 };
    return STATUS_OK;
}
