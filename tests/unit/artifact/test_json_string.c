// Strings and whole numbers of JSON, which are read many bytes at a time: whatever stands in them,
// at whatever place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"

#define LONGEST 20

static void assert_reads(size_t length, size_t at, int c)
{
    struct error err = { 0 };
    struct json *value OWNED(json_release) = NULL;
    char text[LONGEST + 3];
    char wanted[LONGEST + 1];
    memset(wanted, 'x', length);
    wanted[at] = (char)c;
    wanted[length] = '\0';
    snprintf(text, sizeof(text), "\"%s\"", wanted);
    assert_int_equal(json_parse(&value, text, length + 2, &err), STATUS_OK);
    assert_string_equal(json_string(value), wanted);
}

static void test_json_parse__reads_every_byte_at_every_place_of_a_string(void **state)
{
    (void)state;
    for (size_t length = 1; length <= LONGEST; length++)
        for (size_t at = 0; at < length; at++)
            for (int c = 0x20; c < 0x80; c++)
                assert_reads(length, at, c == '"' || c == '\\' ? 'x' : c);
}

static void test_json_parse__finds_an_escape_at_every_place_of_a_string(void **state)
{
    (void)state;
    for (size_t length = 1; length <= LONGEST; length++)
        for (size_t at = 0; at < length; at++) {
            struct error err = { 0 };
            struct json *value OWNED(json_release) = NULL;
            char text[2 * LONGEST + 4]; // gcc counts both parts as long as they could be
            char wanted[LONGEST + 1];
            memset(wanted, 'x', length);
            wanted[length] = '\0';
            snprintf(text, sizeof(text), "\"%.*s\\\"%s\"", (int)at, wanted, wanted + at + 1);
            wanted[at] = '"';
            assert_int_equal(json_parse(&value, text, length + 3, &err), STATUS_OK);
            assert_string_equal(json_string(value), wanted);
        }
}

static void test_json_parse__refuses_a_control_character_at_every_place_of_a_string(void **state)
{
    (void)state;
    for (size_t at = 0; at < LONGEST; at++)
        for (int c = 0; c < 0x20; c++) {
            struct error err = { 0 };
            struct json *value = NULL;
            char text[LONGEST + 2];
            char place[64];
            memset(text, 'x', sizeof(text));
            text[0] = text[sizeof(text) - 1] = '"';
            text[1 + at] = (char)c;
            snprintf(place, sizeof(place), "line 1, column %zu: control character %02x", at + 2, c);
            assert_int_equal(json_parse(&value, text, sizeof(text), &err), STATUS_INVALID);
            assert_int_equal(strncmp(err.message, place, strlen(place)), 0);
        }
}

static void test_json_parse__says_that_a_string_of_any_length_is_never_closed(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LONGEST; length++) {
        struct error err = { 0 };
        struct json *value = NULL;
        char *text = malloc(length + 1); // no byte behind it, for the sanitizer to watch
        assert_non_null(text);
        memset(text, 'x', length + 1);
        text[0] = '"';
        assert_int_equal(json_parse(&value, text, length + 1, &err), STATUS_INVALID);
        assert_non_null(strstr(err.message, "never closed"));
        free(text);
    }
}

static void test_json_parse__reads_short_whole_numbers_as_the_c_library_does(void **state)
{
    static const char *const texts[] = {
        "0",  "7",  "-7",         "10",          "999999999999999",  "-999999999999999",
        "-0", "42", "1000000000", "-2147483649", "1234567890123456", "9007199254740993",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error err = { 0 };
        struct json *value OWNED(json_release) = NULL;
        double wanted = strtod(texts[i], NULL);
        assert_int_equal(json_parse(&value, texts[i], strlen(texts[i]), &err), STATUS_OK);
        double found = json_number(value);
        if (found != wanted || signbit(found) != signbit(wanted))
            fail_msg("%s is read as %g", texts[i], found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_parse__reads_every_byte_at_every_place_of_a_string),
        cmocka_unit_test(test_json_parse__finds_an_escape_at_every_place_of_a_string),
        cmocka_unit_test(test_json_parse__refuses_a_control_character_at_every_place_of_a_string),
        cmocka_unit_test(test_json_parse__says_that_a_string_of_any_length_is_never_closed),
        cmocka_unit_test(test_json_parse__reads_short_whole_numbers_as_the_c_library_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
