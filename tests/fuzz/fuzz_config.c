// Fuzzes the server's settings file: a file that is accepted is taken to its last byte, and what is
// printed of it reads the same.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/scratch.h"
#include "listener.h"
#include "log_record.h"
#include "options.h"
#include "snapshot/holder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status parse(struct options *out, const void *bytes, size_t length, struct error *err)
{
    char *const environment[] = { NULL };
    char *path OWNED(memory_release) = NULL;
    must(file_join(&path, scratch_folder(), "greenroomd.conf", err) == STATUS_OK);
    char *const argv[] = { (char *)"greenroomd", (char *)"--config", path, NULL };
    scratch_write("greenroomd.conf", bytes, length);
    enum status status = options_parse(out, 3, argv, environment, err);
    out->config_path = NULL; // freed here
    return status;
}

static bool is_seconds(int64_t seconds)
{
    return seconds >= 1 && seconds <= LIMITS_MAX_SECONDS;
}

// A file says how to serve and never what to do, and no number is beyond what is documented.
static void check_bounds(const struct options *options)
{
    const struct limits *limits = &options->limits;
    must(options->environment_path && options->environment_path[0] && options->listen);
    must(!options->wants_check && !options->wants_help && !options->wants_version);
    must(options->threads <= OPTIONS_MAX_THREADS && options->states <= HOLDER_MAX_STATES);
    must(limits->connections <= LIMITS_MAX_CONNECTIONS);
    must(limits->per_address <= LIMITS_MAX_CONNECTIONS);
    must(is_seconds(limits->idle_seconds) && is_seconds(limits->head_seconds));
    must(is_seconds(limits->stall_seconds) && is_seconds(limits->stop_seconds));
    must(!options->tls_certificate == !options->tls_key);
    must(options->log_format <= LOG_JSON);
}

static void check_address(const char *listen)
{
    struct error err = { 0 };
    struct listener_address address;
    if (listener_parse(&address, listen, &err) != STATUS_OK) {
        must(err.message[0] && err.hint[0]);
        return;
    }
    must(memchr(address.host, '\0', sizeof(address.host)) != NULL);
    must(memchr(address.port, '\0', sizeof(address.port)) != NULL && address.port[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct options options OWNED(options_release) = { 0 };
    struct options again OWNED(options_release) = { 0 };
    struct buffer printed OWNED(buffer_release) = { 0 };
    struct buffer reprinted OWNED(buffer_release) = { 0 };
    enum status status = parse(&options, data, size, &err);
    if (status != STATUS_OK) {
        must(err.message[0] && err.code && !options.file_text);
        must(status == STATUS_INVALID || status == STATUS_TOO_LARGE);
        return 0;
    }
    must(size == 0 || memchr(data, '\0', size) == NULL);
    check_bounds(&options);
    check_address(options.listen);
    must(options_print(&printed, &options, &err) == STATUS_OK);
    if (printed.length > OPTIONS_MAX_FILE_BYTES)
        return 0; // a text of nearly all that a file may have, and the other settings
    must(parse(&again, buffer_text(&printed), printed.length, &err) == STATUS_OK);
    must(options_print(&reprinted, &again, &err) == STATUS_OK);
    must(strcmp(buffer_text(&printed), buffer_text(&reprinted)) == 0);
    return 0;
}
