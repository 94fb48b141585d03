// Policies that come with the program.
#include "release/policy.h"

#include <string.h>

#include "base/buffer.h"
#include "base/embedded.h"
#include "base/memory.h"

enum status policy_find(const char **out_text, const char *name, struct error *err)
{
    struct buffer file OWNED(buffer_release) = { 0 };
    buffer_append_format(&file, "policy-%s.json", name);
    TRY(buffer_check(&file, err));
    const struct embedded_file *found = embedded_find(file.bytes);
    if (!found) {
        error_set(err, STATUS_NOT_FOUND, "policy_unknown", "there is no policy named '%.60s'",
                  name);
        return error_hint(err, "use minimal");
    }
    *out_text = found->bytes;
    return STATUS_OK;
}
