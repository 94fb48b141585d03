// Stands between a caller and a server, on a port of its own: writes down what both say, and, asked
// to, loses answers: takes the first of each connection from the server and hangs up on the caller.
//
//     relay SERVER-PORT FOLDER [ANSWERS-TO-LOSE]
//
// Prints its port. Of each connection FOLDER gets NUMBER.request and NUMBER.answer, byte for byte;
// of a lost answer NUMBER.lost. Runs until it is killed.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define PIECE_BYTES 65536

struct relay {
    const char *folder;
    in_port_t server_port;
    _Atomic int to_lose;
};

struct connection {
    struct relay *relay;
    unsigned number;
    int caller;
    int server;
    int request_record;
    int answer_record;
};

static struct sockaddr_in address_of(in_port_t port)
{
    return (struct sockaddr_in) { .sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int open_record(const struct connection *connection, const char *ending)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof(path), "%s/%06u.%s", connection->relay->folder, connection->number,
             ending);
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

// Takes one of the answers that are to be lost, if any is left.
static bool takes_loss(struct relay *relay)
{
    int left = atomic_load(&relay->to_lose);
    while (left > 0)
        if (atomic_compare_exchange_weak(&relay->to_lose, &left, left - 1))
            return true;
    return false;
}

// What stands there to be read, from one to the other. False: nothing goes on.
static bool pass(struct connection *connection, int from, int to, int record)
{
    char bytes[PIECE_BYTES];
    ssize_t got = read(from, bytes, sizeof(bytes));
    if (got < 0)
        return false;
    if (got == 0) {
        shutdown(to, SHUT_WR);
        return from == connection->caller;
    }
    if (from == connection->server && takes_loss(connection->relay)) {
        int lost = open_record(connection, "lost");
        (void)write_all(lost, bytes, (size_t)got);
        close(lost);
        return false;
    }
    // What is written down of a request has been handed to the server, and what a caller got of an
    // answer is written down.
    bool is_request = from == connection->caller;
    return write_all(is_request ? to : record, bytes, (size_t)got) &&
           write_all(is_request ? record : to, bytes, (size_t)got);
}

static void *serve(void *argument)
{
    struct connection *connection = argument;
    struct pollfd waits[] = { { .fd = connection->caller, .events = POLLIN },
                              { .fd = connection->server, .events = POLLIN } };
    bool goes_on = true;
    connection->request_record = open_record(connection, "request");
    connection->answer_record = open_record(connection, "answer");
    while (goes_on && poll(waits, 2, -1) > 0) {
        if (waits[1].revents)
            goes_on =
                pass(connection, connection->server, connection->caller, connection->answer_record);
        else if (waits[0].revents)
            goes_on = pass(connection, connection->caller, connection->server,
                           connection->request_record);
        if (waits[0].revents & POLLHUP)
            waits[0].fd = -1;
    }
    close(connection->request_record);
    close(connection->answer_record);
    close(connection->caller);
    close(connection->server);
    free(connection);
    return NULL;
}

static bool begin(struct relay *relay, unsigned number, int caller)
{
    struct sockaddr_in address = address_of(relay->server_port);
    struct connection *connection = calloc(1, sizeof(*connection));
    pthread_t thread;
    if (!connection)
        return false;
    *connection = (struct connection) { .relay = relay, .number = number, .caller = caller };
    connection->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection->server, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(caller); // as if the server itself were not there
        close(connection->server);
        free(connection);
        return true;
    }
    return pthread_create(&thread, NULL, serve, connection) == 0 && pthread_detach(thread) == 0;
}

int main(int argc, char *argv[])
{
    if (argc < 3) {
        fprintf(stderr, "usage: relay SERVER-PORT FOLDER [ANSWERS-TO-LOSE]\n");
        return 2;
    }
    struct relay relay = { .folder = argv[2],
                           .server_port = (in_port_t)strtoul(argv[1], NULL, 10) };
    atomic_init(&relay.to_lose, argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0);
    struct sockaddr_in address = address_of(0);
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    signal(SIGPIPE, SIG_IGN);
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return 1;
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
    for (unsigned number = 1;; number++) {
        int caller = accept(listener, NULL, NULL);
        if (caller >= 0 && !begin(&relay, number, caller))
            return 1;
    }
}
