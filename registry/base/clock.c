// Wall-clock time and its RFC 3339 text.
#include "base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CLOCK_FIRST (-62167219200LL) // 0000-01-01T00:00:00Z
#define CLOCK_LAST 253402300799LL    // 9999-12-31T23:59:59Z
#define DURATION_MAX_DIGITS 6        // a million weeks is longer than any key should live

int64_t clock_now(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_monotonic_ms(void)
{
    return clock_monotonic_ns() / 1000000;
}

void clock_format(int64_t seconds, char out[CLOCK_TEXT_BYTES])
{
    if (seconds < CLOCK_FIRST)
        seconds = CLOCK_FIRST;
    if (seconds > CLOCK_LAST)
        seconds = CLOCK_LAST;
    time_t value = (time_t)seconds;
    struct tm parts;
    gmtime_r(&value, &parts);
    // %Y would print year 7 as "7"; RFC 3339 wants four digits.
    snprintf(out, CLOCK_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ",
             (unsigned)(parts.tm_year + 1900) % 10000U, (unsigned)(parts.tm_mon + 1) % 100U,
             (unsigned)parts.tm_mday % 100U, (unsigned)parts.tm_hour % 100U,
             (unsigned)parts.tm_min % 100U, (unsigned)parts.tm_sec % 100U);
}

static int number(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

enum status clock_parse(int64_t *out_seconds, const char *text, struct error *err)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    bool fits = strlen(text) == sizeof(form) - 1;
    for (size_t i = 0; fits && i < sizeof(form) - 1; i++)
        fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
    if (fits) {
        struct tm parts = { .tm_year = number(text, 4) - 1900,
                            .tm_mon = number(text + 5, 2) - 1,
                            .tm_mday = number(text + 8, 2),
                            .tm_hour = number(text + 11, 2),
                            .tm_min = number(text + 14, 2),
                            .tm_sec = number(text + 17, 2) };
        int64_t seconds = (int64_t)timegm(&parts);
        char again[CLOCK_TEXT_BYTES];
        clock_format(seconds, again);
        if (strcmp(again, text) == 0) { // the 31st of February came back as another day
            *out_seconds = seconds;
            return STATUS_OK;
        }
    }
    error_set(err, STATUS_INVALID, "time_invalid", "'%.40s' is not a time", text);
    return error_hint(err, "write it as 2026-11-23T10:30:00Z (RFC 3339, UTC, whole seconds)");
}

enum status clock_parse_duration(int64_t *out_seconds, const char *text, struct error *err)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
    int64_t count = 0;
    int digits = 0;
    while (digits <= DURATION_MAX_DIGITS && text[digits] >= '0' && text[digits] <= '9')
        count = count * 10 + (text[digits++] - '0');
    if (count > 0 && digits <= DURATION_MAX_DIGITS && text[digits] && !text[digits + 1])
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
            if (units[i].unit == text[digits]) {
                *out_seconds = count * units[i].seconds;
                return STATUS_OK;
            }
    error_set(err, STATUS_INVALID, "duration_invalid", "'%.40s' is not a duration", text);
    return error_hint(err, "write a whole number and a unit: 45s, 30m, 12h, 90d or 2w");
}
