// The settings of greenroomd: from words, variables and a file.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "log_record.h"
#include "options.h"

#define MAX_ARGUMENTS 12

static enum status parse(struct options *options, const char *const *arguments,
                         const char *variable, struct error *err)
{
    char *const environment[] = { (char *)"PATH=/bin", (char *)variable, NULL };
    char *argv[MAX_ARGUMENTS + 1] = { (char *)"greenroomd" };
    int argc = 1;
    for (; argc <= MAX_ARGUMENTS && arguments[argc - 1]; argc++)
        argv[argc] = (char *)arguments[argc - 1];
    return options_parse(options, argc, argv, environment, err);
}

static void test_options__takes_both_ways_to_write_a_value(void **state)
{
    (void)state;
    static const char *const arguments[] = { "--env", "var/production", "--listen=[::1]:0",
                                             "--threads=3", NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, arguments, "GREENROOM_ENV=elsewhere", &err), STATUS_OK);
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
    assert_int_equal(parse(&options, none, "GREENROOM_ENV=from-environment", &err), STATUS_OK);
    assert_string_equal(options.environment_path, "from-environment");
    assert_string_equal(options.listen, OPTIONS_DEFAULT_LISTEN);
    assert_int_equal(options.threads, 0);
    assert_int_equal(options.limits.connections, 0);
    assert_int_equal(options.limits.idle_seconds, LIMITS_IDLE_SECONDS);
}

static void test_options__takes_variables_by_their_names(void **state)
{
    (void)state;
    static const char *const arguments[] = { "--env=x", NULL };
    struct options options;
    struct error err;
    assert_int_equal(parse(&options, arguments, "GREENROOM_MAX_PER_ADDRESS=7", &err), STATUS_OK);
    assert_int_equal(options.limits.per_address, 7);
    assert_int_equal(parse(&options, arguments, "GREENROOM_WRITABLE=yes", &err), STATUS_OK);
    assert_true(options.is_writable);
    assert_int_equal(options.log_format, LOG_TEXT);
    assert_int_equal(parse(&options, arguments, "GREENROOM_LOG_FORMAT=json", &err), STATUS_OK);
    assert_int_equal(options.log_format, LOG_JSON);
    assert_int_equal(parse(&options, arguments, "GREENROOM_LOG_FORMAT=JSON", &err), STATUS_INVALID);
    assert_string_equal(err.message,
                        "GREENROOM_LOG_FORMAT: --log-format: 'JSON' is not text or json");
    assert_int_equal(parse(&options, arguments, "GREENROOM_WRITABLE=1", &err), STATUS_INVALID);
    assert_string_equal(err.message, "GREENROOM_WRITABLE: --writable: '1' is not yes or no");
    // Another program's, and what only the command line may say.
    assert_int_equal(parse(&options, arguments, "GREENROOM_MAX=7", &err), STATUS_OK);
    assert_int_equal(parse(&options, arguments, "GREENROOM_HELP=yes", &err), STATUS_OK);
    assert_false(options.wants_help);
}

