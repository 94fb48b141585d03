// knowledge: documents that can be read, found and spoken from.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "check/check_rows.h"
#include "check/document_format.h"
#include "check/document_link.h"
#include "check/document_path.h"
#include "check/document_record.h"
#include "check/near_duplicate.h"
#include "check/place.h"

// Of text that an agent speaks from: about forty minutes of speech, or 10,000 tokens of a prompt.
#define SPOKEN_MAX_CHARACTERS 40000
#define READ_MAX_BYTES (64U << 20) // far beyond any document; what is longer is not looked through
#define LINKS_MAX 10               // broken links shown of one document
#define WORDS_MAX_BYTES 1400       // of one message

enum rule { NOT_UTF8, EMPTY, FORMAT, RECORD, DUPLICATE, NEAR_DUPLICATE, BROKEN_LINK, TOO_LARGE };

static const struct {
    const char *rule;
    enum severity severity;
    const char *mend;
} rules[] = {
    [NOT_UTF8] = { "knowledge.not-utf8", SEVERITY_ERROR, "save the document as UTF-8" },
    [EMPTY] = { "knowledge.empty", SEVERITY_ERROR, "write the document, or take it out" },
    [FORMAT] = { "knowledge.format", SEVERITY_ERROR,
                 "export it in the format that its ending names, or give it its own ending" },
    [RECORD] = { "knowledge.record", SEVERITY_ERROR,
                 "mend the line: what reads the file goes wrong from here on" },
    [DUPLICATE] = { "knowledge.duplicate", SEVERITY_WARNING, "keep one of the two" },
    [NEAR_DUPLICATE] = { "knowledge.near-duplicate", SEVERITY_NOTE,
                         "keep one of the two, or say in each what sets it apart" },
    [BROKEN_LINK] = { "knowledge.broken-link", SEVERITY_WARNING,
                      "mend the link, or add the document that it names" },
    [TOO_LARGE] = { "knowledge.too-large", SEVERITY_NOTE,
                    "divide it into documents that answer one question each" },
};

struct reading {
    const struct content *content;
    struct finding_list *findings;
    struct near_duplicates near_duplicates;
};

static void release(struct reading *reading)
{
    near_duplicate_release(&reading->near_duplicates);
}

// One document; findings come in the order of their places.
struct document {
    const struct reading *reading;
    const char *path;
    const char *bytes;
    size_t length;
    struct place place;
};

