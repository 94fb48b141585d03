// The settings of greenroomd: where they are said.
#include "options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "setting.h"

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
    "  --log-format FORMAT  text (default), or json: one object on each line\n"
    "  --unconfined         go without Landlock and seccomp, where a container forbids them\n"
    "  --config FILE        settings as lines \"name = value\" (or GREENROOM_CONFIG); each may "
    "also\n"
    "                       stand in a variable: GREENROOM_LISTEN for --listen. The command line\n"
    "                       goes before variables, and variables go before the file\n"
    "  --check-config       print the settings in force, say whether they will do, and end\n"
    "  --help, --version\n"
    "\n"
    "SIGTERM or SIGINT stops it once the answers under way are sent.\n"
    "Exit codes: 0 stopped, 1 refused, 2 wrong usage, 3 no such environment, 5 damaged data,\n"
    "6 input or output failed.\n";

// The setting of "--name" or "--name=value"; *out_value is NULL without "=".
static const struct setting *find_setting(const char *argument, const char **out_value)
{
    const char *equals = strchr(argument, '=');
    size_t name_bytes = equals ? (size_t)(equals - argument) : strlen(argument);
    *out_value = equals ? equals + 1 : NULL;
    for (size_t i = 0; setting_table[i].name; i++)
        if (strlen(setting_table[i].name) == name_bytes &&
            memcmp(setting_table[i].name, argument, name_bytes) == 0)
            return &setting_table[i];
    return NULL;
}

static enum status take_argument(struct options *options, int argc, char *const argv[], int *at,
                                 struct error *err)
{
    const char *value;
    const struct setting *setting = find_setting(argv[*at], &value);
    bool has_value = setting && setting->kind != SETTING_SWITCH;
    if (!setting || (value && !has_value)) {
        error_set(err, STATUS_INVALID, "usage", "unknown argument '%.200s'", argv[*at]);
        return setting_usage(err);
    }
    if (has_value && !value) {
        if (*at + 1 >= argc) {
            error_set(err, STATUS_INVALID, "usage", "%s needs a value", setting->name);
            return setting_usage(err);
        }
        value = argv[++*at];
    }
    return setting_take(options, setting, value, err);
}

static enum status take_arguments(struct options *options, int argc, char *const argv[],
                                  struct error *err)
{
    for (int at = 1; at < argc; at++)
        TRY(take_argument(options, argc, argv, &at, err));
    return STATUS_OK;
}

// Whether `variable` ("GREENROOM_IDLE_TIMEOUT=60s") is the one for "--idle-timeout".
static bool is_variable_of(const char *variable, const struct setting *setting)
{
    static const char prefix[] = "GREENROOM_";
    const char *name = setting->name + strlen("--");
    if (strncmp(variable, prefix, sizeof(prefix) - 1) != 0)
        return false;
    variable += sizeof(prefix) - 1;
    for (; *name; name++, variable++)
        if (*variable != (*name == '-' ? '_' : (char)toupper((unsigned char)*name)))
            return false;
    return *variable == '=';
}

// An empty variable counts as none: that is how a shell takes one back for a single command.
static enum status take_environment(struct options *options, char *const environment[],
                                    struct error *err)
{
    for (; *environment; environment++)
        for (size_t i = 0; setting_table[i].name; i++) {
            if (setting_table[i].only_there || !is_variable_of(*environment, &setting_table[i]))
                continue;
            const char *value = strchr(*environment, '=') + 1;
            if (*value && setting_take(options, &setting_table[i], value, err) != STATUS_OK)
                return error_prefix(err, "%.*s", (int)strcspn(*environment, "="), *environment);
        }
    return STATUS_OK;
}

// Cuts white space off both ends, in place.
static char *trim(char *text)
{
    static const char space[] = " \t\r";
    text += strspn(text, space);
    size_t length = strlen(text);
    while (length > 0 && strchr(space, text[length - 1]))
        text[--length] = '\0';
    return text;
}

