// An archive of a release.
#include "packed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "artifact/content.h"
#include "base/file.h"
#include "base/memory.h"
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
    (void)source; // it stands on packed_make's stack
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

static enum status open_temporary(int *out, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !folder[0])
        folder = "/tmp";
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_errno(err, "cannot make a temporary file in", folder);
    *out = fd;
    return STATUS_OK;
}

static enum status read_whole(struct packed *packed, int fd, struct error *err)
{
    TRY(memory_new(&packed->bytes, 1, packed->size_bytes + 1, err));
    for (size_t done = 0; done < packed->size_bytes;) {
        ssize_t got =
            pread(fd, (char *)packed->bytes + done, packed->size_bytes - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_errno(err, "cannot read", "the archive just made");
        done += (size_t)got;
    }
    return STATUS_OK;
}

static enum status map_whole(struct packed *packed, int fd, struct error *err)
{
    void *bytes = mmap(NULL, packed->size_bytes, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return error_errno(err, "cannot map", "the archive just made");
    packed->bytes = bytes;
    packed->mapped_bytes = packed->size_bytes;
    return STATUS_OK;
}

static void release_packed(struct packed **packed)
{
    packed_free(*packed);
}

static enum status take_file(struct packed **out, int fd, struct error *err)
{
    struct packed *packed OWNED(release_packed) = NULL;
    struct stat status;
    struct digest digest;
    char text[DIGEST_TEXT_BYTES];
    if (fstat(fd, &status) != 0)
        return error_errno(err, "cannot measure", "the archive just made");
    TRY(memory_new(&packed, 1, sizeof(*packed), err));
    packed->size_bytes = (size_t)status.st_size;
    if (packed->size_bytes <= PACKED_HEAP_BYTES)
        TRY(read_whole(packed, fd, err));
    else
        TRY(map_whole(packed, fd, err));
    TRY(hash_bytes(&digest, packed->bytes, packed->size_bytes, err));
    digest_format(&digest, text);
    snprintf(packed->etag, sizeof(packed->etag), "\"%s\"", text);
    *out = MOVE(packed);
    return STATUS_OK;
}

enum status packed_make(struct packed **out, const struct snapshot_release *release,
                        enum archive_format format, const atomic_bool *stop, struct error *err)
{
    int fd OWNED(file_close) = -1;
    struct lender lender = { { lend, take_back, keep }, release, stop };
    struct content content OWNED(content_release) = { 0 };
    char label[ID_TEXT_BYTES];
    id_format(&release->id, label);
    TRY(list_files(&content, &lender, err));
    TRY(open_temporary(&fd, err));
    TRY(archive_writer_fd(fd, format, &content, label, err));
    return take_file(out, fd, err);
}

void packed_free(struct packed *packed)
{
    if (!packed)
        return;
    if (packed->mapped_bytes > 0)
        munmap(packed->bytes, packed->mapped_bytes);
    else
        free(packed->bytes);
    free(packed);
}
