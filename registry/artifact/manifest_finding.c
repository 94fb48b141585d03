// Findings about an artifact while its manifest is read.
#include "artifact/manifest_finding.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_BYTES 2048 // longer messages are cut

enum status manifest_finding_add(const struct manifest_reading *reading,
                                 const struct manifest_finding *what, struct error *err,
                                 const char *format, ...)
{
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    struct json_span span = { 0 };
    // A full list shows no more places, and each costs a walk over the text.
    if (reading->findings->count < FINDING_MAX)
        json_locate(&span, reading->manifest->text, reading->manifest->text_bytes, what->pointer);
    return finding_add(reading->findings,
                       &(struct finding_draft) { .severity = what->severity,
                                                 .rule = what->rule,
                                                 .file = MANIFEST_PATH,
                                                 .line = span.line,
                                                 .column = span.column,
                                                 .pointer = what->pointer,
                                                 .mend = what->mend },
                       err, "%s", message);
}
