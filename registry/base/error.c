// Failures: fills the one error that a person reads.
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define LONGEST_SEQUENCE_BYTES 4 // of UTF-8

// A message quotes bytes from outside and may have been cut: what is printed as JSON must be UTF-8
// all the same. A sequence cut at the end goes, every other bad byte becomes '?'.
static void keep_utf8(char *text)
{
    size_t length = strlen(text);
    size_t bad = 0;
    for (char *rest = text; !text_is_utf8(rest, length, &bad); rest += bad, length -= bad) {
        bool was_cut = length - bad < LONGEST_SEQUENCE_BYTES && (unsigned char)rest[bad] >= 0xc0;
        rest[bad++] = was_cut ? '\0' : '?';
        if (was_cut)
            return;
    }
}

enum status error_set(struct error *err, enum status status, const char *code, const char *format,
                      ...)
{
    err->status = status;
    err->code = code;
    err->hint[0] = '\0';
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof(err->message), format, arguments);
    va_end(arguments);
    keep_utf8(err->message);
    return status;
}

enum status error_hint(struct error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->hint, sizeof(err->hint), format, arguments);
    va_end(arguments);
    keep_utf8(err->hint);
    return err->status;
}

enum status error_prefix(struct error *err, const char *format, ...)
{
    char prefix[ERROR_MESSAGE_BYTES / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof(prefix) - 2, format, arguments);
    va_end(arguments);
    size_t length = strlen(prefix);
    prefix[length++] = ':';
    prefix[length++] = ' ';
    size_t keep = strnlen(err->message, sizeof(err->message) - 1 - length);
    memmove(err->message + length, err->message, keep);
    memcpy(err->message, prefix, length);
    err->message[length + keep] = '\0';
    keep_utf8(err->message);
    return err->status;
}

enum status error_no_memory(struct error *err)
{
    error_set(err, STATUS_NO_MEMORY, "no_memory", "out of memory");
    return error_hint(err, "free memory or raise the limit of this process, then try again");
}

enum status error_errno(struct error *err, const char *what, const char *subject)
{
    int number = errno;
    return error_set(err, STATUS_IO, "io", "%s %s: %s", what, subject, strerror(number));
}
