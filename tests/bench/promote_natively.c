// Promotes as `greenroom promote` does, signing by itself instead of asking ssh-keygen for each
// signature, so that a hundred thousand releases are made in minutes. Only for benchmarks.
#include <stdio.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "operation/operation.h"
#include "release/control_key.h"
#include "unit/trust/native_signer.h"

static enum status sign(void *context, const char *name_space, const char *what, const void *bytes,
                        size_t length, struct buffer *out, struct error *err)
{
    (void)what;
    return native_signer_sign(context, name_space, bytes, length, out, err);
}

static enum status promote(int argc, char *argv[], struct error *err)
{
    struct native_signer key OWNED(native_signer_release) = { 0 };
    TRY(native_signer_open(&key, argv[3], err));
    const struct live_signer signer = { .sign = sign, .context = &key };
    struct json *input OWNED(json_release) = json_new_object();
    json_set_string(input, "from", argv[1]);
    struct json *artifacts = json_set_array(input, "artifacts");
    for (int i = 4; i < argc; i++)
        json_append_string(artifacts, argv[i]);
    struct operation_call call OWNED(operation_call_release) = { .environment_path = argv[2],
                                                                 .actor = "approver@example.com",
                                                                 .roles = ROLE_ANY,
                                                                 .input = input,
                                                                 .signer = &signer };
    return operation_run(operation_find("promote"), &call, err);
}

int main(int argc, char *argv[])
{
    struct error err = { 0 };
    if (argc < 5) {
        fprintf(stderr, "usage: promote_natively SANDBOX LIVE-ENVIRONMENT KEY KIND/NAME@V...\n");
        return 2;
    }
    if (promote(argc, argv, &err) == STATUS_OK)
        return 0;
    fprintf(stderr, "promote_natively: %s\n", err.message);
    return 1;
}
