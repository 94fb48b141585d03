// One POST to a server. With remote_http.c the only door to libcurl.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// Where a server is, and what opens it.
struct remote_server {
    char url[300];       // "https://HOST[:PORT]", without a slash behind it
    const char *ca_path; // certificates to trust instead of the system's; NULL: the system's
    const char *key;
    // Of one request with its answer, which is then tried once; 0: as long as something goes on.
    unsigned limit_ms;
};

// What is sent: bytes, then the rest from a file.
struct remote_request {
    const char *path; // "/v1/operations/publish"
    const char *content_type;
    const char *request_key; // Idempotency-Key
    const struct buffer *head;
    int rest_fd; // -1: none
    uint64_t rest_bytes;
};

// Starts as {.fd = -1}. The content stands in a file without a name.
struct remote_response {
    long http_status;
    char content_type[256];
    int fd;
};
void remote_http_release(struct remote_response *response);

// Whether it names a server, not a folder.
bool remote_http_is_url(const char *text);

// Reads "https://HOST[:PORT]", or "http://" for this very machine. STATUS_INVALID otherwise: a key
// does not travel where others can read it.
enum status remote_http_parse(struct remote_server *out, const char *text, struct error *err);

// STATUS_IO (code "server_unreachable") when there was no whole answer, after as many tries as are
// safe: with a request_key a server does nothing twice.
enum status remote_http_post(struct remote_response *out, const struct remote_server *server,
                             const struct remote_request *request, struct error *err);
