// A temporary file that has no name.
#include "archive/archive_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"

// Views as large as this give their pages back at once, so that hashing a large archive does not
// fill memory with it; for smaller ones the system call would cost more than it saves.
#define SPOOL_DROP_BYTES (UINT64_C(1) << 20)

const char *archive_spool_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

static enum status spool_failed(const char *what, struct error *err)
{
    error_errno(err, what, archive_spool_folder());
    return error_hint(err, "set TMPDIR to a folder that is writable and has room for the unpacked "
                           "archive");
}

enum status archive_spool_open_file(int *out_fd, struct error *err)
{
    int fd = open(archive_spool_folder(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        *out_fd = fd;
        return STATUS_OK;
    }
    // File systems without O_TMPFILE (some network and overlay ones) answer in several ways, so
    // whatever it was, the old way has the last word.
    struct buffer path OWNED(buffer_release) = { 0 };
    buffer_append_format(&path, "%s/greenroom.XXXXXX", archive_spool_folder());
    TRY(buffer_check(&path, err));
    fd = mkostemp(path.bytes, O_CLOEXEC);
    if (fd < 0)
        return spool_failed("cannot make a temporary file in", err);
    unlink(path.bytes);
    *out_fd = fd;
    return STATUS_OK;
}

static enum status spool_map(struct content_source *source, uint64_t key, uint64_t size_bytes,
                             const void **out_bytes, struct error *err)
{
    struct archive_spool *spool = (struct archive_spool *)source;
    if (key > spool->mapped_bytes || size_bytes > spool->mapped_bytes - key)
        return error_set(err, STATUS_IO, "spool_not_sealed",
                         "an unpacked file was asked for before its archive was read");
    *out_bytes = spool->bytes + key;
    return STATUS_OK;
}

static void spool_unmap(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source;
    if (size_bytes < SPOOL_DROP_BYTES)
        return;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)bytes & ~(page - 1);
    // Only the mapping's page table forgets them: the bytes stay in the file, and a neighbour that
    // is still in use is read in again.
    madvise((void *)from, (uintptr_t)bytes + size_bytes - from, MADV_DONTNEED);
}

static void spool_free(struct content_source *source)
{
    struct archive_spool *spool = (struct archive_spool *)source;
    if (spool->mapped_bytes > 0)
        munmap((void *)(uintptr_t)spool->bytes, spool->mapped_bytes);
    close(spool->fd);
    free(spool);
}

enum status archive_spool_new(struct archive_spool **out, struct error *err)
{
    struct archive_spool *spool OWNED(memory_release) = NULL;
    TRY(memory_new(&spool, 1, sizeof(*spool), err));
    spool->source =
        (struct content_source) { .map = spool_map, .unmap = spool_unmap, .free = spool_free };
    TRY(archive_spool_open_file(&spool->fd, err));
    *out = MOVE(spool);
    return STATUS_OK;
}

enum status archive_spool_write(struct archive_spool *spool, uint64_t offset, const void *bytes,
                                size_t length, struct error *err)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t wrote = pwrite(spool->fd, from, length, (off_t)offset);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return spool_failed("cannot write a temporary file in", err);
        from += wrote;
        offset += (uint64_t)wrote;
        length -= (size_t)wrote;
    }
    return STATUS_OK;
}

enum status archive_spool_seal(struct archive_spool *spool, struct error *err)
{
    if (spool->end_bytes == 0)
        return STATUS_OK;
    // A sparse file may end in a hole: without this, reading its last page would be a SIGBUS.
    if (ftruncate(spool->fd, (off_t)spool->end_bytes) != 0)
        return spool_failed("cannot write a temporary file in", err);
    void *bytes = mmap(NULL, spool->end_bytes, PROT_READ, MAP_SHARED, spool->fd, 0);
    if (bytes == MAP_FAILED)
        return spool_failed("cannot map a temporary file in", err);
    spool->bytes = bytes;
    spool->mapped_bytes = spool->end_bytes;
    return STATUS_OK;
}
