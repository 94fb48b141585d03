// One reader of manifests for all inputs of a fuzz target.
#pragma once

#include "artifact/manifest.h"
#include "fuzz/must.h"

// Kept over all inputs: compiling the schema takes a hundred times as long as reading with it.
static inline const struct manifest_reader *shared_reader(void)
{
    static struct manifest_reader *reader;
    struct error err;
    if (!reader)
        must(manifest_reader_new(&reader, &err) == STATUS_OK);
    return reader;
}
