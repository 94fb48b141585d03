// The digest that names content.
#include "artifact/digest.h"

#include <string.h>

static const char prefix[] = "sha256:";
static const char hex_digits[] = "0123456789abcdef";

void digest_format_hex(const struct digest *digest, char out[DIGEST_HEX_BYTES])
{
    for (int i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = hex_digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = hex_digits[digest->bytes[i] & 15];
    }
    out[2 * DIGEST_BYTES] = '\0';
}

void digest_format(const struct digest *digest, char out[DIGEST_TEXT_BYTES])
{
    memcpy(out, prefix, sizeof(prefix) - 1);
    digest_format_hex(digest, out + sizeof(prefix) - 1);
}

enum status digest_parse(struct digest *out, const char *text, struct error *err)
{
    struct digest digest = { 0 };
    bool fits = strlen(text) == DIGEST_TEXT_BYTES - 1 && strncmp(text, prefix, 7) == 0;
    for (size_t i = 0; fits && i < 2 * DIGEST_BYTES; i++) {
        const char *found = strchr(hex_digits, text[7 + i]);
        fits = found != NULL;
        if (fits)
            digest.bytes[i / 2] = (uint8_t)(digest.bytes[i / 2] << 4 | (found - hex_digits));
    }
    if (!fits) {
        error_set(err, STATUS_INVALID, "digest_invalid", "'%.80s' is not a digest", text);
        return error_hint(err, "a digest is sha256: and 64 lower-case hex digits");
    }
    *out = digest;
    return STATUS_OK;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}
