// Turns a folder into what a power loss leaves of it: replays a recording of the preloaded library
// (fault.h) up to a call, and keeps of what was not synced by then only what is asked for.
//
//   power_loss RECORDING RECORDED-FOLDER BEFORE CALL LOSS AFTER
//
// RECORDED-FOLDER is where the recorded process saw the folder, BEFORE holds it as it was when that
// process began, AFTER (empty) gets what survives. CALL: the power goes before the call of that
// number; 0 for after the last. LOSS: all, bytes, names, or a number that lots are drawn from.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "disk.h"
#include "fault.h"

#define RECORDING_MAX_BYTES (1U << 30)

// One record with its texts.
struct replayed {
    struct fault_record record;
    char *path;
    char *from;
    const char *bytes;
};

static void release_replayed(struct replayed *replayed)
{
    free(replayed->path);
    free(replayed->from);
}

// The part below the folder: "" for the folder itself.
static enum status copy_below(char **out, const char *folder, const char *path, size_t length,
                              struct error *err)
{
    size_t prefix = strlen(folder);
    if (length == 0)
        return memory_copy_string(out, "", err);
    prefix += length > prefix; // the slash
    return memory_copy_bytes(out, path + prefix, length - prefix, err);
}

static enum status apply_open(struct disk *disk, const struct replayed *call, struct error *err)
{
    if (call->record.flags & FAULT_RECORD_CREATES)
        return disk_create(disk, call->path, false, err);
    return call->record.flags & FAULT_RECORD_TRUNCATES ? disk_resize(disk, call->path, 0, err)
                                                       : STATUS_OK;
}

static enum status apply_write(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_write(disk, call->path, call->record.offset, call->bytes, call->record.byte_count,
                      err);
}

static enum status apply_resize(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_resize(disk, call->path, call->record.length, err);
}

static enum status apply_rename(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_rename(disk, call->from, call->path, err);
}

static enum status apply_link(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_link(disk, call->from, call->path, err);
}

static enum status apply_unlink(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_unlink(disk, call->path, err);
}

static enum status apply_folder(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_create(disk, call->path, true, err);
}

static enum status apply_sync(struct disk *disk, const struct replayed *call, struct error *err)
{
    return disk_sync(disk, call->path, err);
}

static enum status apply_sync_all(struct disk *disk, const struct replayed *call, struct error *err)
{
    (void)call;
    return disk_sync_all(disk, err);
}

static enum status apply_nothing(struct disk *disk, const struct replayed *call, struct error *err)
{
    (void)disk;
    (void)call;
    (void)err;
    return STATUS_OK;
}

static enum status (*const appliers[])(struct disk *disk, const struct replayed *call,
                                       struct error *err) = {
    [FAULT_OPEN] = apply_open,          [FAULT_WRITE] = apply_write,
    [FAULT_RESIZE] = apply_resize,      [FAULT_RENAME] = apply_rename,
    [FAULT_LINK] = apply_link,          [FAULT_UNLINK] = apply_unlink,
    [FAULT_MAKE_FOLDER] = apply_folder, [FAULT_REMOVE_FOLDER] = apply_unlink,
    [FAULT_SYNC] = apply_sync,          [FAULT_SYNC_ALL] = apply_sync_all,
    [FAULT_MODE] = apply_nothing,
};

// Takes one record off the recording; *at moves behind it.
static enum status read_call(struct replayed *out, const struct buffer *recording,
                             const char *folder, size_t *at, struct error *err)
{
    if (recording->length - *at < sizeof(out->record))
        return error_set(err, STATUS_DAMAGED, "cut", "the recording is cut short");
    memcpy(&out->record, recording->bytes + *at, sizeof(out->record));
    const char *text = recording->bytes + *at + sizeof(out->record);
    TRY(copy_below(&out->path, folder, text, out->record.path_bytes, err));
    text += out->record.path_bytes;
    TRY(copy_below(&out->from, folder, text, out->record.from_bytes, err));
    out->bytes = text + out->record.from_bytes;
    *at = (size_t)(out->bytes - recording->bytes) + out->record.byte_count;
    return STATUS_OK;
}

static enum status replay(struct disk *disk, const struct buffer *recording, const char *folder,
                          uint64_t last, struct error *err)
{
    for (size_t at = 0; at < recording->length;) {
        struct replayed call OWNED(release_replayed) = { 0 };
        TRY(read_call(&call, recording, folder, &at, err));
        if (last > 0 && call.record.number >= last)
            return STATUS_OK;
        if (appliers[call.record.kind](disk, &call, err) != STATUS_OK)
            return error_prefix(err, "call %llu", (unsigned long long)call.record.number);
    }
    return STATUS_OK;
}

static enum disk_loss loss_of(const char *word)
{
    static const struct {
        const char *word;
        enum disk_loss loss;
    } words[] = { { "all", DISK_LOSE_ALL },
                  { "bytes", DISK_LOSE_BYTES },
                  { "names", DISK_LOSE_NAMES } };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].loss;
    return DISK_LOSE_SOME;
}

static enum status run(char *argv[], struct error *err)
{
    struct disk *disk OWNED(disk_release) = NULL;
    struct buffer recording OWNED(buffer_release) = { 0 };
    TRY(file_read(&recording, argv[1], RECORDING_MAX_BYTES, err));
    TRY(disk_load(&disk, argv[3], err));
    TRY(replay(disk, &recording, argv[2], strtoull(argv[4], NULL, 10), err));
    return disk_lose(disk, loss_of(argv[5]), strtoull(argv[5], NULL, 10), argv[6], err);
}

int main(int argc, char *argv[])
{
    struct error err = { 0 };
    if (argc != 7) {
        fprintf(stderr, "usage: %s RECORDING RECORDED-FOLDER BEFORE CALL LOSS AFTER\n", argv[0]);
        return 2;
    }
    if (run(argv, &err) == STATUS_OK)
        return 0;
    fprintf(stderr, "%s\n", err.message);
    return 1;
}