static void write_bytes(char *path, const char *bytes, size_t length)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static void write_file(char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static void test_options__takes_a_file_then_variables_then_words(void **state)
{
    (void)state;
    char path[] = "/tmp/options-XXXXXX";
    const char *const arguments[] = { "--config", path, "--listen=[::1]:3", NULL };
    struct options options OWNED(options_release) = { 0 };
    struct error err;
    write_file(path, "# production\n env = from file \r\n\nlisten = [::1]:1\nthreads=2\n"
                     "writable = yes\nstates = 9");
    assert_int_equal(parse(&options, arguments, "GREENROOM_THREADS=4", &err), STATUS_OK);
    unlink(path);
    assert_string_equal(options.environment_path, "from file");
    assert_string_equal(options.listen, "[::1]:3");
    assert_int_equal(options.threads, 4);
    assert_int_equal(options.states, 9);
    assert_true(options.is_writable);
    assert_false(options.is_unconfined);

    struct buffer text OWNED(buffer_release) = { 0 };
    assert_int_equal(options_print(&text, &options, &err), STATUS_OK);
    assert_non_null(strstr(buffer_text(&text), "env = from file\nlisten = [::1]:3\nthreads = 4\n"));
    assert_non_null(strstr(buffer_text(&text), "\n# tls-certificate = \n"));
    assert_non_null(strstr(buffer_text(&text), "\nidle-timeout = 60s\n"));
}

// What is printed can be read again, and says the same.
static void test_options__prints_what_it_reads(void **state)
{
    (void)state;
    char path[] = "/tmp/options-XXXXXX";
    const char *const first[] = { "--env=x", "--plain-http", "--stop-timeout=2m",
                                  "--log-format=json", NULL };
    const char *const second[] = { "--config", path, NULL };
    struct options options OWNED(options_release) = { 0 };
    struct options again OWNED(options_release) = { 0 };
    struct buffer printed OWNED(buffer_release) = { 0 };
    struct buffer reprinted OWNED(buffer_release) = { 0 };
    struct error err;
    assert_int_equal(parse(&options, first, NULL, &err), STATUS_OK);
    assert_int_equal(options_print(&printed, &options, &err), STATUS_OK);
    write_file(path, buffer_text(&printed));
    assert_int_equal(parse(&again, second, NULL, &err), STATUS_OK);
    unlink(path);
    assert_int_equal(options_print(&reprinted, &again, &err), STATUS_OK);
    assert_string_equal(buffer_text(&printed), buffer_text(&reprinted));
}

static void test_options__names_the_line_of_a_file_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        { "env = x\nthreads = 99\n", ":2: --threads: '99' is not 1 to 64" },
        { "env = x\n\nport = 1\n", ":3: there is no setting 'port'" },
        { "env\n", ":1: 'env' is not NAME = VALUE" },
        { "help = yes\n", ":1: there is no setting 'help'" },
        { "config = other\n", ":1: there is no setting 'config'" },
        { "writable = true\n", ":1: --writable: 'true' is not yes or no" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char path[] = "/tmp/options-XXXXXX";
        char message[128];
        const char *const arguments[] = { "--config", path, NULL };
        struct options options;
        struct error err;
        write_file(path, rows[i].text);
        assert_int_equal(parse(&options, arguments, NULL, &err), STATUS_INVALID);
        unlink(path);
        snprintf(message, sizeof(message), "%s%s", path, rows[i].message);
        assert_string_equal(err.message, message);
    }
}

// All that stands behind it would be left out.
static void test_options__refuses_a_file_with_a_nul_byte(void **state)
{
    (void)state;
    static const char text[] = "env = x\nthreads = 2\0\nwritable = no\n";
    char path[] = "/tmp/options-XXXXXX";
    char message[128];
    const char *const arguments[] = { "--config", path, NULL };
    struct options options;
    struct error err;
    write_bytes(path, text, sizeof(text) - 1);
    assert_int_equal(parse(&options, arguments, NULL, &err), STATUS_INVALID);
    unlink(path);
    snprintf(message, sizeof(message), "%s:2: there is a NUL byte", path);
    assert_string_equal(err.message, message);
    assert_true(err.hint[0] != '\0');
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
        { "--env=x", "--log-format=xml", NULL },
        { "--env=x", "--log-format", NULL },
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
    assert_int_equal(parse(&options, version, "GREENROOM_ENV=", &err), STATUS_OK);
    assert_true(options.wants_version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options__takes_both_ways_to_write_a_value),
        cmocka_unit_test(test_options__takes_limits),
        cmocka_unit_test(test_options__falls_back_on_what_is_usual),
        cmocka_unit_test(test_options__takes_variables_by_their_names),
        cmocka_unit_test(test_options__takes_a_file_then_variables_then_words),
        cmocka_unit_test(test_options__prints_what_it_reads),
        cmocka_unit_test(test_options__names_the_line_of_a_file_that_is_wrong),
        cmocka_unit_test(test_options__refuses_a_file_with_a_nul_byte),
        cmocka_unit_test(test_options__refuses_wrong_usage),
        cmocka_unit_test(test_options__needs_no_environment_for_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
