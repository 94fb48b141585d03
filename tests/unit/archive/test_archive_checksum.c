// CRC-32 against its published check value, and against itself in other steps.
#include "unit/archive/room.h"

#include "archive/archive_checksum.h"

static uint32_t checksum_of(const char *bytes, size_t length)
{
    struct archive_checksum checksum;
    archive_checksum_init(&checksum);
    archive_checksum_add(&checksum, bytes, length);
    return checksum.value;
}

static void test_archive_checksum__known_values(void **state)
{
    (void)state;
    assert_int_equal(checksum_of("", 0), 0);
    assert_int_equal(checksum_of("a", 1), 0xE8B7BE43U);
    assert_int_equal(checksum_of("123456789", 9), 0xCBF43926U);
    assert_int_equal(checksum_of("The quick brown fox jumps over the lazy dog", 43), 0x414FA339U);
}

static void test_archive_checksum__steps_do_not_matter(void **state)
{
    (void)state;
    char bytes[1000];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 131 + i / 7);
    uint32_t whole = checksum_of(bytes, sizeof(bytes));
    for (size_t step = 1; step < 40; step++) {
        struct archive_checksum checksum;
        archive_checksum_init(&checksum);
        for (size_t at = 0; at < sizeof(bytes); at += step)
            archive_checksum_add(&checksum, bytes + at,
                                 step < sizeof(bytes) - at ? step : sizeof(bytes) - at);
        assert_int_equal(checksum.value, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_archive_checksum__known_values),
        cmocka_unit_test(test_archive_checksum__steps_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
