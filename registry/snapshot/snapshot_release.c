// One verified release in memory.
#include "snapshot/snapshot_release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

// The digest, and a mark of what the bindings meant: another meaning is another answer.
static enum status tag_answer(struct snapshot_release *release, struct error *err)
{
    char text[DIGEST_TEXT_BYTES];
    char hex[DIGEST_HEX_BYTES];
    struct buffer canonical OWNED(buffer_release) = { 0 };
    struct digest mark;
    if (!release->resolved) {
        quote_digest(release->etag, &release->digest);
        return STATUS_OK;
    }
    TRY(json_print_canonical(&canonical, release->resolved, err));
    TRY(hash_bytes(&mark, canonical.bytes, canonical.length, err));
    digest_format(&release->digest, text);
    digest_format_hex(&mark, hex);
    snprintf(release->etag, sizeof(release->etag), "\"%s-%.*s\"", text, SNAPSHOT_MARK_BYTES - 1,
             hex);
    return STATUS_OK;
}

static size_t count_bytes(const struct content *content)
{
    size_t total = sizeof(struct snapshot_release) + content->count * sizeof(struct snapshot_file);
    for (size_t i = 0; i < content->count; i++)
        total += strlen(content->files[i].path) + 1 + content->files[i].size_bytes;
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

static enum status fill(struct snapshot_release *release, const struct verify_release *from,
                        const struct buffer *body, struct error *err)
{
    struct snapshot_file *files = (struct snapshot_file *)(release + 1);
    struct block block = { (char *)(files + from->content.count) };
    for (size_t i = 0; i < from->content.count; i++)
        TRY(take_file(&files[i], &block, &from->content.files[i], err));
    release->files = files;
    release->file_count = from->content.count;
    release->body = take(&block, body->bytes, body->length);
    release->body_bytes = body->length;
    release->id = from->id;
    release->digest = from->digest;
    release->released_at = from->released_at;
    release->content_tree = from->content_tree;
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
    struct buffer body OWNED(buffer_release) = { 0 };
    struct snapshot_release *release OWNED(release_unborn) = NULL;
    struct json *resolved OWNED(json_release) = bindings_resolve(bindings, &from->manifest);
    TRY(answer_body_print(&body, from, resolved, err));
    TRY(memory_new(&release, 1, count_bytes(&from->content) + body.length, err));
    release->resolved = MOVE(resolved);
    TRY(fill(release, from, &body, err));
    TRY(tag_answer(release, err));
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
