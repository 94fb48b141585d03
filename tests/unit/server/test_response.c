// Responses: fields that cannot break the head open, and content that goes back to whoever gave it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/memory.h"
#include "response.h"

static void count_drop(void *held)
{
    (*(int *)held)++;
}

static void test_response__gives_its_content_back_once(void **state)
{
    (void)state;
    int drops = 0;
    struct response *response = NULL;
    struct error err;
    const struct response_content content = {
        .bytes = "x", .size_bytes = 1, .drop = count_drop, .held = &drops
    };
    assert_int_equal(response_new(&response, &content, &err), STATUS_OK);
    response_hold(response);
    response_drop(response);
    assert_int_equal(drops, 0);
    response_release(&response);
    assert_int_equal(drops, 1);
    assert_null(response);
}

static void test_response__keeps_its_head_whole(void **state)
{
    (void)state;
    static const char *const bad[] = { "a\r\nSet-Cookie: b", "a\nb", "a\rb", "\x01", "\x7f" };
    struct response *response OWNED(response_release) = NULL;
    struct error err;
    const struct response_content content = { .bytes = "", .size_bytes = 0 };
    assert_int_equal(response_new(&response, &content, &err), STATUS_OK);
    assert_int_equal(response_add_field(response, "A", "b", &err), STATUS_OK);
    assert_int_equal(response_add_field(response, "Left-Out", NULL, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(response_add_field(response, "C", bad[i], &err), STATUS_INVALID);
        assert_int_equal(response_add_field(response, bad[i], "d", &err), STATUS_INVALID);
    }
    assert_int_equal(response->fields_bytes, strlen("A: b\r\n"));
    assert_memory_equal(response->fields, "A: b\r\n", response->fields_bytes);
}

static void test_response__bounds_its_head(void **state)
{
    (void)state;
    char value[1024];
    struct response *response OWNED(response_release) = NULL;
    struct error err;
    const struct response_content content = { .bytes = "", .size_bytes = 0 };
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    assert_int_equal(response_new(&response, &content, &err), STATUS_OK);
    enum status status = STATUS_OK;
    for (int i = 0; i < 100 && status == STATUS_OK; i++)
        status = response_add_field(response, "A", value, &err);
    assert_int_equal(status, STATUS_TOO_LARGE);
    assert_true(response->fields_bytes <= RESPONSE_MAX_FIELDS_BYTES);
}

static void test_response__knows_the_words_of_each_status(void **state)
{
    (void)state;
    size_t bytes;
    assert_string_equal(response_status_line(304, &bytes), "HTTP/1.1 304 Not Modified\r\n");
    assert_int_equal(bytes, 27);
    assert_null(response_status_line(299, &bytes));
    assert_null(response_status_line(100000, &bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_response__gives_its_content_back_once),
        cmocka_unit_test(test_response__keeps_its_head_whole),
        cmocka_unit_test(test_response__bounds_its_head),
        cmocka_unit_test(test_response__knows_the_words_of_each_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
