// One operation that somebody asked for: its content while it arrives, then the call made of it,
// then the answer.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "operation/operation.h"
#include "receiver.h"
#include "response.h"

struct connection;
struct log;

// An input is words, small files' texts and signatures (operation_validate.h says how long each).
#define ORDER_MAX_INPUT_BYTES (8U << 20)

// What the request said of itself. Strings are copied.
struct order_plan {
    const struct operation *operation;
    const char *environment_path; // borrowed, for as long as the server runs
    struct log *log;              // borrowed, likewise
    const char *label;            // "http://HOST": what its caller calls this environment
    const char *bearer;
    const char *content_type;
    const char *request_key; // Idempotency-Key; NULL: none
    bool wants_parts;        // the result beside what comes back, as multipart/mixed
};

struct order {
    struct order_plan plan;
    char *strings[4];
    int content_fd;
    uint64_t received_bytes;
    struct connection *connection; // parked while it is performed
    struct order *next;            // in the performer's queue
    bool is_submitted;
    unsigned http_status; // set with `response`, once it was performed
    struct response *response;
};

// Takes the request's content from here on; *out is freed through the receiver.
enum status order_new(struct order **out, struct receiver *receiver, const struct order_plan *plan,
                      struct error *err);
struct order *order_of(const struct receiver *receiver); // borrowed

// Runs it, in a thread that may wait; makes the answer, whatever came of it.
void order_perform(struct order *order);

// Makes an answer of a failure, without running it.
void order_refuse(struct order *order, const struct error *reason);

// Whether the row takes content beside its input: an archive, a seal, files.
bool order_takes_content(const struct operation *operation);
