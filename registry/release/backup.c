// Backups, made and read.
#include "release/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/audit.h"
#include "ledger/ledger_copy.h"
#include "store/bundle.h"

#define DOCUMENT_MAX_BYTES (64U << 10)
#define COPY_BYTES (256U << 10) // read at a time

// --- heads ---

void backup_head_format(const struct backup_head *head, char out[BACKUP_HEAD_BYTES])
{
    char hex[DIGEST_HEX_BYTES];
    digest_format_hex(&head->hash, hex);
    snprintf(out, BACKUP_HEAD_BYTES, "%lld:%s", (long long)head->sequence, hex);
}

enum status backup_head_parse(struct backup_head *out, const char *text, struct error *err)
{
    static const char prefix[] = "sha256:";
    char *end;
    struct backup_head head = { 0 };
    struct error ignored;
    char digest[DIGEST_TEXT_BYTES];
    errno = 0;
    head.sequence = strtoll(text, &end, 10);
    bool is_number = errno == 0 && end != text && head.sequence > 0 && (*end == ':' || *end == ' ');
    const char *hex = is_number ? end + 1 : "";
    if (strncmp(hex, prefix, sizeof(prefix) - 1) == 0)
        hex += sizeof(prefix) - 1;
    snprintf(digest, sizeof(digest), "%s%.64s", prefix, hex);
    if (is_number && strlen(hex) == DIGEST_HEX_BYTES - 1 &&
        digest_parse(&head.hash, digest, &ignored) == STATUS_OK) {
        *out = head;
        return STATUS_OK;
    }
    error_set(err, STATUS_INVALID, "head_invalid", "'%.100s' is not an entry of an audit", text);
    return error_hint(err, "give number and hash as NUMBER:HASH, as `greenroom backup` and "
                           "`greenroom verify` show them");
}

enum status backup_head_read(struct backup_head *out, struct environment *environment,
                             struct error *err)
{
    return audit_head(environment->ledger, &out->sequence, &out->hash, err);
}

// --- making ---

// What is noted while nobody writes.
struct noting {
    struct store_ref *refs;
    size_t count;
    size_t capacity;
    char folder[64]; // for the ledger's copy
    char *ledger;    // its path
};

static void release_noting(struct noting *noting)
{
    struct error ignored;
    for (size_t i = 0; i < noting->count; i++)
        free((char *)noting->refs[i].ref);
    free(noting->refs);
    free(noting->ledger);
    if (noting->folder[0])
        (void)file_remove_tree(noting->folder, &ignored);
}

static enum status note_ref(void *context, const char *ref, const struct oid *oid,
                            struct error *err)
{
    struct noting *noting = context;
    char *name OWNED(memory_release) = NULL;
    TRY(memory_grow(&noting->refs, noting->count, &noting->capacity, sizeof(*noting->refs), err));
    TRY(memory_copy_string(&name, ref, err));
    noting->refs[noting->count++] = (struct store_ref) { MOVE(name), *oid };
    return STATUS_OK;
}

static enum status make_folder(struct noting *noting, struct error *err)
{
    const char *parent = getenv("TMPDIR");
    int length = snprintf(noting->folder, sizeof(noting->folder), "%s/greenroom-backup-XXXXXX",
                          parent && *parent && strlen(parent) < 32 ? parent : "/tmp");
    if (length < 0 || !mkdtemp(noting->folder)) {
        noting->folder[0] = '\0';
        return error_errno(err, "cannot make a temporary folder in", parent ? parent : "/tmp");
    }
    return file_join(&noting->ledger, noting->folder, BACKUP_LEDGER, err);
}

// The ledger first: refs that are ahead of it are replayed when the copy is opened.
static enum status note(struct noting *noting, struct backup *backup,
                        struct environment *environment, struct error *err)
{
    struct file_lock lock OWNED(file_lock_release) = FILE_LOCK_NONE;
    TRY(make_folder(noting, err));
    TRY(file_lock_acquire(&lock, environment->path, ENVIRONMENT_LOCK_MS, err));
    TRY(backup_head_read(&backup->head, environment, err));
    TRY(ledger_copy(environment->ledger, noting->ledger, err));
    return store_ref_each(environment->store, "refs/*", note_ref, noting, err);
}

struct gathering {
    struct archive_spool *spool;
    struct content *content;
};

static enum status gather_bytes(void *context, const void *bytes, size_t length, struct error *err)
{
    struct gathering *gathering = context;
    TRY(archive_spool_write(gathering->spool, gathering->spool->end_bytes, bytes, length, err));
    gathering->spool->end_bytes += length;
    return STATUS_OK;
}

