// state.json: which releases an artifact has, and which of them is live.
#include "release/state.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/object.h"
#include "store/tree.h"

#define STATE_MAX_BYTES (4U << 20) // 20,000 releases of one artifact

void state_release_all(struct state *state)
{
    free(state->releases);
    *state = (struct state) { 0 };
}

// A number from 0 on that is not cut to fit: 4294967297 is no way of writing 1.
static enum status read_version(uint32_t *out, const struct json *object, const char *member,
                                struct error *err)
{
    int64_t version = json_get_integer(object, member, -1);
    if (version < 0 || version > ID_MAX_VERSION)
        return error_set(err, STATUS_DAMAGED, "state_malformed", "'%s' is no version", member);
    *out = (uint32_t)version;
    return STATUS_OK;
}

static enum status add_release(struct state *state, const struct json *item, struct error *err)
{
    struct state_release release = { 0 };
    const char *until = json_get_string(item, "emergency_until", NULL);
    TRY(read_version(&release.version, item, "version", err));
    TRY(digest_parse(&release.digest, json_get_string(item, "digest", ""), err));
    TRY(oid_parse(&release.tag, json_get_string(item, "tag", ""), err));
    TRY(clock_parse(&release.released_at, json_get_string(item, "released_at", ""), err));
    if (until)
        TRY(clock_parse(&release.emergency_until, until, err));
    return state_add(state, &release, err);
}

static enum status fill(struct state *state, const struct json *document, struct error *err)
{
    struct artifact_id id;
    TRY(id_parse_bare(&id, json_get_string(document, "artifact", ""), err));
    if (!id_same_artifact(&id, &state->id))
        return error_set(err, STATUS_DAMAGED, "state_malformed", "it is another artifact's state");
    TRY(read_version(&state->live_version, document, "live", err));
    for (const struct json *item = json_first(json_get(document, "releases")); item;
         item = json_next(item))
        TRY(add_release(state, item, err));
    if (state->live_version != 0 && !state_find(state, state->live_version))
        return error_set(err, STATUS_DAMAGED, "state_malformed",
                         "version %u is live but not among the releases", state->live_version);
    return STATUS_OK;
}

static enum status parse(struct state *state, struct store *store, const struct oid *folder,
                         struct error *err)
{
    struct oid blob;
    bool is_tree;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    TRY(tree_find(store, folder, STATE_FILE, &blob, &is_tree, err));
    if (oid_is_none(&blob) || is_tree)
        return error_set(err, STATUS_DAMAGED, "state_missing", "there is no " STATE_FILE);
    TRY(object_read_blob(store, &blob, STATE_MAX_BYTES, &text, err));
    TRY(json_parse(&document, buffer_text(&text), text.length, err));
    return fill(state, document, err);
}

enum status state_read(struct state *out, struct store *store, const struct oid *folder,
                       const char *path, struct error *err)
{
    struct state state OWNED(state_release_all) = { 0 };
    TRY(id_parse_bare(&state.id, path, err));
    if (!oid_is_none(folder) && parse(&state, store, folder, err) != STATUS_OK) {
        if (err->status == STATUS_INVALID || err->status == STATUS_NOT_FOUND)
            err->status = STATUS_DAMAGED;
        return error_prefix(err, "state of %s", path);
    }
    *out = state;
    state = (struct state) { 0 };
    return STATUS_OK;
}

enum status state_add(struct state *state, const struct state_release *release, struct error *err)
{
    if (release->version == 0 || state_find(state, release->version))
        return error_set(err, STATUS_DAMAGED, "state_malformed", "version %u stands there twice",
                         release->version);
    TRY(memory_grow(&state->releases, state->count, &state->capacity, sizeof(*state->releases),
                    err));
    state->releases[state->count++] = *release;
    return STATUS_OK;
}

void state_end_emergency(struct state *state, uint32_t version)
{
    for (size_t i = 0; i < state->count; i++)
        if (state->releases[i].version == version)
            state->releases[i].emergency_until = 0;
}

enum status state_print(struct buffer *out, const struct state *state, struct error *err)
{
    char text[ID_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    id_format_bare(&state->id, text);
    json_set_integer(document, "format", 1);
    json_set_string(document, "artifact", text);
    json_set_integer(document, "live", state->live_version);
    struct json *releases = json_set_array(document, "releases");
    for (size_t i = 0; i < state->count; i++) {
        const struct state_release *release = &state->releases[i];
        char digest[DIGEST_TEXT_BYTES];
        char tag[OID_TEXT_BYTES];
        char time[CLOCK_TEXT_BYTES];
        digest_format(&release->digest, digest);
        oid_format(&release->tag, tag);
        clock_format(release->released_at, time);
        struct json *item = json_append_object(releases);
        json_set_integer(item, "version", release->version);
        json_set_string(item, "digest", digest);
        json_set_string(item, "tag", tag);
        json_set_string(item, "released_at", time);
        if (release->emergency_until != 0) {
            clock_format(release->emergency_until, time);
            json_set_string(item, "emergency_until", time);
        }
    }
    return json_print_pretty(out, document, err);
}

const struct state_release *state_find(const struct state *state, uint32_t version)
{
    for (size_t i = 0; i < state->count; i++)
        if (state->releases[i].version == version)
            return &state->releases[i];
    return NULL;
}
