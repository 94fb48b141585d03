// The bytes of one connection, over a socket that never blocks, in the clear or over TLS.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tls_session; // server/tls.h

struct transport {
    int fd;                  // -1: closed
    struct tls_session *tls; // NULL: in the clear
};

// Both: how many bytes, 1 at least; or one of these.
#define TRANSPORT_END (0)   // the peer sends no more (read only)
#define TRANSPORT_WAIT (-1) // not now: epoll will say when
#define TRANSPORT_LOST (-2) // the connection is gone

// Whether the peer can be talked to: over TLS, once the handshake is done, which reads bring about.
bool transport_is_ready(const struct transport *transport);

// Whether a read that did not fill its room has taken all there was, so that epoll tells of more.
bool transport_reads_all(const struct transport *transport);

ssize_t transport_read(struct transport *transport, void *out, size_t room);

// `is_more`: something follows at once, so that both may share a packet. After TRANSPORT_WAIT the
// next call must offer the same bytes again, and may offer more behind them.
ssize_t transport_write(struct transport *transport, const void *bytes, size_t length,
                        bool is_more);

// From a file, without a copy through memory where that can be done. `scratch` is used where not.
ssize_t transport_send_file(struct transport *transport, int fd, uint64_t from, uint64_t length,
                            void *scratch, size_t scratch_bytes);

// No more is sent from here; what the peer still sends can be read.
void transport_shut(struct transport *transport);
void transport_close(struct transport *transport);
