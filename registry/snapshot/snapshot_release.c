// One verified release in memory.
#include "snapshot/snapshot_release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/encoding.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "release/bindings.h"
#include "snapshot/answer_body.h"
#include "snapshot/media_type.h"
#include "snapshot/rendering.h"
#include "trust/hash.h"

// Hands out pieces of one allocation: a release is one block, so that it comes and goes as one.
struct block {
    char *at;
};

static char *take(struct block *block, const void *bytes, size_t length)
{
    char *piece = block->at;
    if (length > 0)
        memcpy(piece, bytes, length);
    block->at += length;
    return piece;
}

static void quote_digest(char out[SNAPSHOT_ETAG_BYTES], const struct digest *digest)
{
    char text[DIGEST_TEXT_BYTES];
    digest_format(digest, text);
    snprintf(out, SNAPSHOT_ETAG_BYTES, "\"%s\"", text);
}

static const char *const coding_marks[SNAPSHOT_ENCODING_COUNT] = {
    [SNAPSHOT_IDENTITY] = "",
    [SNAPSHOT_GZIP] = "-gzip",
    [SNAPSHOT_ZSTD] = "-zstd",
};

// The digest, a mark of what the bindings meant, since another meaning is another answer, and the
// coding.
static enum status tag_answer(char out[SNAPSHOT_ENCODING_COUNT][SNAPSHOT_ETAG_BYTES],
                              const struct digest *content, const struct json *resolved,
                              struct error *err)
{
    char digest[DIGEST_TEXT_BYTES];
    char hex[DIGEST_HEX_BYTES];
    char mark[SNAPSHOT_MARK_BYTES + 1] = "";
    digest_format(content, digest);
    if (resolved) {
        struct buffer canonical OWNED(buffer_release) = { 0 };
        struct digest meaning;
        TRY(json_print_canonical(&canonical, resolved, err));
        TRY(hash_bytes(&meaning, canonical.bytes, canonical.length, err));
        digest_format_hex(&meaning, hex);
        snprintf(mark, sizeof(mark), "-%.*s", SNAPSHOT_MARK_BYTES - 1, hex);
    }
    for (size_t i = 0; i < SNAPSHOT_ENCODING_COUNT; i++)
        snprintf(out[i], SNAPSHOT_ETAG_BYTES, "\"%s%s%s\"", digest, mark, coding_marks[i]);
    return STATUS_OK;
}

// The answer in each coding, empty where it would save too little, with what goes before it; and
// what the release uses.
struct bodies {
    struct buffer encoded[SNAPSHOT_ENCODING_COUNT];
    struct buffer fronts[SNAPSHOT_ENCODING_COUNT];
    size_t marks[SNAPSHOT_ENCODING_COUNT];
    char etags[SNAPSHOT_ENCODING_COUNT][SNAPSHOT_ETAG_BYTES];
    struct buffer uses;
};

static void bodies_release(struct bodies *bodies)
{
    for (size_t i = 0; i < SNAPSHOT_ENCODING_COUNT; i++) {
        buffer_release(&bodies->encoded[i]);
        buffer_release(&bodies->fronts[i]);
    }
    buffer_release(&bodies->uses);
}

static enum status encode(struct bodies *bodies, struct error *err)
{
    const struct buffer *plain = &bodies->encoded[SNAPSHOT_IDENTITY];
    if (plain->length < SNAPSHOT_ENCODE_MIN_BYTES)
        return STATUS_OK;
    TRY(encoding_gzip(&bodies->encoded[SNAPSHOT_GZIP], plain->bytes, plain->length, err));
    TRY(encoding_zstd(&bodies->encoded[SNAPSHOT_ZSTD], plain->bytes, plain->length, err));
    for (size_t i = SNAPSHOT_GZIP; i < SNAPSHOT_ENCODING_COUNT; i++)
        if (bodies->encoded[i].length > plain->length - plain->length / 10)
            buffer_truncate(&bodies->encoded[i], 0);
    return STATUS_OK;
}

