// An archive of a release.
#include "packed.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/archive_reader.h"
#include "artifact/content.h"
#include "base/file.h"
#include "base/memory.h"
#include "cached_file.h"
#include "trust/hash.h"

// Lends the files of a release, which are in memory already, to the archive's writer.
struct lender {
    struct content_source source;
    const struct snapshot_release *release;
    const atomic_bool *stop;
};

static enum status lend(struct content_source *source, uint64_t key, uint64_t size_bytes,
                        const void **out_bytes, struct error *err)
{
    (void)size_bytes;
    struct lender *lender = (struct lender *)source;
    if (atomic_load(lender->stop))
        return error_set(err, STATUS_IO, "stopping", "the server is stopping");
    *out_bytes = lender->release->files[key].bytes;
    return STATUS_OK;
}

static void take_back(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source, (void)bytes, (void)size_bytes;
}

static void keep(struct content_source *source)
{
    (void)source; // it stands on pack's stack
}

static enum status list_files(struct content *content, struct lender *lender, struct error *err)
{
    const struct snapshot_release *release = lender->release;
    TRY(content_own_source(content, &lender->source, err));
    for (size_t i = 0; i < release->file_count; i++)
        TRY(content_add(content, release->files[i].path, release->files[i].size_bytes,
                        &lender->source, i, err));
    return content_seal(content, err);
}

// What a cached file is made from.
struct packing {
    const struct snapshot_release *release;
    const struct packed_plan *plan;
};

static enum status pack(void *context, int fd, const char *path, struct error *err)
{
    const struct packing *packing = context;
    struct lender lender = { { .map = lend, .unmap = take_back, .free = keep },
                             packing->release,
                             packing->plan->stop };
    struct content content OWNED(content_release) = { 0 };
    char label[ID_TEXT_BYTES];
    (void)path;
    id_format(&packing->release->id, label);
    TRY(list_files(&content, &lender, err));
    return archive_writer_fd(fd, packing->plan->format, &content, label, err);
}

// Whoever could write it could name it after its own digest, too. So it is not believed, but
// unpacked: its content must have the digest that the release was signed under.
static bool holds_release(const struct cached_file *file, const struct snapshot_release *release)
{
    struct content content OWNED(content_release) = { 0 };
    struct digest digest;
    struct error unheard;
    if (archive_reader_fd(&content, file->fd, "the archive", &unheard) != STATUS_OK ||
        hash_content(&digest, &content, &unheard) != STATUS_OK)
        return false;
    return digest_equal(&digest, &release->digest);
}

static bool find(struct cached_file *out, const struct cached_file_name *name,
                 const struct snapshot_release *release)
{
    if (!cached_file_find(out, name))
        return false;
    if (holds_release(out, release))
        return true;
    cached_file_forget(out, name);
    cached_file_release(out);
    return false;
}

// What a response has in its keeping.
struct kept {
    void *bytes; // NULL: in the file
    int fd;      // -1: none
};

static void kept_drop(void *held)
{
    struct kept *kept = held;
    free(kept->bytes);
    file_close(&kept->fd);
    free(kept);
}

static void kept_release(struct kept **kept)
{
    if (*kept)
        kept_drop(*kept);
}

static void release_packed(struct packed **packed)
{
    packed_free(*packed);
}

static enum status keep_bytes(struct kept *kept, struct cached_file *file, struct error *err)
{
    if (file->size_bytes <= PACKED_HEAP_BYTES)
        return cached_file_read(file, &kept->bytes, err);
    kept->fd = file->fd;
    file->fd = -1;
    return STATUS_OK;
}

static enum status take_file(struct packed **out, struct cached_file *file, struct error *err)
{
    struct packed *packed OWNED(release_packed) = NULL;
    struct kept *kept OWNED(kept_release) = NULL;
    char text[DIGEST_TEXT_BYTES];
    TRY(memory_new(&packed, 1, sizeof(*packed), err));
    TRY(memory_new(&kept, 1, sizeof(*kept), err));
    kept->fd = -1;
    TRY(keep_bytes(kept, file, err));
    const struct response_content content = { .bytes = kept->bytes,
                                              .fd = kept->fd,
                                              .size_bytes = file->size_bytes,
                                              .drop = kept_drop,
                                              .held = kept };
    TRY(response_new(&packed->response, &content, err));
    (void)MOVE(kept); // the response's now
    digest_format(&file->sha256, text);
    snprintf(packed->etag, sizeof(packed->etag), "\"%s\"", text);
    *out = MOVE(packed);
    return STATUS_OK;
}

enum status packed_make(struct packed **out, const struct snapshot_release *release,
                        const struct packed_plan *plan, struct error *err)
{
    struct cached_file file OWNED(cached_file_release) = CACHED_FILE_NONE;
    struct packing packing = { release, plan };
    const struct cached_file_name name = { plan->cache_path, release->digest, plan->ending };
    if (!find(&file, &name, release))
        TRY(cached_file_make(&file, &name, pack, &packing, err));
    return take_file(out, &file, err);
}

void packed_free(struct packed *packed)
{
    if (!packed)
        return;
    response_release(&packed->response);
    free(packed);
}
