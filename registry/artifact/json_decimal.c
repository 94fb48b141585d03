// Numbers exactly as JSON wrote them.
#include "artifact/json_decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_node.h"

#define SMALL_DIGITS 18 // divisors up to here are computed with in 128 bits
#define STEP_DIGITS 16

__extension__ typedef unsigned __int128 wide;

// The exponent behind 'e', clamped.
static int64_t read_exponent(const char *text)
{
    bool negative = *text == '-';
    int64_t value = 0;
    if (*text == '-' || *text == '+')
        text++;
    for (; *text >= '0' && *text <= '9'; text++)
        if (value < JSON_DECIMAL_MAX_EXPONENT)
            value = value * 10 + (*text - '0');
    return negative ? -value : value;
}

static int64_t clamp_exponent(int64_t exponent)
{
    if (exponent > JSON_DECIMAL_MAX_EXPONENT)
        return JSON_DECIMAL_MAX_EXPONENT;
    return exponent < -JSON_DECIMAL_MAX_EXPONENT ? -JSON_DECIMAL_MAX_EXPONENT : exponent;
}

void json_decimal_read(struct json_decimal *out, const char *text)
{
    out->negative = *text == '-';
    out->count = 0;
    out->exponent = 0;
    bool behind_point = false;
    text += out->negative;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.') {
            behind_point = true;
            continue;
        }
        bool leading = out->count == 0 && *text == '0';
        if (!leading && out->count < JSON_DECIMAL_MAX_DIGITS)
            out->digits[out->count++] = (uint8_t)(*text - '0');
        out->exponent += behind_point ? -(int64_t)leading : !leading;
    }
    if (*text)
        out->exponent = clamp_exponent(out->exponent + read_exponent(text + 1));
    while (out->count > 0 && out->digits[out->count - 1] == 0)
        out->count--;
    if (out->count == 0) {
        out->negative = false;
        out->exponent = 0;
    }
}

// Most numbers: printing one to read its digits takes twenty times as long.
static void read_whole(struct json_decimal *out, double value)
{
    uint64_t magnitude = (uint64_t)fabs(value);
    out->negative = value < 0;
    out->exponent = 0;
    out->count = 0;
    for (uint64_t rest = magnitude; rest > 0; rest /= 10)
        out->exponent++;
    while (magnitude > 0 && magnitude % 10 == 0)
        magnitude /= 10;
    for (uint64_t rest = magnitude; rest > 0; rest /= 10)
        out->count++;
    for (size_t i = out->count; i-- > 0; magnitude /= 10)
        out->digits[i] = (uint8_t)(magnitude % 10);
}

void json_decimal_of(struct json_decimal *out, const struct json *number)
{
    char text[64];
    const cJSON *node = json_is(number, JSON_NUMBER) ? json_node_of(number) : NULL;
    double value = node ? node->valuedouble : 0;
    if (node && node->valuestring) {
        json_decimal_read(out, node->valuestring);
        return;
    }
    if (fabs(value) <= JSON_NODE_EXACT && value == trunc(value)) {
        read_whole(out, value);
        return;
    }
    // 17 digits give the double back exactly; a whole one below 2^53 has fewer.
    snprintf(text, sizeof(text), "%.17g", value);
    for (char *at = text; *at; at++)
        if (*at == ',')
            *at = '.'; // a locale's decimal comma
    json_decimal_read(out, text);
}

static int compare_magnitude(const struct json_decimal *a, const struct json_decimal *b)
{
    if (a->count == 0 || b->count == 0)
        return (a->count > 0) - (b->count > 0);
    if (a->exponent != b->exponent)
        return a->exponent < b->exponent ? -1 : 1;
    size_t shared = a->count < b->count ? a->count : b->count;
    int order = memcmp(a->digits, b->digits, shared);
    return order ? order : (a->count > b->count) - (a->count < b->count);
}

int json_decimal_compare(const struct json_decimal *a, const struct json_decimal *b)
{
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = compare_magnitude(a, b);
    return a->negative ? -order : order;
}

bool json_decimal_is_whole(const struct json_decimal *number)
{
    return number->exponent >= (int64_t)number->count;
}

