// libcrypto's SHA-1 and SHA-256 called directly, the same code (and the processor's own
// instructions) as behind EVP, and linked in: decisions.md says why.
//
// OpenSSL 3 would rather have a digest fetched from a provider. The first fetch in a process reads
// openssl.cnf, and builds tables of every algorithm there is: four million instructions, a whole
// millisecond of a command that takes five; and each fetched context is an allocation. So whatever
// only hashes calls these. They are called deprecated for that reason alone, and stay in all of
// OpenSSL 3. Verifying signatures still goes through EVP, and starts libcrypto then.
#pragma once

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
