// The command line of greenroomd.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "options.h"

#define MAX_ARGUMENTS 12

static enum status parse(struct options *options, const char *const *arguments,
                         const char *default_environment, struct error *err)
{
    char *argv[MAX_ARGUMENTS + 1] = { (char *)"greenroomd" };
    int argc = 1;
    for (; argc <= MAX_ARGUMENTS && arguments[argc - 1]; argc++)
        argv[argc] = (char *)arguments[argc - 1];
    return options_parse(options, argc, argv, default_environment, err);
}

static void test_options__takes_both_ways_to_write_a_value(void **state)
{
    (void)state;
    static const char *const arguments[] = { "--env", "var/production", "--listen=[::1]:0",
                                             "--threads=3", NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, arguments, "elsewhere", &err), STATUS_OK);
    assert_string_equal(options.environment_path, "var/production");
    assert_string_equal(options.listen, "[::1]:0");
    assert_int_equal(options.threads, 3);
}

static void test_options__takes_limits(void **state)
{
    (void)state;
    static const char *const arguments[] = { "--env=x",
                                             "--max-connections=9",
                                             "--max-per-address",
                                             "8",
                                             "--idle-timeout=7s",
                                             "--request-timeout=6m",
                                             "--stall-timeout=5h",
                                             "--stop-timeout=4s",
                                             NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, arguments, NULL, &err), STATUS_OK);
    assert_int_equal(options.limits.connections, 9);
    assert_int_equal(options.limits.per_address, 8);
    assert_int_equal(options.limits.idle_seconds, 7);
    assert_int_equal(options.limits.head_seconds, 360);
    assert_int_equal(options.limits.stall_seconds, 18000);
    assert_int_equal(options.limits.stop_seconds, 4);
}

static void test_options__falls_back_on_what_is_usual(void **state)
{
    (void)state;
    static const char *const none[] = { NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, none, "from-environment", &err), STATUS_OK);
    assert_string_equal(options.environment_path, "from-environment");
    assert_string_equal(options.listen, OPTIONS_DEFAULT_LISTEN);
    assert_int_equal(options.threads, 0);
    assert_int_equal(options.limits.connections, 0);
    assert_int_equal(options.limits.idle_seconds, LIMITS_IDLE_SECONDS);
}

static void test_options__refuses_wrong_usage(void **state)
{
    (void)state;
    static const char *const bad[][3] = {
        { NULL },
        { "--env", NULL },
        { "--env=", NULL },
        { "--env=x", "--threads=0", NULL },
        { "--env=x", "--threads=65", NULL },
        { "--env=x", "--threads=-1", NULL },
        { "--env=x", "--threads=2x", NULL },
        { "--env=x", "--threads=", NULL },
        { "--env=x", "--max-connections=0", NULL },
        { "--env=x", "--max-per-address=1000001", NULL },
        { "--env=x", "--idle-timeout=0s", NULL },
        { "--env=x", "--request-timeout=5", NULL },
        { "--env=x", "--stall-timeout=25h", NULL },
        { "--env=x", "--stop-timeout", NULL },
        { "--env=x", "--help=yes", NULL },
        { "--env=x", "--port", NULL },
        { "--env=x", "more", NULL },
        { "--env=x", "--listen", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct options options;
        struct error err;
        assert_int_equal(parse(&options, bad[i], NULL, &err), STATUS_INVALID);
        assert_true(err.hint[0] != '\0');
    }
}

static void test_options__needs_no_environment_for_help(void **state)
{
    (void)state;
    static const char *const help[] = { "--help", NULL };
    static const char *const version[] = { "--version", NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, help, NULL, &err), STATUS_OK);
    assert_true(options.wants_help);
    assert_int_equal(parse(&options, version, "", &err), STATUS_OK);
    assert_true(options.wants_version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options__takes_both_ways_to_write_a_value),
        cmocka_unit_test(test_options__takes_limits),
        cmocka_unit_test(test_options__falls_back_on_what_is_usual),
        cmocka_unit_test(test_options__refuses_wrong_usage),
        cmocka_unit_test(test_options__needs_no_environment_for_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
