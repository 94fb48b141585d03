// Numbers exactly as JSON wrote them, with no rounding. Internal to json*.c and schema*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"

#define JSON_DECIMAL_MAX_DIGITS 520 // the scanner takes numbers of 512 characters

// (-1)^negative * 0.DIGITS * 10^exponent, with neither leading nor trailing zeros; zero has no
// digits, exponent 0 and is not negative. So equal numbers are equal member by member.
struct json_decimal {
    bool negative;
    int64_t exponent; // clamped to +-JSON_DECIMAL_MAX_EXPONENT
    size_t count;
    uint8_t digits[JSON_DECIMAL_MAX_DIGITS];
};

// Exponents beyond it are all the same to us: 1e1000000000001 equals 1e1000000000002.
#define JSON_DECIMAL_MAX_EXPONENT INT64_C(1000000000000)

// The number; zero if `number` is none.
void json_decimal_of(struct json_decimal *out, const struct json *number);

// Reads the text of a JSON number, which must be well-formed.
void json_decimal_read(struct json_decimal *out, const char *text);

// Less than, equal to or greater than zero, like strcmp.
int json_decimal_compare(const struct json_decimal *a, const struct json_decimal *b);

bool json_decimal_is_whole(const struct json_decimal *number);

// The whole number; false if it is none or does not fit.
bool json_decimal_integer(const struct json_decimal *decimal, int64_t *out);

// Whether number = n * divisor for a whole n; the divisor is not zero.
bool json_decimal_is_multiple(const struct json_decimal *number,
                              const struct json_decimal *divisor);

// The same for the values themselves, with a short way for small whole numbers. *steps is about how
// much work it was.
bool json_decimal_value_is_whole(const struct json *number);
int json_decimal_compare_values(const struct json *a, const struct json *b);
bool json_decimal_value_is_multiple(const struct json *number, const struct json *divisor,
                                    uint64_t *steps);
