// Many callers at once that all send the same few bytes and nothing more, and stay until the server
// cuts them off. Says "ready" when all are there, and at the end how many got which status ("0":
// were closed without a word).
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CALLERS 5000
#define MAX_STATUS 600
#define TIMEOUT_SECONDS 30

static int connect_to(long port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    const struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("crowd: connect");
        exit(2);
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    return fd;
}

// Reads to the end of the connection.
static int read_status(int fd)
{
    char bytes[4096] = "";
    size_t length = 0;
    ssize_t got;
    int status = 0;
    while (length < sizeof(bytes) - 1 &&
           (got = recv(fd, bytes + length, sizeof(bytes) - 1 - length, 0)) > 0)
        length += (size_t)got;
    if (got < 0) {
        perror("crowd: still there");
        exit(1);
    }
    bytes[length] = '\0';
    if (length > 0 && sscanf(bytes, "HTTP/1.1 %d ", &status) != 1)
        exit(1);
    return status < MAX_STATUS ? status : 0;
}

int main(int argc, char *argv[])
{
    static int callers[MAX_CALLERS];
    static unsigned statuses[MAX_STATUS];
    if (argc != 4) {
        fprintf(stderr, "usage: crowd PORT COUNT BYTES\n");
        return 2;
    }
    long count = strtol(argv[2], NULL, 10);
    for (long i = 0; i < count && i < MAX_CALLERS; i++) {
        callers[i] = connect_to(strtol(argv[1], NULL, 10));
        if (send(callers[i], argv[3], strlen(argv[3]), MSG_NOSIGNAL) < 0)
            return 1;
    }
    puts("ready");
    fflush(stdout);
    for (long i = 0; i < count && i < MAX_CALLERS; i++) {
        statuses[read_status(callers[i])]++;
        close(callers[i]);
    }
    for (unsigned status = 0; status < MAX_STATUS; status++)
        if (statuses[status] > 0)
            printf("%u %u\n", status, statuses[status]);
    return 0;
}
