// Findings: what a check, the manifest's validation or the gate has to say.
#include "artifact/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define FINDING_MESSAGE_BYTES 2048 // longer messages are cut

static void release_finding(struct finding *finding)
{
    free(finding->file);
    free(finding->pointer);
    free(finding->message);
    free(finding->mend);
}

void finding_list_release(struct finding_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        release_finding(&list->items[i]);
    free(list->items);
    *list = (struct finding_list) { 0 };
}

const char *finding_severity_word(enum severity severity)
{
    static const char *const words[] = {
        [SEVERITY_NOTE] = "note",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
    };
    return words[severity];
}

static enum status append(struct finding_list *list, const struct finding_draft *draft,
                          const char *message, struct error *err)
{
    TRY(memory_grow(&list->items, list->count, &list->capacity, sizeof(*list->items), err));
    struct finding finding = { .severity = draft->severity,
                               .rule = draft->rule,
                               .line = draft->line,
                               .column = draft->column };
    if ((draft->pointer &&
         memory_copy_string(&finding.pointer, draft->pointer, err) != STATUS_OK) ||
        memory_copy_string(&finding.file, draft->file ? draft->file : "", err) != STATUS_OK ||
        memory_copy_string(&finding.message, message, err) != STATUS_OK ||
        memory_copy_string(&finding.mend, draft->mend ? draft->mend : "", err) != STATUS_OK) {
        release_finding(&finding);
        return STATUS_NO_MEMORY;
    }
    list->items[list->count++] = finding;
    return STATUS_OK;
}

// The last place of a full list says that there was more, as severe as the worst of it.
static enum status note_limit(struct finding_list *list, enum severity severity, struct error *err)
{
    struct finding *last = &list->items[list->count - 1];
    if (list->count > FINDING_MAX) {
        if (severity > last->severity)
            last->severity = severity;
        return STATUS_OK;
    }
    return append(list,
                  &(struct finding_draft) { .severity = severity,
                                            .rule = "finding.limit",
                                            .mend = "mend these first, then check again" },
                  "there are more findings than are shown here", err);
}

enum status finding_add(struct finding_list *list, const struct finding_draft *draft,
                        struct error *err, const char *format, ...)
{
    if (list->count >= FINDING_MAX)
        return note_limit(list, draft->severity, err);
    char message[FINDING_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return append(list, draft, message, err);
}

enum status finding_take(struct finding_list *to, struct finding_list *from, struct error *err)
{
    for (size_t i = 0; i < from->count; i++) {
        struct finding *finding = &from->items[i];
        if (to->count >= FINDING_MAX) {
            TRY(note_limit(to, finding->severity, err));
            continue;
        }
        TRY(memory_grow(&to->items, to->count, &to->capacity, sizeof(*to->items), err));
        to->items[to->count++] = *finding;
        *finding = (struct finding) { 0 };
    }
    finding_list_release(from);
    return STATUS_OK;
}

size_t finding_count(const struct finding_list *list, enum severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->items[i].severity == severity;
    return count;
}

bool finding_has_errors(const struct finding_list *list)
{
    return finding_count(list, SEVERITY_ERROR) > 0;
}
