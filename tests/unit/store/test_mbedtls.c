// What keeps libgit2 from parsing the machine's certificates.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <git2.h>

#include "store/mbedtls.h"

// libgit2 calls the function by name: what the dynamic linker finds first must be ours. A libgit2
// over another TLS library has no such function at all.
static void test_mbedtls__ours_is_the_one_that_is_called(void **state)
{
    (void)state;
    mbedtls_have_no_certificates();
    assert_true(git_libgit2_init() > 0);
    void *theirs = dlopen("libmbedx509.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (!theirs)
        skip();
    dlclose(theirs);
    int (*ours)(void *, const char *) = mbedtls_x509_crt_parse_file;
    assert_true(dlsym(RTLD_DEFAULT, "mbedtls_x509_crt_parse_file") == *(void **)&ours);
    assert_int_equal(mbedtls_x509_crt_parse_file(NULL, "certificates"), -1);
    git_libgit2_shutdown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mbedtls__ours_is_the_one_that_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
