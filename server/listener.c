// The listening socket.
#include "listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static enum status invalid(const char *text, struct error *err)
{
    error_set(err, STATUS_INVALID, "listen_invalid", "'%.300s' is not an address to listen on",
              text);
    return error_hint(err, "write HOST:PORT, e.g. 127.0.0.1:8080 or [::1]:8080; port 0 takes any "
                           "that is free");
}

enum status listener_parse(struct listener_address *out, const char *text, struct error *err)
{
    struct listener_address address = { .host = "" };
    const char *colon = strrchr(text, ':');
    if (!colon)
        return invalid(text, err);
    const char *host = text;
    size_t host_bytes = (size_t)(colon - text);
    if (host_bytes >= 2 && host[0] == '[' && host[host_bytes - 1] == ']') {
        host++;
        host_bytes -= 2;
    } else if (memchr(host, ':', host_bytes)) {
        return invalid(text, err); // an IPv6 address without brackets
    }
    size_t port_bytes = strlen(colon + 1);
    if (host_bytes >= sizeof(address.host) || port_bytes == 0 ||
        port_bytes >= sizeof(address.port) || strspn(colon + 1, "0123456789") != port_bytes ||
        strtoul(colon + 1, NULL, 10) > 65535)
        return invalid(text, err);
    memcpy(address.host, host, host_bytes);
    memcpy(address.port, colon + 1, port_bytes);
    *out = address;
    return STATUS_OK;
}

static void free_addresses(struct addrinfo **addresses)
{
    if (*addresses)
        freeaddrinfo(*addresses);
}

static enum status bind_one(int *out_fd, const struct addrinfo *info, const char *port,
                            struct error *err)
{
    int on = 1;
    int fd OWNED(file_close) =
        socket(info->ai_family, info->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_errno(err, "cannot make", "a socket");
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, info->ai_addr, info->ai_addrlen) != 0) {
        error_errno(err, "cannot listen on port", port);
        return error_hint(err, "another process may hold the port: choose another with --listen");
    }
    *out_fd = fd;
    fd = -1;
    return STATUS_OK;
}

static enum status describe(char bound[LISTENER_ADDRESS_BYTES], int fd, struct error *err)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);
    char host[LISTENER_ADDRESS_BYTES - 10];
    char port[8];
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return error_errno(err, "cannot read the name of", "the listening socket");
    if (getnameinfo((struct sockaddr *)&address, length, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_set(err, STATUS_IO, "io", "cannot print the listening socket's address");
    bool is_ipv6 = address.ss_family == AF_INET6;
    snprintf(bound, LISTENER_ADDRESS_BYTES, is_ipv6 ? "[%s]:%s" : "%s:%s", host, port);
    return STATUS_OK;
}

enum status listener_bind(int *out_fd, char bound[LISTENER_ADDRESS_BYTES],
                          const struct listener_address *address, struct error *err)
{
    struct addrinfo *found OWNED(free_addresses) = NULL;
    int fd OWNED(file_close) = -1;
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM,
                                     .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    const char *host = address->host[0] ? address->host : NULL;
    int code = getaddrinfo(host, address->port, &wanted, &found);
    if (code != 0) {
        error_set(err, STATUS_IO, "listen_failed", "cannot find address '%s': %s", address->host,
                  gai_strerror(code));
        return error_hint(err, "use a numeric address, e.g. 127.0.0.1");
    }
    TRY(bind_one(&fd, found, address->port, err));
    TRY(describe(bound, fd, err));
    *out_fd = fd;
    fd = -1;
    return STATUS_OK;
}

bool listener_is_loopback(int fd)
{
    struct sockaddr_storage address = { 0 };
    socklen_t length = sizeof(address);
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return false;
    if (address.ss_family == AF_INET)
        return ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return address.ss_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&address)->sin6_addr);
}

enum status listener_begin(int fd, struct error *err)
{
    return listen(fd, SOMAXCONN) == 0 ? STATUS_OK : error_errno(err, "cannot", "listen");
}
