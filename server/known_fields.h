// The fields of a connection's last request. Who keeps a connection open sends the same fields with
// each request, and another target: fields that are those of the request before, byte for byte, are
// neither looked through nor read again.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "head.h"
#include "request.h"

// Above what clients of this server send (about 200 bytes); each open connection has so much.
#define KNOWN_FIELDS_MAX_BYTES 512U

// Starts as {0}.
struct known_fields {
    size_t length;                      // of `bytes`; 0: nothing is known
    size_t next_length;                 // of what was parsed last, and is not known to be sound yet
    struct request_fields fields;       // what they say; spans are borrowed from `bytes`
    char bytes[KNOWN_FIELDS_MAX_BYTES]; // from behind the request line, with the empty line
};

// Whether the `length` bytes that came begin with a head of a request line and these very fields.
// *out has the request line of such a head, and no fields; *out_bytes is its length. Compares in
// constant time: one connection may carry the requests of several callers, of whom one guesses at
// another's key.
bool known_fields_match(const struct known_fields *known, const char *bytes, size_t length,
                        struct head *out, size_t *out_bytes);

// Parses a whole head (head_parse), and holds its fields for known_fields_keep.
enum status known_fields_parse(struct known_fields *known, struct head *out, const char *bytes,
                               size_t length, struct error *err);

// What was parsed last turned out to be a sound request, whose connection goes on: from now on its
// fields are known. Does nothing for those of HTTP/1.0, with content behind them, or too long.
void known_fields_keep(struct known_fields *known, const struct request_fields *fields);

void known_fields_forget(struct known_fields *known); // wipes them: there is a key in them
