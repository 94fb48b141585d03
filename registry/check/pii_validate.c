// Validators of candidates: the table, and those of everything but phone numbers.
#include "check/pii_validate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "check/pii_checksum.h"
#include "check/pii_phone.h"
#include "check/pii_table.h"

#define WORDED_DATE_MAX_BYTES 64 // "25 de septiembre de 1984"
#define URL_LOOK_BACK_BYTES 128  // how far before an address "://" is looked for

// Copies the candidate's digits (and, if asked, its letters in upper case) to `value`.
static bool keep_alphanumeric(struct pii_candidate *candidate, bool letters)
{
    size_t length = 0;
    for (size_t i = candidate->begin; i < candidate->end; i++) {
        unsigned char c = (unsigned char)candidate->text[i];
        if (!isdigit(c) && !(letters && isalpha(c)))
            continue;
        if (length + 1 == sizeof(candidate->value))
            return false;
        candidate->value[length++] = (char)toupper(c);
    }
    candidate->value[length] = '\0';
    return length > 0;
}

static bool copy_lower(struct pii_candidate *candidate)
{
    size_t length = candidate->end - candidate->begin;
    if (length >= sizeof(candidate->value))
        return false;
    for (size_t i = 0; i < length; i++)
        candidate->value[i] = (char)tolower((unsigned char)candidate->text[candidate->begin + i]);
    candidate->value[length] = '\0';
    return true;
}

static bool validate_text(struct pii_candidate *candidate)
{
    return copy_lower(candidate);
}

// The password before the host of a URL is no address.
static bool is_in_url(const struct pii_candidate *candidate)
{
    size_t least =
        candidate->begin > URL_LOOK_BACK_BYTES ? candidate->begin - URL_LOOK_BACK_BYTES : 0;
    for (size_t i = candidate->begin; i > least; i--) {
        unsigned char c = (unsigned char)candidate->text[i - 1];
        if (isspace(c) || strchr("\"'<>()[],;?", c))
            return false;
        if (c == '/')
            return i >= 3 && memcmp(candidate->text + i - 3, "://", 3) == 0;
    }
    return false;
}

// One form for "jane [at] example (dot) com" as well.
static bool validate_email(struct pii_candidate *candidate)
{
    static const char *const dots[] = { "dot", "punkt", "point", "punto" };
    size_t to = 0;
    if (is_in_url(candidate) || !copy_lower(candidate))
        return false;
    char *value = candidate->value;
    if (strchr(value, '@'))
        return true;
    bool at = false;
    for (size_t from = 0; value[from];) {
        size_t word = strspn(value + from, " [({<");
        if (word == 0) {
            value[to++] = value[from++];
            continue;
        }
        from += word;
        size_t length = strcspn(value + from, " ])}>");
        bool dot = false;
        for (size_t i = 0; i < COUNT_OF(dots); i++)
            dot = dot || (strlen(dots[i]) == length && memcmp(value + from, dots[i], length) == 0);
        value[to++] = dot ? '.' : '@';
        at = at || !dot;
        from += length;
        from += strspn(value + from, " ])}>");
    }
    value[to] = '\0';
    return at;
}

static bool validate_card(struct pii_candidate *candidate)
{
    // Issuer ranges by their first six digits, and the lengths given out there.
    static const struct {
        int first;
        int last;
        size_t least;
        size_t most;
    } issuers[] = {
        { 400000, 499999, 13, 19 }, { 510000, 559999, 16, 16 }, { 222100, 272099, 16, 16 },
        { 340000, 349999, 15, 15 }, { 370000, 379999, 15, 15 }, { 300000, 305999, 14, 19 },
        { 360000, 369999, 14, 19 }, { 380000, 399999, 14, 19 }, { 601100, 601199, 16, 19 },
        { 644000, 659999, 16, 19 }, { 352800, 358999, 16, 19 }, { 620000, 629999, 16, 19 },
        { 810000, 817199, 16, 19 }, { 500000, 509999, 13, 19 }, { 560000, 589999, 13, 19 },
        { 600000, 609999, 13, 19 }, { 630000, 639999, 13, 19 }, { 670000, 679999, 13, 19 },
    };
    char six[7] = { 0 };
    if (!keep_alphanumeric(candidate, false) || strlen(candidate->value) < 13)
        return false;
    memcpy(six, candidate->value, 6);
    long issuer = strtol(six, NULL, 10);
    size_t length = strlen(candidate->value);
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(issuers); i++)
        known = known || (issuer >= issuers[i].first && issuer <= issuers[i].last &&
                          length >= issuers[i].least && length <= issuers[i].most);
    return known && pii_checksum_luhn(candidate->value);
}

// What follows an IBAN in capitals may look like a part of it: it ends where its country says.
static bool validate_iban(struct pii_candidate *candidate)
{
    char country[3] = { (char)toupper((unsigned char)candidate->text[candidate->begin]),
                        (char)toupper((unsigned char)candidate->text[candidate->begin + 1]), '\0' };
    int length = pii_checksum_iban_length(country);
    size_t end = candidate->begin;
    for (int seen = 0; seen < length && end < candidate->end; end++)
        seen += isalnum((unsigned char)candidate->text[end]) != 0;
    if (length == 0 ||
        (end < candidate->text_length && isalnum((unsigned char)candidate->text[end])))
        return false;
    candidate->end = end;
    return keep_alphanumeric(candidate, true) && strlen(candidate->value) == (size_t)length &&
           pii_checksum_iban(candidate->value);
}

