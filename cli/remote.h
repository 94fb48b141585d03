// Operations on environments that servers have: the same words, the same results.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "operation/operation.h"

struct arguments;

// What outlives a call: the server's answers, which errors and findings point into. Starts as {0}.
#define REMOTE_MAX_ANSWERS 8
struct remote {
    const char *ca_path; // --ca, or GREENROOM_CA
    unsigned limit_ms;   // see remote_http.h
    struct json *answers[REMOTE_MAX_ANSWERS];
    unsigned answer_count;
};
void remote_release(struct remote *remote);

// Whether any environment that the words name is a server's.
bool remote_is_needed(const struct arguments *arguments);

// STATUS_INVALID when the words name a server where only a folder of this machine will do.
enum status remote_check_places(const struct arguments *arguments, struct error *err);

// Runs the operation that the words ask for, wherever each environment is.
enum status remote_run(struct arguments *arguments, struct error *err);

// One operation on one environment: a folder, or a server. `is_main`: it is the one that the
// command runs on. `original`: see remote_body.h.
struct remote_step {
    const char *environment;
    bool is_main;
    const char *original;
};
enum status remote_run_step(struct remote *remote, const struct operation *operation,
                            struct operation_call *call, const struct remote_step *step,
                            struct error *err);
