// SHA-256 and what is made of it.
#include "trust/hash.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/crew.h"
#include "base/memory.h"
#include "trust/direct_sha.h"

#define GETENTROPY_MAX_BYTES 256 // at a time; fewer never come short

enum status hash_bytes(struct digest *out, const void *bytes, size_t length, struct error *err)
{
    SHA256_CTX context;
    struct digest digest;
    if (SHA256_Init(&context) != 1 || SHA256_Update(&context, bytes, length) != 1 ||
        SHA256_Final(digest.bytes, &context) != 1)
        return error_set(err, STATUS_IO, "sha256_missing", "libcrypto cannot compute SHA-256");
    *out = digest;
    return STATUS_OK;
}

static enum status hash_file(struct content_file *file, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    TRY(hash_bytes(&file->sha256, view.bytes, view.size_bytes, err));
    file->hashed = true;
    return STATUS_OK;
}

enum status hash_fd(struct digest *out, int fd, const char *label, struct error *err)
{
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0)
        return error_errno(err, "cannot measure", label);
    if (size == 0)
        return hash_bytes(out, "", 0, err);
    void *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return error_errno(err, "cannot map", label);
    enum status status = hash_bytes(out, bytes, (size_t)size, err);
    munmap(bytes, (size_t)size);
    return status;
}

static void hash_held(void *context, size_t index)
{
    const struct content *content = context;
    struct error ignored;
    if (!content->files[index].hashed)
        (void)hash_file(&content->files[index], &ignored);
}

enum status hash_content(struct digest *out, struct content *content, struct error *err)
{
    if (content_is_held(content))
        crew_run(content->count, hash_held, content);
    for (size_t i = 0; i < content->count; i++)
        if (!content->files[i].hashed)
            TRY(hash_file(&content->files[i], err));
    struct buffer lines OWNED(buffer_release) = { 0 };
    content_append_digest_lines(content, &lines);
    TRY(buffer_check(&lines, err));
    return hash_bytes(out, buffer_text(&lines), lines.length, err);
}

enum status hash_random(void *out, size_t length, struct error *err)
{
    unsigned char *at = out;
    while (length > 0) {
        size_t chunk = length < GETENTROPY_MAX_BYTES ? length : GETENTROPY_MAX_BYTES;
        if (getentropy(at, chunk) != 0)
            return error_errno(err, "cannot read", "the system's random generator");
        at += chunk;
        length -= chunk;
    }
    return STATUS_OK;
}