static enum status list_uses(struct buffer *out, const struct manifest *manifest, struct error *err)
{
    for (const struct json *item = json_first(json_get(manifest->document, "uses")); item;
         item = json_next(item))
        if (json_string(item))
            buffer_append(out, json_string(item), strlen(json_string(item)) + 1);
    return buffer_check(out, err);
}

static enum status print_fronts(struct bodies *bodies, uint32_t version,
                                const struct snapshot_face *face, struct error *err)
{
    for (unsigned i = 0; face->front && i < SNAPSHOT_ENCODING_COUNT; i++) {
        const struct snapshot_front front = { version, (enum snapshot_encoding)i,
                                              bodies->encoded[i].length, bodies->etags[i] };
        if (front.size_bytes > 0)
            face->front(face->context, &bodies->fronts[i], &front, &bodies->marks[i]);
        TRY(buffer_check(&bodies->fronts[i], err));
    }
    return STATUS_OK;
}

static size_t count_bytes(const struct content *content, const struct bodies *bodies)
{
    size_t total = bodies->uses.length;
    for (size_t i = 0; i < content->count; i++)
        total += strlen(content->files[i].path) + 1 + content->files[i].size_bytes;
    for (size_t i = 0; i < SNAPSHOT_ENCODING_COUNT; i++)
        total += bodies->fronts[i].length + strlen(bodies->etags[i]) + bodies->encoded[i].length;
    return total;
}

static enum status take_file(struct snapshot_file *out, struct block *block,
                             const struct content_file *file, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    out->path = take(block, file->path, strlen(file->path) + 1);
    out->bytes = take(block, view.bytes, view.size_bytes);
    out->size_bytes = view.size_bytes;
    out->media_type = media_type_of(file->path);
    quote_digest(out->etag, &file->sha256);
    return STATUS_OK;
}

// Takes the front, and says where the tag is: in the front, if that has it, since who looks at the
// one will look at the other.
static const char *take_tag(struct block *block, const struct buffer *front, const char *etag)
{
    size_t etag_bytes = strlen(etag);
    const char *there =
        front->length > 0 ? memmem(front->bytes, front->length, etag, etag_bytes) : NULL;
    const char *apart = there ? NULL : take(block, etag, etag_bytes);
    const char *begin = take(block, front->bytes, front->length);
    return there ? begin + (there - front->bytes) : apart;
}

static enum status fill(struct snapshot_release *release, const struct verify_release *from,
                        const struct bodies *bodies, struct error *err)
{
    struct snapshot_file *files = (struct snapshot_file *)(release + 1);
    struct block block = { (char *)(files + from->content.count) };
    release->bytes = block.at;
    for (size_t i = 0; i < from->content.count; i++)
        TRY(take_file(&files[i], &block, &from->content.files[i], err));
    release->files = files;
    release->file_count = from->content.count;
    for (unsigned i = 0; i < SNAPSHOT_ENCODING_COUNT; i++) {
        const struct buffer *body = &bodies->encoded[i];
        if (body->length == 0)
            continue;
        release->bodies[i].front_bytes = bodies->fronts[i].length;
        release->bodies[i].front_mark = bodies->marks[i];
        release->bodies[i].etag = take_tag(&block, &bodies->fronts[i], bodies->etags[i]);
        release->bodies[i].etag_bytes = strlen(bodies->etags[i]);
        release->bodies[i].bytes = take(&block, body->bytes, body->length);
        release->bodies[i].size_bytes = body->length;
        release->encodings |= 1U << i;
    }
    release->uses = take(&block, bodies->uses.bytes, bodies->uses.length);
    release->uses_bytes = bodies->uses.length;
    release->size_bytes = (size_t)(block.at - release->bytes);
    release->id = from->id;
    release->digest = from->digest;
    release->released_at = from->released_at;
    release->content_tree = from->content_tree;
    memcpy(release->signer, from->signer, sizeof(release->signer));
    release->signed_at = from->signed_at;
    return STATUS_OK;
}

