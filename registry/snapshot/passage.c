// The stretches of a document that a search finds.
#include "snapshot/passage.h"

#include <string.h>

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

// Behind the line that begins at `at`, line feed included.
static size_t line_end(const struct passage_reading *reading, size_t at)
{
    const char *feed = memchr(reading->text + at, '\n', reading->text_bytes - at);
    return feed ? (size_t)(feed + 1 - reading->text) : reading->text_bytes;
}

static bool is_blank_line(const struct passage_reading *reading, size_t at, size_t end)
{
    while (at < end && is_blank(reading->text[at]))
        at++;
    return at == end;
}

static void advance(struct passage_reading *reading, size_t to)
{
    for (; reading->at < to; reading->at++)
        reading->line += reading->text[reading->at] == '\n';
}

static void skip_blanks(struct passage_reading *reading)
{
    size_t at = reading->at;
    while (at < reading->text_bytes && is_blank(reading->text[at]))
        at++;
    advance(reading, at);
}

// The most that fits of a line that is too long: up to a blank, or else to a whole character.
static size_t cut(const struct passage_reading *reading, size_t begin)
{
    size_t end = begin + PASSAGE_MAX_BYTES;
    size_t at = end;
    while (at > begin + PASSAGE_MIN_BYTES && !is_blank(reading->text[at]))
        at--;
    if (at > begin + PASSAGE_MIN_BYTES)
        return at;
    while (((unsigned char)reading->text[end] & 0xc0) == 0x80)
        end--;
    return end;
}

// Whether the passage from `begin` to `at` ends where the line from `at` to `end` begins.
static bool ends_before(const struct passage_reading *reading, size_t begin, size_t at, size_t end)
{
    if (reading->is_records || reading->text[at] == '#' || end - begin > PASSAGE_MAX_BYTES)
        return true;
    return at - begin >= PASSAGE_MIN_BYTES && is_blank_line(reading, at, end);
}

static size_t find_end(const struct passage_reading *reading, size_t begin)
{
    size_t at = line_end(reading, begin);
    if (at - begin > PASSAGE_MAX_BYTES)
        return cut(reading, begin);
    while (at < reading->text_bytes) {
        size_t end = line_end(reading, at);
        if (ends_before(reading, begin, at, end))
            break;
        at = end;
    }
    return at;
}

bool passage_next(struct passage_reading *reading, struct search_passage *out)
{
    skip_blanks(reading);
    if (reading->at >= reading->text_bytes)
        return false;
    size_t begin = reading->at;
    size_t end = find_end(reading, begin);
    out->line = reading->line + 1;
    out->start = begin;
    advance(reading, end);
    while (is_blank(reading->text[end - 1]))
        end--;
    out->bytes = end - begin;
    return true;
}
