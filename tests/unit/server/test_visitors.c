// How many connections each address has.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "visitors.h"

static struct visitor at(const char *text)
{
    struct sockaddr_storage address = { 0 };
    struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        address.ss_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
        address.ss_family = AF_INET6;
    }
    return visitors_address(&address);
}

static void assert_same(const char *one, const char *other, int same)
{
    struct visitor a = at(one);
    struct visitor b = at(other);
    assert_int_equal(memcmp(&a, &b, sizeof(a)) == 0, same);
}

static void test_visitors__count_for_their_address(void **state)
{
    (void)state;
    assert_same("192.0.2.1", "192.0.2.1", 1);
    assert_same("192.0.2.1", "192.0.2.2", 0);
    assert_same("192.0.2.1", "::ffff:192.0.2.1", 1);
    assert_same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 1);
    assert_same("2001:db8:1:2::1", "2001:db8:1:3::1", 0);
    assert_same("::1", "127.0.0.1", 0);
}

static void test_visitors__may_be_so_many_and_no_more(void **state)
{
    (void)state;
    struct visitors *visitors = NULL;
    struct error err;
    struct visitor one = at("192.0.2.1");
    struct visitor other = at("192.0.2.2");
    assert_int_equal(visitors_new(&visitors, 2, &err), STATUS_OK);
    assert_true(visitors_enter(visitors, &one) && visitors_enter(visitors, &one));
    assert_false(visitors_enter(visitors, &one));
    assert_true(visitors_enter(visitors, &other));
    visitors_leave(visitors, &one);
    assert_true(visitors_enter(visitors, &one));
    assert_false(visitors_enter(visitors, &one));
    visitors_release(&visitors);
}

static void test_visitors__leave_nothing_behind(void **state)
{
    (void)state;
    struct visitors *visitors = NULL;
    struct error err;
    assert_int_equal(visitors_new(&visitors, 1, &err), STATUS_OK);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 20000; i++) {
            struct visitor visitor = { { 0 } };
            memcpy(visitor.bytes, &i, sizeof(i));
            if (round == 0)
                assert_true(visitors_enter(visitors, &visitor));
            else
                visitors_leave(visitors, &visitor);
        }
    struct visitor again = { { 0 } };
    assert_true(visitors_enter(visitors, &again));
    visitors_release(&visitors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visitors__count_for_their_address),
        cmocka_unit_test(test_visitors__may_be_so_many_and_no_more),
        cmocka_unit_test(test_visitors__leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
