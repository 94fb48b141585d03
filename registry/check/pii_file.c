// Personal data in one file of an artifact, its path included.
#include "check/pii_file.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"

void pii_file_obscure(char out[PII_FILE_SHOWN_BYTES + 1], const char *bytes, size_t length)
{
    size_t to = 0;
    for (size_t i = 0; i < length && to < PII_FILE_SHOWN_BYTES; i++) {
        unsigned char c = (unsigned char)bytes[i];
        bool shown = i == 0 || i + 2 >= length || (c < 0x80 && !isalnum(c));
        if (c < 0x80)
            out[to++] = (char)(!isprint(c) ? ' ' : shown ? c : '*');
        else if (c >= 0xC0)
            out[to++] = '*';
    }
    out[to] = '\0';
}

const char *pii_file_packed(const char *bytes, size_t length)
{
    static const struct {
        const char *begin;
        size_t length;
        const char *label;
    } forms[] = {
        { "%PDF-", 5, "a PDF" },
        { "PK\3\4", 4, "a zip archive or an office document" },
        { "\x1F\x8B", 2, "a gzip file" },
        { "\x28\xB5\x2F\xFD", 4, "a zstd file" },
        { "\xFD"
          "7zXZ",
          5, "an xz file" },
        { "BZh", 3, "a bzip2 file" },
        { "7z\xBC\xAF\x27\x1C", 6, "a 7-Zip archive" },
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (length >= forms[i].length && memcmp(bytes, forms[i].begin, forms[i].length) == 0)
            return forms[i].label;
    return NULL;
}

static enum status report_packed(const struct pii_file_visitor *visitor, const char *path,
                                 const char *label, struct error *err)
{
    struct buffer why OWNED(buffer_release) = { 0 };
    buffer_append_format(&why, "it is %s, whose text is packed", label);
    TRY(buffer_check(&why, err));
    return visitor->unread(visitor->context, path, why.bytes,
                           "look through it yourself, or publish its text as Markdown", err);
}

// The path, or the file's bytes.
struct text {
    const char *path;
    bool is_path;
    const char *bytes;
    size_t length;
};

static enum status scan_text(struct pii_detector *detector, const struct text *text,
                             const struct pii_file_visitor *visitor, struct error *err)
{
    struct error scan_error = { 0 };
    struct pii_spans spans OWNED(pii_spans_release) = { 0 };
    const struct place nowhere = { 0 };
    struct place place = PLACE_START;
    enum pii_form form = text->is_path ? PII_PLAIN : pii_text_form_of(text->path);
    enum status status =
        pii_detector_scan(detector, &spans, text->bytes, text->length, form, &scan_error);
    if (status == STATUS_TOO_LARGE)
        return visitor->unread(visitor->context, text->path, scan_error.message, "split the file",
                               err);
    if (status != STATUS_OK) {
        *err = scan_error;
        return status;
    }
    for (size_t i = 0; i < spans.count; i++) {
        if (!text->is_path)
            place_advance(&place, text->bytes, spans.items[i].begin);
        const struct pii_file_span span = { .path = text->path,
                                            .is_path = text->is_path,
                                            .bytes = text->bytes,
                                            .span = &spans.items[i],
                                            .value = pii_spans_value(&spans, &spans.items[i]),
                                            .place = text->is_path ? nowhere : place };
        TRY(visitor->found(visitor->context, &span, err));
    }
    return STATUS_OK;
}

enum status pii_file_scan(struct pii_detector *detector, const struct content_file *file,
                          const struct pii_file_visitor *visitor, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    const struct text path = { file->path, true, file->path, strlen(file->path) };
    TRY(scan_text(detector, &path, visitor, err));
    if (file->size_bytes > PII_TEXT_MAX_BYTES)
        return visitor->unread(visitor->context, file->path, "it is larger than 64 MiB",
                               "split the file", err);
    TRY(content_view(&view, file, err));
    size_t length = (size_t)view.size_bytes;
    const char *packed = pii_file_packed(view.bytes, length);
    if (packed)
        return report_packed(visitor, file->path, packed, err);
    const struct text bytes = { file->path, false, view.bytes, length };
    return scan_text(detector, &bytes, visitor, err);
}
