// The bytes of one connection.
#include "transport.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "tls.h"

#define MAX_SENDFILE_BYTES (1U << 30)
#define TLS_RECORD_BYTES (16U << 10)

// recv() and send() as they are, without what the C library puts around them so that a thread may
// be cancelled in the middle, which nobody here does: an atomic exchange before and one after each
// call.
static ssize_t receive(int fd, void *out, size_t room)
{
    return syscall(SYS_recvfrom, fd, out, room, 0, NULL, NULL);
}

static ssize_t transmit(int fd, const void *bytes, size_t length, int flags)
{
    return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
}

static ssize_t outcome(ssize_t result)
{
    if (result >= 0)
        return result;
    return errno == EAGAIN || errno == EWOULDBLOCK ? TRANSPORT_WAIT : TRANSPORT_LOST;
}

bool transport_is_ready(const struct transport *transport)
{
    return !transport->tls || tls_is_ready(transport->tls);
}

bool transport_reads_all(const struct transport *transport)
{
    return !transport->tls; // a read gives one record at most
}

ssize_t transport_read(struct transport *transport, void *out, size_t room)
{
    ssize_t got;
    if (transport->tls)
        return tls_read(transport->tls, out, room);
    do
        got = receive(transport->fd, out, room);
    while (got < 0 && errno == EINTR);
    return outcome(got);
}

ssize_t transport_write(struct transport *transport, const void *bytes, size_t length, bool is_more)
{
    int flags = MSG_NOSIGNAL | (is_more ? MSG_MORE : 0);
    ssize_t sent;
    if (transport->tls)
        return tls_write(transport->tls, bytes, length);
    do
        sent = transmit(transport->fd, bytes, length, flags);
    while (sent < 0 && errno == EINTR);
    return outcome(sent);
}

// What is encrypted has to be read first: a record at a time, as that is what one write takes.
static ssize_t send_encrypted(struct transport *transport, int fd, off_t from, uint64_t length,
                              void *scratch, size_t scratch_bytes)
{
    size_t wanted = scratch_bytes < TLS_RECORD_BYTES ? scratch_bytes : TLS_RECORD_BYTES;
    if (length < wanted)
        wanted = (size_t)length;
    ssize_t got;
    do
        got = pread(fd, scratch, wanted, from);
    while (got < 0 && errno == EINTR);
    return got <= 0 ? TRANSPORT_LOST : tls_write(transport->tls, scratch, (size_t)got);
}

ssize_t transport_send_file(struct transport *transport, int fd, uint64_t from, uint64_t length,
                            void *scratch, size_t scratch_bytes)
{
    off_t offset = (off_t)from;
    if (transport->tls)
        return send_encrypted(transport, fd, offset, length, scratch, scratch_bytes);
    size_t wanted = length < MAX_SENDFILE_BYTES ? (size_t)length : MAX_SENDFILE_BYTES;
    ssize_t sent;
    do
        sent = sendfile(transport->fd, fd, &offset, wanted);
    while (sent < 0 && errno == EINTR);
    return sent == 0 ? TRANSPORT_LOST : outcome(sent); // 0: the file is shorter than was said
}

void transport_shut(struct transport *transport)
{
    if (transport->tls)
        tls_shut(transport->tls);
    (void)shutdown(transport->fd, SHUT_WR);
}

void transport_close(struct transport *transport)
{
    if (transport->tls)
        tls_end(transport->tls);
    transport->tls = NULL;
    file_close(&transport->fd);
}
