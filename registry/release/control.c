// What is decided about an environment, read from one commit of its branch `control`.
#include "release/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/bindings.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"
#include "trust/hash.h"

#define CONTROL_FILE_MAX_BYTES (1U << 20) // a policy, the approvers, or one key

static void release_waiver(struct control_waiver *waiver)
{
    free(waiver->rule);
    free(waiver->path);
    free(waiver->actor);
    free(waiver->reason);
}

void control_release(struct control *control)
{
    for (size_t i = 0; i < control->key_count; i++)
        control_key_release(&control->keys[i]);
    free(control->keys);
    free(control->quarantine);
    for (size_t i = 0; i < control->hold_count; i++)
        free(control->holds[i].reason);
    free(control->holds);
    for (size_t i = 0; i < control->waiver_count; i++)
        release_waiver(&control->waivers[i]);
    free(control->waivers);
    allowed_signers_release(&control->approvers);
    json_free(control->policy);
    json_free(control->bindings);
    *control = (struct control) { 0 };
}

struct reading {
    struct control *control;
    struct store *store;
    // What each file of the folder being read becomes.
    enum status (*read_file)(struct reading *reading, const struct oid *blob, struct error *err);
    int depth; // of folders in it
    bool only_limits;
};

static enum status read_policy(struct reading *reading, const struct oid *blob, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(object_read_blob(reading->store, blob, CONTROL_FILE_MAX_BYTES, &text, err));
    TRY(hash_bytes(&reading->control->policy_digest, text.bytes, text.length, err));
    return json_parse(&reading->control->policy, buffer_text(&text), text.length, err);
}

static enum status read_bindings(struct reading *reading, const struct oid *blob, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(object_read_blob(reading->store, blob, BINDINGS_MAX_BYTES, &text, err));
    TRY(json_parse(&reading->control->bindings, buffer_text(&text), text.length, err));
    for (const struct json *binding = json_first(reading->control->bindings); binding;
         binding = json_next(binding))
        if (!json_key(binding) || !json_string(binding))
            return error_set(err, STATUS_DAMAGED, "control_malformed",
                             "it is not an object of strings");
    return STATUS_OK;
}

static enum status read_approvers(struct reading *reading, const struct oid *blob,
                                  struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(object_read_blob(reading->store, blob, CONTROL_FILE_MAX_BYTES, &text, err));
    return allowed_signers_parse(&reading->control->approvers, buffer_text(&text), text.length,
                                 err);
}

static enum status read_document(struct reading *reading, const struct oid *blob, struct json **out,
                                 struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(object_read_blob(reading->store, blob, CONTROL_FILE_MAX_BYTES, &text, err));
    return json_parse(out, buffer_text(&text), text.length, err);
}

static enum status read_key_file(struct reading *reading, const struct oid *blob, struct error *err)
{
    struct control *control = reading->control;
    struct json *document OWNED(json_release) = NULL;
    TRY(read_document(reading, blob, &document, err));
    TRY(memory_grow(&control->keys, control->key_count, &control->key_capacity,
                    sizeof(*control->keys), err));
    TRY(control_key_read(&control->keys[control->key_count], document, err));
    control->key_count++;
    return STATUS_OK;
}

static enum status read_quarantine_file(struct reading *reading, const struct oid *blob,
                                        struct error *err)
{
    struct control *control = reading->control;
    struct json *document OWNED(json_release) = NULL;
    TRY(read_document(reading, blob, &document, err));
    TRY(memory_grow(&control->quarantine, control->quarantine_count, &control->quarantine_capacity,
                    sizeof(*control->quarantine), err));
    struct control_quarantine *item = &control->quarantine[control->quarantine_count];
    TRY(id_parse_version(&item->id, json_get_string(document, "artifact", ""), err));
    TRY(digest_parse(&item->digest, json_get_string(document, "digest", ""), err));
    control->quarantine_count++;
    return STATUS_OK;
}

