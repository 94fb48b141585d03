// Checks that the index has what git has.
#include "release/inspect_index.h"

#include "artifact/json.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "release/follow.h"
#include "release/state.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

#define DRAFT_MAX_BYTES (64U << 10)

struct index_walk {
    struct environment *environment;
    struct finding_list *findings;
    uint64_t artifacts; // that git has
};

struct version_count {
    uint64_t rows;
    uint32_t latest;
};

static enum status found(struct index_walk *walk, const char *artifact, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = "verify.index",
                                   .mend = "run `greenroom reindex`: it is made again from git" };
    return finding_add(walk->findings, &draft, err, "%s: the index does not have what git has",
                       artifact);
}

static enum status count_version(void *context, const struct index_version *row, struct error *err)
{
    (void)err;
    struct version_count *count = context;
    count->rows++;
    if (row->id.version > count->latest)
        count->latest = row->id.version;
    return STATUS_OK;
}

// Every draft's version is one more than the one before, so the latest says how many there are.
static enum status expect_drafts(struct index_walk *walk, const struct oid *folder,
                                 struct version_count *out, struct error *err)
{
    struct store *store = walk->environment->store;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    struct oid blob;
    bool is_tree;
    TRY(tree_find(store, folder, DRAFT_FILE, &blob, &is_tree, err));
    TRY(object_read_blob(store, &blob, DRAFT_MAX_BYTES, &text, err));
    TRY(json_parse(&document, buffer_text(&text), text.length, err));
    out->latest = (uint32_t)json_get_integer(document, "version", 0);
    out->rows = out->latest;
    return STATUS_OK;
}

static enum status expect_releases(struct index_walk *walk, const char *path,
                                   const struct oid *folder, struct version_count *out,
                                   struct error *err)
{
    struct state state OWNED(state_release_all) = { 0 };
    TRY(state_read(&state, walk->environment->store, folder, path, err));
    out->rows = state.count;
    for (size_t i = 0; i < state.count; i++)
        if (state.releases[i].version > out->latest)
            out->latest = state.releases[i].version;
    return STATUS_OK;
}

static enum status check_artifact(void *context, const char *path, const struct oid *before,
                                  const struct oid *after, struct error *err)
{
    (void)before;
    struct index_walk *walk = context;
    struct version_count expected = { 0 };
    struct version_count rows = { 0 };
    struct artifact_id id;
    struct error fault = { 0 };
    bool is_sandbox = walk->environment->identity.environment_class == ENVIRONMENT_SANDBOX;
    walk->artifacts++;
    TRY(id_parse_bare(&id, path, err));
    enum status status = is_sandbox ? expect_drafts(walk, after, &expected, &fault)
                                    : expect_releases(walk, path, after, &expected, &fault);
    if (status != STATUS_OK) // what is wrong in git is said by who looks at git
        return STATUS_OK;
    TRY(index_each_version(walk->environment->ledger, &id, count_version, &rows, err));
    return rows.rows == expected.rows && rows.latest == expected.latest ? STATUS_OK
                                                                        : found(walk, path, err);
}

static enum status count_artifact(void *context, const struct index_version *row, struct error *err)
{
    (void)row, (void)err;
    ++*(uint64_t *)context;
    return STATUS_OK;
}

enum status inspect_index(struct environment *environment, struct finding_list *findings,
                          struct error *err)
{
    bool is_sandbox = environment->identity.environment_class == ENVIRONMENT_SANDBOX;
    struct index_walk walk = { environment, findings, 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    const struct oid none = { 0 };
    struct oid tip;
    uint64_t indexed = 0;
    TRY(store_ref_get(environment->store, is_sandbox ? DRAFTS_REF : LIVE_REF, &tip, err));
    if (!oid_is_none(&tip))
        TRY(commit_read(environment->store, &tip, &commit, err));
    TRY(tree_each_change(environment->store, &none, &commit.tree,
                         is_sandbox ? DRAFT_FILE : STATE_FILE, check_artifact, &walk, err));
    TRY(index_each_artifact(environment->ledger, NULL, false, count_artifact, &indexed, err));
    return indexed == walk.artifacts ? STATUS_OK : found(&walk, "the list of artifacts", err);
}
