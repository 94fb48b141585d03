// The innermost signature of SSHSIG, and of SSH at large: a format's name and its bytes, over some
// data, by one key. Inside trust/ only. Sources: RFC 8332 section 3 (RSA), RFC 5656 section 3.1.2
// (ECDSA), RFC 8709 section 6 (Ed25519), OpenSSH PROTOCOL.u2f "SSH U2F signatures" (sk-).
#pragma once

#include "base/error.h"
#include "trust/ssh_public_key.h"
#include "trust/ssh_wire.h"

// STATUS_REFUSED (code "signature_invalid") with the reason, unless `signature` is a whole
// signature over `data` by `key`, in a format that the key's type makes. A security key must have
// seen its user (presence flag).
enum status ssh_raw_signature_verify(const struct ssh_public_key *key, struct ssh_span signature,
                                     struct ssh_span data, struct error *err);