bool json_decimal_integer(const struct json_decimal *decimal, int64_t *out)
{
    uint64_t magnitude = 0;
    if (!json_decimal_is_whole(decimal) || decimal->exponent > 19)
        return false;
    for (int64_t i = 0; i < decimal->exponent; i++)
        magnitude = magnitude * 10 + ((size_t)i < decimal->count ? decimal->digits[i] : 0);
    if (magnitude > (uint64_t)INT64_MAX + decimal->negative)
        return false;
    *out = decimal->negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

// 10^exponent modulo `modulus`.
static uint64_t power_of_ten(uint64_t exponent, uint64_t modulus)
{
    wide result = 1 % modulus;
    wide base = 10 % modulus;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = result * base % modulus;
        base = base * base % modulus;
    }
    return (uint64_t)result;
}

static bool is_small_multiple(const struct json_decimal *number, const struct json_decimal *divisor,
                              uint64_t zeros)
{
    uint64_t modulus = 0;
    for (size_t i = 0; i < divisor->count; i++)
        modulus = modulus * 10 + divisor->digits[i];
    wide rest = 0;
    for (size_t i = 0; i < number->count; i++)
        rest = (rest * 10 + number->digits[i]) % modulus;
    return rest * power_of_ten(zeros, modulus) % modulus == 0;
}

// rest = (rest * 10 + digit) modulo divisor, schoolbook; `rest` has one digit more than `divisor`,
// most significant first.
static void long_division_step(uint8_t *rest, uint8_t digit, const struct json_decimal *divisor)
{
    size_t count = divisor->count;
    memmove(rest, rest + 1, count);
    rest[count] = digit;
    while (rest[0] > 0 || memcmp(rest + 1, divisor->digits, count) >= 0) {
        int borrow = 0;
        for (size_t i = count; i > 0; i--) {
            int difference = rest[i] - divisor->digits[i - 1] - borrow;
            borrow = difference < 0;
            rest[i] = (uint8_t)(difference + (borrow ? 10 : 0));
        }
        rest[0] = (uint8_t)(rest[0] - borrow);
    }
}

static bool is_long_multiple(const struct json_decimal *number, const struct json_decimal *divisor,
                             uint64_t zeros)
{
    uint8_t rest[JSON_DECIMAL_MAX_DIGITS + 1] = { 0 };
    for (size_t i = 0; i < number->count; i++)
        long_division_step(rest, number->digits[i], divisor);
    // Zeros help only by their factors 2 and 5, of which the divisor has less than 4 per digit.
    uint64_t useful = 4 * divisor->count;
    for (uint64_t i = 0; i < zeros && i < useful; i++)
        long_division_step(rest, 0, divisor);
    for (size_t i = 0; i <= divisor->count; i++)
        if (rest[i] != 0)
            return false;
    return true;
}

bool json_decimal_is_multiple(const struct json_decimal *number, const struct json_decimal *divisor)
{
    if (number->count == 0)
        return true;
    // As whole numbers times powers of ten, neither divisible by ten: a divisor with the greater
    // power of ten cannot divide.
    int64_t zeros =
        (number->exponent - (int64_t)number->count) - (divisor->exponent - (int64_t)divisor->count);
    if (zeros < 0)
        return false;
    return (divisor->count <= SMALL_DIGITS ? is_small_multiple : is_long_multiple)(number, divisor,
                                                                                   (uint64_t)zeros);
}

// Whether the double alone says what the number is, with no text beside it, and it is whole.
static bool is_small_whole(const struct json *number)
{
    const cJSON *node = json_node_of(number);
    return !node->valuestring && node->valuedouble == trunc(node->valuedouble);
}

bool json_decimal_value_is_whole(const struct json *number)
{
    struct json_decimal decimal;
    if (is_small_whole(number))
        return true;
    json_decimal_of(&decimal, number);
    return json_decimal_is_whole(&decimal);
}

int json_decimal_compare_values(const struct json *a, const struct json *b)
{
    struct json_decimal left;
    struct json_decimal right;
    if (is_small_whole(a) && is_small_whole(b))
        return (json_number(a) > json_number(b)) - (json_number(a) < json_number(b));
    json_decimal_of(&left, a);
    json_decimal_of(&right, b);
    return json_decimal_compare(&left, &right);
}

bool json_decimal_value_is_multiple(const struct json *number, const struct json *divisor,
                                    uint64_t *steps)
{
    struct json_decimal left;
    struct json_decimal right;
    *steps = 1;
    if (is_small_whole(number) && is_small_whole(divisor))
        return fmod(json_number(number), json_number(divisor)) == 0;
    json_decimal_of(&left, number);
    json_decimal_of(&right, divisor);
    if (right.count > SMALL_DIGITS) // digits of the long division
        *steps += (left.count + 4 * right.count) * right.count / STEP_DIGITS;
    return json_decimal_is_multiple(&left, &right);
}