// Names what was gathered since `begin`.
static enum status name_file(struct gathering *gathering, const char *path, uint64_t begin,
                             struct error *err)
{
    return content_add(gathering->content, path, gathering->spool->end_bytes - begin,
                       &gathering->spool->source, begin, err);
}

static enum status gather_file(struct gathering *gathering, const char *path, const char *name,
                               struct error *err)
{
    uint64_t begin = gathering->spool->end_bytes;
    char *chunk OWNED(memory_release) = NULL;
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    TRY(memory_new(&chunk, COPY_BYTES, 1, err));
    if (fd < 0)
        return error_errno(err, "cannot read", path);
    for (;;) {
        ssize_t got = read(fd, chunk, COPY_BYTES);
        if (got < 0)
            return error_errno(err, "cannot read", path);
        if (got == 0)
            return name_file(gathering, name, begin, err);
        TRY(gather_bytes(gathering, chunk, (size_t)got, err));
    }
}

static enum status gather_store(struct gathering *gathering, const struct noting *noting,
                                struct store *store, struct error *err)
{
    uint64_t begin = gathering->spool->end_bytes;
    TRY(bundle_write(store, noting->refs, noting->count, gather_bytes, gathering, err));
    return name_file(gathering, BACKUP_STORE, begin, err);
}

static enum status add_document(struct content *content, const struct backup *backup,
                                struct error *err)
{
    char head[BACKUP_HEAD_BYTES];
    char time[CLOCK_TEXT_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document OWNED(json_release) = json_new_object();
    backup_head_format(&backup->head, head);
    clock_format(backup->made_at, time);
    json_set_integer(document, "format", 1);
    json_set_string(document, "made_at", time);
    json_set_string(document, "environment", backup->identity.id);
    json_set_string(document, "name", backup->identity.name);
    json_set_string(document, "class", environment_class_word(backup->identity.environment_class));
    json_set_string(document, "audit", head);
    TRY(json_print_pretty(&text, document, err));
    return content_add_bytes(content, BACKUP_DOCUMENT, text.bytes, text.length, err);
}

enum status backup_make(struct content *out, struct backup *out_backup,
                        struct environment *environment, struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    struct noting noting OWNED(release_noting) = { 0 };
    struct backup backup = { .identity = environment->identity, .made_at = clock_now() };
    struct gathering gathering = { .content = &content };
    char *identity OWNED(memory_release) = NULL;
    TRY(note(&noting, &backup, environment, err));
    TRY(file_join(&identity, environment->path, BACKUP_IDENTITY, err));
    TRY(archive_spool_new(&gathering.spool, err));
    TRY(content_own_source(&content, &gathering.spool->source, err));
    TRY(gather_file(&gathering, identity, BACKUP_IDENTITY, err));
    TRY(gather_file(&gathering, noting.ledger, BACKUP_LEDGER, err));
    TRY(gather_store(&gathering, &noting, environment->store, err));
    TRY(archive_spool_seal(gathering.spool, err));
    TRY(add_document(&content, &backup, err));
    TRY(content_seal(&content, err));
    *out = content;
    content = (struct content) { 0 };
    *out_backup = backup;
    return STATUS_OK;
}

// --- reading ---

static enum status not_one(struct error *err, const char *why)
{
    error_set(err, STATUS_INVALID, "not_a_backup", "this is no backup: %s", why);
    return error_hint(err, "name a file that `greenroom backup` wrote");
}

static enum status read_document(struct backup *backup, const struct content_file *file,
                                 struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    if (file->size_bytes > DOCUMENT_MAX_BYTES)
        return not_one(err, BACKUP_DOCUMENT " is too large");
    TRY(content_view(&view, file, err));
    if (json_parse(&document, view.bytes, view.size_bytes, err) != STATUS_OK ||
        json_get_integer(document, "format", 0) != 1 ||
        clock_parse(&backup->made_at, json_get_string(document, "made_at", ""), err) != STATUS_OK ||
        backup_head_parse(&backup->head, json_get_string(document, "audit", ""), err) != STATUS_OK)
        return not_one(err, BACKUP_DOCUMENT " is not what this version writes");
    return STATUS_OK;
}

enum status backup_read(struct backup *out, const struct content *content, struct error *err)
{
    static const char *const paths[] = { BACKUP_IDENTITY, BACKUP_STORE, BACKUP_LEDGER };
    struct backup backup = { 0 };
    const struct content_file *document = content_find(content, BACKUP_DOCUMENT);
    if (!document)
        return not_one(err, BACKUP_DOCUMENT " is missing");
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (!content_find(content, paths[i]))
            return not_one(err, paths[i]);
    if (content->count != COUNT_OF(paths) + 1)
        return not_one(err, "there are files that belong to none");
    TRY(read_document(&backup, document, err));
    *out = backup;
    return STATUS_OK;
}