static void release_unborn(struct snapshot_release **release)
{
    if (*release)
        json_free((*release)->resolved);
    free(*release);
}

enum status snapshot_release_new(struct snapshot_release **out, const struct verify_release *from,
                                 const struct oid *tag, const struct json *bindings,
                                 const struct snapshot_face *face, struct error *err)
{
    struct bodies bodies OWNED(bodies_release) = { 0 };
    struct snapshot_release *release OWNED(release_unborn) = NULL;
    struct json *resolved OWNED(json_release) = bindings_resolve(bindings, &from->manifest);
    TRY(answer_body_print(&bodies.encoded[SNAPSHOT_IDENTITY], from, resolved, err));
    TRY(encode(&bodies, err));
    TRY(list_uses(&bodies.uses, &from->manifest, err));
    TRY(tag_answer(bodies.etags, &from->digest, resolved, err));
    TRY(print_fronts(&bodies, from->id.version, face, err));
    size_t list_bytes = from->content.count * sizeof(struct snapshot_file);
    TRY(memory_new(&release, 1,
                   sizeof(*release) + list_bytes + count_bytes(&from->content, &bodies), err));
    release->resolved = MOVE(resolved);
    TRY(fill(release, from, &bodies, err));
    release->tag = *tag;
    release->face = face;
    atomic_init(&release->holds, 1);
    if (face->prepare)
        TRY(face->prepare(face->context, release, err));
    *out = MOVE(release);
    return STATUS_OK;
}

bool snapshot_release_resolves_alike(const struct snapshot_release *release,
                                     const struct json *bindings)
{
    for (const struct json *name = json_first(release->resolved); name; name = json_next(name)) {
        const char *before = json_string(name);
        const char *now = json_get_string(bindings, json_key(name), NULL);
        if (before && now ? strcmp(before, now) != 0 : before != now)
            return false;
    }
    return true;
}

// Counting the users of a release is no change of it, hence const for callers.
static atomic_uint *holds_of(const struct snapshot_release *release)
{
    return &((struct snapshot_release *)release)->holds;
}

void snapshot_release_hold(const struct snapshot_release *release)
{
    atomic_fetch_add_explicit(holds_of(release), 1, memory_order_relaxed);
}

void snapshot_release_drop(const struct snapshot_release *release)
{
    // Whoever is last sees what all the others did before they let go.
    if (atomic_fetch_sub_explicit(holds_of(release), 1, memory_order_acq_rel) > 1)
        return;
    struct snapshot_release *last = (struct snapshot_release *)release;
    if (last->face->discard)
        last->face->discard(last->face->context, last);
    json_free(last->resolved);
    rendering_free(atomic_load(&last->rendering));
    free(last);
}

void snapshot_release_retire(struct snapshot_release *release)
{
    if (release->face->retire)
        release->face->retire(release->face->context, release);
    snapshot_release_drop(release);
}

enum status snapshot_release_rendering(const struct snapshot_release *release,
                                       const struct rendering **out, struct error *err)
{
    struct snapshot_release *keeper = (struct snapshot_release *)release;
    struct rendering *kept = atomic_load(&keeper->rendering);
    if (!kept) {
        struct rendering *made;
        TRY(rendering_new(&made, release, err));
        // Two readers may make it at once: the first to hand it in wins, the other takes that one.
        if (atomic_compare_exchange_strong(&keeper->rendering, &kept, made))
            kept = made;
        else
            rendering_free(made);
    }
    *out = kept;
    return STATUS_OK;
}

const struct snapshot_file *snapshot_release_file(const struct snapshot_release *release,
                                                  const char *path, size_t path_bytes)
{
    size_t low = 0;
    size_t high = release->file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct snapshot_file *file = &release->files[middle];
        int order = strncmp(file->path, path, path_bytes);
        if (order == 0 && file->path[path_bytes] == '\0')
            return file;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
