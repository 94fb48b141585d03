// Fuzzes the reading of SSH public keys: as a line, and as a blob that is put in a line here, with
// the type that the blob itself names.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "trust/base64.h"
#include "trust/ssh_key.h"
#include "trust/ssh_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const char *line)
{
    struct error err = { 0 };
    struct ssh_key key;
    enum status status = ssh_key_parse(&key, line, &err);
    if (status == STATUS_INVALID && strcmp(err.code, "ssh_key_invalid") == 0)
        return;
    if (status != STATUS_OK)
        abort();
    char *printed OWNED(memory_release) = NULL;
    char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
    struct ssh_key again;
    ssh_key_fingerprint(&key, fingerprint);
    if (strlen(fingerprint) != SSH_KEY_FINGERPRINT_BYTES - 1 ||
        ssh_key_format(&printed, &key, &err) != STATUS_OK ||
        strncmp(printed, line, strlen(strchr(printed, ' '))) != 0 ||
        ssh_key_parse(&again, printed, &err) != STATUS_OK || !ssh_key_equal(&key, &again))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SSH_KEY_MAX_LINE_BYTES + 1)
        return 0;
    struct error err;
    char *line OWNED(memory_release) = NULL;
    if (memory_copy_bytes(&line, data, size, &err) != STATUS_OK)
        return 0;
    parse(line);
    struct ssh_wire wire = ssh_wire_over((struct ssh_span) { data, size });
    struct ssh_span type = ssh_wire_string(&wire);
    struct buffer built OWNED(buffer_release) = { 0 };
    buffer_append(&built, type.bytes, type.length);
    buffer_append_byte(&built, ' ');
    base64_append(&built, data, size);
    parse(buffer_text(&built));
    return 0;
}