// The areas 000, 666 and 900 on, the group 00 and the serial 0000 are never given out.
static bool validate_ssn(struct pii_candidate *candidate)
{
    if (!keep_alphanumeric(candidate, false) || strlen(candidate->value) != 9)
        return false;
    const char *v = candidate->value;
    return memcmp(v, "000", 3) != 0 && memcmp(v, "666", 3) != 0 && v[0] != '9' &&
           memcmp(v + 3, "00", 2) != 0 && memcmp(v + 5, "0000", 4) != 0;
}

static bool validate_aadhaar(struct pii_candidate *candidate)
{
    return keep_alphanumeric(candidate, false) && strlen(candidate->value) == 12 &&
           pii_checksum_verhoeff(candidate->value);
}

static bool validate_passport(struct pii_candidate *candidate)
{
    size_t digits = 0;
    if (!keep_alphanumeric(candidate, true))
        return false;
    for (const char *at = candidate->value; *at; at++)
        digits += isdigit((unsigned char)*at) != 0;
    return digits >= 4;
}

// Numbers in a date say what they are by their place; a month's name stays a word.
static bool validate_date(struct pii_candidate *candidate)
{
    unsigned parts[3] = { 0 };
    size_t count = 0;
    bool words = false;
    size_t i = candidate->begin;
    while (i < candidate->end) {
        unsigned char c = (unsigned char)candidate->text[i];
        words = words || isalpha(c);
        if (!isdigit(c)) {
            i++;
            continue;
        }
        unsigned value = 0;
        for (; i < candidate->end && isdigit((unsigned char)candidate->text[i]); i++)
            value = value * 10 + (unsigned)(candidate->text[i] - '0');
        if (count < COUNT_OF(parts))
            parts[count++] = value;
    }
    if (!words && count == 1 && parts[0] >= 19000101) { // 19840312
        parts[2] = parts[0] % 100;
        parts[1] = parts[0] / 100 % 100;
        parts[0] /= 10000;
        count = 3;
    }
    if (words || count != 3) {
        size_t length = candidate->end - candidate->begin;
        if (count != 2 || parts[0] < 1 || parts[0] > 31 || parts[1] < 1900 ||
            length > WORDED_DATE_MAX_BYTES)
            return false;
        snprintf(candidate->value, sizeof(candidate->value), "%04u %.*s", parts[1], (int)length,
                 candidate->text + candidate->begin);
        return true;
    }
    bool year_first = parts[0] > 31;
    unsigned year = year_first ? parts[0] : parts[2];
    unsigned a = year_first ? parts[1] : parts[0];
    unsigned b = year_first ? parts[2] : parts[1];
    if (a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12))
        return false;
    snprintf(candidate->value, sizeof(candidate->value), "%04u-%02u-%02u",
             year < 100 ? year + 1900 : year, a, b);
    return true;
}

// Writes the address in its shortest form, with its prefix length if it has one.
static bool read_address(struct pii_candidate *candidate, int family)
{
    unsigned char address[sizeof(struct in6_addr)];
    char bare[INET6_ADDRSTRLEN + 8] = { 0 };
    char prefix[8] = { 0 };
    if (!copy_lower(candidate))
        return false;
    size_t length = strcspn(candidate->value, "/");
    size_t rest = strlen(candidate->value) - length;
    if (length >= sizeof(bare) || rest >= sizeof(prefix))
        return false;
    memcpy(bare, candidate->value, length);
    memcpy(prefix, candidate->value + length, rest);
    if (inet_pton(family, bare, address) != 1 || !inet_ntop(family, address, bare, sizeof(bare)))
        return false;
    snprintf(candidate->value, sizeof(candidate->value), "%s%s", bare, prefix);
    return true;
}

// A version of four numbers is told by what stands before it, a word or a comparison, or by the
// heading of its column.
static bool is_version(const struct pii_candidate *candidate)
{
    static const char *const words[] = { "version",  "versions", "release", "build", " v",
                                         "version=", ">=",       "<=",      "~>",    "^" };
    size_t end = candidate->begin;
    while (end > 0 && strchr(" `\"':*", candidate->text[end - 1]))
        end--;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t length = strlen(words[i]);
        if (end >= length && strncasecmp(candidate->text + end - length, words[i], length) == 0)
            return true;
    }
    return pii_table_holds_versions(candidate->text, candidate->begin);
}

static bool validate_ipv4(struct pii_candidate *candidate)
{
    return !is_version(candidate) && read_address(candidate, AF_INET);
}

// Words around "::" are code; an address has digits.
static bool validate_ipv6(struct pii_candidate *candidate)
{
    return read_address(candidate, AF_INET6) && strpbrk(candidate->value, "0123456789") != NULL;
}

pii_validator pii_validate_find(const char *name)
{
    static const struct {
        const char *name;
        pii_validator validate;
    } table[] = {
        { "text", validate_text },
        { "email", validate_email },
        { "card", validate_card },
        { "iban", validate_iban },
        { "ssn", validate_ssn },
        { "aadhaar", validate_aadhaar },
        { "passport", validate_passport },
        { "date", validate_date },
        { "ipv4", validate_ipv4 },
        { "ipv6", validate_ipv6 },
        { "phone-e164", pii_phone_e164 },
        { "phone-nanp", pii_phone_nanp },
        { "phone-national", pii_phone_national },
        { "phone-in", pii_phone_india },
        { "phone-labelled", pii_phone_labelled },
    };
    for (size_t i = 0; name && i < COUNT_OF(table); i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].validate;
    return NULL;
}
