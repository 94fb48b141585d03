// The command line of greenroomd.
#include "options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "snapshot/holder.h"

const char options_help[] =
    "usage: greenroomd --env DIR [OPTION...]\n"
    "\n"
    "Serves what is live in a Greenroom environment. Opens it for reading only, unless "
    "--writable.\n"
    "\n"
    "  --env DIR            the environment's folder (or GREENROOM_ENV)\n"
    "  --listen HOST:PORT   where to listen (default " OPTIONS_DEFAULT_LISTEN "); port 0 takes\n"
    "                       any that is free\n"
    "  --threads N          threads that answer, 1 to 64 (default: one per processor)\n"
    "  --states N           states of live that a caller may still ask for by their commit,\n"
    "                       1 to 1000, the newest among them (default 32)\n"
    "  --writable           also take operations (publish, promote, rollback, ...) from whoever "
    "has\n"
    "                       a key for them; a sandbox is served with this only\n"
    "  --tls-certificate FILE, --tls-key FILE\n"
    "                       serve over TLS 1.2 or 1.3 with these (PEM); read again on SIGHUP\n"
    "  --tls-client-ca FILE let in only who shows a certificate by these issuers (PEM)\n"
    "  --plain-http         listen beyond this machine without TLS, behind a proxy that ends it\n"
    "  --max-connections N  open at once (default: 4096 for each thread, or what the system\n"
    "                       allows); the one that waits longest makes room for a new one\n"
    "  --max-per-address N  of them from one address (default: a quarter)\n"
    "  --idle-timeout T     how long a connection may wait for its next request (60s)\n"
    "  --request-timeout T  how long a request's head may take to arrive (10s)\n"
    "  --stall-timeout T    how long content or an answer may take for 10 KiB (10s)\n"
    "  --stop-timeout T     how long answers under way may take when the server stops (5s)\n"
    "  --unconfined         go without Landlock and seccomp, where a container forbids them\n"
    "  --help, --version\n"
    "\n"
    "SIGTERM or SIGINT stops it once the answers under way are sent.\n"
    "Exit codes: 0 stopped, 1 refused, 2 wrong usage, 3 no such environment, 5 damaged data,\n"
    "6 input or output failed.\n";

// What stands in an option's value goes to its member of struct options.
struct row {
    const char *name;
    bool has_value;
    enum status (*take)(void *place, const struct row *row, const char *value, struct error *err);
    size_t offset;
    unsigned most;
    const char *code; // of a value that is refused
};

static enum status usage(struct error *err)
{
    return error_hint(err, "greenroomd --help says what there is");
}

static enum status take_text(void *place, const struct row *row, const char *value,
                             struct error *err)
{
    (void)row, (void)err;
    memcpy(place, &value, sizeof(value));
    return STATUS_OK;
}

static enum status take_number(void *place, const struct row *row, const char *value,
                               struct error *err)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || number == 0 || number > row->most) {
        error_set(err, STATUS_INVALID, row->code, "%s: '%.40s' is not 1 to %u", row->name, value,
                  row->most);
        return usage(err);
    }
    *(unsigned *)place = (unsigned)number;
    return STATUS_OK;
}

static enum status take_duration(void *place, const struct row *row, const char *value,
                                 struct error *err)
{
    int64_t seconds;
    struct error unheard;
    if (clock_parse_duration(&seconds, value, &unheard) != STATUS_OK || seconds < 1 ||
        seconds > (int64_t)row->most) {
        error_set(err, STATUS_INVALID, row->code, "%s: '%.40s' is not a time from 1s to 24h",
                  row->name, value);
        return usage(err);
    }
    *(int64_t *)place = seconds;
    return STATUS_OK;
}

static enum status take_flag(void *place, const struct row *row, const char *value,
                             struct error *err)
{
    (void)row, (void)value, (void)err;
    *(bool *)place = true;
    return STATUS_OK;
}

