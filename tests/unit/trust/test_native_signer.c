// The signer of the scenes that need very many signatures, held to the program it stands in for.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "trust/ssh_signature.h"
#include "unit/trust/native_signer.h"

static void test_native_signer__makes_the_bytes_that_ssh_keygen_makes(void **state)
{
    (void)state;
    static const char message[] = "what is signed";
    char folder[] = "/tmp/greenroom-test-XXXXXX";
    char path[64];
    char command[128];
    struct error err = { 0 };
    struct native_signer signer OWNED(native_signer_release) = { 0 };
    struct buffer ours OWNED(buffer_release) = { 0 };
    struct buffer theirs OWNED(buffer_release) = { 0 };
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/key", folder);
    snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C '' -f %s", path);
    assert_int_equal(system(command), 0);
    assert_int_equal(native_signer_open(&signer, path, &err), STATUS_OK);
    assert_int_equal(native_signer_sign(&signer, "git", message, sizeof(message), &ours, &err),
                     STATUS_OK);
    assert_int_equal(ssh_signature_make(&theirs, path, "git", message, sizeof(message), &err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&ours), buffer_text(&theirs));
    assert_int_equal(file_remove_tree(folder, &err), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_native_signer__makes_the_bytes_that_ssh_keygen_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
