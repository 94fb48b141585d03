// Unit tests of JSON reading: what is taken, what is refused and where, accessors, equality.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"

static struct json *parse(const char *text)
{
    struct json *value = NULL;
    struct error err = { 0 };
    if (json_parse(&value, text, strlen(text), &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    return value;
}

static void assert_refused_at(const char *text, size_t length, const char *place)
{
    struct json *value = NULL;
    struct error err = { 0 };
    enum status status = json_parse(&value, text, length, &err);
    if (status != STATUS_INVALID || value)
        fail_msg("%.60s: not refused", text);
    assert_string_equal(err.code, "json_invalid");
    assert_true(err.hint[0] != '\0');
    if (strncmp(err.message, place, strlen(place)) != 0)
        fail_msg("%.60s: expected '%s…', got '%s'", text, place, err.message);
}

static void test_json__takes_what_rfc_8259_allows(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "null",
        " true ",
        "false\n",
        "\t0\r\n",
        "-0",
        "-0.0e-0",
        "1E+2",
        "1e400",
        "123456789012345678901234567890.123456789012345678901234567890e-12",
        "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\x7f\"",
        "\"\xf0\x9f\x98\x80\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[[],{},[[]]]",
        "{\"\":0}",
        "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}",
        "{\"a\":1,\"A\":1}",
        "\"\\uD83D\\uDE00\"",
        "\"\\u0000\"",
        "\"\\uFFFF\"",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        json_free(parse(texts[i]));
}

static void test_json__refuses_what_is_not_json_and_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
    } rows[] = {
        { "", "line 1, column 1: expected a value, but the text ends here" },
        { " \n ", "line 2, column 2: expected a value" },
        { "nul", "line 1, column 1: expected a value, found 'n'" },
        { "True", "line 1, column 1: expected a value" },
        { "1 2", "line 1, column 3: expected the end of the text, found '2'" },
        { "{} x", "line 1, column 4: expected the end" },
        { "[1,]", "line 1, column 4: expected a value" },
        { "[,1]", "line 1, column 2: expected a value" },
        { "[1 2]", "line 1, column 4: expected ',' or ']'" },
        { "[1", "line 1, column 3: expected ',' or ']'" },
        { "[1}", "line 1, column 3: expected ',' or ']', found '}'" },
        { "{\"a\":1,}", "line 1, column 8: expected a key in double quotes" },
        { "{a:1}", "line 1, column 2: expected a key in double quotes or '}'" },
        { "{'a':1}", "line 1, column 2: expected a key" },
        { "{\"a\" 1}", "line 1, column 6: expected ':' behind the key" },
        { "{\"a\":}", "line 1, column 6: expected a value" },
        { "{\"a\":1 \"b\":2}", "line 1, column 8: expected ',' or '}'" },
        { "{\"a\"", "line 1, column 5: expected ':'" },
        { "]", "line 1, column 1: expected a value" },
        { "01", "line 1, column 1: a number with a leading zero" },
        { "-01", "line 1, column 1: a number with a leading zero" },
        { "+1", "line 1, column 1: expected a value" },
        { ".5", "line 1, column 1: expected a value" },
        { "1.", "line 1, column 3: expected a digit behind the decimal point" },
        { "1.e1", "line 1, column 3: expected a digit behind the decimal point" },
        { "1e", "line 1, column 3: expected a digit of the exponent" },
        { "1e+", "line 1, column 4: expected a digit of the exponent" },
        { "-", "line 1, column 2: expected a digit" },
        { "-a", "line 1, column 2: expected a digit" },
        { "0x10", "line 1, column 2: expected the end" },
        { "NaN", "line 1, column 1: expected a value" },
        { "Infinity", "line 1, column 1: expected a value" },
        { "// c\n1", "line 1, column 1: expected a value" },
        { "\"abc", "line 1, column 1: this string is never closed" },
        { "\"abc\\\"", "line 1, column 1: this string is never closed" },
        { "\"a\nb\"", "line 1, column 3: control character 0a in a string" },
        { "\"a\tb\"", "line 1, column 3: control character 09" },
        { "\"\\a\"", "line 1, column 3: expected one of" },
        { "\"\\", "line 1, column 3: expected one of" },
        { "\"\\u12\"", "line 1, column 2: expected four hex digits" },
        { "\"\\u12G4\"", "line 1, column 2: expected four hex digits" },
        { "\"\\ud800\"", "line 1, column 2: \\ud800 is half of a surrogate pair" },
        { "\"\\udc00\\ud800\"", "line 1, column 2: \\udc00 is half" },
        { "\"\\ud800\\u0041\"", "line 1, column 2: \\ud800 is half" },
        { "\"\\ud800\\ud800\"", "line 1, column 2: \\ud800 is half" },
        { "\"\\ud800\\n\"", "line 1, column 2: \\ud800 is half" },
        { "\"\xed\xa0\x80\"", "line 1, column 2: byte ed is not UTF-8" },
        { "\"\xc0\x80\"", "line 1, column 2: byte c0 is not UTF-8" },
        { "\"\xff\"", "line 1, column 2: byte ff is not UTF-8" },
        { "[\"\xc3\xa9\", \"\xc3\"]", "line 1, column 8: byte c3 is not UTF-8" },
        { "\xef\xbb\xbf{}", "line 1, column 1: a byte order mark" },
        { "\xc2\xa0"
          "1",
          "line 1, column 1: expected a value" },
        { "\f1", "line 1, column 1: expected a value, found the control character 0c" },
        { "{\"a\":1,\n \"b\":2,\n \"a\":3}", "line 3, column 2: the key \"a\" is in this object" },
        { "{\"a\":1,\"\\u0061\":3}", "line 1, column 8: the key \"a\" is in this object" },
        { "[{\"x\":{\"k\":1,\"k\":2}}]", "line 1, column 14: the key \"k\"" },
        { "[\n\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\" x]", "line 2, column 7: expected ','" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused_at(rows[i].text, strlen(rows[i].text), rows[i].place);
}

static void test_json__refuses_nul_bytes_in_the_text(void **state)
{
    (void)state;
    assert_refused_at("\"a\0b\"", 5, "line 1, column 3: control character 00");
    assert_refused_at("1\0", 2, "line 1, column 2: expected the end of the text");
    assert_refused_at("\0", 1, "line 1, column 1: expected a value");
}

static void test_json__reads_no_byte_behind_the_length(void **state)
{
    (void)state;
    static const char text[] = "{\"key\":[\"a\\u0041\\ud83d\\ude00\",-1.5e+3,true]}";
    for (size_t length = 0; length < sizeof(text) - 1; length++) {
        struct json *value = NULL;
        struct error err = { 0 };
        char *exact OWNED(memory_release) = NULL;
        assert_int_equal(memory_new(&exact, length, 1, &err), STATUS_OK);
        memcpy(exact, text, length);
        assert_int_equal(json_parse(&value, exact, length, &err), STATUS_INVALID);
        assert_null(value);
    }
}

static void nest(char *out, int depth)
{
    memset(out, '[', (size_t)depth);
    memset(out + depth, ']', (size_t)depth);
    out[2 * depth] = '\0';
}

static void test_json__nests_64_levels_and_no_more(void **state)
{
    (void)state;
    char text[2 * JSON_MAX_DEPTH + 8];
    nest(text, JSON_MAX_DEPTH);
    json_free(parse(text));
    nest(text, JSON_MAX_DEPTH + 1);
    assert_refused_at(text, strlen(text), "line 1, column 65: nested deeper than 64 levels");
}

static void test_json__limits_bytes_values_and_digits(void **state)
{
    (void)state;
    struct json *value = NULL;
    struct error err = { 0 };
    size_t length = JSON_MAX_BYTES + 1;
    char *text OWNED(memory_release) = NULL;
    assert_int_equal(memory_new(&text, length, 1, &err), STATUS_OK);
    memset(text, ' ', length);
    text[0] = '1';
    assert_int_equal(json_parse(&value, text, length, &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "json_too_large");
    assert_int_equal(json_parse(&value, text, length - 1, &err), STATUS_OK);
    json_release(&value);
    assert_null(value);
    for (size_t i = 0; i < length; i++)
        text[i] = i % 2 ? '0' : ',';
    text[0] = '[';
    assert_refused_at(text, length - 1, "line 1, column 2097152: more than 1048576 values");
    const struct json_limits limits = { .bytes = 7, .values = 3 }; // "[0,0,0]" has four
    assert_int_equal(json_parse_within(&value, "[0,0,0]", 7, &limits, &err), STATUS_INVALID);
    assert_int_equal(json_parse_within(&value, "[0,0 ]", 6, &limits, &err), STATUS_OK);
    json_release(&value);
    assert_int_equal(json_parse_within(&value, "[0,0]   ", 8, &limits, &err), STATUS_TOO_LARGE);
    memset(text, '7', 513);
    assert_refused_at(text, 513, "line 1, column 1: a number of more than 512 characters");
    assert_int_equal(json_parse(&value, text, 512, &err), STATUS_OK);
    json_free(value);
}

static struct buffer object_of(size_t count, size_t repeated)
{
    struct buffer text = { 0 };
    buffer_append_text(&text, "{");
    for (size_t i = 0; i < count; i++)
        buffer_append_format(&text, "%s\"key-%zu\":%zu", i ? ",\n" : "", i, i);
    if (repeated)
        buffer_append_format(&text, ",\n\"key-%zu\":0", repeated);
    buffer_append_text(&text, "}");
    return text;
}

static void test_json__finds_a_repeated_key_among_many(void **state)
{
    (void)state;
    struct json *value = NULL;
    struct error err = { 0 };
    struct buffer text OWNED(buffer_release) = object_of(200000, 0);
    assert_int_equal(json_parse(&value, text.bytes, text.length, &err), STATUS_OK);
    assert_int_equal(json_count(value), 200000);
    json_free(value);
    struct buffer twice OWNED(buffer_release) = object_of(200000, 777);
    assert_refused_at(twice.bytes, twice.length,
                      "line 200001, column 1: the key \"key-777\" is in this object already");
}

static void test_json__keeps_u0000_apart_from_a_shorter_string(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct json *value OWNED(json_release) = parse("{\"a\":\"x\\u0000y\",\"a\\u0000\":2}");
    struct json *cut OWNED(json_release) = parse("{\"a\":\"x\",\"a\\u0000\":2}");
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_string_equal(json_get_string(value, "a", NULL), "x\xc0\x80y");
    assert_int_equal(json_get_integer(value, "a\xc0\x80", 0), 2);
    assert_false(json_equal(value, cut));
    assert_int_equal(json_print(&out, value, &err), STATUS_OK);
    assert_string_equal(buffer_text(&out), "{\"a\":\"x\\u0000y\",\"a\\u0000\":2}");
}

static void test_json__decodes_escapes(void **state)
{
    (void)state;
    struct json *value OWNED(json_release) =
        parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00z\"");
    assert_string_equal(json_string(value), "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
}

static void test_json__decodes_the_first_and_last_of_each_length(void **state)
{
    (void)state;
    struct json *value OWNED(json_release) =
        parse("\"\\u0001\\u007f\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff\"");
    assert_string_equal(json_string(value), "\x01\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
                                            "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
}

static void test_json__answers_for_what_is_not_there(void **state)
{
    (void)state;
    struct json *value OWNED(json_release) = parse("{\"n\":null,\"s\":\"x\",\"a\":[1]}");
    assert_int_equal(json_type(NULL), JSON_NULL);
    assert_false(json_is(NULL, JSON_NULL));
    assert_true(json_is(json_get(value, "n"), JSON_NULL));
    assert_null(json_get(value, "N"));
    assert_null(json_get(NULL, "n"));
    assert_null(json_get(json_get(value, "a"), "0"));
    assert_null(json_first(json_get(value, "s")));
    assert_null(json_next(NULL));
    assert_null(json_key(json_first(json_get(value, "a"))));
    assert_string_equal(json_key(json_first(value)), "n");
    assert_int_equal(json_count(json_get(value, "s")), 0);
    assert_null(json_string(json_get(value, "n")));
    assert_true(json_number(json_get(value, "s")) == 0);
    assert_false(json_bool(json_get(value, "s")));
    assert_string_equal(json_get_string(value, "n", "else"), "else");
    assert_true(json_get_bool(value, "s", true));
}

static void test_json__reads_whole_numbers_exactly(void **state)
{
    (void)state;
    struct json *value OWNED(json_release) =
        parse("{\"a\":4.0,\"b\":4.5,\"c\":9007199254740993,\"d\":-9223372036854775808,"
              "\"e\":9223372036854775808,\"f\":12e2,\"g\":1e400,\"h\":-0,\"i\":1200e-2}");
    assert_int_equal(json_get_integer(value, "a", -1), 4);
    assert_int_equal(json_get_integer(value, "b", -1), -1);
    assert_true(json_get_integer(value, "c", -1) == INT64_C(9007199254740993));
    assert_true(json_get_integer(value, "d", -1) == INT64_MIN);
    assert_int_equal(json_get_integer(value, "e", -1), -1);
    assert_int_equal(json_get_integer(value, "f", -1), 1200);
    assert_int_equal(json_get_integer(value, "g", -1), -1);
    assert_int_equal(json_get_integer(value, "h", -1), 0);
    assert_int_equal(json_get_integer(value, "i", -1), 12);
    assert_true(isinf(json_number(json_get(value, "g"))));
    assert_true(json_number(json_get(value, "b")) == 4.5);
}

static void test_json__follows_pointers(void **state)
{
    (void)state;
    struct json *value OWNED(json_release) = parse(
        "{\"a\":[10,{\"b\":20}],\"\":{\"\":30},\"x/y\":40,\"x~y\":50,\"~1\":60,\"0\":70,\"/\":80}");
    static const struct {
        const char *pointer;
        int64_t number; // 0: nothing there
    } rows[] = {
        { "/a/0", 10 },    { "/a/1/b", 20 },
        { "//", 30 },      { "/x~1y", 40 },
        { "/x~0y", 50 },   { "/~01", 60 },
        { "/0", 70 },      { "/~1", 80 },
        { "/a/2", 0 },     { "/a/00", 0 },
        { "/a/-", 0 },     { "/a/01", 0 },
        { "/a/-1", 0 },    { "/a/b", 0 },
        { "a", 0 },        { "/x~2y", 0 },
        { "/x~", 0 },      { "/a/0/0", 0 },
        { "/nothing", 0 }, { "/x/y", 0 },
        { "/a/1e0/b", 0 }, { "/a/99999999999999999999", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct json *found = json_at(value, rows[i].pointer);
        if ((found ? json_number(found) : 0) != (double)rows[i].number)
            fail_msg("%s", rows[i].pointer);
    }
    assert_ptr_equal(json_at(value, ""), value);
    assert_null(json_at(NULL, ""));
}

static void test_json__locates_values_in_the_text(void **state)
{
    (void)state;
    static const char text[] = "{\n  \"\\u0061\": [1, {\"b\": \"x\"}],\n"
                               "  \"\xc3\xa9\": {\"c/d\": [ ]}, \"e\": -1.5e3\n}\n";
    static const struct {
        const char *pointer;
        const char *value; // NULL: nothing there
        uint32_t line;
        uint32_t column;
    } rows[] = {
        { "/a", "[1, {\"b\": \"x\"}]", 2, 13 },
        { "/a/0", "1", 2, 14 },
        { "/a/1", "{\"b\": \"x\"}", 2, 17 },
        { "/a/1/b", "\"x\"", 2, 23 },
        { "/\xc3\xa9", "{\"c/d\": [ ]}", 3, 8 },
        { "/\xc3\xa9/c~1d", "[ ]", 3, 16 },
        { "/e", "-1.5e3", 3, 27 },
        { "/a/2", NULL, 0, 0 },
        { "/a/x", NULL, 0, 0 },
        { "/a/0/0", NULL, 0, 0 },
        { "/f", NULL, 0, 0 },
        { "a", NULL, 0, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json_span span = { 0 };
        bool found = json_locate(&span, text, strlen(text), rows[i].pointer);
        assert_int_equal(found, rows[i].value != NULL);
        if (!found)
            continue;
        assert_int_equal(span.end - span.begin, strlen(rows[i].value));
        assert_memory_equal(text + span.begin, rows[i].value, span.end - span.begin);
        assert_int_equal(span.line, rows[i].line);
        assert_int_equal(span.column, rows[i].column);
    }
    struct json_span span;
    assert_true(json_locate(&span, text, strlen(text), ""));
    assert_int_equal(span.begin, 0);
    assert_int_equal(span.end, strlen(text) - 1);
    assert_false(json_locate(&span, "", 0, ""));
    assert_false(json_locate(&span, "[1,", 3, "/1"));
    assert_false(json_locate(&span, "{\"a\":", 5, "/a"));
    assert_false(json_locate(&span, "[[1,", 4, "/0"));
    assert_false(json_locate(&span, "[[1,", 4, "/1"));
}

static void test_json__compares_by_value(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } rows[] = {
        { "1", "1.0", true },
        { "100", "1e2", true },
        { "0", "-0.0", true },
        { "0.1", "1e-1", true },
        { "9007199254740992", "9007199254740993", false },
        { "12345678901234567890", "12345678901234567891", false },
        { "1e400", "10e399", true },
        { "1e400", "1e401", false },
        { "1", "-1", false },
        { "1", "true", false },
        { "0", "false", false },
        { "null", "false", false },
        { "\"1\"", "1", false },
        { "\"\\u0061\"", "\"a\"", true },
        { "[1,2]", "[1.0,2]", true },
        { "[1,2]", "[2,1]", false },
        { "[1]", "[1,2]", false },
        { "{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true },
        { "{\"a\":1}", "{\"a\":1,\"b\":2}", false },
        { "{\"a\":1}", "{\"b\":1}", false },
        { "{}", "[]", false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct json *a OWNED(json_release) = parse(rows[i].a);
        struct json *b OWNED(json_release) = parse(rows[i].b);
        if (json_equal(a, b) != rows[i].equal || json_equal(b, a) != rows[i].equal)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
    assert_false(json_equal(NULL, NULL) != true);
}

static void test_json__compares_large_objects_in_any_order(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct json *forward OWNED(json_release) = NULL;
    struct json *backward OWNED(json_release) = NULL;
    struct buffer text OWNED(buffer_release) = object_of(50000, 0);
    assert_int_equal(json_parse(&forward, text.bytes, text.length, &err), STATUS_OK);
    buffer_truncate(&text, 0);
    buffer_append_text(&text, "{");
    for (size_t i = 50000; i-- > 0;)
        buffer_append_format(&text, "\"key-%zu\":%zu.0%s", i, i, i ? "," : "}");
    assert_int_equal(json_parse(&backward, text.bytes, text.length, &err), STATUS_OK);
    assert_true(json_equal(forward, backward));
    json_set_integer(backward, "key-0", 1); // the first of all keys in order
    assert_false(json_equal(forward, backward));
    json_set_integer(backward, "key-0", 0);
    json_set_integer(backward, "key-9999", 1); // the last
    assert_false(json_equal(forward, backward));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__takes_what_rfc_8259_allows),
        cmocka_unit_test(test_json__refuses_what_is_not_json_and_says_where),
        cmocka_unit_test(test_json__refuses_nul_bytes_in_the_text),
        cmocka_unit_test(test_json__reads_no_byte_behind_the_length),
        cmocka_unit_test(test_json__nests_64_levels_and_no_more),
        cmocka_unit_test(test_json__limits_bytes_values_and_digits),
        cmocka_unit_test(test_json__finds_a_repeated_key_among_many),
        cmocka_unit_test(test_json__keeps_u0000_apart_from_a_shorter_string),
        cmocka_unit_test(test_json__decodes_escapes),
        cmocka_unit_test(test_json__decodes_the_first_and_last_of_each_length),
        cmocka_unit_test(test_json__answers_for_what_is_not_there),
        cmocka_unit_test(test_json__reads_whole_numbers_exactly),
        cmocka_unit_test(test_json__follows_pointers),
        cmocka_unit_test(test_json__locates_values_in_the_text),
        cmocka_unit_test(test_json__compares_by_value),
        cmocka_unit_test(test_json__compares_large_objects_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
