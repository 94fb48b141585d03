// Check digits: Luhn, Verhoeff, MOD 97-10.
#include "check/pii_checksum.h"

#include <stddef.h>
#include <string.h>

#include "base/memory.h"

bool pii_checksum_luhn(const char *digits)
{
    int sum = 0;
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        int digit = digits[length - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return length > 0 && sum % 10 == 0;
}

// The product of D5: rotations are 0-4, reflections 5-9.
static int multiply(int a, int b)
{
    if (a < 5)
        return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
    return b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
}

bool pii_checksum_verhoeff(const char *digits)
{
    static const int permutation[] = { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 };
    int check = 0;
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        int digit = digits[length - 1 - i] - '0';
        for (size_t j = 0; j < i % 8; j++)
            digit = permutation[digit];
        check = multiply(check, digit);
    }
    return length > 0 && check == 0;
}

int pii_checksum_iban_length(const char *country)
{
    // By length: the countries of the IBAN registry (ISO 13616, published by SWIFT).
    static const struct {
        int length;
        const char *countries;
    } rows[] = {
        { 15, "NO" },
        { 16, "BE" },
        { 18, "DK FI FK FO GL NL SD" },
        { 19, "MK SI" },
        { 20, "AT BA EE KZ LT LU MN XK" },
        { 21, "CH HR LI LV" },
        { 22, "BG BH CR DE GB GE IE ME RS VA" },
        { 23, "AE GI IL IQ OM SO TL" },
        { 24, "AD CZ ES MD PK RO SA SE SK TN VG" },
        { 25, "LY PT ST" },
        { 26, "IS TR" },
        { 27, "BI DJ FR GR IT MC MR SM" },
        { 28, "AL AZ BY CY DO GT HU LB NI PL SV" },
        { 29, "BR EG PS QA UA" },
        { 30, "JO KW MU YE" },
        { 31, "MT SC" },
        { 32, "LC" },
        { 33, "RU" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (const char *at = rows[i].countries; *at; at += at[2] == ' ' ? 3 : 2)
            if (memcmp(at, country, 2) == 0)
                return rows[i].length;
    return 0;
}

bool pii_checksum_iban(const char *iban)
{
    size_t length = strlen(iban);
    unsigned rest = 0;
    if (length < 5)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = iban[(i + 4) % length];
        bool letter = c >= 'A' && c <= 'Z';
        unsigned value = letter ? (unsigned)(c - 'A') + 10 : (unsigned)(c - '0');
        rest = (rest * (letter ? 100 : 10) + value) % 97;
    }
    // 02 to 98 are the check digits that the method yields; 00, 01 and 99 would come out the same.
    unsigned check = (unsigned)(iban[2] - '0') * 10 + (unsigned)(iban[3] - '0');
    return rest == 1 && check >= 2 && check <= 98;
}
