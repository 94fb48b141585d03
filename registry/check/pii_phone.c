// Validators of phone numbers: lengths, country codes, area codes.
#include "check/pii_phone.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"

#define E164_MAX_DIGITS 15
#define E164_MIN_DIGITS 8 // with the country code; the shortest in use have nine

// Country codes that are assigned, by their first digit: "two" lists those of two digits; what
// begins otherwise has three.
static bool is_country(const char *digits)
{
    static const char two[] =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 "
        "56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
    static const char three[] =
        "211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 "
        "237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 "
        "260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 "
        "357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 "
        "423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 "
        "672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 "
        "850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 "
        "970 971 972 973 974 975 976 977 979 992 993 994 995 996 998";
    char code[4] = { 0 };
    if (digits[0] == '1' || digits[0] == '7')
        return true;
    memcpy(code, digits, 2);
    if (strstr(two, code))
        return true;
    memcpy(code, digits, 3);
    return strstr(three, code) != NULL;
}

// Exchange codes begin with 2-9 too, but a made-up number that says otherwise, (555) 123-4567, is
// meant as one.
static bool is_nanp(const char *ten)
{
    return strlen(ten) == 10 && ten[0] >= '2' && !(ten[1] == '1' && ten[2] == '1');
}

// The digits of [begin, end), at most `room` - 1 of them; returns how many there would be.
static size_t digits_of(char *out, size_t room, const struct pii_candidate *candidate)
{
    size_t count = 0;
    for (size_t i = candidate->begin; i < candidate->end; i++) {
        if (!isdigit((unsigned char)candidate->text[i]))
            continue;
        if (count + 1 < room)
            out[count] = candidate->text[i];
        count++;
    }
    out[count < room ? count : room - 1] = '\0';
    return count;
}

static void set_value(struct pii_candidate *candidate, const char *country, const char *number)
{
    size_t country_length = strlen(country);
    size_t number_length = strlen(number);
    candidate->value[0] = '+';
    memcpy(candidate->value + 1, country, country_length);
    memcpy(candidate->value + 1 + country_length, number, number_length + 1);
}

static bool is_good_e164(const char *digits, size_t count)
{
    if (digits[0] == '1')
        return count == 11 && is_nanp(digits + 1);
    return count >= E164_MIN_DIGITS && count <= E164_MAX_DIGITS && is_country(digits);
}

// What follows a number may look like more of it: the longest run of whole groups that is a number
// counts. A trunk zero in parentheses, +49 (0) 30, is not dialled and does not.
bool pii_phone_e164(struct pii_candidate *candidate)
{
    char digits[E164_MAX_DIGITS + 1] = { 0 };
    size_t count = 0;
    size_t good_end = 0;
    size_t good_count = 0;
    const char *text = candidate->text;
    size_t i = candidate->begin + (text[candidate->begin] == '0' ? 2 : 0);
    for (; i < candidate->end && count < E164_MAX_DIGITS; i++) {
        if (candidate->end - i > 3 && memcmp(text + i, "(0)", 3) == 0)
            i += 3;
        if (i >= candidate->end || !isdigit((unsigned char)text[i]))
            continue;
        digits[count++] = text[i];
        bool group_ends = i + 1 == candidate->end || !isdigit((unsigned char)text[i + 1]);
        if (group_ends && is_good_e164(digits, count)) {
            good_end = i + 1;
            good_count = count;
        }
    }
    if (good_count == 0)
        return false;
    candidate->end = good_end;
    digits[good_count] = '\0';
    set_value(candidate, "", digits);
    return true;
}

bool pii_phone_nanp(struct pii_candidate *candidate)
{
    char digits[E164_MAX_DIGITS + 1];
    size_t count = digits_of(digits, sizeof(digits), candidate);
    const char *ten = digits + (count == 11);
    if (count < 10 || count > 11 || !is_nanp(ten))
        return false;
    set_value(candidate, "1", ten);
    return true;
}

bool pii_phone_national(struct pii_candidate *candidate)
{
    char digits[E164_MAX_DIGITS + 1];
    size_t count = digits_of(digits, sizeof(digits), candidate);
    if (count < 9 || count > 13)
        return false;
    set_value(candidate, candidate->country ? candidate->country : "", digits + (digits[0] == '0'));
    return true;
}

bool pii_phone_india(struct pii_candidate *candidate)
{
    char digits[E164_MAX_DIGITS + 1];
    size_t count = digits_of(digits, sizeof(digits), candidate);
    if (count < 10 || count > 12)
        return false;
    set_value(candidate, "91", digits + (count - 10));
    return true;
}

// A date (2024-01-02), two years (2019-2023) and a time stamp are no phone numbers, whatever stands
// before them.
static bool is_date(const struct pii_candidate *candidate)
{
    const char *at = candidate->text + candidate->begin;
    size_t length = candidate->end - candidate->begin;
    bool year = length >= 9 && (memcmp(at, "19", 2) == 0 || memcmp(at, "20", 2) == 0);
    bool day_first = length >= 8 && (at[2] == '-' || at[2] == '/') && at[5] == at[2];
    return (year && (at[4] == '-' || at[4] == '/')) || day_first;
}

bool pii_phone_labelled(struct pii_candidate *candidate)
{
    char digits[E164_MAX_DIGITS + 1];
    size_t count = digits_of(digits, sizeof(digits), candidate);
    if (count < 7 || count > E164_MAX_DIGITS || is_date(candidate))
        return false;
    if (count == 10 && is_nanp(digits))
        set_value(candidate, "1", digits);
    else
        memcpy(candidate->value, digits, count + 1);
    return true;
}
