// SSH's wire types: RFC 4251's own examples, and lengths that lie.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "trust/ssh_wire.h"

static struct ssh_wire over(const char *bytes, size_t length)
{
    return ssh_wire_over((struct ssh_span) { (const uint8_t *)bytes, length });
}

static void test_ssh_wire__reads_fields_in_order(void **state)
{
    (void)state;
    static const char bytes[] = "\x29\xb7\xf4\xaa\x00\x00\x00\x07testing\x05"
                                "end";
    struct ssh_wire wire = over(bytes, sizeof(bytes) - 1);
    assert_int_equal(ssh_wire_number(&wire), 699921578);
    assert_true(ssh_wire_is(ssh_wire_string(&wire), "testing"));
    assert_int_equal(ssh_wire_byte(&wire), 5);
    assert_false(ssh_wire_ended(&wire));
    assert_true(ssh_wire_is(ssh_wire_take(&wire, 3), "end"));
    assert_true(ssh_wire_ended(&wire));
}

static void test_ssh_wire__never_reads_past_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } cut[] = {
        { "", 0 },
        { "\0\0\0", 3 },
        { "\0\0\0\x01", 4 },
        { "\0\0\0\x05"
          "four",
          8 },
        { "\xff\xff\xff\xff"
          "some",
          8 },
        { "\x7f\xff\xff\xff", 4 },
    };
    for (size_t i = 0; i < COUNT_OF(cut); i++) {
        struct ssh_wire wire = over(cut[i].bytes, cut[i].length);
        assert_int_equal(ssh_wire_string(&wire).length, 0);
        assert_true(wire.bad);
        // Once bad, always bad: what follows is not read from the wrong place.
        assert_int_equal(ssh_wire_number(&wire), 0);
        assert_int_equal(ssh_wire_byte(&wire), 0);
        assert_int_equal(ssh_wire_take(&wire, 0).length, 0);
        assert_false(ssh_wire_ended(&wire));
    }
}

static void test_ssh_wire__reads_naturals_in_shortest_form_only(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        size_t natural; // bytes of the magnitude; 0: bad
    } samples[] = {
        { "\0\0\0\x08\x09\xa3\x78\xf9\xb2\xe3\x32\xa7", 12, 8 },
        { "\0\0\0\x02\x00\x80", 6, 1 },
        { "\0\0\0\x01\x7f", 5, 1 },
        { "\0\0\0\0\x05", 4, 0 },       // zero, and a byte that is not its
        { "\0\0\0\x00", 4, 0 },         // zero
        { "\0\0\0\x01\x00", 5, 0 },     // zero, spelled out
        { "\0\0\0\x02\xed\xcc", 6, 0 }, // negative
        { "\0\0\0\x01\x80", 5, 0 },     // negative
        { "\0\0\0\x02\x00\x7f", 6, 0 }, // a zero byte too many
        { "\0\0\0\x03\x00\x00\x80", 7, 0 },
        { "\0\0\0\x04\x01", 5, 0 }, // cut short
    };
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct ssh_wire wire = over(samples[i].bytes, samples[i].length);
        struct ssh_span natural = ssh_wire_natural(&wire);
        assert_int_equal(wire.bad, samples[i].natural == 0);
        if (!wire.bad)
            assert_int_equal(natural.length, samples[i].natural);
        if (!wire.bad)
            assert_int_not_equal(natural.bytes[0], 0);
    }
}

static void test_ssh_wire__appends_what_it_reads(void **state)
{
    (void)state;
    struct buffer bytes OWNED(buffer_release) = { 0 };
    char text[300];
    memset(text, 'x', sizeof(text));
    ssh_wire_append_string(&bytes, text, sizeof(text));
    ssh_wire_append_string(&bytes, "", 0);
    struct ssh_wire wire = over(bytes.bytes, bytes.length);
    struct ssh_span back = ssh_wire_string(&wire);
    assert_int_equal(back.length, sizeof(text));
    assert_memory_equal(back.bytes, text, sizeof(text));
    assert_int_equal(ssh_wire_string(&wire).length, 0);
    assert_true(ssh_wire_ended(&wire));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ssh_wire__reads_fields_in_order),
        cmocka_unit_test(test_ssh_wire__never_reads_past_the_end),
        cmocka_unit_test(test_ssh_wire__reads_naturals_in_shortest_form_only),
        cmocka_unit_test(test_ssh_wire__appends_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
