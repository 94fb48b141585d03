// Findings that stand at a member of the manifest.
#include "check/manifest_note.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/check_kit.h"

#define MESSAGE_BYTES 2048 // longer messages are cut

static enum status locate(struct json_span *out, const struct manifest *manifest,
                          const char *pointer, struct error *err)
{
    struct buffer place OWNED(buffer_release) = { 0 };
    buffer_append_text(&place, pointer);
    TRY(buffer_check(&place, err));
    while (!json_locate(out, manifest->text, manifest->text_bytes, buffer_text(&place)) &&
           place.length > 0) {
        const char *slash = strrchr(buffer_text(&place), '/');
        buffer_truncate(&place, slash ? (size_t)(slash - place.bytes) : 0);
    }
    return STATUS_OK;
}

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
        TRY(locate(&span, manifest, note->pointer, err));
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

enum status manifest_note_compile(struct schema **out, const struct check_subject *subject,
                                  struct finding_list *findings, const struct manifest_note *note,
                                  struct error *err)
{
    const struct json *document = json_at(subject->manifest->document, note->pointer);
    struct schema_registry registry = { 0 };
    struct buffer pointer OWNED(buffer_release) = { 0 };
    struct manifest_note placed = *note;
    struct error fault = { 0 };
    char place[SCHEMA_FAULT_POINTER_BYTES];
    if (!document)
        return STATUS_OK;
    TRY(check_kit_metaschemas(subject->kit, &registry.metaschemas, err));
    enum status status = schema_compile(out, document, &registry, &fault);
    if (status == STATUS_OK)
        return STATUS_OK;
    if (status == STATUS_NO_MEMORY) {
        *err = fault;
        return status;
    }
    const char *message = schema_fault_place(place, fault.message);
    buffer_append_format(&pointer, "%s%s", note->pointer, place);
    TRY(buffer_check(&pointer, err));
    placed.pointer = pointer.bytes;
    return manifest_note_add(subject, findings, &placed, err, "%s: %s", pointer.bytes, message);
}
