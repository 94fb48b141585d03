// The bytes of one connection.
#include "transport.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"

#define MAX_SENDFILE_BYTES (1U << 30)

static ssize_t outcome(ssize_t result)
{
    if (result >= 0)
        return result;
    return errno == EAGAIN || errno == EWOULDBLOCK ? TRANSPORT_WAIT : TRANSPORT_LOST;
}

ssize_t transport_read(struct transport *transport, void *out, size_t room)
{
    ssize_t got;
    do
        got = recv(transport->fd, out, room, 0);
    while (got < 0 && errno == EINTR);
    return outcome(got);
}

ssize_t transport_write(struct transport *transport, const void *bytes, size_t length, bool is_more)
{
    int flags = MSG_NOSIGNAL | (is_more ? MSG_MORE : 0);
    ssize_t sent;
    do
        sent = send(transport->fd, bytes, length, flags);
    while (sent < 0 && errno == EINTR);
    return outcome(sent);
}

ssize_t transport_send_file(struct transport *transport, int fd, uint64_t from, uint64_t length,
                            void *scratch, size_t scratch_bytes)
{
    (void)scratch, (void)scratch_bytes;
    off_t offset = (off_t)from;
    size_t wanted = length < MAX_SENDFILE_BYTES ? (size_t)length : MAX_SENDFILE_BYTES;
    ssize_t sent;
    do
        sent = sendfile(transport->fd, fd, &offset, wanted);
    while (sent < 0 && errno == EINTR);
    return sent == 0 ? TRANSPORT_LOST : outcome(sent); // 0: the file is shorter than was said
}

void transport_shut(struct transport *transport)
{
    (void)shutdown(transport->fd, SHUT_WR);
}

void transport_close(struct transport *transport)
{
    file_close(&transport->fd);
}
