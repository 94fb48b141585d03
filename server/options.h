// The command line of greenroomd.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "caller_limits.h"

#define OPTIONS_DEFAULT_LISTEN "127.0.0.1:8080"
#define OPTIONS_MAX_THREADS 64U // more than the processors of the machines this is meant for

// Strings are borrowed from argv and the environment.
struct options {
    const char *environment_path;
    const char *listen;
    unsigned threads; // 0: one per processor
    unsigned states;  // of live that are held; 0: HOLDER_DEFAULT_STATES
    bool is_writable;
    bool is_unconfined;
    struct limits limits;
    const char *tls_certificate; // NULL: plain HTTP
    const char *tls_key;
    const char *tls_client_ca; // NULL: callers show no certificates
    bool allows_plain_http;    // beyond loopback
    bool wants_help;
    bool wants_version;
};

// `default_environment` (GREENROOM_ENV, may be NULL) stands in for --env. "--name value" and
// "--name=value" are the same. STATUS_INVALID names what is wrong, a missing --env too, unless help
// or the version is asked for.
enum status options_parse(struct options *out, int argc, char *const argv[],
                          const char *default_environment, struct error *err);

extern const char options_help[];
