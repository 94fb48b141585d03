// Where to listen.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "listener.h"

static void test_listener__splits_host_and_port(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host;
        const char *port;
    } cases[] = {
        { "127.0.0.1:8080", "127.0.0.1", "8080" },
        { "[::1]:0", "::1", "0" },
        { ":65535", "", "65535" },
        { "localhost:80", "localhost", "80" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct listener_address address;
        struct error err;
        assert_int_equal(listener_parse(&address, cases[i].text, &err), STATUS_OK);
        assert_string_equal(address.host, cases[i].host);
        assert_string_equal(address.port, cases[i].port);
    }
}

static void test_listener__refuses_what_is_no_address(void **state)
{
    (void)state;
    static const char *const bad[] = { "",       "8080",  "host:", "host:x",      "host:65536",
                                       "::1:80", "[::1]", "a:b:c", "host:000080", "host:-1" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct listener_address address;
        struct error err;
        if (listener_parse(&address, bad[i], &err) != STATUS_INVALID)
            fail_msg("taken: %s", bad[i]);
    }
}

static void test_listener__takes_a_free_port_and_says_which(void **state)
{
    (void)state;
    struct listener_address address = { .host = "127.0.0.1", .port = "0" };
    char bound[LISTENER_ADDRESS_BYTES];
    int fd OWNED(file_close) = -1;
    int other OWNED(file_close) = -1;
    struct error err;
    assert_int_equal(listener_bind(&fd, bound, &address, &err), STATUS_OK);
    assert_int_equal(listener_begin(fd, &err), STATUS_OK);
    assert_int_equal(strncmp(bound, "127.0.0.1:", 10), 0);
    assert_string_not_equal(bound, "127.0.0.1:0");
    assert_int_equal(listener_parse(&address, bound, &err), STATUS_OK);
    assert_int_equal(listener_bind(&other, bound, &address, &err), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listener__splits_host_and_port),
        cmocka_unit_test(test_listener__refuses_what_is_no_address),
        cmocka_unit_test(test_listener__takes_a_free_port_and_says_which),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
