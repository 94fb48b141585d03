// What can be set, in one table.
#include "setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "log_record.h"
#include "snapshot/holder.h"

#define TEXT(member) SETTING_TEXT, offsetof(struct options, member), 0, NULL, false, NULL
#define NUMBER(member, most, code)                                                                 \
    SETTING_NUMBER, offsetof(struct options, member), most, code, false, NULL
#define DURATION(member)                                                                           \
    SETTING_DURATION, offsetof(struct options, member), LIMITS_MAX_SECONDS, "duration_invalid",    \
        false, NULL
#define FLAG(member) SETTING_SWITCH, offsetof(struct options, member), 0, NULL, false, NULL
#define CHOICE(member, words)                                                                      \
    SETTING_CHOICE, offsetof(struct options, member), 0, "choice_invalid", false, words
#define ERRAND(member, kind) kind, offsetof(struct options, member), 0, NULL, true, NULL

const struct setting setting_table[] = {
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
    { "--log-format", CHOICE(log_format, log_record_formats) },
    { "--config", ERRAND(config_path, SETTING_TEXT) },
    { "--check-config", ERRAND(wants_check, SETTING_SWITCH) },
    { "--help", ERRAND(wants_help, SETTING_SWITCH) },
    { "-h", ERRAND(wants_help, SETTING_SWITCH) },
    { "--version", ERRAND(wants_version, SETTING_SWITCH) },
    { 0 },
};

enum status setting_usage(struct error *err)
{
    return error_hint(err, "greenroomd --help says what there is");
}

static enum status take_number(unsigned *out, const struct setting *setting, const char *value,
                               struct error *err)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || number == 0 || number > setting->most) {
        error_set(err, STATUS_INVALID, setting->code, "%s: '%.40s' is not 1 to %u", setting->name,
                  value, setting->most);
        return setting_usage(err);
    }
    *out = (unsigned)number;
    return STATUS_OK;
}

static enum status take_duration(int64_t *out, const struct setting *setting, const char *value,
                                 struct error *err)
{
    int64_t seconds;
    struct error unheard;
    if (clock_parse_duration(&seconds, value, &unheard) != STATUS_OK || seconds < 1 ||
        seconds > (int64_t)setting->most) {
        error_set(err, STATUS_INVALID, setting->code, "%s: '%.40s' is not a time from 1s to 24h",
                  setting->name, value);
        return setting_usage(err);
    }
    *out = seconds;
    return STATUS_OK;
}

// NULL is a switch on the command line, which needs no value.
static enum status take_switch(bool *out, const struct setting *setting, const char *value,
                               struct error *err)
{
    bool is_yes = !value || strcmp(value, "yes") == 0;
    if (!is_yes && strcmp(value, "no") != 0) {
        error_set(err, STATUS_INVALID, "switch_invalid", "%s: '%.40s' is not yes or no",
                  setting->name, value);
        return setting_usage(err);
    }
    *out = is_yes;
    return STATUS_OK;
}

static enum status take_choice(unsigned *out, const struct setting *setting, const char *value,
                               struct error *err)
{
    for (unsigned i = 0; setting->words[i]; i++)
        if (strcmp(setting->words[i], value) == 0) {
            *out = i;
            return STATUS_OK;
        }
    struct buffer words OWNED(buffer_release) = { 0 };
    for (unsigned i = 0; setting->words[i]; i++)
        buffer_append_format(&words, "%s%s", i > 0 ? " or " : "", setting->words[i]);
    error_set(err, STATUS_INVALID, setting->code, "%s: '%.40s' is not %s", setting->name, value,
              buffer_text(&words));
    return setting_usage(err);
}

enum status setting_take(struct options *options, const struct setting *setting, const char *value,
                         struct error *err)
{
    void *place = (char *)options + setting->offset;
    switch (setting->kind) {
    case SETTING_TEXT:
        memcpy(place, &value, sizeof(value));
        return STATUS_OK;
    case SETTING_NUMBER:
        return take_number(place, setting, value, err);
    case SETTING_DURATION:
        return take_duration(place, setting, value, err);
    case SETTING_SWITCH:
        return take_switch(place, setting, value, err);
    case SETTING_CHOICE:
        return take_choice(place, setting, value, err);
    }
    return STATUS_OK;
}

void setting_print(struct buffer *out, const struct options *options, const struct setting *setting)
{
    const void *place = (const char *)options + setting->offset;
    const char *text;
    switch (setting->kind) {
    case SETTING_TEXT:
        memcpy(&text, place, sizeof(text));
        buffer_append_format(out, "%s%s = %s\n", text ? "" : "# ", setting->name + strlen("--"),
                             text ? text : "");
        return;
    case SETTING_NUMBER:
        buffer_append_format(out, "%s%s = %u\n", *(const unsigned *)place ? "" : "# ",
                             setting->name + strlen("--"), *(const unsigned *)place);
        return;
    case SETTING_DURATION:
        buffer_append_format(out, "%s = %llds\n", setting->name + strlen("--"),
                             (long long)*(const int64_t *)place);
        return;
    case SETTING_SWITCH:
        buffer_append_format(out, "%s = %s\n", setting->name + strlen("--"),
                             *(const bool *)place ? "yes" : "no");
        return;
    case SETTING_CHOICE:
        buffer_append_format(out, "%s = %s\n", setting->name + strlen("--"),
                             setting->words[*(const unsigned *)place]);
        return;
    }
}
