// The settings of greenroomd: one table, read from a file, from the process's environment and from
// the command line. The later of them has the last word.
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"
#include "caller_limits.h"

#define OPTIONS_DEFAULT_LISTEN "127.0.0.1:8080"
#define OPTIONS_MAX_THREADS 64U // more than the processors of the machines this is meant for

#define OPTIONS_MAX_FILE_BYTES 65536U // a hundred times what all settings take

// Starts as {0}; strings are borrowed from argv, the environment and `file_text`.
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
    unsigned log_format;       // enum log_format
    const char *config_path;   // the file that was read; NULL: none
    char *file_text;           // owned
    bool wants_check;          // say whether all is well with the settings, and serve nothing
    bool wants_help;
    bool wants_version;
};

void options_release(struct options *options);

// A setting is "--name VALUE" or "--name=VALUE" on the command line, GREENROOM_NAME in
// `environment`
// ("NAME=VALUE" strings, NULL-ended; '_' for '-'), and a line "name = VALUE" of the file that
// --config or GREENROOM_CONFIG names; there lines that begin with '#' are comments, and a switch
// is yes or no. STATUS_INVALID names what is wrong and where, a missing --env too, unless help or
// the version is asked for.
enum status options_parse(struct options *out, int argc, char *const argv[],
                          char *const environment[], struct error *err);

// The settings as lines of such a file, for whoever wants to see what is in force.
enum status options_print(struct buffer *out, const struct options *options, struct error *err);

extern const char options_help[];
