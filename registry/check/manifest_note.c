// Findings that stand at a member of the manifest.
#include "check/manifest_note.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_BYTES 2048 // longer messages are cut

enum status manifest_note_add(const struct check_subject *subject, struct finding_list *findings,
                              const struct manifest_note *note, struct error *err,
                              const char *format, ...)
{
    const struct manifest *manifest = subject->manifest;
    struct json_span span = { 0 };
    char message[MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    // A full list shows no more places, and each costs a walk over the text.
    if (findings->count < FINDING_MAX)
        (void)json_locate(&span, manifest->text, manifest->text_bytes, note->pointer);
    return finding_add(findings,
                       &(struct finding_draft) { .severity = note->severity,
                                                 .rule = note->rule,
                                                 .file = MANIFEST_PATH,
                                                 .line = span.line,
                                                 .column = span.column,
                                                 .pointer = note->pointer,
                                                 .mend = note->mend },
                       err, "%s", message);
}

enum severity manifest_note_severity(const struct check_subject *subject)
{
    return subject->stage == CHECK_GATE ? SEVERITY_ERROR : SEVERITY_WARNING;
}
