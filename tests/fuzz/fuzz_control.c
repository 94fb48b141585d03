// Fuzzes the branch `control` as somebody who can write to the store might have made it: keys,
// quarantine, holds, waivers. The input is its files (file_list.h).
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fuzz/file_list.h"
#include "fuzz/store_scene.h"
#include "release/control.h"
#include "store/writer.h"
#include "trust/hash.h"

#define WRITES_TO_A_STORE 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void commit_content(struct store *store, const struct content *content)
{
    struct error err = { 0 };
    struct oid tip;
    struct oid oid;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer *writer OWNED(writer_release) = NULL;
    struct writer_commit commit = { .actor = "operator", .time = 1790000000, .message = "fuzz\n" };
    must(writer_new(&writer, store, &err) == STATUS_OK);
    must(store_ref_get(store, CONTROL_REF, &tip, &err) == STATUS_OK);
    if (writer_put_content(writer, content, &commit.tree, &err) != STATUS_OK)
        return; // a name that git allows nowhere
    must(writer_commit_text(&text, &commit, &err) == STATUS_OK);
    must(writer_put_commit(writer, text.bytes, NULL, &oid, &err) == STATUS_OK);
    must(writer_flush(writer, &err) == STATUS_OK);
    must(store_ref_move(store, CONTROL_REF, &tip, &oid, &err) == STATUS_OK);
}

// What was read prints as what it was read from, and is found again.
static void check_control(const struct control *control)
{
    const int64_t now = 1790000000;
    for (size_t i = 0; i < control->key_count; i++) {
        struct error err = { 0 };
        const struct control_key *key = &control->keys[i];
        struct control_key again OWNED(control_key_release) = { 0 };
        struct json *document OWNED(json_release) = control_key_document(key);
        must(control_key_read(&again, document, &err) == STATUS_OK);
        must(strcmp(key->id, again.id) == 0 && digest_equal(&key->digest, &again.digest));
        must(key->role == again.role && key->scope_count == again.scope_count);
        must(control_key_is_valid(key, now) == control_key_is_valid(&again, now));
    }
    for (size_t i = 0; i < control->quarantine_count; i++)
        must(control_is_quarantined(control, &control->quarantine[i].id,
                                    &control->quarantine[i].digest));
    for (size_t i = 0; i < control->hold_count; i++)
        must(control_find_hold(control, &control->holds[i].id) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned writes;
    struct error err = { 0 };
    struct digest digest;
    struct content content OWNED(content_release) = { 0 };
    struct control control OWNED(control_release) = { 0 };
    struct control limits OWNED(control_release) = { 0 };
    struct store_scene *scene = store_scene_shared();
    if (!file_list_read(&content, data, size) || content_seal(&content, &err) != STATUS_OK ||
        content.count == 0)
        return 0;
    must(hash_content(&digest, &content, &err) == STATUS_OK);
    if (++writes % WRITES_TO_A_STORE == 0)
        store_scene_renew(scene);
    commit_content(scene->store, &content);
    enum status status = control_read(&control, scene->store, &err);
    must(status != STATUS_NO_MEMORY && status != STATUS_INVALID);
    if (status == STATUS_OK)
        check_control(&control);
    else
        must(err.message[0] && err.code && !control.keys && !control.policy);
    enum status limits_status = control_read_limits(&limits, scene->store, &err);
    must(limits_status == STATUS_OK || status != STATUS_OK);
    must(status != STATUS_OK || (limits.key_count == control.key_count &&
                                 limits.quarantine_count == control.quarantine_count));
    return 0;
}
