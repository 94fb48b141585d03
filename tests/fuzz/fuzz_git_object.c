// Fuzzes commits and tags as somebody who can write to the store might have made them: read, split
// from their signatures, their trailers looked up. The first byte chooses which.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/store_scene.h"
#include "release/change_message.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Each trailer lies in the message, in the order of their numbers.
static void check_trailers(const struct commit *commit)
{
    static const char *const names[] = { "Operation", "Artifact", "Version", "Digest",
                                         "Actor",     "Reason",   "Audit",   "" };
    const char *end = commit->message + strlen(commit->message);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *before = commit->message;
        const char *value;
        size_t length;
        for (int nth = 0; commit_trailer(commit, names[i], nth, &value, &length); nth++) {
            must(value >= before && length <= (size_t)(end - value));
            must(!memchr(value, '\n', length));
            before = value + length;
        }
    }
}

static void check_split(struct store *store, const struct oid *oid, enum object_type type,
                        size_t size)
{
    struct error err = { 0 };
    struct object_signed split OWNED(object_signed_release) = { 0 };
    must(object_read_signed(store, oid, type, &split, &err) == STATUS_OK);
    must(split.payload.length + split.signature.length <= size + 1);
}

static void read_commit(struct store *store, struct writer *writer, const char *text)
{
    struct error err = { 0 };
    struct oid oid;
    struct commit commit OWNED(commit_release) = { 0 };
    if (writer_put_commit(writer, text, NULL, &oid, &err) != STATUS_OK)
        return;
    check_split(store, &oid, OBJECT_COMMIT, strlen(text));
    if (commit_read(store, &oid, &commit, &err) == STATUS_OK)
        check_trailers(&commit);
    else
        must(err.message[0] != '\0');
}

static void read_tag(struct store *store, struct writer *writer, const char *text)
{
    struct error err = { 0 };
    struct oid oid;
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    if (writer_put_tag(writer, text, NULL, &oid, &err) != STATUS_OK)
        return;
    check_split(store, &oid, OBJECT_TAG, strlen(text));
    if (commit_read_tag(store, &oid, &tag, &err) == STATUS_OK)
        must(tag.name && tag.message);
    else
        must(err.message[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct store *store = store_scene_shared()->store;
    struct writer *writer OWNED(writer_release) = NULL;
    char *text OWNED(memory_release) = NULL;
    if (size == 0)
        return 0;
    must(memory_copy_bytes(&text, data + 1, size - 1, &err) == STATUS_OK);
    must(writer_new(&writer, store, &err) == STATUS_OK);
    if (data[0] == 't')
        read_tag(store, writer, text);
    else
        read_commit(store, writer, text);
    return 0;
}
