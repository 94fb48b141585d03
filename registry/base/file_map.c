// A whole file in memory, mapped.
#include "base/file_map.h"

#include <sys/mman.h>
#include <sys/stat.h>

enum status file_map_open(struct file_map *out, int fd, const char *label, struct error *err)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return error_errno(err, "cannot read", label);
    *out = (struct file_map) { .bytes = "" };
    if (status.st_size == 0)
        return STATUS_OK;
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return error_errno(err, "cannot map", label);
    *out = (struct file_map) { .bytes = bytes, .size_bytes = (size_t)status.st_size };
    return STATUS_OK;
}

void file_map_release(struct file_map *map)
{
    if (map->size_bytes > 0)
        munmap((void *)map->bytes, map->size_bytes);
    *map = (struct file_map) { 0 };
}