static enum status take_line(struct options *options, char *line, struct error *err)
{
    char *equals = strchr(line, '=');
    char *name = trim(line);
    if (!*name || *name == '#')
        return STATUS_OK;
    if (!equals)
        return error_set(err, STATUS_INVALID, "config_invalid", "'%.80s' is not NAME = VALUE",
                         name);
    *equals = '\0';
    name = trim(line);
    for (size_t i = 0; setting_table[i].name; i++)
        if (!setting_table[i].only_there && strcmp(setting_table[i].name + strlen("--"), name) == 0)
            return setting_take(options, &setting_table[i], trim(equals + 1), err);
    error_set(err, STATUS_INVALID, "config_invalid", "there is no setting '%.80s'", name);
    return setting_usage(err);
}

// What stands behind a NUL byte would be left out without a word.
static enum status check_text(const struct buffer *text, const char *path, struct error *err)
{
    const char *nul = text->length > 0 ? memchr(text->bytes, '\0', text->length) : NULL;
    if (!nul)
        return STATUS_OK;
    unsigned number = 1;
    for (const char *at = text->bytes; at < nul; at++)
        number += *at == '\n';
    error_set(err, STATUS_INVALID, "config_invalid", "%s:%u: there is a NUL byte", path, number);
    return error_hint(err, "settings are lines of text, NAME = VALUE");
}

static enum status take_file(struct options *options, const char *path, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    unsigned number = 1;
    TRY(file_read(&text, path, OPTIONS_MAX_FILE_BYTES, err));
    TRY(check_text(&text, path, err));
    TRY(memory_copy_string(&options->file_text, buffer_text(&text), err));
    for (char *line = options->file_text; line; number++) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (take_line(options, line, err) != STATUS_OK)
            return error_prefix(err, "%s:%u", path, number);
        line = end ? end + 1 : NULL;
    }
    return STATUS_OK;
}

static const char *config_of_environment(char *const environment[])
{
    static const char name[] = "GREENROOM_CONFIG=";
    for (; *environment; environment++)
        if (strncmp(*environment, name, sizeof(name) - 1) == 0 && (*environment)[sizeof(name) - 1])
            return *environment + sizeof(name) - 1;
    return NULL;
}

void options_release(struct options *options)
{
    free(options->file_text);
    options->file_text = NULL;
}

static enum status judge_tls(const struct options *options, struct error *err)
{
    bool has_certificate = options->tls_certificate != NULL;
    bool has_key = options->tls_key != NULL;
    if (has_certificate == has_key && (has_certificate || !options->tls_client_ca))
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "usage",
              "--tls-certificate and --tls-key go together, and --tls-client-ca with both");
    return setting_usage(err);
}

enum status options_parse(struct options *out, int argc, char *const argv[],
                          char *const environment[], struct error *err)
{
    struct options options OWNED(options_release) = { .listen = OPTIONS_DEFAULT_LISTEN,
                                                      .limits = LIMITS_DEFAULT };
    // The command line says which file, and has the last word over it: so it is read twice.
    struct options named = { .config_path = config_of_environment(environment) };
    TRY(take_arguments(&named, argc, argv, err));
    if (named.config_path && !named.wants_help && !named.wants_version)
        TRY(take_file(&options, named.config_path, err));
    TRY(take_environment(&options, environment, err));
    TRY(take_arguments(&options, argc, argv, err));
    options.config_path = named.config_path;
    bool has_environment = options.environment_path && options.environment_path[0];
    if (!has_environment && !options.wants_help && !options.wants_version) {
        error_set(err, STATUS_INVALID, "usage", "which environment is to be served?");
        return error_hint(err, "name its folder with --env or GREENROOM_ENV");
    }
    TRY(judge_tls(&options, err));
    *out = options;
    options.file_text = NULL; // handed over
    return STATUS_OK;
}

enum status options_print(struct buffer *out, const struct options *options, struct error *err)
{
    for (const struct setting *setting = setting_table; setting->name; setting++)
        if (!setting->only_there)
            setting_print(out, options, setting);
    return buffer_check(out, err);
}
