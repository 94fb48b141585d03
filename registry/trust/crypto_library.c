// libcrypto for signatures, loaded when the first one is looked at.
#include "trust/crypto_library.h"

#include <stddef.h>

#include "base/library.h"
#include "base/memory.h"

#define FUNCTION(name) { #name, offsetof(struct crypto_library, name) },
static const struct library_function functions[] = { CRYPTO_LIBRARY_FUNCTIONS(FUNCTION) };
#undef FUNCTION

#define FUNCTION(name) { #name, offsetof(struct crypto_numbers, name) },
static const struct library_function numbers[] = { CRYPTO_NUMBERS_FUNCTIONS(FUNCTION) };
#undef FUNCTION

static enum status load(void *out, const struct library_function *from, size_t count,
                        struct error *err)
{
    const struct library crypto = {
        .soname = "libcrypto.so.3",
        .name = "libcrypto",
        .code = "libcrypto_missing",
        .hint = "install it (libssl3 in Debian): signatures are verified with it",
        .functions = from,
        .count = count,
    };
    return library_load(out, &crypto, err);
}

enum status crypto_library_load(struct crypto_library *out, struct error *err)
{
    return load(out, functions, COUNT_OF(functions), err);
}

enum status crypto_library_load_numbers(struct crypto_numbers *out, struct error *err)
{
    return load(out, numbers, COUNT_OF(numbers), err);
}
