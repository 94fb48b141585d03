// Evidence: records bound to a digest or to an environment.
#include "release/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "release/audit_log.h"
#include "release/follow.h"
#include "store/commit.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "store/writer.h"

#define EVIDENCE_PATH_BYTES (ID_TEXT_BYTES + EVIDENCE_NAME_BYTES + 16)

static const char *const type_words[EVIDENCE_TYPE_COUNT] = {
    [EVIDENCE_ATTESTATION] = "attestation",
    [EVIDENCE_APPROVAL] = "approval",
    [EVIDENCE_REJECTION] = "rejection",
    [EVIDENCE_WITHDRAWAL] = "withdrawal",
};

const char *evidence_type_word(enum evidence_type type)
{
    return type_words[type];
}

static void release_record(struct evidence_record *record)
{
    free(record->name);
    free(record->text);
    free(record->signature);
    json_free(record->document);
    *record = (struct evidence_record) { 0 };
}

void evidence_release(struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        release_record(&evidence->records[i]);
    free(evidence->records);
    *evidence = (struct evidence) { 0 };
}

// "0003-approval.json": four digits, a hyphen, a type, the ending.
static bool parse_name(const char *name, enum evidence_type *out_type)
{
    if (strspn(name, "0123456789") != 4 || name[4] != '-')
        return false;
    for (int type = 0; type < EVIDENCE_TYPE_COUNT; type++) {
        size_t length = strlen(type_words[type]);
        if (strncmp(name + 5, type_words[type], length) == 0 &&
            strcmp(name + 5 + length, ".json") == 0) {
            *out_type = (enum evidence_type)type;
            return true;
        }
    }
    return false;
}

static enum status copy_file(char **out, size_t *out_bytes, const struct content_file *file,
                             struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    if (file->size_bytes > EVIDENCE_MAX_RECORD_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "evidence_too_large", "%s: over %u bytes",
                         file->path, EVIDENCE_MAX_RECORD_BYTES);
    TRY(content_view(&view, file, err));
    *out_bytes = view.size_bytes;
    return memory_copy_bytes(out, view.bytes, view.size_bytes, err);
}

static enum status fill_record(struct evidence_record *record, const struct content *content,
                               const struct content_file *file, const char *name, struct error *err)
{
    char signature_path[CONTENT_MAX_PATH_BYTES + 8];
    size_t signature_bytes;
    TRY(copy_file(&record->text, &record->text_bytes, file, err));
    if (json_parse(&record->document, record->text, record->text_bytes, err) != STATUS_OK) {
        err->status = STATUS_DAMAGED;
        return error_prefix(err, "evidence %s", file->path);
    }
    TRY(memory_copy_bytes(&record->name, name, strlen(name) - strlen(".json"), err));
    snprintf(signature_path, sizeof(signature_path), "%s.sig", file->path);
    const struct content_file *signature = content_find(content, signature_path);
    return signature ? copy_file(&record->signature, &signature_bytes, signature, err) : STATUS_OK;
}

static enum status add_record(struct evidence *evidence, const struct content *content,
                              const struct content_file *file, const char *name,
                              enum evidence_type type, struct error *err)
{
    if (evidence->count >= EVIDENCE_MAX_RECORDS)
        return error_set(err, STATUS_TOO_LARGE, "too_much_evidence", "more than %d records",
                         EVIDENCE_MAX_RECORDS);
    TRY(memory_grow(&evidence->records, evidence->count, &evidence->capacity,
                    sizeof(*evidence->records), err));
    struct evidence_record record OWNED(release_record) = { .type = type };
    TRY(fill_record(&record, content, file, name, err));
    evidence->records[evidence->count++] = record;
    record = (struct evidence_record) { 0 };
    return STATUS_OK;
}

enum status evidence_parse(struct evidence *out, const struct content *content, const char *folder,
                           struct error *err)
{
    struct evidence evidence OWNED(evidence_release) = { 0 };
    size_t prefix = strlen(folder);
    for (size_t i = 0; i < content->count; i++) {
        const char *path = content->files[i].path;
        bool inside = prefix == 0 || (text_starts_with(path, folder) && path[prefix] == '/');
        const char *name = path + (prefix ? prefix + 1 : 0);
        enum evidence_type type;
        if (inside && parse_name(name, &type))
            TRY(add_record(&evidence, content, &content->files[i], name, type, err));
    }
    *out = evidence;
    evidence = (struct evidence) { 0 };
    return STATUS_OK;
}

void evidence_folder(const struct artifact_id *id, char out[ID_TEXT_BYTES])
{
    snprintf(out, ID_TEXT_BYTES, "%s/%s/%u", id_kind_word(id->kind), id->name, id->version);
}

static enum status read_tip(struct environment *environment, struct oid *out_commit,
                            struct oid *out_tree, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    *out_tree = (struct oid) { 0 };
    TRY(store_ref_get(environment->store, EVIDENCE_REF, out_commit, err));
    if (oid_is_none(out_commit))
        return STATUS_OK;
    TRY(commit_read(environment->store, out_commit, &commit, err));
    *out_tree = commit.tree;
    return STATUS_OK;
}

