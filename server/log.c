// What the operator of a server reads.
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static const char *const level_words[] = {
    [LOG_NOTE] = "note",
    [LOG_WARNING] = "warning",
    [LOG_FAULT] = "fault",
};

void log_line(enum log_level level, const char *format, ...)
{
    char line[LOG_LINE_BYTES];
    char time[CLOCK_TEXT_BYTES];
    clock_format(clock_now(), time);
    snprintf(line, sizeof(line), "%s %s: ", time, level_words[level]);
    size_t length = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + length, sizeof(line) - length - 1, format, arguments);
    va_end(arguments);
    for (char *at = line; *at; at++) // a name in a message must not forge a line of its own
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    length = strlen(line);
    line[length++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, length);
    (void)written; // there is nowhere else to say so
}