#define TEXT(member) true, take_text, offsetof(struct options, member), 0, NULL
#define NUMBER(member, most, code) true, take_number, offsetof(struct options, member), most, code
#define DURATION(member)                                                                           \
    true, take_duration, offsetof(struct options, member), LIMITS_MAX_SECONDS, "duration_invalid"
#define FLAG(member) false, take_flag, offsetof(struct options, member), 0, NULL

static const struct row rows[] = {
    { "--env", TEXT(environment_path) },
    { "--listen", TEXT(listen) },
    { "--threads", NUMBER(threads, OPTIONS_MAX_THREADS, "threads_invalid") },
    { "--states", NUMBER(states, HOLDER_MAX_STATES, "states_invalid") },
    { "--writable", FLAG(is_writable) },
    { "--unconfined", FLAG(is_unconfined) },
    { "--tls-certificate", TEXT(tls_certificate) },
    { "--tls-key", TEXT(tls_key) },
    { "--tls-client-ca", TEXT(tls_client_ca) },
    { "--plain-http", FLAG(allows_plain_http) },
    { "--max-connections", NUMBER(limits.connections, LIMITS_MAX_CONNECTIONS, "limit_invalid") },
    { "--max-per-address", NUMBER(limits.per_address, LIMITS_MAX_CONNECTIONS, "limit_invalid") },
    { "--idle-timeout", DURATION(limits.idle_seconds) },
    { "--request-timeout", DURATION(limits.head_seconds) },
    { "--stall-timeout", DURATION(limits.stall_seconds) },
    { "--stop-timeout", DURATION(limits.stop_seconds) },
    { "--help", FLAG(wants_help) },
    { "-h", FLAG(wants_help) },
    { "--version", FLAG(wants_version) },
};

// The row of "--name" or "--name=value"; *out_value is NULL without "=".
static const struct row *find_row(const char *argument, const char **out_value)
{
    const char *equals = strchr(argument, '=');
    size_t name_bytes = equals ? (size_t)(equals - argument) : strlen(argument);
    *out_value = equals ? equals + 1 : NULL;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strlen(rows[i].name) == name_bytes && memcmp(rows[i].name, argument, name_bytes) == 0)
            return &rows[i];
    return NULL;
}

static enum status take_argument(struct options *options, int argc, char *const argv[], int *at,
                                 struct error *err)
{
    const char *value;
    const struct row *row = find_row(argv[*at], &value);
    if (!row || (value && !row->has_value)) {
        error_set(err, STATUS_INVALID, "usage", "unknown argument '%.200s'", argv[*at]);
        return usage(err);
    }
    if (row->has_value && !value) {
        if (*at + 1 >= argc) {
            error_set(err, STATUS_INVALID, "usage", "%s needs a value", row->name);
            return usage(err);
        }
        value = argv[++*at];
    }
    return row->take((char *)options + row->offset, row, value, err);
}

static enum status judge_tls(const struct options *options, struct error *err)
{
    bool has_certificate = options->tls_certificate != NULL;
    bool has_key = options->tls_key != NULL;
    if (has_certificate == has_key && (has_certificate || !options->tls_client_ca))
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "usage",
              "--tls-certificate and --tls-key go together, and --tls-client-ca with both");
    return usage(err);
}

enum status options_parse(struct options *out, int argc, char *const argv[],
                          const char *default_environment, struct error *err)
{
    struct options options = { .environment_path = default_environment,
                               .listen = OPTIONS_DEFAULT_LISTEN,
                               .limits = LIMITS_DEFAULT };
    for (int at = 1; at < argc; at++)
        TRY(take_argument(&options, argc, argv, &at, err));
    bool has_environment = options.environment_path && options.environment_path[0];
    if (!has_environment && !options.wants_help && !options.wants_version) {
        error_set(err, STATUS_INVALID, "usage", "which environment is to be served?");
        return error_hint(err, "name its folder with --env or GREENROOM_ENV");
    }
    TRY(judge_tls(&options, err));
    *out = options;
    return STATUS_OK;
}
