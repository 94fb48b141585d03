// libcrypto for signatures, loaded when the first one is looked at. Inside trust/ only.
//
// It binds 4,000 names when it is loaded, and rewrites a hundred pages for them: a quarter of all
// that a publish would do, which makes and verifies no signature. What every command needs of
// libcrypto, its two hashes, is linked in (trust/direct_sha.h).
#pragma once

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/error.h"

// What verifying any signature takes.
#define CRYPTO_LIBRARY_FUNCTIONS(DO)                                                               \
    DO(ERR_clear_error)                                                                            \
    DO(EVP_DigestVerify)                                                                           \
    DO(EVP_DigestVerifyInit_ex)                                                                    \
    DO(EVP_MD_CTX_free)                                                                            \
    DO(EVP_MD_CTX_new)                                                                             \
    DO(EVP_PKEY_free)                                                                              \
    DO(EVP_PKEY_new_raw_public_key_ex)                                                             \
    DO(EVP_Q_digest)

// What RSA and ECDSA take besides: keys and signatures that are made of numbers.
#define CRYPTO_NUMBERS_FUNCTIONS(DO)                                                               \
    DO(BN_bin2bn)                                                                                  \
    DO(BN_free)                                                                                    \
    DO(BN_is_odd)                                                                                  \
    DO(BN_is_one)                                                                                  \
    DO(BN_num_bits)                                                                                \
    DO(ECDSA_SIG_free)                                                                             \
    DO(ECDSA_SIG_new)                                                                              \
    DO(ECDSA_SIG_set0)                                                                             \
    DO(EVP_PKEY_CTX_free)                                                                          \
    DO(EVP_PKEY_CTX_new_from_name)                                                                 \
    DO(EVP_PKEY_fromdata)                                                                          \
    DO(EVP_PKEY_fromdata_init)                                                                     \
    DO(EVP_PKEY_get_size)                                                                          \
    DO(OSSL_PARAM_BLD_free)                                                                        \
    DO(OSSL_PARAM_BLD_new)                                                                         \
    DO(OSSL_PARAM_BLD_push_BN)                                                                     \
    DO(OSSL_PARAM_BLD_to_param)                                                                    \
    DO(OSSL_PARAM_construct_end)                                                                   \
    DO(OSSL_PARAM_construct_octet_string)                                                          \
    DO(OSSL_PARAM_construct_utf8_string)                                                           \
    DO(OSSL_PARAM_free)                                                                            \
    DO(i2d_ECDSA_SIG)

// Each under its own name, with the prototype of libcrypto's headers.
#define CRYPTO_LIBRARY_MEMBER(name) __typeof__(name) *name;
struct crypto_library {
    CRYPTO_LIBRARY_FUNCTIONS(CRYPTO_LIBRARY_MEMBER)
};
struct crypto_numbers {
    CRYPTO_NUMBERS_FUNCTIONS(CRYPTO_LIBRARY_MEMBER)
};
#undef CRYPTO_LIBRARY_MEMBER

// Fill *out; any thread. The library stays loaded until the process ends, so that asking again
// costs a look-up of each name: a hundredth of verifying a signature for the first, a twentieth for
// the second. STATUS_IO when it is missing.
enum status crypto_library_load(struct crypto_library *out, struct error *err);
enum status crypto_library_load_numbers(struct crypto_numbers *out, struct error *err);
