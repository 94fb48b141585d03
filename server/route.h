// Which handler answers a path, who may ask it, and by which methods: the table of everything that
// this server offers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/id.h"
#include "base/error.h"

struct exchange; // server/exchange.h
struct receiver; // server/receiver.h

// Methods, as bits.
enum route_method {
    METHOD_GET = 1 << 0,
    METHOD_HEAD = 1 << 1,
    METHOD_OPTIONS = 1 << 2,
    METHOD_POST = 1 << 3,
    METHOD_OTHER = 1 << 4,   // another one that RFC 9110 knows: offered nowhere
    METHOD_UNKNOWN = 1 << 5, // none that is known
};
enum route_method route_method_parse(const char *word, size_t word_bytes);

// One row. In `pattern`, "{artifact}" stands for "prompts|tools|knowledge/{name}[@{version}]" up to
// "/-/" or the end, and "{path}" for all the rest, one byte at least; the rest for itself. What
// begins with "/v1/" is also found behind "/v1/at/{commit}/".
struct route {
    const char *pattern;
    unsigned methods; // besides OPTIONS, which each route answers
    unsigned roles;   // enum control_role; 0: open to anybody, without a key
    enum status (*handle)(struct exchange *exchange, struct error *err);
    // For a route that takes content, of max_content_bytes at most: chooses where it goes to, once
    // the caller is let in and before any of it is read. `handle` follows when all of it is there
    // (exchange->content; NULL when there was none). NULL: a request with content is refused.
    enum status (*receive)(struct exchange *exchange, struct receiver *out, struct error *err);
    uint64_t max_content_bytes;
};

// What the path's holes held. Borrowed from the path.
struct route_match {
    const struct route *route;
    const char *state; // the commit in "/v1/at/{commit}/"; not NUL-terminated; NULL: none was named
    size_t state_bytes;
    enum artifact_kind kind;
    const char *name; // not NUL-terminated; a name that breaks the rules is one nobody has
    size_t name_bytes;
    uint32_t version;      // 0: none was named
    const char *file_path; // NUL-terminated
    size_t file_path_bytes;
};

// The row that a path belongs to, or the row for paths that no row has: it needs a key and answers
// as an unknown artifact does. Never fails.
void route_find(struct route_match *out, const char *path);

// Rows by number, for who counts them: 0 is the row of paths that no row has. NULL behind the last.
const struct route *route_at(size_t number);
size_t route_number(const struct route *route);

#define ROUTE_ALLOW_BYTES 64
// A row's methods as the field value of Allow: "GET, HEAD, OPTIONS".
void route_allow(const struct route *route, char out[ROUTE_ALLOW_BYTES]);
