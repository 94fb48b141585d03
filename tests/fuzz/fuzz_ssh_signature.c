// Fuzzes the reading of SSH signatures: as armoured text, and as a blob that is armoured here,
// since hardly any mutation survives base64.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "trust/base64.h"
#include "trust/ssh_signature.h"

#define MESSAGE "release prompt/outbound/greeting 4\n" // what the seeds' signatures are over

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(const char *armored, size_t length)
{
    struct error err = { 0 };
    struct ssh_key key;
    enum status status =
        ssh_signature_verify(&key, armored, length, "git", MESSAGE, sizeof(MESSAGE) - 1, &err);
    if (status == STATUS_REFUSED && strcmp(err.code, "signature_invalid") == 0)
        return;
    if (status != STATUS_OK)
        abort();
    // A key that verified must be one that can be listed.
    char *line OWNED(memory_release) = NULL;
    struct ssh_key again;
    if (ssh_key_format(&line, &key, &err) != STATUS_OK ||
        ssh_key_parse(&again, line, &err) != STATUS_OK || !ssh_key_equal(&key, &again))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SSH_SIGNATURE_MAX_BYTES + 1)
        return 0;
    verify((const char *)data, size);
    struct buffer armored OWNED(buffer_release) = { 0 };
    buffer_append_text(&armored, "-----BEGIN SSH SIGNATURE-----\n");
    base64_append(&armored, data, size);
    buffer_append_text(&armored, "\n-----END SSH SIGNATURE-----\n");
    verify(armored.bytes, armored.length);
    return 0;
}
