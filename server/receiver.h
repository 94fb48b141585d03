// Where the content of a request goes, piece by piece, while it comes: the route's choice, made
// when the request's head was read and its caller let in.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// `take` gets each piece in order, `release` is called once, whatever becomes of the request.
struct receiver {
    enum status (*take)(void *state, const char *bytes, size_t length, struct error *err);
    void (*release)(void *state);
    void *state;
};
void receiver_release(struct receiver *receiver); // starts as {0}

// Keeps everything in memory: for documents whose limit is small. The content so far is
// `receiver_content`.
enum status receiver_keep(struct receiver *out, struct error *err);
const struct buffer *receiver_content(const struct receiver *receiver);
