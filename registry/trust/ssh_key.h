// SSH public keys, as in ~/.ssh/*.pub and allowed_signers. Sources: RFC 4253 section 6.6, RFC 5656,
// RFC 8709, OpenSSH PROTOCOL.u2f (sk- keys), sshd(8) "AUTHORIZED_KEYS FILE FORMAT".
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define SSH_KEY_MAX_BLOB_BYTES 4096  // RSA-16384 takes 2.1 kB
#define SSH_KEY_FINGERPRINT_BYTES 51 // "SHA256:", 43 base64 characters and the NUL
#define SSH_KEY_MAX_LINE_BYTES 8192

// A value: the wire form of a public key. Types: ssh-ed25519, ecdsa-sha2-nistp256/384/521,
// ssh-rsa (2048 bits at least), sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com.
struct ssh_key {
    uint8_t blob[SSH_KEY_MAX_BLOB_BYTES];
    size_t blob_bytes;
};

// "TYPE BASE64 [COMMENT]"; checks that type and blob agree and the key is one we can verify with.
// STATUS_INVALID names what is wrong; a private key's text is recognised and refused as such.
enum status ssh_key_parse(struct ssh_key *out, const char *line, struct error *err);
enum status ssh_key_parse_file(struct ssh_key *out, const char *path, struct error *err);

// "TYPE BASE64", without comment.
enum status ssh_key_format(char **out, const struct ssh_key *key, struct error *err);
void ssh_key_fingerprint(const struct ssh_key *key, char out[SSH_KEY_FINGERPRINT_BYTES]);
bool ssh_key_equal(const struct ssh_key *a, const struct ssh_key *b);
