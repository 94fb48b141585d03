// How many connections each address has, over all workers, so that no address takes the places of
// all the others. Looked at when a connection begins and ends, never in between.
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/error.h"

struct visitors;

// Whom a connection counts for: its IPv4 address, or the first 64 bits of its IPv6 address, as one
// customer commonly has all that begin with them.
struct visitor {
    unsigned char bytes[8];
};
struct visitor visitors_address(const struct sockaddr_storage *address);

enum status visitors_new(struct visitors **out, unsigned most_per_address, struct error *err);
void visitors_free(struct visitors *visitors);
void visitors_release(struct visitors **visitors);

// Any thread. False: it has as many as it may, or there is no memory to count it in.
bool visitors_enter(struct visitors *visitors, const struct visitor *visitor);
void visitors_leave(struct visitors *visitors, const struct visitor *visitor);
