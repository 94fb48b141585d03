// Fuzzes the reading of allowed signers: what is read prints, and what is printed reads the same.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "trust/allowed_signers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct buffer *out, const struct allowed_signers *signers)
{
    struct error err;
    if (allowed_signers_print(out, signers, &err) != STATUS_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    enum status status = allowed_signers_parse(&signers, (const char *)data, size, &err);
    if (status == STATUS_INVALID && err.message[0] && err.code)
        return 0;
    if (status != STATUS_OK)
        abort();
    struct buffer first OWNED(buffer_release) = { 0 };
    struct buffer second OWNED(buffer_release) = { 0 };
    struct allowed_signers again OWNED(allowed_signers_release) = { 0 };
    print(&first, &signers);
    if (allowed_signers_parse(&again, buffer_text(&first), first.length, &err) != STATUS_OK)
        abort();
    print(&second, &again);
    if (signers.count != again.count || strcmp(buffer_text(&first), buffer_text(&second)) != 0)
        abort();
    for (size_t i = 0; i < signers.count; i++) {
        const struct allowed_signer *a = &signers.items[i];
        const struct allowed_signer *b = &again.items[i];
        if (a->git_namespace != b->git_namespace || a->valid_after != b->valid_after ||
            a->valid_before != b->valid_before || !ssh_key_equal(a->key, b->key))
            abort();
    }
    return 0;
}
