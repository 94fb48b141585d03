// Stand-ins for personal data, drawn from the SHA-256 of the value.
#include "check/pii_standin.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define DIGITS_BYTES 32 // the longest number is a card's, 19 digits

// The value's hash as a supply of digits.
struct draw {
    struct digest digest;
    size_t next;
};

static unsigned draw_byte(struct draw *draw)
{
    return draw->digest.bytes[draw->next++ % sizeof(draw->digest.bytes)];
}

static char draw_digit(struct draw *draw)
{
    return (char)('0' + draw_byte(draw) % 10);
}

static size_t count_digits(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += isdigit((unsigned char)*text) != 0;
    return count;
}

static bool is_digits(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

// The original with other digits in the places of its own; false if their numbers differ.
static bool refill(struct buffer *out, const char *text, const char *digits)
{
    if (count_digits(text) != strlen(digits))
        return false;
    for (; *text; text++)
        buffer_append_byte(out, isdigit((unsigned char)*text) ? *digits++ : *text);
    return true;
}

static void append_email(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    (void)original;
    buffer_append_text(out, "person-");
    buffer_append_hex(out, draw->digest.bytes, 4);
    buffer_append_text(out, "@example.com");
}

// Numbers that the regulators keep for fiction: Ofcom, Bundesnetzagentur, ARCEP and, for all other
// countries, the North American 555-0100 to 555-0199.
static void append_phone(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    static const struct {
        const char *country;
        const char *number; // '.' is any digit, '+' one of 2-9
    } reserved[] = {
        { "44", "7700900..." }, { "49", "3023125..." }, { "33", "63998...." }, { "1", "+2.55501.." }
    };
    char digits[DIGITS_BYTES] = { 0 };
    size_t row = COUNT_OF(reserved) - 1;
    for (size_t i = 0; i + 1 < COUNT_OF(reserved); i++)
        if (original->value[0] == '+' &&
            strncmp(original->value + 1, reserved[i].country, strlen(reserved[i].country)) == 0)
            row = i;
    size_t country = strlen(reserved[row].country);
    memcpy(digits, reserved[row].country, country);
    for (size_t i = 0; reserved[row].number[i]; i++) {
        char c = reserved[row].number[i];
        if (c == '+')
            c = (char)('2' + draw_byte(draw) % 8);
        digits[country + i] = c == '.' ? draw_digit(draw) : c;
    }
    bool bare = row + 1 == COUNT_OF(reserved) && count_digits(original->text) == 10;
    char trunk[DIGITS_BYTES] = { '0' };
    memcpy(trunk + 1, digits + country, strlen(digits + country) + 1);
    if (refill(out, original->text, bare ? digits + country : digits) ||
        (original->text[strcspn(original->text, "0123456789")] == '0' &&
         refill(out, original->text, trunk)))
        return;
    buffer_append_text(out, is_digits(original->text) ? "" : "+");
    buffer_append_text(out, digits);
}

static void append_card(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    static const char *const tests[] = {
        "4242424242424242", "5555555555554444", "4000056655665556", "5105105105105100",
        "2223003122003222", "6011111111111117", "3530111333300000", "378282246310005",
        "371449635398431",  "30569309025904",   "38520000023237",   "4222222222222",
    };
    const char *fits[COUNT_OF(tests)] = { tests[0] };
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        if (strlen(tests[i]) == strlen(original->value))
            fits[count++] = tests[i];
    const char *chosen = fits[draw_byte(draw) % (count ? count : 1)];
    if (!refill(out, original->text, chosen))
        buffer_append_text(out, chosen);
}

// Follows a form: a letter or digit of it stands for itself, '#' for a digit that is drawn, '?' for
// the original's own letter or, where that has a digit, a drawn one; its last character is
// repeated.
static void append_form(struct buffer *out, const char *text, const char *form, struct draw *draw)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (!isalnum(c)) {
            buffer_append_byte(out, (char)c);
            continue;
        }
        bool own = *form == '?' && !isdigit(c);
        bool drawn = *form == '#' || *form == '?';
        buffer_append_byte(out, own ? (char)c : drawn ? draw_digit(draw) : *form);
        form += form[1] != '\0';
    }
}