static enum status read_hold_file(struct reading *reading, const struct oid *blob,
                                  struct error *err)
{
    struct control *control = reading->control;
    struct json *document OWNED(json_release) = NULL;
    TRY(read_document(reading, blob, &document, err));
    TRY(memory_grow(&control->holds, control->hold_count, &control->hold_capacity,
                    sizeof(*control->holds), err));
    struct control_hold *hold = &control->holds[control->hold_count];
    TRY(id_parse_bare(&hold->id, json_get_string(document, "artifact", ""), err));
    TRY(memory_copy_string(&hold->reason, json_get_string(document, "reason", ""), err));
    control->hold_count++;
    return STATUS_OK;
}

static enum status read_waiver_file(struct reading *reading, const struct oid *blob,
                                    struct error *err)
{
    struct control *control = reading->control;
    struct json *document OWNED(json_release) = NULL;
    TRY(read_document(reading, blob, &document, err));
    TRY(memory_grow(&control->waivers, control->waiver_count, &control->waiver_capacity,
                    sizeof(*control->waivers), err));
    struct control_waiver *waiver = &control->waivers[control->waiver_count];
    *waiver = (struct control_waiver) { 0 };
    control->waiver_count++;
    TRY(id_parse_bare(&waiver->id, json_get_string(document, "artifact", ""), err));
    TRY(clock_parse(&waiver->expires, json_get_string(document, "expires", ""), err));
    TRY(memory_copy_string(&waiver->rule, json_get_string(document, "rule", ""), err));
    TRY(memory_copy_string(&waiver->path, json_get_string(document, "path", ""), err));
    TRY(memory_copy_string(&waiver->actor, json_get_string(document, "actor", ""), err));
    return memory_copy_string(&waiver->reason, json_get_string(document, "reason", ""), err);
}

static enum status read_entry(void *context, const struct tree_entry *entry, struct error *err);

// No deeper than a name has segments, since nothing else is ever written there; whoever else can
// write to the store must not make us run out of stack.
static enum status read_folder(struct reading *reading, const struct oid *tree, struct error *err)
{
    if (reading->depth > ID_MAX_SEGMENTS)
        return error_set(err, STATUS_DAMAGED, "control_malformed",
                         "folders are deeper in each other than a name has segments");
    reading->depth++;
    enum status status = tree_each(reading->store, tree, read_entry, reading, err);
    reading->depth--;
    return status;
}

// keys/<id>.json, quarantine/<kind>/<name…>/<version>.json, holds/<kind>/<name>.json: folders down
// to the files. What only takes rights away is taken as far as it can be read: else whoever breaks
// one file keeps all that is withdrawn later from being heard.
static enum status read_entry(void *context, const struct tree_entry *entry, struct error *err)
{
    struct reading *reading = context;
    enum status status = entry->is_tree ? read_folder(reading, &entry->oid, err)
                                        : reading->read_file(reading, &entry->oid, err);
    if (status == STATUS_OK || status == STATUS_NO_MEMORY)
        return status;
    return reading->only_limits ? STATUS_OK : error_prefix(err, "%s", entry->name);
}

static enum status read_keys(struct reading *reading, const struct oid *tree, struct error *err)
{
    reading->read_file = read_key_file;
    return tree_each(reading->store, tree, read_entry, reading, err);
}

static enum status read_waivers(struct reading *reading, const struct oid *tree, struct error *err)
{
    reading->read_file = read_waiver_file;
    return tree_each(reading->store, tree, read_entry, reading, err);
}

static enum status read_quarantine(struct reading *reading, const struct oid *tree,
                                   struct error *err)
{
    reading->read_file = read_quarantine_file;
    return tree_each(reading->store, tree, read_entry, reading, err);
}

static enum status read_holds(struct reading *reading, const struct oid *tree, struct error *err)
{
    reading->read_file = read_hold_file;
    return tree_each(reading->store, tree, read_entry, reading, err);
}

