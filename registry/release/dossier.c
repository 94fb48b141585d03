// All that git tells of a release, as JSON.
#include "release/dossier.h"

#include <string.h>

#include "base/memory.h"
#include "release/audit_log.h"
#include "release/evidence.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree_content.h"

static enum status add_tag(struct json *document, struct store *store, const struct oid *tag,
                           struct error *err)
{
    struct object_signed parts OWNED(object_signed_release) = { 0 };
    char hex[OID_TEXT_BYTES];
    TRY(object_read_signed(store, tag, OBJECT_TAG, &parts, err));
    oid_format(tag, hex);
    struct json *item = json_set_object(document, "tag");
    json_set_string(item, "object", hex);
    json_set_string(item, "text", buffer_text(&parts.payload));
    json_set_string(item, "signature", buffer_text(&parts.signature));
    return STATUS_OK;
}

static enum status add_document(struct json *document, const struct content *files, const char *key,
                                const char *path, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    struct json *value OWNED(json_release) = NULL;
    const struct content_file *file = content_find(files, path);
    if (!file)
        return STATUS_OK;
    TRY(content_view(&view, file, err));
    TRY(json_parse(&value, view.bytes, view.size_bytes, err));
    json_set(document, key, MOVE(value));
    return STATUS_OK;
}

static enum status add_records(struct json *document, const struct content *files, const char *key,
                               const char *folder, struct error *err)
{
    struct evidence evidence OWNED(evidence_release) = { 0 };
    struct json *list = json_set_array(document, key);
    TRY(evidence_parse(&evidence, files, folder, err));
    for (size_t i = 0; i < evidence.count; i++) {
        const struct evidence_record *record = &evidence.records[i];
        struct json *item = json_append_object(list);
        json_set_string(item, "name", record->name);
        json_set_string(item, "type", evidence_type_word(record->type));
        json_set_string(item, "text", record->text); // the bytes that a signature is about
        if (record->signature)
            json_set_string(item, "signature", record->signature);
    }
    return STATUS_OK;
}

enum status dossier_add(struct json *document, struct store *store, const struct oid *tag,
                        const struct oid *release, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct content files OWNED(content_release) = { 0 };
    TRY(commit_read(store, release, &commit, err));
    TRY(tree_content_read(store, &commit.tree, &files, err));
    TRY(add_tag(document, store, tag, err));
    TRY(add_document(document, &files, "release", RELEASE_FILE, err));
    TRY(add_document(document, &files, "policy", "policy.json", err));
    TRY(add_document(document, &files, "draft", RELEASE_EVIDENCE "/draft.json", err));
    TRY(add_records(document, &files, "evidence", RELEASE_EVIDENCE "/version", err));
    return add_records(document, &files, "environment", RELEASE_EVIDENCE "/environment", err);
}

// Every entry's hash is that of the entry, behind the hash that it names.
static enum status check_log(const struct json *log, struct error *err)
{
    for (const struct json *item = json_first(json_get(log, "entries")); item;
         item = json_next(item)) {
        struct digest previous;
        struct digest hash;
        struct digest wanted;
        TRY(digest_parse(&previous, json_get_string(item, "previous", ""), err));
        TRY(digest_parse(&hash, json_get_string(item, "hash", ""), err));
        TRY(audit_log_hash(&wanted, &previous, json_get_string(item, "entry", ""), err));
        if (digest_equal(&hash, &wanted))
            continue;
        error_set(err, STATUS_DAMAGED, "evidence_differs",
                  "log: entry %lld is not what its hash is of",
                  (long long)json_get_integer(item, "sequence", 0));
        return error_hint(err, "somebody changed the file: ask for the evidence again");
    }
    return STATUS_OK;
}

enum status dossier_check(const struct json *given, const struct json *wanted, struct error *err)
{
    for (const struct json *member = json_first(wanted); member; member = json_next(member)) {
        if (json_equal(member, json_get(given, json_key(member))))
            continue;
        error_set(err, STATUS_DAMAGED, "evidence_differs", "%s is not what the release has",
                  json_key(member));
        return error_hint(err, "somebody changed the file, or it is about another environment's "
                               "release: ask for the evidence again");
    }
    return check_log(json_get(given, "log"), err);
}
