// What a newer control takes away.
#include "release/control_narrow.h"

#include <string.h>

#include "base/memory.h"

static const struct control_key *find_same(const struct control *control,
                                           const struct control_key *wanted)
{
    for (size_t i = 0; i < control->key_count; i++) {
        const struct control_key *key = &control->keys[i];
        if (strcmp(key->id, wanted->id) == 0 && digest_equal(&key->digest, &wanted->digest) &&
            key->role == wanted->role)
            return key;
    }
    return NULL;
}

static void narrow_key(struct control_key *key, const struct control_key *newer)
{
    if (!newer) {
        key->revoked = key->created;
        return;
    }
    if (newer->revoked < key->revoked)
        key->revoked = newer->revoked;
    if (newer->expires < key->expires)
        key->expires = newer->expires;
}

enum status control_narrow(struct control *control, const struct control *newer, struct error *err)
{
    for (size_t i = 0; i < newer->quarantine_count; i++) {
        if (control_has_quarantine(control, &newer->quarantine[i]))
            continue;
        TRY(memory_grow(&control->quarantine, control->quarantine_count,
                        &control->quarantine_capacity, sizeof(*control->quarantine), err));
        control->quarantine[control->quarantine_count++] = newer->quarantine[i];
    }
    for (size_t i = 0; i < control->key_count; i++)
        narrow_key(&control->keys[i], find_same(newer, &control->keys[i]));
    return STATUS_OK;
}
