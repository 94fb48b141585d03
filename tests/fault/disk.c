// A model of a disk with a cache.
#include "disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define FILE_MAX_BYTES (256U << 20) // larger files would not be recorded in a test

// One unsynced change: of a file bytes at a place, or its length; of a folder a name.
struct change {
    struct buffer bytes;
    uint64_t offset;
    bool is_resize; // to `offset` bytes
    char *name;
    struct node *node; // what the name stands for; NULL: it is gone
    size_t pair;       // index + 1 of the other half of a rename, in `pair_of`; 0: none
    struct node *pair_of;
    bool is_kept; // while losing
};

struct entry {
    char *name;
    struct node *node;
};

// A file's bytes or a folder's entries: as they are safe, and the changes since.
struct node {
    bool is_folder;
    mode_t mode;
    struct buffer bytes;
    struct entry *entries;
    size_t count;
    size_t capacity;
    struct change *changes;
    size_t change_count;
    size_t change_capacity;
};

struct disk {
    struct node **nodes; // all there ever were; the first is the folder itself
    size_t count;
    size_t capacity;
};

static void free_change(struct change *change)
{
    buffer_release(&change->bytes);
    free(change->name);
}

static void free_node(struct node *node)
{
    for (size_t i = 0; i < node->change_count; i++)
        free_change(&node->changes[i]);
    for (size_t i = 0; i < node->count; i++)
        free(node->entries[i].name);
    buffer_release(&node->bytes);
    free(node->changes);
    free(node->entries);
    free(node);
}

void disk_free(struct disk *disk)
{
    for (size_t i = 0; disk && i < disk->count; i++)
        free_node(disk->nodes[i]);
    if (disk)
        free(disk->nodes);
    free(disk);
}

void disk_release(struct disk **disk)
{
    disk_free(*disk);
    *disk = NULL;
}

static enum status new_node(struct node **out, struct disk *disk, bool is_folder, mode_t mode,
                            struct error *err)
{
    TRY(memory_grow(&disk->nodes, disk->count, &disk->capacity, sizeof(struct node *), err));
    TRY(memory_new(out, 1, sizeof(**out), err));
    (*out)->is_folder = is_folder;
    (*out)->mode = mode;
    disk->nodes[disk->count++] = *out;
    return STATUS_OK;
}

// --- names ---

static struct node *safe_entry(const struct node *folder, const char *name)
{
    for (size_t i = 0; i < folder->count; i++)
        if (strcmp(folder->entries[i].name, name) == 0)
            return folder->entries[i].node;
    return NULL;
}

// As whoever looks sees it.
static struct node *entry_now(const struct node *folder, const char *name)
{
    for (size_t i = folder->change_count; i > 0; i--)
        if (strcmp(folder->changes[i - 1].name, name) == 0)
            return folder->changes[i - 1].node;
    return safe_entry(folder, name);
}

// The folder that a path's last part stands in, and that part; NULL when there is no such folder.
static struct node *parent_of(const struct disk *disk, const char *path, const char **out_name)
{
    struct node *folder = disk->nodes[0];
    for (const char *slash; folder && (slash = strchr(path, '/')); path = slash + 1) {
        struct error ignored;
        char *name OWNED(memory_release) = NULL;
        if (memory_copy_bytes(&name, path, (size_t)(slash - path), &ignored) != STATUS_OK)
            return NULL;
        folder = entry_now(folder, name);
    }
    *out_name = path;
    return folder;
}

static struct node *find(const struct disk *disk, const char *path)
{
    const char *name;
    if (!*path)
        return disk->nodes[0];
    struct node *folder = parent_of(disk, path, &name);
    return folder ? entry_now(folder, name) : NULL;
}

static enum status add_change(struct node *node, const struct change *change, struct error *err)
{
    TRY(memory_grow(&node->changes, node->change_count, &node->change_capacity,
                    sizeof(*node->changes), err));
    node->changes[node->change_count++] = *change;
    return STATUS_OK;
}

static enum status unknown(struct error *err, const char *path)
{
    return error_set(err, STATUS_NOT_FOUND, "not_recorded", "nothing made '%s'", path);
}

static enum status set_name(struct disk *disk, const char *path, struct node *node,
                            struct error *err)
{
    const char *name;
    struct change change = { .node = node };
    struct node *folder = parent_of(disk, path, &name);
    if (!folder)
        return unknown(err, path);
    TRY(memory_copy_string(&change.name, name, err));
    return add_change(folder, &change, err);
}

// --- changes ---

enum status disk_create(struct disk *disk, const char *path, bool is_folder, struct error *err)
{
    struct node *node;
    TRY(new_node(&node, disk, is_folder, is_folder ? 0755 : 0644, err));
    return set_name(disk, path, node, err);
}

