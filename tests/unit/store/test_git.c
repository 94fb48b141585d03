// libgit2 without its network.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <git2.h>

#include "base/memory.h"
#include "store/git.h"

static void test_git__starts_without_what_the_network_needs(void **state)
{
    (void)state;
    static const char *const libraries[] = { "libmbedtls.so.14", "libssh2.so.1",
                                             "libgssapi_krb5.so.2", "libgit2.so.1.5" };
    git_without_network();
    assert_true(git_libgit2_init() > 0);
    for (size_t i = 0; i < COUNT_OF(libraries); i++)
        assert_null(dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD));
    git_libgit2_shutdown();
}

static void test_git__reaches_nobody(void **state)
{
    (void)state;
    git_remote *remote = NULL;
    git_without_network();
    assert_true(git_libgit2_init() > 0);
    assert_int_equal(git_remote_create_detached(&remote, "https://git.example.com/a.git"), 0);
    assert_int_equal(git_remote_connect(remote, GIT_DIRECTION_FETCH, NULL, NULL, NULL),
                     GIT_ENOTFOUND);
    git_remote_free(remote);
    git_libgit2_shutdown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_git__starts_without_what_the_network_needs),
        cmocka_unit_test(test_git__reaches_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