__attribute__((format(printf, 6, 7))) static enum status
add(const struct reading *reading, enum rule rule, const char *path, const struct place *place,
    struct error *err, const char *format, ...)
{
    char words[WORDS_MAX_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    struct finding_draft draft = { .severity = rules[rule].severity,
                                   .rule = rules[rule].rule,
                                   .file = path,
                                   .line = place ? place->line : 0,
                                   .column = place ? place->column : 0,
                                   .mend = rules[rule].mend };
    return finding_add(reading->findings, &draft, err, "%s", words);
}

static enum status check_links(struct document *document, enum document_format format,
                               struct error *err)
{
    struct document_link link;
    struct document_link_walk walk = { .bytes = document->bytes,
                                       .length = document->length,
                                       .is_markdown = format == DOCUMENT_MARKDOWN };
    size_t shown = 0;
    while (shown < LINKS_MAX && document_link_next(&walk, &link)) {
        bool broken = false;
        if (link.kind != DOCUMENT_LINK_TEXT)
            continue;
        TRY(document_path_is_broken(&broken, document->reading->content, document->path, &link,
                                    err));
        if (!broken)
            continue;
        place_advance(&document->place, document->bytes, link.offset);
        TRY(add(document->reading, BROKEN_LINK, document->path, &document->place, err,
                "the link to '%.*s' leads to no document", (int)link.length, link.target));
        shown++;
    }
    return STATUS_OK;
}

static enum status report_record(void *context, size_t offset, const char *message,
                                 struct error *err)
{
    struct document *document = context;
    place_advance(&document->place, document->bytes, offset);
    return add(document->reading, RECORD, document->path, &document->place, err, "%s", message);
}

static enum status check_text(struct document *document, enum document_format format,
                              struct error *err)
{
    if (format == DOCUMENT_JSONL)
        return document_record_check_jsonl(document->bytes, document->length, report_record,
                                           document, err);
    if (format == DOCUMENT_CSV)
        return document_record_check_csv(document->bytes, document->length, report_record, document,
                                         err);
    size_t characters = text_count_code_points(document->bytes, document->length);
    if (characters > SPOKEN_MAX_CHARACTERS)
        TRY(add(document->reading, TOO_LARGE, document->path, NULL, err,
                "%zu characters are too many to speak from; up to %d are fine", characters,
                SPOKEN_MAX_CHARACTERS));
    return format == DOCUMENT_TEXT ? STATUS_OK : check_links(document, format, err);
}

static bool is_blank(const char *bytes, size_t length)
{
    size_t at = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
        at++;
    return at == length;
}

static enum status check_bytes(struct reading *reading, struct document *document, size_t number,
                               enum document_format format, struct error *err)
{
    size_t bad = 0;
    const char *found = document_format_found(document->bytes, document->length);
    bool is_pdf = found && document->length >= 5 && memcmp(document->bytes, "%PDF-", 5) == 0;
    if (format == DOCUMENT_PDF)
        return is_pdf ? STATUS_OK
                      : add(reading, FORMAT, document->path, NULL, err,
                            "its ending says PDF, but it is %s", found ? found : "not one");
    if (found)
        return add(reading, FORMAT, document->path, NULL, err, "its ending says text, but it is %s",
                   found);
    if (!text_is_utf8(document->bytes, document->length, &bad)) {
        place_advance(&document->place, document->bytes, bad);
        return add(reading, NOT_UTF8, document->path, &document->place, err,
                   "not UTF-8: byte 0x%02X", (unsigned char)document->bytes[bad]);
    }
    const char *nul = memchr(document->bytes, '\0', document->length);
    if (nul) {
        place_advance(&document->place, document->bytes, (size_t)(nul - document->bytes));
        return add(reading, FORMAT, document->path, &document->place, err,
                   "its ending says text, but it holds a NUL");
    }
    if (format != DOCUMENT_JSONL && format != DOCUMENT_CSV)
        TRY(near_duplicate_add(&reading->near_duplicates, number, document->bytes, document->length,
                               err));
    return check_text(document, format, err);
}

static enum status check_document(struct reading *reading, size_t number, struct error *err)
{
    const struct content_file *file = &reading->content->files[number];
    enum document_format format = document_format_of(file->path);
    struct content_view view OWNED(content_view_release) = { 0 };
    if (format == DOCUMENT_OTHER || !text_starts_with(file->path, MANIFEST_DOCUMENTS_FOLDER "/"))
        return STATUS_OK;
    if (format != DOCUMENT_PDF && file->size_bytes > READ_MAX_BYTES)
        return add(reading, TOO_LARGE, file->path, NULL, err,
                   "%llu bytes are too many to speak from, and were not looked at",
                   (unsigned long long)file->size_bytes);
    TRY(content_view(&view, file, err));
    struct document document = { .reading = reading,
                                 .path = file->path,
                                 .bytes = view.bytes,
                                 .length = view.size_bytes,
                                 .place = PLACE_START };
    if (is_blank(view.bytes, view.size_bytes))
        return add(reading, EMPTY, file->path, NULL, err, "the document is empty");
    return check_bytes(reading, &document, number, format, err);
}

static int compare_digests(const void *left, const void *right)
{
    const struct content_file *a = *(const struct content_file *const *)left;
    const struct content_file *b = *(const struct content_file *const *)right;
    int order = memcmp(a->sha256.bytes, b->sha256.bytes, DIGEST_BYTES);
    return order ? order : strcmp(a->path, b->path);
}

// Each document that has the bytes of another one, of which the first by path is the one to keep.
static enum status check_duplicates(const struct reading *reading, struct error *err)
{
    const struct content *content = reading->content;
    const struct content_file **files OWNED(memory_release) = NULL;
    size_t count = 0;
    TRY(memory_new(&files, content->count + 1, sizeof(const struct content_file *), err));
    for (size_t i = 0; i < content->count; i++)
        if (content->files[i].hashed && content->files[i].size_bytes > 0 &&
            document_format_of(content->files[i].path) != DOCUMENT_OTHER)
            files[count++] = &content->files[i];
    qsort(files, count, sizeof(const struct content_file *), compare_digests);
    for (size_t first = 0, i = 1; i < count; i++) {
        if (!digest_equal(&files[i]->sha256, &files[first]->sha256))
            first = i;
        else
            TRY(add(reading, DUPLICATE, files[i]->path, NULL, err, "the same bytes as %s",
                    files[first]->path));
    }
    return STATUS_OK;
}

static enum status report_likeness(void *context, size_t document, size_t earlier, unsigned percent,
                                   struct error *err)
{
    const struct reading *reading = context;
    const struct content_file *file = &reading->content->files[document];
    const struct content_file *other = &reading->content->files[earlier];
    if (digest_equal(&file->sha256, &other->sha256))
        return STATUS_OK; // said already
    return add(reading, NEAR_DUPLICATE, file->path, NULL, err, "about %u%% of it stands in %s",
               percent, other->path);
}

enum status check_knowledge_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err)
{
    struct reading reading OWNED(release) = { .content = subject->content, .findings = findings };
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(check_document(&reading, i, err));
    TRY(check_duplicates(&reading, err));
    return near_duplicate_find(&reading.near_duplicates, report_likeness, &reading, err);
}
