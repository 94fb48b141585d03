// The command line of greenroomd.
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "snapshot/holder.h"

const char options_help[] =
    "usage: greenroomd --env DIR [--listen HOST:PORT] [--threads N] [--states N] [--writable]\n"
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
    "  --unconfined         go without Landlock and seccomp, where a container forbids them\n"
    "  --help, --version\n"
    "\n"
    "SIGTERM or SIGINT stops it once the answers under way are sent.\n"
    "Exit codes: 0 stopped, 1 refused, 2 wrong usage, 3 no such environment, 5 damaged data,\n"
    "6 input or output failed.\n";

static enum status usage(struct error *err)
{
    return error_hint(err, "greenroomd --help says what there is");
}

static enum status take_environment(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->environment_path = value;
    return STATUS_OK;
}

static enum status take_listen(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->listen = value;
    return STATUS_OK;
}

// A whole number from 1 to `most`.
static bool take_number(unsigned *out, const char *value, unsigned most)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || number == 0 || number > most)
        return false;
    *out = (unsigned)number;
    return true;
}

static enum status take_threads(struct options *options, const char *value, struct error *err)
{
    if (take_number(&options->threads, value, OPTIONS_MAX_THREADS))
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "threads_invalid", "--threads: '%.40s' is not 1 to %u", value,
              OPTIONS_MAX_THREADS);
    return usage(err);
}

static enum status take_states(struct options *options, const char *value, struct error *err)
{
    if (take_number(&options->states, value, HOLDER_MAX_STATES))
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "states_invalid", "--states: '%.40s' is not 1 to %u", value,
              HOLDER_MAX_STATES);
    return usage(err);
}

static enum status take_writable(struct options *options, const char *value, struct error *err)
{
    (void)value, (void)err;
    options->is_writable = true;
    return STATUS_OK;
}

static enum status take_unconfined(struct options *options, const char *value, struct error *err)
{
    (void)value, (void)err;
    options->is_unconfined = true;
    return STATUS_OK;
}

static enum status take_help(struct options *options, const char *value, struct error *err)
{
    (void)value, (void)err;
    options->wants_help = true;
    return STATUS_OK;
}

static enum status take_version(struct options *options, const char *value, struct error *err)
{
    (void)value, (void)err;
    options->wants_version = true;
    return STATUS_OK;
}

static const struct row {
    const char *name;
    bool has_value;
    enum status (*take)(struct options *options, const char *value, struct error *err);
} rows[] = {
    { "--env", true, take_environment },    { "--listen", true, take_listen },
    { "--threads", true, take_threads },    { "--states", true, take_states },
    { "--writable", false, take_writable }, { "--unconfined", false, take_unconfined },
    { "--help", false, take_help },         { "-h", false, take_help },
    { "--version", false, take_version },
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
    return row->take(options, value, err);
}

enum status options_parse(struct options *out, int argc, char *const argv[],
                          const char *default_environment, struct error *err)
{
    struct options options = { .environment_path = default_environment,
                               .listen = OPTIONS_DEFAULT_LISTEN };
    for (int at = 1; at < argc; at++)
        TRY(take_argument(&options, argc, argv, &at, err));
    bool has_environment = options.environment_path && options.environment_path[0];
    if (!has_environment && !options.wants_help && !options.wants_version) {
        error_set(err, STATUS_INVALID, "usage", "which environment is to be served?");
        return error_hint(err, "name its folder with --env or GREENROOM_ENV");
    }
    *out = options;
    return STATUS_OK;
}
