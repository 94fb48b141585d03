// What a column of a Markdown table says of the values in it.
#include "check/pii_table.h"

#include <string.h>
#include <strings.h>

#include "base/memory.h"

struct line {
    const char *begin;
    const char *end; // before its line feed
};

// The line that `to` stands in or ends, up to there; it begins at `from` at the earliest.
static struct line line_up_to(const char *from, const char *to)
{
    const char *before = memrchr(from, '\n', (size_t)(to - from));
    return (struct line) { before ? before + 1 : from, to };
}

static bool is_row(const struct line *line)
{
    const char *at = line->begin;
    while (at < line->end && (*at == ' ' || *at == '\t'))
        at++;
    return at < line->end && *at == '|';
}

// "| --- | :--: |", which stands below the headings.
static bool is_delimiter(const struct line *line)
{
    bool has_dash = false;
    for (const char *at = line->begin; at < line->end; at++) {
        has_dash = has_dash || *at == '-';
        if (!strchr("|-: \t\r", *at) || *at == '\0')
            return false;
    }
    return has_dash && is_row(line);
}

static size_t count_bars(const char *from, const char *to)
{
    size_t count = 0;
    for (; from < to; from++)
        count += *from == '|';
    return count;
}

// The cell behind the bar of that number, counted from 1.
static struct line cell_of(const struct line *row, size_t bar)
{
    const char *at = row->begin;
    for (; bar > 0 && at < row->end; at++)
        bar -= *at == '|';
    const char *end = memchr(at, '|', (size_t)(row->end - at));
    return (struct line) { at, end ? end : row->end };
}

static bool says_any(const struct line *cell, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        for (const char *at = cell->begin; (size_t)(cell->end - at) >= length; at++)
            if (strncasecmp(at, words[i], length) == 0)
                return true;
    }
    return false;
}

static bool says_versions(const struct line *heading)
{
    static const char *const versions[] = { "version", "versión",    "versão", "versões",
                                            "release", "バージョン", "版本",   "버전" };
    static const char *const others[] = { "addr", "ip", "host" };
    return says_any(heading, versions, COUNT_OF(versions)) &&
           !says_any(heading, others, COUNT_OF(others));
}

bool pii_table_holds_versions(const char *text, size_t begin)
{
    const char *from = text + (begin > PII_TABLE_MAX_BYTES ? begin - PII_TABLE_MAX_BYTES : 0);
    struct line row = line_up_to(from, text + begin);
    bool has_delimiter = false;
    if (row.begin == from || !is_row(&row))
        return false;
    size_t bars = count_bars(row.begin, text + begin);
    for (int i = 0; row.begin > from && !has_delimiter && i < PII_TABLE_MAX_ROWS; i++) {
        row = line_up_to(from, row.begin - 1);
        if (!is_row(&row))
            return false;
        has_delimiter = is_delimiter(&row);
    }
    if (!has_delimiter || row.begin == from)
        return false;
    struct line headings = line_up_to(from, row.begin - 1);
    struct line heading = cell_of(&headings, bars);
    return is_row(&headings) && says_versions(&heading);
}
