// Text as the detectors read it, and the way back to its bytes.
#include "check/pii_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/byte_run.h"
#include "base/memory.h"
#include "check/pii_character.h"

enum pii_form pii_text_form_of(const char *path)
{
    static const struct {
        const char *suffix;
        enum pii_form form;
    } forms[] = {
        { ".json", PII_JSON },       { ".jsonl", PII_JSON },  { ".md", PII_MARKUP },
        { ".markdown", PII_MARKUP }, { ".html", PII_MARKUP }, { ".htm", PII_MARKUP },
    };
    size_t length = strlen(path);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t suffix = strlen(forms[i].suffix);
        if (length >= suffix && strcasecmp(path + length - suffix, forms[i].suffix) == 0)
            return forms[i].form;
    }
    return PII_PLAIN;
}

void pii_text_release(struct pii_text *text)
{
    buffer_release(&text->plain);
    free(text->shifts);
    *text = (struct pii_text) { 0 };
}

static size_t last_shift(const struct pii_text *text)
{
    return text->shift_count == 0 ? 0 : text->shifts[text->shift_count - 1].shift;
}

// Remembers where the next plain byte came from, if that is not where the last ones say.
static enum status note_shift(struct pii_text *text, size_t original, struct error *err)
{
    size_t shift = original - text->plain.length;
    if (shift == last_shift(text))
        return STATUS_OK;
    TRY(memory_grow(&text->shifts, text->shift_count, &text->shift_capacity, sizeof(*text->shifts),
                    err));
    text->shifts[text->shift_count++] =
        (struct pii_text_shift) { .from = text->plain.length, .shift = shift };
    return STATUS_OK;
}

static uint64_t may_be_special(uint64_t eight)
{
    return (eight & BYTE_RUN_EIGHT(0x80)) | byte_run_find(eight, '\0') |
           byte_run_find(eight, '\\') | byte_run_find(eight, '&');
}

// How many bytes from `at` on stand for themselves.
static size_t plain_run(const char *at, const char *end, enum pii_form form)
{
    const char *from = at;
    at += byte_run_length(at, (size_t)(end - at), may_be_special);
    for (; at < end && (signed char)*at > 0; at++)
        if ((*at == '\\' && form != PII_PLAIN) || (*at == '&' && form == PII_MARKUP))
            break;
    return (size_t)(at - from);
}

enum status pii_text_read(struct pii_text *out, const char *bytes, size_t length,
                          enum pii_form form, struct error *err)
{
    struct pii_text text OWNED(pii_text_release) = { 0 };
    const char *end = bytes + length;
    if (length > PII_TEXT_MAX_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "pii_text_too_large",
                         "%zu bytes are too many to look for personal data; at most %u are read",
                         length, PII_TEXT_MAX_BYTES);
    for (const char *at = bytes; at < end;) {
        size_t run = plain_run(at, end, form);
        uint32_t plain = PII_CHARACTER_NONE;
        uint32_t character = 0;
        size_t taken = run;
        if (run == 0) {
            taken = pii_character_read(&character, at, end, form);
            plain = pii_character_plain(character);
        }
        if (run > 0 || plain != PII_CHARACTER_NONE)
            TRY(note_shift(&text, (size_t)(at - bytes), err));
        if (run > 0)
            buffer_append(&text.plain, at, run);
        else if (plain != PII_CHARACTER_NONE)
            pii_character_append(&text.plain, plain);
        at += taken;
    }
    TRY(note_shift(&text, length, err));
    TRY(buffer_check(&text.plain, err));
    *out = text;
    text = (struct pii_text) { 0 };
    return STATUS_OK;
}

size_t pii_text_original(const struct pii_text *text, size_t offset)
{
    size_t low = 0;
    size_t high = text->shift_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (text->shifts[middle].from <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return offset + (low == 0 ? 0 : text->shifts[low - 1].shift);
}
