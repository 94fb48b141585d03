// Tells the service manager how we are.
#include "supervisor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

void supervisor_open(struct supervisor *out)
{
    struct supervisor supervisor = SUPERVISOR_NONE;
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = getenv("NOTIFY_SOCKET");
    size_t length = path ? strlen(path) : 0;
    *out = supervisor;
    // '@' stands for the NUL of a name that is in no file system.
    if (length < 2 || length >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    supervisor.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (supervisor.fd < 0)
        return;
    if (connect(supervisor.fd, (const struct sockaddr *)&address, size) != 0) {
        file_close(&supervisor.fd);
        return;
    }
    supervisor.has_watchdog = getenv("WATCHDOG_USEC") != NULL;
    *out = supervisor;
}

void supervisor_tell(const struct supervisor *supervisor, const char *lines)
{
    if (supervisor->fd >= 0)
        (void)send(supervisor->fd, lines, strlen(lines), MSG_NOSIGNAL);
}

void supervisor_tell_alive(const struct supervisor *supervisor)
{
    if (supervisor->has_watchdog)
        supervisor_tell(supervisor, "WATCHDOG=1");
}

void supervisor_close(struct supervisor *supervisor)
{
    file_close(&supervisor->fd);
}
