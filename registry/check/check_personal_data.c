// Check "personal-data": nothing that belongs to a person stands in an artifact. In a sandbox it is
// refused, elsewhere reported. What belongs to nobody passes: reserved domains and numbers, test
// cards, addresses for documentation and of private networks.
#include "check/check_rows.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "check/pii_detector.h"
#include "check/place.h"

#define UNREAD_RULE "personal-data.unread"
#define SHOWN_BYTES 48 // of a value; it is masked anyway

struct look {
    struct finding_list *findings;
    struct pii_detector *detector;
    enum severity severity;
};

// Enough to find the place by, too little to pass on: "j*** d**@****.de".
static void mask(char out[SHOWN_BYTES + 1], const char *bytes, size_t length)
{
    size_t to = 0;
    for (size_t i = 0; i < length && to < SHOWN_BYTES; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool shown = i == 0 || i + 2 >= length || (c < 0x80 && !isalnum(c));
        if (c < 0x80)
            out[to++] = (char)(!isprint(c) ? ' ' : shown ? c : '*');
        else if (c >= 0xC0)
            out[to++] = '*';
    }
    out[to] = '\0';
}

static enum status add_finding(const struct look *look, const struct pii_span *span,
                               const char *path, const char *bytes, const struct place *place,
                               struct error *err)
{
    char shown[SHOWN_BYTES + 1];
    const struct pii_entity_words *words = pii_entity_words(span->entity);
    const struct finding_draft draft = { .severity = look->severity,
                                         .rule = words->rule,
                                         .file = path,
                                         .line = place->line,
                                         .column = place->column,
                                         .mend = words->mend };
    mask(shown, bytes + span->begin, span->end - span->begin);
    return finding_add(look->findings, &draft, err, "%s: '%s'", words->label, shown);
}

// What cannot be read is said, so that nobody takes silence for a good word.
static enum status add_unread(const struct look *look, const char *path, const char *why,
                              const char *mend, struct error *err)
{
    const struct finding_draft draft = {
        .severity = SEVERITY_WARNING, .rule = UNREAD_RULE, .file = path, .mend = mend
    };
    return finding_add(look->findings, &draft, err, "not searched for personal data: %s", why);
}

static enum status look_at_bytes(const struct look *look, const char *path, const char *bytes,
                                 size_t length, bool has_lines, struct error *err)
{
    struct error scan_error = { 0 };
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    struct place place = PLACE_START;
    enum pii_form form = has_lines ? pii_text_form_of(path) : PII_PLAIN;
    enum status status =
        pii_detector_scan(look->detector, &spans, bytes, length, form, &scan_error);
    if (status == STATUS_TOO_LARGE)
        return add_unread(look, path, scan_error.message, "split the file", err);
    if (status != STATUS_OK) {
        *err = scan_error;
        return status;
    }
    if (!has_lines)
        place = (struct place) { 0 };
    for (size_t i = 0; i < spans.count; i++) {
        if (spans.items[i].allowed)
            continue;
        if (has_lines)
            place_advance(&place, bytes, spans.items[i].begin);
        TRY(add_finding(look, &spans.items[i], path, bytes, &place, err));
    }
    return STATUS_OK;
}

static enum status look_at_file(const struct look *look, const struct content_file *file,
                                struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(look_at_bytes(look, file->path, file->path, strlen(file->path), false, err));
    if (file->size_bytes > PII_TEXT_MAX_BYTES)
        return add_unread(look, file->path, "it is larger than 64 MiB", "split the file", err);
    TRY(content_view(&view, file, err));
    if (view.size_bytes >= 5 && memcmp(view.bytes, "%PDF-", 5) == 0)
        return add_unread(look, file->path, "it is a PDF, whose text is packed",
                          "look through it yourself, or publish its text as Markdown", err);
    return look_at_bytes(look, file->path, view.bytes, view.size_bytes, true, err);
}

enum status check_personal_data_run(const struct check_subject *subject,
                                    struct finding_list *findings, struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    TRY(pii_detector_new(&detector, err));
    const struct look look = {
        .findings = findings,
        .detector = detector,
        .severity = subject->is_sandbox ? SEVERITY_ERROR : SEVERITY_WARNING,
    };
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(look_at_file(&look, &subject->content->files[i], err));
    return STATUS_OK;
}
