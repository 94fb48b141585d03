// The whole server: what it opens, the threads it runs, and how it stops.
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "caller_limits.h"
#include "log_record.h"
#include "tls.h"

struct server;
struct supervisor;

struct server_plan {
    const char *environment_path;
    const char *listen; // "HOST:PORT"
    unsigned threads;   // 1 to HOLDER_MAX_READERS
    unsigned states;    // of live that are held; 0: HOLDER_DEFAULT_STATES
    bool is_writable;   // operations may be asked for, which write to the environment
    bool is_trial;      // nothing will be served: another port is taken instead
    bool is_unconfined; // go without Landlock and seccomp
    const struct supervisor *supervisor; // hears that the watcher is alive; borrowed
    struct limits limits;
    struct tls_plan tls;    // certificate_path NULL: plain HTTP
    bool allows_plain_http; // beyond loopback
    enum log_format log_format;
};

// Binds the address, opens the environment's store for reading only, loads and verifies what is
// live. Nothing runs and nobody is answered yet. STATUS_REFUSED for a sandbox, in which nothing is
// live, unless operations may be asked for.
enum status server_open(struct server **out, const struct server_plan *plan, struct error *err);

// Starts the threads and begins to listen.
enum status server_start(struct server *server, struct error *err);

const char *server_environment_name(const struct server *server); // borrowed
const char *server_address(const struct server *server);          // "127.0.0.1:8080"; borrowed

const char *server_scheme(const struct server *server); // "http" or "https"

// Reads certificate and key again. STATUS_OK when there are none.
enum status server_reload(struct server *server, struct error *err);

// Stops accepting, lets answers in flight finish within limits.stop_seconds, and ends every thread.
void server_stop(struct server *server);
void server_free(struct server *server); // stops it first
void server_release(struct server **server);
