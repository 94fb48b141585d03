// Finds values that are written to something called a password, key or token.
#include "check/secret_assignment.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/byte_run.h"
#include "base/memory.h"
#include "check/secret_rule.h"

#define NAME_MAX_BYTES 24 // of the end of a name: enough for any of the words below
#define KEY_ENTROPY 3.3
#define KEY_MIN_BYTES 16
#define PASSWORD_MIN_BYTES 8
#define VALUE_MAX_BYTES 4096 // a longer run is a document in base64, say

// What the end of a name may be, in lower case and without '_', '-' and ' '.
static const struct {
    const char *word;
    bool is_password;
} names[] = {
    { "password", true },       { "passwd", true },
    { "passphrase", true },     { "pwd", true },
    { "secret", false },        { "token", false },
    { "apikey", false },        { "accesskey", false },
    { "secretkey", false },     { "privatekey", false },
    { "signingkey", false },    { "encryptionkey", false },
    { "authorization", false }, { "accountkey", false },
    { "authkey", false },
};

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == ' ';
}

// Reads the name that ends before the sign at `sign`, quotes and spaces left out. True when it is
// one of ours.
static bool read_name(const char *text, size_t sign, bool *out_is_password)
{
    char name[NAME_MAX_BYTES];
    size_t at = sizeof(name);
    size_t end = sign;
    for (size_t i = 0; i < 4 && end > 0 && strchr(" \"'`]:", text[end - 1]); i++)
        end--;
    while (at > 0 && end > 0 && is_name_byte(text[end - 1])) {
        char c = text[--end];
        if (isalnum((unsigned char)c))
            name[--at] = (char)tolower((unsigned char)c);
        else if (sign - end > sizeof(name) * 2)
            break;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = strlen(names[i].word);
        if (length <= sizeof(name) - at &&
            memcmp(name + sizeof(name) - length, names[i].word, length) == 0) {
            *out_is_password = names[i].is_password;
            return true;
        }
    }
    return false;
}

// Where the value behind a sign begins: after spaces, quotes and an authorization scheme.
static size_t value_begin(const char *text, size_t length, size_t at)
{
    static const char *const schemes[] = { "bearer ", "basic ", "token " };
    if (at < length && (text[at] == '>' || text[at] == '='))
        at++;
    while (at < length && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (at < length && memchr("\"'`", text[at], 3))
        at++;
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        size_t scheme = strlen(schemes[i]);
        if (length - at > scheme && strncasecmp(text + at, schemes[i], scheme) == 0)
            return at + scheme;
    }
    return at;
}

static size_t value_end(const char *text, size_t length, size_t begin)
{
    static const char delimiters[] = "\"'`,;<>{}()[]|\\&";
    size_t end = begin;
    for (; end < length && end - begin <= VALUE_MAX_BYTES; end++) {
        unsigned char c = (unsigned char)text[end];
        if (isspace(c) || iscntrl(c) || memchr(delimiters, c, sizeof(delimiters) - 1))
            break;
    }
    while (end > begin && memchr(".:!?", text[end - 1], 4))
        end--;
    return end;
}

// A password that a person would think good: three of lower case, upper case, digits and others.
static bool is_good_password(const char *bytes, size_t length)
{
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        lower = lower || islower(c);
        upper = upper || isupper(c);
        digit = digit || isdigit(c);
        other = other || (c < 0x80 && ispunct(c) && !memchr("-_./", c, 4));
    }
    return length >= PASSWORD_MIN_BYTES && lower + upper + digit + other >= 3;
}

static bool is_written_out(const char *bytes, size_t length, bool is_password)
{
    if (length < PASSWORD_MIN_BYTES || length > VALUE_MAX_BYTES ||
        secret_rule_is_placeholder(bytes, length))
        return false;
    if (length >= KEY_MIN_BYTES && secret_rule_is_random(bytes, length, KEY_ENTROPY))
        return true;
    return is_password && is_good_password(bytes, length);
}

static uint64_t holds_sign(uint64_t eight)
{
    return byte_run_find(eight, ':') | byte_run_find(eight, '=');
}

// The first ':' or '=' from `at` on; `length` when there is none.
static size_t find_sign(const char *text, size_t length, size_t at)
{
    at += byte_run_length(text + at, length - at, holds_sign);
    while (at < length && text[at] != ':' && text[at] != '=')
        at++;
    return at;
}

bool secret_assignment_next(struct secret_assignment *out, const char *text, size_t length,
                            size_t *from)
{
    for (size_t sign; (sign = find_sign(text, length, *from)) < length;) {
        *from = sign + 1;
        if (!read_name(text, sign, &out->is_password))
            continue;
        out->begin = value_begin(text, length, sign + 1);
        out->end = value_end(text, length, out->begin);
        if (is_written_out(text + out->begin, out->end - out->begin, out->is_password)) {
            *from = out->end;
            return true;
        }
    }
    return false;
}
