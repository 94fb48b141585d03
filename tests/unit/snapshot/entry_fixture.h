// Entries with made-up releases, for tests of what entries are kept in. Include after cmocka.h.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot/entry.h"

// An artifact "prompt/<name>" with one release of that version; live or not. The caller frees it
// with entry_fixture_free.
static inline struct entry *entry_fixture_new(const char *name, uint32_t version, bool is_live)
{
    struct error err;
    struct entry *entry = NULL;
    struct artifact_id id = { .kind = KIND_PROMPT, .version = version };
    struct snapshot_release *release = calloc(1, sizeof(*release));
    assert_non_null(release);
    assert_int_equal(id_set_name(&id, name, &err), STATUS_OK);
    release->id = id;
    assert_int_equal(entry_new(&entry, &id, &release, 1, is_live ? version : 0, &err), STATUS_OK);
    return entry;
}

static inline void entry_fixture_free(struct entry *entry)
{
    for (size_t i = 0; i < entry->release_count; i++)
        free(entry->releases[i]);
    free(entry);
}