static void append_iban(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    append_form(out, original->text, "??00?", draw); // no IBAN has the check digits 00
}

static void append_ssn(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    append_form(out, original->text, "90000#", draw); // no area is 900, no group 00
}

static void append_nino(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    append_form(out, original->text, "QQ?", draw); // a prefix that is never given out
}

static void append_aadhaar(struct buffer *out, const struct pii_original *original,
                           struct draw *draw)
{
    append_form(out, original->text, "1#", draw); // none begins with 0 or 1
}

static void append_pan(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    append_form(out, original->text, "XXXXX####X", draw); // X is no kind of holder
}

static void append_passport(struct buffer *out, const struct pii_original *original,
                            struct draw *draw)
{
    bool digits = is_digits(original->text);
    append_form(out, "A00000000", digits ? "90000#" : "X0000#", draw); // as pii.json allows
}

static void append_address(struct buffer *out, const struct pii_original *original,
                           struct draw *draw)
{
    static const char *const documentation[] = { "192.0.2", "198.51.100", "203.0.113" };
    const uint8_t *bytes = draw->digest.bytes;
    if (strchr(original->value, ':'))
        buffer_append_format(out, "2001:db8::%x:%x", bytes[0] << 8 | bytes[1],
                             bytes[2] << 8 | bytes[3]);
    else
        buffer_append_format(out, "%s.%u", documentation[bytes[0] % 3], 1U + bytes[1] % 254U);
}

// The year 1900, of which nobody is left; the day and month are drawn where they are numbers.
static void append_date(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    const char *text = original->text;
    bool long_year = false;
    for (const char *at = text; *at; at++)
        long_year = long_year || strspn(at, "0123456789") == 4;
    while (*text) {
        size_t digits = strspn(text, "0123456789");
        bool last = digits > 0 && text[digits + strcspn(text + digits, "0123456789")] == '\0';
        if (digits == 0)
            buffer_append_byte(out, *text);
        else if (digits == 4)
            buffer_append_text(out, "1900");
        else if (digits == 8)
            buffer_append_format(out, "1900%02u%02u", 1 + draw_byte(draw) % 12,
                                 1 + draw_byte(draw) % 28);
        else if (last && !long_year)
            buffer_append_text(out, "00");
        else
            buffer_append_format(out, "%0*u", (int)digits,
                                 1 + draw_byte(draw) % (digits == 1 ? 9 : 12));
        text += digits ? digits : 1;
    }
}

static void append_name(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    (void)original;
    buffer_append_format(out, "Person %02X%02X", draw_byte(draw), draw_byte(draw));
}

enum status pii_standin_append(struct buffer *out, const struct pii_original *original,
                               struct hasher *hasher, struct error *err)
{
    static void (*const table[PII_ENTITY_COUNT])(struct buffer *, const struct pii_original *,
                                                 struct draw *) = {
        [PII_EMAIL] = append_email,        [PII_PHONE] = append_phone,
        [PII_PAYMENT_CARD] = append_card,  [PII_IBAN] = append_iban,
        [PII_US_SSN] = append_ssn,         [PII_UK_NINO] = append_nino,
        [PII_IN_AADHAAR] = append_aadhaar, [PII_IN_PAN] = append_pan,
        [PII_PASSPORT] = append_passport,  [PII_IP_ADDRESS] = append_address,
        [PII_DATE_OF_BIRTH] = append_date, [PII_PERSON_NAME] = append_name,
    };
    struct draw draw = { 0 };
    TRY(hasher_digest(hasher, &draw.digest, original->value, strlen(original->value), err));
    table[original->entity](out, original, &draw);
    return buffer_check(out, err);
}
