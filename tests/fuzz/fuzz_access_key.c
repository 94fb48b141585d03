// Fuzzes the reading of bearer keys.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "trust/access_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct access_key_parts parts;
    enum status status = access_key_parse(&parts, (const char *)data, size, &err);
    if (status == STATUS_UNAUTHENTICATED)
        return 0;
    if (status != STATUS_OK || size >= ACCESS_KEY_BYTES)
        abort();
    // A good key is good alone: cut by one byte it is none.
    if (strlen(parts.environment_id) != ACCESS_KEY_ENVIRONMENT_BYTES - 1 ||
        access_key_parse(&parts, (const char *)data, size - 1, &err) != STATUS_UNAUTHENTICATED)
        abort();
    return 0;
}
