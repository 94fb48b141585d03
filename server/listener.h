// The listening socket.
#pragma once

#include <stdbool.h>

#include "base/error.h"

#define LISTENER_ADDRESS_BYTES 272 // a host of 253 characters, brackets, colon, port

// Splits "HOST:PORT", "[HOST]:PORT" or ":PORT" (every address). STATUS_INVALID otherwise.
struct listener_address {
    char host[256]; // "": every address
    char port[6];
};
enum status listener_parse(struct listener_address *out, const char *text, struct error *err);

// Binds, without listening yet: what is wrong with the address shows before a long load begins.
// Port 0 takes any that is free. `bound` is what it came to: "127.0.0.1:8080".
enum status listener_bind(int *out_fd, char bound[LISTENER_ADDRESS_BYTES],
                          const struct listener_address *address, struct error *err);
// Whether only this machine can reach it.
bool listener_is_loopback(int fd);

enum status listener_begin(int fd, struct error *err);
