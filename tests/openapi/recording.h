// What a caller and a server said to each other, as tests/fault/relay.c wrote it down: the messages
// of one connection, request and answer side by side.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

// One message. Texts are borrowed from its recording.
struct recording_message {
    const char *start; // "GET /v1/live HTTP/1.1", not NUL-terminated
    size_t start_bytes;
    const char *fields; // the lines below it, each with its CRLF
    size_t fields_bytes;
    const char *content;
    size_t content_bytes;
};

// Takes the next message off *at (a request or an answer). False when there is no whole one.
// `has_no_content`: an answer to HEAD, or one whose status has none.
bool recording_next(struct recording_message *out, const char **at, const char *end,
                    bool has_no_content);

// A field's value, appended; false when it is not there. Names in any letter case.
bool recording_field(struct buffer *out, const struct recording_message *message, const char *name);

// "GET" and "/v1/live" of a request, without its query; empty where it has none.
void recording_target(struct buffer *out_method, struct buffer *out_path,
                      const struct recording_message *request);

unsigned recording_status(const struct recording_message *answer);