enum status disk_write(struct disk *disk, const char *path, uint64_t offset, const void *bytes,
                       size_t length, struct error *err)
{
    struct node *node = find(disk, path);
    struct change change = { .offset = offset };
    if (!node)
        return unknown(err, path);
    buffer_append(&change.bytes, bytes, length);
    TRY(buffer_check(&change.bytes, err));
    return add_change(node, &change, err);
}

enum status disk_resize(struct disk *disk, const char *path, size_t length, struct error *err)
{
    struct node *node = find(disk, path);
    struct change change = { .offset = length, .is_resize = true };
    return node ? add_change(node, &change, err) : unknown(err, path);
}

enum status disk_link(struct disk *disk, const char *from, const char *to, struct error *err)
{
    struct node *node = find(disk, from);
    return node ? set_name(disk, to, node, err) : unknown(err, from);
}

enum status disk_unlink(struct disk *disk, const char *path, struct error *err)
{
    return set_name(disk, path, NULL, err);
}

// The old name goes only where the new one came.
enum status disk_rename(struct disk *disk, const char *from, const char *to, struct error *err)
{
    const char *name;
    TRY(disk_link(disk, from, to, err));
    struct node *target = parent_of(disk, to, &name);
    size_t pair = target->change_count;
    TRY(disk_unlink(disk, from, err));
    struct node *source = parent_of(disk, from, &name);
    struct change *removal = &source->changes[source->change_count - 1];
    removal->pair = pair;
    removal->pair_of = target;
    return STATUS_OK;
}

static void apply_bytes(struct buffer *bytes, const struct change *change, size_t length)
{
    size_t end = (size_t)change->offset + (change->is_resize ? 0 : length);
    while (bytes->length < end && !bytes->failed)
        buffer_append_byte(bytes, '\0');
    if (change->is_resize && bytes->length > end)
        buffer_truncate(bytes, end);
    else if (!change->is_resize && !bytes->failed)
        memcpy(bytes->bytes + change->offset, change->bytes.bytes, length);
}

static enum status apply_name(struct node *folder, const struct change *change, struct error *err)
{
    for (size_t i = 0; i < folder->count; i++)
        if (strcmp(folder->entries[i].name, change->name) == 0) {
            folder->entries[i].node = change->node;
            return STATUS_OK;
        }
    TRY(memory_grow(&folder->entries, folder->count, &folder->capacity, sizeof(*folder->entries),
                    err));
    struct entry entry = { .node = change->node };
    TRY(memory_copy_string(&entry.name, change->name, err));
    folder->entries[folder->count++] = entry;
    return STATUS_OK;
}

static enum status sync_node(struct disk *disk, struct node *node, struct error *err)
{
    for (size_t i = 0; i < node->change_count; i++) {
        if (node->is_folder)
            TRY(apply_name(node, &node->changes[i], err));
        else
            apply_bytes(&node->bytes, &node->changes[i], node->changes[i].bytes.length);
        free_change(&node->changes[i]);
    }
    // A rename's other half may stand in another folder's changes: its index must not be taken for
    // one of the changes to come, so what is safe counts as kept from now on.
    for (size_t i = 0; i < disk->count; i++)
        for (size_t j = 0; j < disk->nodes[i]->change_count; j++)
            if (disk->nodes[i]->changes[j].pair_of == node)
                disk->nodes[i]->changes[j].pair = 0;
    node->change_count = 0;
    return buffer_check(&node->bytes, err);
}

enum status disk_sync(struct disk *disk, const char *path, struct error *err)
{
    struct node *node = find(disk, path);
    return node ? sync_node(disk, node, err) : unknown(err, path);
}

enum status disk_sync_all(struct disk *disk, struct error *err)
{
    for (size_t i = 0; i < disk->count; i++)
        TRY(sync_node(disk, disk->nodes[i], err));
    return STATUS_OK;
}

// --- from and to a real folder ---

static enum status load_folder(struct disk *disk, struct node *folder, const char *path,
                               struct error *err);

static enum status load_entry(struct disk *disk, struct node *folder, const char *path,
                              const char *name, struct error *err)
{
    struct stat info;
    char *whole OWNED(memory_release) = NULL;
    struct change change = { .name = (char *)name };
    TRY(file_join(&whole, path, name, err));
    if (lstat(whole, &info) != 0)
        return error_errno(err, "cannot look at", whole);
    TRY(new_node(&change.node, disk, S_ISDIR(info.st_mode), info.st_mode & 07777, err));
    TRY(apply_name(folder, &change, err));
    return change.node->is_folder ? load_folder(disk, change.node, whole, err)
                                  : file_read(&change.node->bytes, whole, FILE_MAX_BYTES, err);
}

