// Fuzzes environment.json: what is accepted is a live environment unless it says plainly that it is
// a sandbox.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "artifact/json.h"
#include "fuzz/scratch.h"
#include "release/environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct environment_identity identity = { 0 };
    struct json *document OWNED(json_release) = NULL;
    scratch_write("environment.json", data, size);
    enum status status = environment_identify(&identity, scratch_folder(), &err);
    if (status != STATUS_OK) {
        must(err.message[0] && err.code && !identity.id[0]);
        return 0;
    }
    must(json_parse(&document, (const char *)data, size, &err) == STATUS_OK);
    bool says_sandbox = strcmp(json_get_string(document, "class", ""), "sandbox") == 0;
    must((identity.environment_class == ENVIRONMENT_SANDBOX) == says_sandbox);
    must(identity.id[0] && memchr(identity.id, '\0', sizeof(identity.id)));
    must(memchr(identity.name, '\0', sizeof(identity.name)) != NULL);
    return 0;
}
