// Stand-ins for personal data, drawn from the SHA-256 of the value.
#include "check/pii_standin.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define NANP_DIGITS 10  // a number of North America without its 1
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

// Numbers that the regulators keep for fiction (Ofcom, Bundesnetzagentur, ARCEP); all other
// countries get a North American 555-0100 to 555-0199.
struct reserved {
    const char *country;
    char area;          // second digit of the original where it has a trunk zero; 0: any
    const char *number; // '.' is any digit, '+' one of 2-9
};

static const struct reserved *find_reserved(const struct pii_original *original)
{
    static const struct reserved table[] = {
        { "44", '2', "2079460..." }, { "44", 0, "7700900..." }, { "49", 0, "3023125..." },
        { "33", 0, "63998...." },    { "1", 0, "+2.55501.." },
    };
    size_t last = COUNT_OF(table) - 1;
    const char *value = original->value;
    const char *digit = strpbrk(original->text, "0123456789");
    char area = digit && *digit == '0' ? digit[1] : '\0';
    for (size_t i = 0; i < last; i++) {
        size_t country = strlen(table[i].country);
        bool here = value[0] == '+' && strncmp(value + 1, table[i].country, country) == 0;
        bool trunk = value[0] == '0' && strcmp(table[i].country, "44") == 0; // of any country
        if ((here || trunk) && (table[i].area == 0 || table[i].area == area))
            return &table[i];
    }
    return &table[last];
}

// The digits to put in the places of the original's: with the country, with a trunk zero or bare,
// as the original was. NULL where the original's groups would make another country's number of
// them.
static const char *find_form(const struct pii_original *original, const char *country,
                             const char *digits, const char *trunk)
{
    const char *text = original->text;
    const char *first = strpbrk(text, "0123456789");
    if (strchr(text, '+'))
        return digits;
    if (strcmp(country, "1") == 0)
        return count_digits(text) == NANP_DIGITS && *first != '0' ? digits + 1
               : *first == '1'                                    ? digits
                                                                  : NULL;
    bool same_area = first && first[0] == '0' && first[1] == trunk[1];
    return same_area || strcmp(country, "33") == 0 || is_digits(text) ? trunk : NULL;
}

static void append_phone(struct buffer *out, const struct pii_original *original, struct draw *draw)
{
    const struct reserved *reserved = find_reserved(original);
    size_t country = strlen(reserved->country);
    char digits[DIGITS_BYTES] = { 0 };
    char trunk[DIGITS_BYTES] = { '0' };
    memcpy(digits, reserved->country, country);
    for (size_t i = 0; reserved->number[i]; i++) {
        char c = reserved->number[i];
        if (c == '+')
            c = (char)('2' + draw_byte(draw) % 8);
        digits[country + i] = c == '.' ? draw_digit(draw) : c;
    }
    memcpy(trunk + 1, digits + country, strlen(digits + country) + 1);
    const char *form = find_form(original, reserved->country, digits, trunk);
    if (form && refill(out, original->text, form))
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
                               struct error *err)
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
    TRY(hash_bytes(&draw.digest, original->value, strlen(original->value), err));
    table[original->entity](out, original, &draw);
    return buffer_check(out, err);
}