enum status evidence_read(struct content *out, struct environment *environment, const char *folder,
                          struct error *err)
{
    struct oid commit;
    struct oid tree;
    struct oid found;
    bool is_tree;
    TRY(read_tip(environment, &commit, &tree, err));
    TRY(tree_find(environment->store, &tree, folder, &found, &is_tree, err));
    return oid_is_none(&found) ? STATUS_OK
                               : tree_content_read(environment->store, &found, out, err);
}

// One more than the highest number in the folder.
static enum status next_name(struct environment *environment,
                             const struct evidence_addition *addition,
                             char out[EVIDENCE_NAME_BYTES], struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    struct evidence evidence OWNED(evidence_release) = { 0 };
    TRY(evidence_read(&content, environment, addition->folder, err));
    TRY(evidence_parse(&evidence, &content, "", err));
    unsigned number = 1;
    for (size_t i = 0; i < evidence.count; i++)
        number = (unsigned)strtoul(evidence.records[i].name, NULL, 10) + 1;
    if (number > EVIDENCE_MAX_RECORDS) {
        error_set(err, STATUS_TOO_LARGE, "too_much_evidence", "%s has %d records already",
                  addition->folder, EVIDENCE_MAX_RECORDS);
        return error_hint(err, "publish a new version");
    }
    snprintf(out, EVIDENCE_NAME_BYTES, "%04u-%s", number, type_words[addition->type]);
    return STATUS_OK;
}

// The files that an addition puts into its folder, at most three changes.
struct adding {
    struct writer_change changes[3];
    char paths[3][EVIDENCE_PATH_BYTES];
    size_t count;
};

static void add_change(struct adding *adding, const struct evidence_addition *addition,
                       const char *name, const char *ending, const struct oid *oid, bool is_tree)
{
    char *path = adding->paths[adding->count];
    snprintf(path, EVIDENCE_PATH_BYTES, "%s/%s%s", addition->folder, name, ending);
    adding->changes[adding->count++] = (struct writer_change) { path, *oid, is_tree };
}

static enum status put_files(struct writer *writer, const struct evidence_addition *addition,
                             const char *name, const struct oid *base, struct oid *out,
                             struct error *err)
{
    struct adding adding = { 0 };
    struct oid oid;
    TRY(writer_put_blob(writer, addition->text, strlen(addition->text), &oid, err));
    add_change(&adding, addition, name, ".json", &oid, false);
    if (addition->signature) {
        TRY(writer_put_blob(writer, addition->signature, strlen(addition->signature), &oid, err));
        add_change(&adding, addition, name, ".json.sig", &oid, false);
    }
    if (addition->attached && addition->attached->count > 0) {
        TRY(writer_put_content(writer, addition->attached, &oid, err));
        add_change(&adding, addition, name, "-files", &oid, true);
    }
    return writer_put_tree(writer, base, adding.changes, adding.count, out, err);
}

enum status evidence_add(struct environment *environment, const struct evidence_addition *addition,
                         char out_name[EVIDENCE_NAME_BYTES], struct error *err)
{
    struct writer *writer OWNED(writer_release) = NULL;
    struct buffer words OWNED(buffer_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct writer_commit commit = { .actor = addition->message->actor, .time = clock_now() };
    struct oid base;
    struct oid oid;
    TRY(next_name(environment, addition, out_name, err));
    TRY(writer_new(&writer, environment->store, err));
    TRY(read_tip(environment, &commit.parent, &base, err));
    TRY(put_files(writer, addition, out_name, &base, &commit.tree, err));
    change_message_append(&words, addition->message);
    TRY(buffer_check(&words, err));
    commit.message = words.bytes;
    TRY(writer_commit_text(&text, &commit, err));
    TRY(writer_put_commit(writer, text.bytes, NULL, &oid, err));
    TRY(writer_flush(writer, err));
    TRY(store_ref_move(environment->store, EVIDENCE_REF, &commit.parent, &oid, err));
    TRY(follow_catch_up(environment, FOLLOW_OWN, err));
    return audit_log_append_change(environment, addition->message, &oid, err);
}

bool evidence_is_withdrawn(const struct evidence *evidence, const struct evidence_record *record)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->records[i].type == EVIDENCE_WITHDRAWAL &&
            strcmp(json_get_string(evidence->records[i].document, "record", ""), record->name) == 0)
            return true;
    return false;
}

const struct evidence_record *evidence_find_rejection(const struct evidence *evidence,
                                                      const struct digest *digest)
{
    char text[DIGEST_TEXT_BYTES];
    digest_format(digest, text);
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->records[i].type == EVIDENCE_REJECTION &&
            strcmp(json_get_string(evidence->records[i].document, "digest", ""), text) == 0)
            return &evidence->records[i];
    return NULL;
}