static enum status load_folder(struct disk *disk, struct node *folder, const char *path,
                               struct error *err)
{
    DIR *entries = opendir(path);
    if (!entries)
        return error_errno(err, "cannot read", path);
    enum status status = STATUS_OK;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = load_entry(disk, folder, path, entry->d_name, err);
    closedir(entries);
    return status;
}

enum status disk_load(struct disk **out, const char *folder, struct error *err)
{
    struct disk *disk OWNED(disk_release) = NULL;
    struct node *root;
    TRY(memory_new(&disk, 1, sizeof(*disk), err));
    TRY(new_node(&root, disk, true, 0755, err));
    TRY(load_folder(disk, root, folder, err));
    *out = MOVE(disk);
    return STATUS_OK;
}

// --- the power goes ---

// A number that looks drawn by lot (splitmix64).
static uint64_t next_lot(uint64_t *seed)
{
    uint64_t lot = *seed += 0x9E3779B97F4A7C15U;
    lot = (lot ^ (lot >> 30)) * 0xBF58476D1CE4E5B9U;
    lot = (lot ^ (lot >> 27)) * 0x94D049BB133111EBU;
    return lot ^ (lot >> 31);
}

static void choose_names(struct node *folder, enum disk_loss loss, uint64_t *seed)
{
    size_t kept = loss == DISK_LOSE_BYTES ? folder->change_count : 0;
    if (loss == DISK_LOSE_SOME)
        kept = next_lot(seed) % (folder->change_count + 1);
    for (size_t i = 0; i < folder->change_count; i++)
        folder->changes[i].is_kept = i < kept;
}

// Both halves of a rename or none.
static void join_halves(struct node *folder)
{
    for (size_t i = 0; i < folder->change_count; i++) {
        struct change *change = &folder->changes[i];
        if (change->pair > 0)
            change->is_kept = change->pair_of->changes[change->pair - 1].is_kept;
    }
}

static void choose_bytes(const struct node *file, enum disk_loss loss, uint64_t *seed,
                         struct buffer *out)
{
    buffer_append(out, buffer_text(&file->bytes), file->bytes.length);
    for (size_t i = 0; i < file->change_count; i++) {
        const struct change *change = &file->changes[i];
        uint64_t lot = loss == DISK_LOSE_SOME ? next_lot(seed) % 3 : 0;
        size_t length = lot == 1 ? change->bytes.length / 2 : change->bytes.length;
        if (loss == DISK_LOSE_NAMES || (loss == DISK_LOSE_SOME && lot < 2))
            apply_bytes(out, change, length);
    }
}

static enum status write_node(const struct node *node, enum disk_loss loss, uint64_t *seed,
                              const char *path, struct error *err);

static enum status write_entries(const struct node *folder, enum disk_loss loss, uint64_t *seed,
                                 const char *path, struct error *err)
{
    for (size_t i = 0; i < folder->count; i++) {
        char *whole OWNED(memory_release) = NULL;
        TRY(file_join(&whole, path, folder->entries[i].name, err));
        if (folder->entries[i].node)
            TRY(write_node(folder->entries[i].node, loss, seed, whole, err));
    }
    return STATUS_OK;
}

static enum status write_node(const struct node *node, enum disk_loss loss, uint64_t *seed,
                              const char *path, struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    if (node->is_folder) {
        TRY(file_make_folder(path, err));
        return write_entries(node, loss, seed, path, err);
    }
    choose_bytes(node, loss, seed, &bytes);
    TRY(buffer_check(&bytes, err));
    int fd OWNED(file_close) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, node->mode);
    if (fd < 0)
        return error_errno(err, "cannot create", path);
    return file_write_all(fd, buffer_text(&bytes), bytes.length, path, err);
}

// Makes what survives of a folder's names what is safe.
static enum status settle_names(struct node *folder, struct error *err)
{
    for (size_t i = 0; i < folder->change_count; i++)
        if (folder->changes[i].is_kept)
            TRY(apply_name(folder, &folder->changes[i], err));
    return STATUS_OK;
}

enum status disk_lose(const struct disk *disk, enum disk_loss loss, uint64_t seed,
                      const char *folder, struct error *err)
{
    for (size_t i = 0; i < disk->count; i++)
        if (disk->nodes[i]->is_folder)
            choose_names(disk->nodes[i], loss, &seed);
    for (size_t i = 0; i < disk->count; i++)
        if (disk->nodes[i]->is_folder)
            join_halves(disk->nodes[i]);
    for (size_t i = 0; i < disk->count; i++)
        if (disk->nodes[i]->is_folder)
            TRY(settle_names(disk->nodes[i], err));
    return write_entries(disk->nodes[0], loss, &seed, folder, err);
}
