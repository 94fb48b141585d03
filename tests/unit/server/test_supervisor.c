// What the service manager hears: over a real socket, by path and in the abstract namespace.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervisor.h"

// A manager that listens under `name`, as NOTIFY_SOCKET would have it.
static int listen_as(const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
                     0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    return fd;
}

static void assert_hears(int fd, const char *wanted)
{
    char heard[64] = "";
    assert_int_equal(recv(fd, heard, sizeof(heard) - 1, 0), strlen(wanted));
    assert_string_equal(heard, wanted);
}

static void assert_hears_nothing(int fd)
{
    char heard[64];
    assert_int_equal(recv(fd, heard, sizeof(heard), 0), -1);
}

static void check_manager(const char *name)
{
    int fd = listen_as(name);
    struct supervisor supervisor;
    unsetenv("WATCHDOG_USEC");
    supervisor_open(&supervisor);
    supervisor_tell(&supervisor, "READY=1");
    assert_hears(fd, "READY=1");
    supervisor_tell_alive(&supervisor);
    assert_hears_nothing(fd);
    supervisor_close(&supervisor);

    setenv("WATCHDOG_USEC", "30000000", 1);
    supervisor_open(&supervisor);
    supervisor_tell_alive(&supervisor);
    assert_hears(fd, "WATCHDOG=1");
    supervisor_close(&supervisor);
    close(fd);
}

static void test_supervisor__tells_a_manager_by_path(void **state)
{
    (void)state;
    char folder[] = "/tmp/supervisor-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/notify", folder);
    check_manager(path);
    unlink(path);
    rmdir(folder);
}

static void test_supervisor__tells_a_manager_without_a_file(void **state)
{
    (void)state;
    char name[64];
    snprintf(name, sizeof(name), "@greenroom-supervisor-%ld", (long)getpid());
    check_manager(name);
}

static void test_supervisor__goes_without_one(void **state)
{
    (void)state;
    static const char *const names[] = { "", "relative", "/nowhere/at/all" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct supervisor supervisor;
        setenv("NOTIFY_SOCKET", names[i], 1);
        supervisor_open(&supervisor);
        assert_int_equal(supervisor.fd, -1);
        supervisor_tell(&supervisor, "READY=1");
        supervisor_tell_alive(&supervisor);
        supervisor_close(&supervisor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supervisor__tells_a_manager_by_path),
        cmocka_unit_test(test_supervisor__tells_a_manager_without_a_file),
        cmocka_unit_test(test_supervisor__goes_without_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
