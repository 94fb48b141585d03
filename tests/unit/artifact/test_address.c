// What a text points at: hosts and numbers in all their forms, and texts that are neither.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "artifact/address.h"
#include "base/memory.h"

static void test_address__reads_hosts_and_numbers(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        const char *number;
    } cases[] = {
        { "https://CRM.Example.com:8443/v1?x=1", "crm.example.com", "" },
        { "https://user:pass@crm.example.com./", "crm.example.com", "" },
        { "https://evil.example.net\\@crm.example.com/", "evil.example.net", "" },
        { "http://[2001:db8::1]:80/x", "2001:db8::1", "" },
        { "crm.example.com", "crm.example.com", "" },
        { "crm.example.com:443/path", "crm.example.com", "" },
        { "192.168.10.20", "192.168.10.20", "" },
        { "localhost:8080", "localhost", "" },
        { "+1 (202) 555-0100", "", "+12025550100" },
        { "0044 20 7946 0000", "", "+442079460000" },
        { "tel:+1-202-555-0100;ext=5", "", "+12025550100" },
        { "sip:+12025550100@pbx.example.com;transport=tls", "pbx.example.com", "+12025550100" },
        { "2025550100", "", "2025550100" },
        { "12345", "", "" },
        { "+1234567890123456789", "", "" },
        { "production/crm-token", "", "" },
        { "", "", "" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct address address;
        address_read(&address, cases[i].text);
        assert_string_equal(address.host, cases[i].host);
        assert_string_equal(address.number, cases[i].number);
    }
}

static void test_address__knows_reserved_and_private_hosts(void **state)
{
    static const struct {
        const char *host;
        bool is_reserved;
        bool is_private;
    } cases[] = {
        { "example.com", true, false },
        { "api.example.org", true, false },
        { "crm.test", true, false },
        { "myexample.com", false, false },
        { "example.com.evil.io", false, false },
        { "192.0.2.7", true, false },
        { "2001:db8::1", true, false },
        { "localhost", false, true },
        { "crm.internal", false, true },
        { "10.0.0.1", false, true },
        { "10.example-corp.com", false, false },
        { "172.20.1.1", false, true },
        { "172.32.1.1", false, false },
        { "::1", false, true },
        { "fd00::1", false, true },
        { "8.8.8.8", false, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(address_is_reserved(cases[i].host), cases[i].is_reserved);
        assert_int_equal(address_is_private(cases[i].host), cases[i].is_private);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address__reads_hosts_and_numbers),
        cmocka_unit_test(test_address__knows_reserved_and_private_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
