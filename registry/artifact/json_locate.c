// Where a value stands in the text it was parsed from.
#include "artifact/json.h"
#include "artifact/json_pointer.h"
#include "artifact/json_scan.h"
#include "artifact/json_text.h"
#include "base/memory.h"

#define SHORT_KEY_BYTES 256

static bool opens(enum json_token_type type)
{
    return type == JSON_TOKEN_OBJECT_BEGIN || type == JSON_TOKEN_ARRAY_BEGIN;
}

static bool closes(enum json_token_type type)
{
    return type == JSON_TOKEN_OBJECT_END || type == JSON_TOKEN_ARRAY_END;
}

// Moves behind the value whose first token was just read; *last becomes its last token.
static bool skip_value(struct json_scan *scan, struct json_token *last)
{
    struct error ignored;
    int outside = scan->depth - (opens(last->type) ? 1 : 0);
    while (scan->depth > outside)
        if (json_scan_next(scan, last, &ignored) != STATUS_OK)
            return false;
    return true;
}

static bool key_matches(const struct json_scan *scan, const struct json_token *token,
                        const struct json_pointer_token *wanted)
{
    char small[SHORT_KEY_BYTES];
    char *large OWNED(memory_release) = NULL;
    struct error ignored;
    size_t length = token->end - token->begin - 2;
    // An escape has at most six bytes for one character of the key.
    if (length > 6 * wanted->length)
        return false;
    if (length >= sizeof(small) && memory_new(&large, length + 1, 1, &ignored) != STATUS_OK)
        return false;
    char *key = large ? large : small;
    json_text_decode(scan->bytes + token->begin + 1, length, key);
    return json_pointer_is_key(wanted, key);
}

// Inside a container that was just opened, with `value` its opening token: moves to the child the
// token names, whose first token becomes *value.
static bool enter(struct json_scan *scan, const struct json_pointer_token *wanted,
                  struct json_token *value)
{
    struct error ignored;
    bool object = value->type == JSON_TOKEN_OBJECT_BEGIN;
    size_t index = 0;
    if (!opens(value->type) || (!object && !json_pointer_index(wanted, &index)))
        return false;
    for (;;) {
        bool found = !object && index-- == 0;
        if (json_scan_next(scan, value, &ignored) != STATUS_OK || closes(value->type))
            return false;
        if (object) {
            found = key_matches(scan, value, wanted);
            if (json_scan_next(scan, value, &ignored) != STATUS_OK)
                return false;
        }
        if (found)
            return true;
        if (!skip_value(scan, value))
            return false;
    }
}

bool json_locate(struct json_span *out, const char *bytes, size_t length, const char *pointer)
{
    struct json_scan scan;
    struct json_token token;
    struct json_pointer_token wanted;
    struct error ignored;
    json_scan_begin(&scan, bytes, length);
    if (json_scan_next(&scan, &token, &ignored) != STATUS_OK)
        return false;
    while (json_pointer_next(&wanted, &pointer))
        if (!enter(&scan, &wanted, &token))
            return false;
    struct json_token last = token;
    if (*pointer != '\0' || !skip_value(&scan, &last))
        return false;
    struct json_span span = { .begin = token.begin, .end = last.end };
    json_scan_place(bytes, span.begin, &span.line, &span.column);
    *out = span;
    return true;
}
