// A caller of the server that keeps its connection.
#include "http_caller.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_SECONDS 30
#define FIRST_ROOM 65536
#define MAX_ROOM ((size_t)64 << 20)

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

void caller_connect(struct caller *caller)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)caller->port) };
    const struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
    const int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    caller->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    caller->asked = 0;
    if (caller->fd < 0 || connect(caller->fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        give_up("caller: connect");
    setsockopt(caller->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    setsockopt(caller->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void caller_hang_up(struct caller *caller)
{
    if (caller->fd >= 0)
        close(caller->fd);
    caller->fd = -1;
}

void caller_free(struct caller *caller)
{
    caller_hang_up(caller);
    free(caller->bytes);
    caller->bytes = NULL;
}

bool caller_send(struct caller *caller, const char *bytes, size_t length)
{
    if (caller->fd < 0)
        caller_connect(caller);
    for (size_t sent = 0; sent < length;) {
        ssize_t got = send(caller->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (got <= 0)
            return false;
        sent += (size_t)got;
    }
    return true;
}

static void make_room(struct caller *caller)
{
    if (caller->room - caller->length > FIRST_ROOM / 2)
        return;
    size_t room = caller->room ? caller->room * 2 : FIRST_ROOM;
    char *bytes = room > MAX_ROOM ? NULL : realloc(caller->bytes, room);
    if (!bytes)
        give_up("caller: no room for an answer");
    caller->bytes = bytes;
    caller->room = room;
}

static bool read_more(struct caller *caller)
{
    make_room(caller);
    ssize_t got =
        recv(caller->fd, caller->bytes + caller->length, caller->room - caller->length - 1, 0);
    if (got <= 0)
        return false;
    caller->length += (size_t)got;
    caller->bytes[caller->length] = '\0';
    return true;
}

// The value of a field of the head, or NULL.
static const char *find_field(const struct caller *caller, const char *name)
{
    size_t name_length = strlen(name);
    const char *end = caller->bytes + caller->head_length;
    for (const char *line = caller->bytes; line < end; line = strchr(line, '\n') + 1)
        if (strncasecmp(line, name, name_length) == 0 && line[name_length] == ':')
            return line + name_length + 1 + strspn(line + name_length + 1, " ");
    return NULL;
}

static bool read_head(struct caller *caller)
{
    const char *end = NULL;
    while (!end && read_more(caller))
        end = strstr(caller->bytes, "\r\n\r\n");
    if (!end || sscanf(caller->bytes, "HTTP/1.1 %d ", &caller->status) != 1)
        return false;
    caller->head_length = (size_t)(end - caller->bytes) + 4;
    return true;
}

bool caller_listen(struct caller *caller)
{
    caller->length = 0;
    caller->head_length = 0;
    caller->status = 0;
    if (!read_head(caller))
        return false;
    const char *field = find_field(caller, "Content-Length");
    bool has_content = caller->status != 304 && !caller->is_head;
    size_t content = field && has_content ? strtoul(field, NULL, 10) : 0;
    while (caller->length < caller->head_length + content)
        if (!read_more(caller)) {
            caller->status = 0;
            return false;
        }
    const char *connection = find_field(caller, "Connection");
    if (connection && strncasecmp(connection, "close", 5) == 0)
        caller_hang_up(caller);
    caller->asked++;
    return true;
}

bool caller_ask(struct caller *caller, const char *request, size_t length)
{
    caller->is_head = strncmp(request, "HEAD ", 5) == 0;
    bool was_open = caller->fd >= 0 && caller->asked > 0;
    if (caller_send(caller, request, length) && caller_listen(caller))
        return true;
    bool is_mute = caller->length == 0;
    caller_hang_up(caller);
    if (!was_open || !is_mute)
        return false;
    if (caller_send(caller, request, length) && caller_listen(caller))
        return true;
    caller_hang_up(caller);
    return false;
}

bool caller_heard(const struct caller *caller, const char *word)
{
    return memmem(caller->bytes + caller->head_length, caller->length - caller->head_length, word,
                  strlen(word)) != NULL;
}
