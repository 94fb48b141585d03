// TLS on a connection's socket: 1.2 or newer, ALPN http/1.1, certificates that are read anew on
// request. The only user of libssl. Sources: RFC 8446, RFC 9325 (which versions and ciphers).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct tls;         // what all connections share
struct tls_session; // one connection's

struct tls_plan {
    const char *certificate_path; // PEM: ours, and those between it and its root
    const char *key_path;         // PEM, readable by nobody but its owner and group
    const char *client_ca_path;   // PEM: who issues callers' certificates; NULL: none are asked for
};

// Paths are copied. STATUS_NOT_FOUND or STATUS_INVALID when a file is missing, is no certificate or
// key, or the two do not belong together; STATUS_REFUSED when others may read the key.
enum status tls_open(struct tls **out, const struct tls_plan *plan, struct error *err);
void tls_release(struct tls **tls); // sessions keep what they need

// Reads the files again, for connections from now on. When that fails, all goes on as it was.
enum status tls_reload(struct tls *tls, struct error *err);

// Any thread. NULL: no memory. The handshake happens with the first reads.
struct tls_session *tls_begin(struct tls *tls, int fd);
void tls_end(struct tls_session *session);
bool tls_is_ready(const struct tls_session *session); // the handshake is done

// As transport_read and transport_write, with their outcomes.
ssize_t tls_read(struct tls_session *session, void *out, size_t room);
ssize_t tls_write(struct tls_session *session, const void *bytes, size_t length);
void tls_shut(struct tls_session *session); // tells the peer that no more is sent