static const struct {
    const char *name;
    bool is_tree;
    bool required;
    bool is_limit; // it can take rights away
    enum status (*read)(struct reading *reading, const struct oid *oid, struct error *err);
} parts[] = {
    { "policy.json", false, true, false, read_policy },
    { "approvers", false, true, false, read_approvers },
    { BINDINGS_FILE, false, true, false, read_bindings },
    { "keys", true, false, true, read_keys },
    { "quarantine", true, false, true, read_quarantine },
    { "holds", true, false, false, read_holds },
    { "waivers", true, false, false, read_waivers },
};

static enum status read_parts(struct reading *reading, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct oid oid;
        bool is_tree;
        if (reading->only_limits && !parts[i].is_limit)
            continue;
        TRY(tree_find(reading->store, &reading->control->tree, parts[i].name, &oid, &is_tree, err));
        bool is_there = !oid_is_none(&oid);
        if ((parts[i].required && !is_there) || (is_there && is_tree != parts[i].is_tree))
            return error_set(err, STATUS_DAMAGED, "control_malformed",
                             "control: %s is missing or not what it should be", parts[i].name);
        if (is_there && parts[i].read(reading, &oid, err) != STATUS_OK) {
            if (err->status == STATUS_INVALID)
                err->status = STATUS_DAMAGED;
            return error_prefix(err, "control: %s", parts[i].name);
        }
    }
    return STATUS_OK;
}

enum status control_read(struct control *out, struct store *store, struct error *err)
{
    return control_read_ref(out, store, CONTROL_REF, err);
}

static enum status find_tip(struct oid *out, struct store *store, const char *ref,
                            struct error *err)
{
    TRY(store_ref_get(store, ref, out, err));
    if (oid_is_none(out))
        return error_set(err, STATUS_DAMAGED, "control_missing", "%s has no %s", store_path(store),
                         ref);
    return STATUS_OK;
}

enum status control_read_ref(struct control *out, struct store *store, const char *ref,
                             struct error *err)
{
    struct oid oid;
    TRY(find_tip(&oid, store, ref, err));
    return control_read_commit(out, store, &oid, false, err);
}

enum status control_read_limits(struct control *out, struct store *store, struct error *err)
{
    struct oid oid;
    TRY(find_tip(&oid, store, CONTROL_REF, err));
    return control_read_commit(out, store, &oid, true, err);
}

enum status control_read_commit(struct control *out, struct store *store, const struct oid *oid,
                                bool only_limits, struct error *err)
{
    struct control control OWNED(control_release) = { .commit = *oid };
    struct commit commit OWNED(commit_release) = { 0 };
    TRY(commit_read(store, oid, &commit, err));
    control.tree = commit.tree;
    struct reading reading = { .control = &control, .store = store, .only_limits = only_limits };
    TRY(read_parts(&reading, err));
    *out = control;
    control = (struct control) { 0 };
    return STATUS_OK;
}

bool control_is_quarantined(const struct control *control, const struct artifact_id *id,
                            const struct digest *digest)
{
    for (size_t i = 0; i < control->quarantine_count; i++) {
        const struct control_quarantine *item = &control->quarantine[i];
        if (!id_same_artifact(&item->id, id))
            continue;
        if (item->id.version == id->version || digest_equal(&item->digest, digest))
            return true;
    }
    return false;
}

bool control_has_quarantine(const struct control *control, const struct control_quarantine *wanted)
{
    for (size_t i = 0; i < control->quarantine_count; i++) {
        const struct control_quarantine *item = &control->quarantine[i];
        if (id_same_artifact(&item->id, &wanted->id) && item->id.version == wanted->id.version &&
            digest_equal(&item->digest, &wanted->digest))
            return true;
    }
    return false;
}

const struct control_hold *control_find_hold(const struct control *control,
                                             const struct artifact_id *id)
{
    for (size_t i = 0; i < control->hold_count; i++)
        if (id_same_artifact(&control->holds[i].id, id))
            return &control->holds[i];
    return NULL;
}
