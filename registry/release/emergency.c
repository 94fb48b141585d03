// Emergency releases, and what it means that they were not made up for in time.
#include "release/emergency.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ledger/index.h"
#include "store/commit.h"
#include "store/tree.h"

bool emergency_is_expired(const struct state_release *release, int64_t now)
{
    return release && release->emergency_until != 0 && release->emergency_until <= now;
}

const struct state_release *emergency_find_live(const struct state *state)
{
    const struct state_release *live = state_find(state, state->live_version);
    return live && live->emergency_until != 0 ? live : NULL;
}

enum status emergency_warn(const struct state *state, int64_t now, struct finding_list *findings,
                           struct error *err)
{
    const struct state_release *live = emergency_find_live(state);
    struct artifact_id id = state->id;
    char text[ID_TEXT_BYTES];
    char until[CLOCK_TEXT_BYTES];
    struct finding_draft draft = { .severity = SEVERITY_WARNING,
                                   .rule = "verify.emergency",
                                   .mend = "meet its items and approvals and promote it in the "
                                           "ordinary way, or roll back" };
    if (!live)
        return STATUS_OK;
    id.version = live->version;
    id_format(&id, text);
    clock_format(live->emergency_until, until);
    return finding_add(
        findings, &draft, err,
        emergency_is_expired(live, now)
            ? "%s is an emergency release: its time was over at %s and it is still live"
            : "%s is an emergency release, open until %s",
        text, until);
}

static enum status read_state(struct state *out, struct store *store, const struct oid *tree,
                              const struct artifact_id *id, struct error *err)
{
    char path[ID_TEXT_BYTES];
    struct oid folder;
    bool is_tree;
    id_format_bare(id, path);
    TRY(tree_find(store, tree, path, &folder, &is_tree, err));
    return state_read(out, store, &folder, path, err);
}

enum status emergency_find_used(struct store *store, const struct manifest *manifest, int64_t now,
                                char out[ID_TEXT_BYTES], struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct oid tip;
    *out = '\0';
    if (!json_first(json_get(manifest->document, "uses")))
        return STATUS_OK;
    TRY(store_ref_get(store, LIVE_REF, &tip, err));
    if (oid_is_none(&tip))
        return STATUS_OK;
    TRY(commit_read(store, &tip, &commit, err));
    for (const struct json *item = json_first(json_get(manifest->document, "uses")); item;
         item = json_next(item)) {
        struct state state OWNED(state_release_all) = { 0 };
        struct artifact_id id;
        struct error malformed; // the manifest's own validation says it
        if (!json_string(item) || id_parse_bare(&id, json_string(item), &malformed) != STATUS_OK)
            continue;
        TRY(read_state(&state, store, &commit.tree, &id, err));
        const struct state_release *live = emergency_find_live(&state);
        if (!emergency_is_expired(live, now))
            continue;
        id.version = live->version;
        id_format(&id, out);
        return STATUS_OK;
    }
    return STATUS_OK;
}

void emergency_describe(struct json *object, int64_t until, int64_t now)
{
    char text[CLOCK_TEXT_BYTES];
    struct json *emergency = json_set_object(object, "emergency");
    clock_format(until, text);
    json_set_string(emergency, "until", text);
    json_set_bool(emergency, "expired", until <= now);
}

enum status emergency_describe_row(struct json *row, struct ledger *ledger,
                                   const struct artifact_id *id, int64_t now, struct error *err)
{
    int64_t until = 0;
    TRY(index_find_emergency(ledger, id, &until, err));
    if (until != 0)
        emergency_describe(row, until, now);
    return STATUS_OK;
}
