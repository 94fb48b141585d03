// Finds what points at the world outside in a text.
#include "check/endpoint_scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/byte_run.h"

static bool is_word(const struct endpoint_scan *scan, size_t at)
{
    if (at >= scan->length)
        return false;
    static const bool is_part[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true,
        ['.'] = true,         ['_'] = true,         ['-'] = true,
    };
    return is_part[(unsigned char)scan->bytes[at]];
}

static bool begins_word(const struct endpoint_scan *scan)
{
    if (!is_word(scan, scan->at))
        return false;
    if (scan->at == 0)
        return true;
    char before = scan->bytes[scan->at - 1];
    return !is_word(scan, scan->at - 1) && before != '@' && before != '/' && before != '+';
}

static bool has(const struct endpoint_scan *scan, size_t at, const char *wanted)
{
    size_t length = strlen(wanted);
    // The first byte alone, letter case aside, tells nearly all words apart.
    return at + length <= scan->length && (scan->bytes[at] | 0x20) == (wanted[0] | 0x20) &&
           strncasecmp(scan->bytes + at, wanted, length) == 0;
}

// Where an address ends: at a blank, a quote, a bracket or a template's tag; what closes a sentence
// is not part of it.
static size_t end_of_address(const struct endpoint_scan *scan, size_t at)
{
    size_t end = at;
    while (end < scan->length && (unsigned char)scan->bytes[end] > ' ' &&
           !strchr("\"'<>(){}|\\^`", scan->bytes[end]))
        end++;
    while (end > at && strchr(".,;:!?*_", scan->bytes[end - 1]))
        end--;
    return end;
}

static size_t end_of_word(const struct endpoint_scan *scan, size_t at)
{
    size_t end = at;
    while (is_word(scan, end))
        end++;
    while (end > at && memchr("._-", scan->bytes[end - 1], 3))
        end--;
    return end;
}

static size_t end_of_number(const struct endpoint_scan *scan, size_t at)
{
    size_t end = at + 1;
    size_t last = end;
    for (; end < scan->length && scan->bytes[end] && end < at + 32; end++) {
        if (isdigit((unsigned char)scan->bytes[end]))
            last = end + 1;
        else if (!strchr(" -.()", scan->bytes[end]))
            break;
    }
    return last;
}

// user:password@ in front of the host.
static bool has_password(const char *text)
{
    const char *authority = strstr(text, "://");
    if (!authority)
        return false;
    authority += 3;
    size_t length = strcspn(authority, "/?#");
    const char *at = memchr(authority, '@', length);
    const char *colon = memchr(authority, ':', length);
    return at && colon && colon < at && colon + 1 < at && colon > authority;
}

static bool take(struct endpoint_scan *scan, struct endpoint_span *out, enum endpoint_form form,
                 size_t end)
{
    size_t length = end - scan->at;
    *out = (struct endpoint_span) { .form = form, .begin = scan->at, .end = end };
    if (length >= sizeof(out->text))
        length = sizeof(out->text) - 1;
    memcpy(out->text, scan->bytes + scan->at, length);
    address_read(&out->address, out->text);
    out->has_password = form == ENDPOINT_URL && has_password(out->text);
    scan->at = end;
    return out->address.host[0] || out->address.number[0] || out->has_password;
}

static bool is_host(const struct endpoint_scan *scan, size_t end)
{
    size_t label = end;
    while (label > scan->at && isalpha((unsigned char)scan->bytes[label - 1]))
        label--;
    return label > scan->at && end - label >= 2 && scan->bytes[label - 1] == '.';
}

static bool take_word(struct endpoint_scan *scan, struct endpoint_span *out)
{
    size_t end = end_of_word(scan, scan->at);
    if (has(scan, end, "://"))
        return take(scan, out, ENDPOINT_URL, end_of_address(scan, end + 3));
    if (has(scan, scan->at, "tel:") || has(scan, scan->at, "sip:") || has(scan, scan->at, "sips:"))
        return take(scan, out, ENDPOINT_PHONE, end_of_address(scan, scan->at));
    if (is_host(scan, end))
        return take(scan, out, ENDPOINT_HOST, end);
    scan->at = end;
    return false;
}

static bool may_be_sign(char c)
{
    return c == ':' || c == '.' || c == '+';
}

static uint64_t may_hold_sign(uint64_t eight)
{
    return byte_run_find(eight, ':') | byte_run_find(eight, '.') | byte_run_find(eight, '+');
}

// Whatever is looked for has one of these in it, or behind its first word; most words have none.
static size_t next_sign(const struct endpoint_scan *scan)
{
    size_t at = scan->at;
    at += byte_run_length(scan->bytes + at, scan->length - at, may_hold_sign);
    while (at < scan->length && !may_be_sign(scan->bytes[at]))
        at++;
    return at;
}

static bool take_number(struct endpoint_scan *scan, size_t sign, struct endpoint_span *out)
{
    scan->at = sign;
    return sign + 1 < scan->length && isdigit((unsigned char)scan->bytes[sign + 1]) &&
           take(scan, out, ENDPOINT_NUMBER, end_of_number(scan, sign));
}

// The word that the sign stands in or behind, of which nothing was looked at yet.
static bool take_around(struct endpoint_scan *scan, size_t sign, struct endpoint_span *out)
{
    size_t begin = sign;
    size_t end = sign;
    while (begin > scan->at && is_word(scan, begin - 1))
        begin--;
    while (is_word(scan, end))
        end++;
    scan->at = begin;
    bool found = begins_word(scan) && take_word(scan, out);
    if (!found && scan->at < end)
        scan->at = end;
    return found;
}

bool endpoint_scan_next(struct endpoint_scan *scan, struct endpoint_span *out)
{
    for (;;) {
        size_t sign = next_sign(scan);
        if (sign == scan->length)
            return false;
        if (scan->bytes[sign] == '+' ? take_number(scan, sign, out) : take_around(scan, sign, out))
            return true;
        if (scan->at <= sign)
            scan->at = sign + 1;
    }
}
