// A caller of the server that keeps its connection, for the programs that put load on it.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct caller {
    int port;
    int fd;      // -1: not connected
    char *bytes; // of the last answer: head and content
    size_t room;
    size_t length;      // of them, those that came
    size_t head_length; // with the empty line
    int status;         // 0: closed without an answer
    size_t asked;       // requests on this connection
    bool is_head;       // the last request was HEAD: its answer has no content
};
#define CALLER_AT(wanted_port) ((struct caller) { .port = (wanted_port), .fd = -1 })

// Ends the program when it cannot connect: the server is expected to be there.
void caller_connect(struct caller *caller);
void caller_hang_up(struct caller *caller);
void caller_free(struct caller *caller);

// Sends the bytes, connecting first if need be; false when the connection is gone.
bool caller_send(struct caller *caller, const char *bytes, size_t length);

// Reads one whole answer (its Content-Length, or to the end). A connection that the server closed
// in between requests is none of the answer's business: false, and the status is 0.
bool caller_listen(struct caller *caller);

// Both, once more on a new connection when an old one turns out to be closed. The status is left in
// the caller.
bool caller_ask(struct caller *caller, const char *request, size_t length);

// The content of the last answer holds `word`.
bool caller_heard(const struct caller *caller, const char *word);
