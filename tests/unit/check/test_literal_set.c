// The walk over literals: each one wherever it stands, in order, and nothing else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/literal_set.h"

static void make(struct literal_set **set, bool folds, const char *const *literals)
{
    struct error err = { 0 };
    assert_int_equal(literal_set_new(set, folds, &err), STATUS_OK);
    for (; *literals; literals++)
        assert_int_equal(literal_set_add(*set, *literals, strlen(*literals), &err), STATUS_OK);
}

// What stands where: "0:1 " for literal 1 at byte 0.
static void describe(struct buffer *out, const struct literal_set *set, const char *text)
{
    // On the heap to its last byte, so that a read behind it is seen.
    char *bytes OWNED(memory_release) = NULL;
    size_t length = strlen(text);
    struct error err = { 0 };
    assert_int_equal(memory_new(&bytes, length, 1, &err), STATUS_OK);
    memcpy(bytes, text, length);
    struct literal_walk walk = { .set = set, .bytes = bytes, .length = length };
    while (literal_set_next(&walk))
        buffer_append_format(out, "%zu:%zu ", walk.at, walk.literal);
    assert_int_equal(buffer_check(out, &err), STATUS_OK);
}

static void test_literal_set__finds_each_literal_where_it_stands(void **state)
{
    (void)state;
    static const char *const literals[] = { "SK",   "sk_live_", "sk_", "xox",
                                            "key-", "ab",       "abc", NULL };
    static const struct {
        const char *text;
        const char *found;
    } rows[] = {
        { "", "" },
        { "S", "" },
        { "SK", "0:0 " },
        { "sK Sk sk", "" },
        { "sk_live_", "0:1 0:2 " },
        { "a sk_live", "2:2 " },
        { "xo xoxox", "3:3 5:3 " },
        { "the key", "" },
        { "the key-", "4:4 " },
        { "abab abc", "0:5 2:5 5:5 5:6 " },
        { "SKSK", "0:0 2:0 " },
        { "\xFF\xFESK\xFF", "2:0 " },
    };
    struct literal_set *set OWNED(literal_set_release) = NULL;
    make(&set, false, literals);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer found OWNED(buffer_release) = { 0 };
        describe(&found, set, rows[i].text);
        assert_string_equal(buffer_text(&found), rows[i].found);
    }
}

static void test_literal_set__folds_ascii_letters_only_when_asked(void **state)
{
    (void)state;
    static const char *const literals[] = { "Tel", "AT]", "n\xC3\xA9", "@x", NULL };
    struct literal_set *set OWNED(literal_set_release) = NULL;
    struct buffer found OWNED(buffer_release) = { 0 };
    make(&set, true, literals);
    describe(&found, set, "TEL tel tEl at] At} N\xC3\xA9 N\xC3\x89 @X `x");
    assert_string_equal(buffer_text(&found), "0:0 4:0 8:0 12:1 20:2 28:3 ");
}

static void test_literal_set__goes_on_where_it_is_told(void **state)
{
    (void)state;
    static const char *const literals[] = { "aa", "aaa", NULL };
    struct literal_set *set OWNED(literal_set_release) = NULL;
    make(&set, false, literals);
    struct literal_walk walk = { .set = set, .bytes = "aaaaaa", .length = 6 };
    assert_true(literal_set_next(&walk));
    literal_set_go_on(&walk, 3);
    assert_true(literal_set_next(&walk));
    assert_int_equal(walk.at, 3);
    assert_int_equal(walk.literal, 0);
    assert_true(literal_set_next(&walk));
    assert_int_equal(walk.literal, 1);
    literal_set_go_on(&walk, 6);
    assert_false(literal_set_next(&walk));
}

// Many places are looked at together: none of them is missed, nor the last ones of a text.
static void test_literal_set__finds_a_literal_at_every_place_of_a_text(void **state)
{
    (void)state;
    static const char *const literals[] = { "ab", "xyz", "begin", NULL };
    struct literal_set *set OWNED(literal_set_release) = NULL;
    make(&set, true, literals);
    for (size_t length = 5; length <= 40; length++)
        for (size_t i = 0; literals[i]; i++)
            for (size_t at = 0; at + strlen(literals[i]) <= length; at++) {
                char text[41];
                struct literal_walk walk = { .set = set, .bytes = text, .length = length };
                memset(text, '-', sizeof(text));
                memcpy(text + at, literals[i], strlen(literals[i]));
                assert_true(literal_set_next(&walk));
                assert_int_equal(walk.at, at);
                assert_int_equal(walk.literal, i);
                assert_false(literal_set_next(&walk));
            }
}

static void test_literal_set__refuses_what_it_could_not_find(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct literal_set *set OWNED(literal_set_release) = NULL;
    make(&set, false, (const char *const[]) { NULL });
    assert_int_equal(literal_set_add(set, "a", 1, &err), STATUS_INVALID);
    for (size_t i = 0; i < LITERAL_SET_MAX; i++)
        assert_int_equal(literal_set_add(set, "ab", 2, &err), STATUS_OK);
    assert_int_equal(literal_set_add(set, "ab", 2, &err), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literal_set__finds_each_literal_where_it_stands),
        cmocka_unit_test(test_literal_set__folds_ascii_letters_only_when_asked),
        cmocka_unit_test(test_literal_set__goes_on_where_it_is_told),
        cmocka_unit_test(test_literal_set__finds_a_literal_at_every_place_of_a_text),
        cmocka_unit_test(test_literal_set__refuses_what_it_could_not_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
