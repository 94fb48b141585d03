// Object ids: their text, and the map keyed by them.
#include "unit/store/store_fixture.h"

#include "store/oid.h"

static void test_oid__reads_what_it_writes(void **state)
{
    (void)state;
    struct error err = { 0 };
    const char *text = "0123456789abcdef0123456789abcdef01234567";
    struct oid oid;
    char again[OID_TEXT_BYTES];
    assert_ok(oid_parse(&oid, text, &err));
    assert_int_equal(oid.bytes[0], 0x01);
    assert_int_equal(oid.bytes[19], 0x67);
    oid_format(&oid, again);
    assert_string_equal(again, text);
    assert_false(oid_is_none(&oid));
    assert_true(oid_is_none(&(struct oid) { 0 }));
}

static void test_oid__refuses_what_is_no_id(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "0123456789abcdef0123456789abcdef0123456",
        "0123456789abcdef0123456789abcdef012345678",
        "0123456789ABCDEF0123456789abcdef01234567",
        "0123456789abcdeg0123456789abcdef01234567",
        " 123456789abcdef0123456789abcdef01234567",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct error err = { 0 };
        struct oid oid = { { 7 } };
        assert_int_equal(oid_parse(&oid, bad[i], &err), STATUS_INVALID);
        assert_string_equal(err.code, "object_id_invalid");
        assert_int_equal(oid.bytes[0], 7);
    }
}

static struct oid id_of(size_t number)
{
    struct oid oid = { 0 };
    memcpy(oid.bytes, &number, sizeof(number));
    oid.bytes[19] = 1;
    return oid;
}

static void test_oid__maps_each_id_to_its_number(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct oid_map map OWNED(oid_map_release) = { 0 };
    size_t value = 0;
    struct oid absent = id_of(5000);
    assert_false(oid_map_get(&map, &absent, &value));
    // Multiples of 4,096 all want the same slot at first.
    for (size_t i = 0; i < 5000; i++) {
        struct oid oid = id_of(i * 4096);
        assert_ok(oid_map_put(&map, &oid, i, &err));
    }
    struct oid again = id_of(4096);
    assert_ok(oid_map_put(&map, &again, 77, &err));
    assert_int_equal(map.count, 5000);
    for (size_t i = 0; i < 5000; i++) {
        struct oid oid = id_of(i * 4096);
        assert_true(oid_map_get(&map, &oid, &value));
        assert_int_equal(value, i == 1 ? 77 : i);
    }
    assert_false(oid_map_get(&map, &absent, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oid__reads_what_it_writes),
        cmocka_unit_test(test_oid__refuses_what_is_no_id),
        cmocka_unit_test(test_oid__maps_each_id_to_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
