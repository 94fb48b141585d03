// Fuzzes git's file packed-refs: whatever a walk over it shows is found by its name as well.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fuzz/scratch.h"
#include "store/packed_refs.h"

#define LOOKUPS_MAX 50

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct packed_refs *refs, const struct packed_ref *ref)
{
    struct error err = { 0 };
    struct oid oid;
    bool allowed;
    char *name OWNED(memory_release) = NULL;
    must(memory_copy_bytes(&name, ref->name, ref->name_bytes, &err) == STATUS_OK);
    enum status status = packed_refs_find(refs, name, &oid, &err);
    must(status == STATUS_OK || status == STATUS_DAMAGED);
    status = packed_refs_allow(refs, name, &allowed, &err);
    must(status == STATUS_OK || status == STATUS_DAMAGED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct packed_refs refs OWNED(packed_refs_release) = { 0 };
    scratch_write(PACKED_REFS_NAME, data, size);
    enum status status = packed_refs_open(&refs, scratch_folder(), &err);
    if (status != STATUS_OK) {
        must(status == STATUS_DAMAGED && err.message[0]);
        return 0;
    }
    size_t at = refs.begin;
    bool found = true;
    for (unsigned count = 0; found && count < LOOKUPS_MAX; count++) {
        struct packed_ref ref = { 0 };
        size_t before = at;
        status = packed_refs_next(&refs, &at, &ref, &found, &err);
        must(status == STATUS_OK || status == STATUS_DAMAGED);
        if (status != STATUS_OK || !found)
            break;
        must(at > before && at <= refs.length && ref.name_bytes > 0);
        must(ref.name >= refs.bytes && ref.name + ref.name_bytes <= refs.bytes + refs.length);
        look_up(&refs, &ref);
    }
    return 0;
}
