// Whether two ways of naming somebody mean the same person: nobody approves what they wrote.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "release/person.h"

static const struct {
    const char *author;
    const char *principal;
    bool is_same;
} pairs[] = {
    { "approver@example.com", "approver@example.com", true },
    { "Approver <approver@example.com>", "approver@example.com", true },
    { "Somebody Else <approver@example.com>", "approver@example.com", true },
    { "Approver <APPROVER@Example.Com>", "approver@example.com", true },
    { "approver@example.com <other@example.com>", "Approver@example.com", true },
    { "Approver <approver@example.com>", "approver", true },
    { "APPROVER   <x@example.com>", "approver", true },
    { "approver", "Approver", true },
    { "Approver <approver@example.com", "approver@example.com", true }, // never closed
    { "<approver@example.com>", "approver@example.com", true },

    { "Author <author@example.com>", "approver@example.com", false },
    { "Approver Two <two@example.com>", "approver", false },
    { "Approver <approver@example.com.au>", "approver@example.com", false },
    { "Approver <an-approver@example.com>", "approver@example.com", false },
    { "approve", "approver", false },
    { "", "approver", false },
    { "<>", "approver", false },
};

static void test_person_is_named__knows_a_person_by_name_and_by_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (person_is_named(pairs[i].author, pairs[i].principal) != pairs[i].is_same)
            fail_msg("'%s' and '%s' are %sone person", pairs[i].author, pairs[i].principal,
                     pairs[i].is_same ? "" : "not ");
}

// Keys are compared byte for byte, so these need not be any that somebody could sign with.
static void make_key(struct ssh_key *key, uint8_t fill)
{
    *key = (struct ssh_key) { .blob_bytes = 32 };
    memset(key->blob, fill, key->blob_bytes);
}

static void test_person_is_signer__holds_for_every_name_that_the_key_ever_had(void **state)
{
    (void)state;
    struct ssh_key first;
    struct ssh_key second;
    make_key(&first, 1);
    make_key(&second, 2);
    char old_name[] = "old@example.com";
    char new_name[] = "new@example.com";
    char second_name[] = "second@example.com";
    struct allowed_signer lines[] = {
        { .name = old_name, .key = &first, .valid_before = 1 }, // removed long ago
        { .name = new_name, .key = &first, .valid_before = INT64_MAX },
        { .name = second_name, .key = &second, .valid_before = INT64_MAX },
    };
    struct allowed_signers approvers = { lines, COUNT_OF(lines), COUNT_OF(lines) };
    assert_true(person_is_signer(&approvers, &first, "Old <old@example.com>"));
    assert_true(person_is_signer(&approvers, &first, "new@example.com"));
    assert_false(person_is_signer(&approvers, &first, "second@example.com"));
    assert_true(person_is_signer(&approvers, &second, "second@example.com"));
    assert_false(person_is_signer(&approvers, &second, "Author <author@example.com>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person_is_named__knows_a_person_by_name_and_by_address),
        cmocka_unit_test(test_person_is_signer__holds_for_every_name_that_the_key_ever_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
