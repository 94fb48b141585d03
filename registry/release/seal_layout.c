// The places of a seal's parts.
#include "release/seal_layout.h"

#include <stdio.h>

void seal_layout_folder(size_t index, char out[SEAL_FOLDER_BYTES])
{
    snprintf(out, SEAL_FOLDER_BYTES, "%04zu", index + 1);
}
