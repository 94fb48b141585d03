// Documents made of records: JSON Lines and CSV.
#include "check/document_record.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"

#define MESSAGE_BYTES (ERROR_MESSAGE_BYTES + 32)

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r", bytes[i]) || bytes[i] == '\0')
            return false;
    return true;
}

// The JSON reader counts lines and columns in what it was given, a single line here: the words
// behind them are what is new, and the column says where.
static size_t column_of(const char *message, const char **out_words)
{
    static const char front[] = "line 1, column ";
    char *end = NULL;
    *out_words = message;
    if (strncmp(message, front, sizeof(front) - 1) != 0)
        return 1;
    size_t column = strtoul(message + sizeof(front) - 1, &end, 10);
    if (strncmp(end, ": ", 2) == 0)
        *out_words = end + 2;
    return column ? column : 1;
}

// The byte at which the column (in code points) begins.
static size_t offset_of(const char *line, size_t length, size_t column)
{
    size_t at = 0;
    for (size_t i = 1; i < column && at < length; i++) {
        at++;
        while (at < length && ((unsigned char)line[at] & 0xC0) == 0x80)
            at++;
    }
    return at;
}

enum status document_record_check_jsonl(const char *bytes, size_t length,
                                        document_record_report report, void *context,
                                        struct error *err)
{
    int faults = 0;
    for (size_t at = 0, end = 0; at < length && faults < DOCUMENT_RECORD_MAX_FAULTS; at = end + 1) {
        const char *newline = memchr(bytes + at, '\n', length - at);
        struct json *value OWNED(json_release) = NULL;
        struct error fault = { 0 };
        const char *words = NULL;
        end = newline ? (size_t)(newline - bytes) : length;
        if (is_blank(bytes + at, end - at))
            continue;
        enum status status = json_parse(&value, bytes + at, end - at, &fault);
        if (status == STATUS_OK)
            continue;
        if (status == STATUS_NO_MEMORY) {
            *err = fault;
            return status;
        }
        size_t column = column_of(fault.message, &words);
        char message[MESSAGE_BYTES];
        snprintf(message, sizeof(message), "not a line of JSON: %s", words);
        TRY(report(context, at + offset_of(bytes + at, end - at, column), message, err));
        faults++;
    }
    return STATUS_OK;
}

struct csv {
    const char *bytes;
    size_t length;
    size_t at;
    char separator;
};

static char separator_of(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && bytes[i] != '\n' && bytes[i] != '"'; i++)
        if (bytes[i] == ',' || bytes[i] == ';' || bytes[i] == '\t')
            return bytes[i];
    return ',';
}

// Past a field that begins with a quote. False when the quote has no end.
static bool skip_quoted(struct csv *csv)
{
    for (csv->at++; csv->at < csv->length; csv->at++) {
        if (csv->bytes[csv->at] != '"')
            continue;
        if (csv->at + 1 < csv->length && csv->bytes[csv->at + 1] == '"')
            csv->at++; // a quote in the text is written twice
        else
            return true;
    }
    return false;
}

// Reads one record and counts its fields; 0 when a quote has no end, at *out_fault.
static size_t read_record(struct csv *csv, size_t *out_fault)
{
    size_t fields = 1;
    bool is_field_start = true;
    for (; csv->at < csv->length && csv->bytes[csv->at] != '\n'; csv->at++) {
        char c = csv->bytes[csv->at];
        *out_fault = csv->at;
        if (c == '"' && is_field_start && !skip_quoted(csv))
            return 0;
        is_field_start = c == csv->separator;
        fields += is_field_start;
    }
    csv->at += csv->at < csv->length;
    return fields;
}

enum status document_record_check_csv(const char *bytes, size_t length,
                                      document_record_report report, void *context,
                                      struct error *err)
{
    struct csv csv = { .bytes = bytes, .length = length, .separator = separator_of(bytes, length) };
    size_t expected = 0;
    int faults = 0;
    while (csv.at < length && faults < DOCUMENT_RECORD_MAX_FAULTS) {
        size_t begin = csv.at;
        size_t fault = begin;
        char message[MESSAGE_BYTES];
        size_t fields = read_record(&csv, &fault);
        if (fields == 0)
            return report(context, fault, "a quote that begins here has no end", err);
        if (is_blank(bytes + begin, csv.at - begin - (bytes[csv.at - 1] == '\n')))
            continue;
        expected = expected ? expected : fields;
        if (fields == expected)
            continue;
        snprintf(message, sizeof(message), "a record of %zu fields, where the first has %zu",
                 fields, expected);
        TRY(report(context, begin, message, err));
        faults++;
    }
    return STATUS_OK;
}
