// SSH signatures over bytes (SSHSIG): verified natively, made by `ssh-keygen -Y sign`, so that
// agents and hardware keys work as they do with git. Source: OpenSSH PROTOCOL.sshsig.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "trust/ssh_key.h"

#define SSH_SIGNATURE_MAX_BYTES 16384 // armoured; an RSA-16384 signature takes 7 kB

// Verifies an armoured signature over `message` in `name_space` ("git" for tags and commits), and
// yields the key that made it. Accepts sha512 and sha256 as message hash; for RSA only rsa-sha2-512
// and rsa-sha2-256. STATUS_REFUSED (code "signature_invalid") with the reason; that the key is one
// we trust is the caller's question (trust/allowed_signers.h).
enum status ssh_signature_verify(struct ssh_key *out_key, const char *armored, size_t armored_bytes,
                                 const char *name_space, const void *message, size_t message_bytes,
                                 struct error *err);

// Makes one with `ssh-keygen -q -Y sign -n NAMESPACE -f KEY_PATH`, the message on its standard
// input, and appends the armoured text once it verifies here too. ssh-keygen may ask for a
// passphrase or a touch on the terminal. STATUS_NOT_FOUND when neither KEY_PATH nor KEY_PATH.pub is
// there (an agent needs the latter only), STATUS_REFUSED when the key is one that
// ssh_signature_verify refuses, STATUS_IO with ssh-keygen's words otherwise.
enum status ssh_signature_make(struct buffer *out, const char *key_path, const char *name_space,
                               const void *message, size_t message_bytes, struct error *err);
