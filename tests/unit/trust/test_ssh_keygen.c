// Running ssh-keygen: stand-ins on PATH that misbehave, each in its own way.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/ssh_keygen.h"

#define LINE "a line of the message to be signed\n"
#define MANY_LINES 20000 // 700 kB: far more than a pipe holds

struct place {
    char folder[40];
    char *path; // PATH as it was
};

static int make_place(void **state)
{
    static struct place place;
    place = (struct place) { .folder = "/tmp/greenroom-keygen-XXXXXX" };
    if (!mkdtemp(place.folder))
        return -1;
    place.path = strdup(getenv("PATH"));
    *state = &place;
    return place.path ? setenv("PATH", place.folder, 1) : -1;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    struct error err;
    int restored = setenv("PATH", place->path, 1);
    free(place->path);
    return restored == 0 && file_remove_tree(place->folder, &err) == STATUS_OK ? 0 : -1;
}

// The stand-in: only what the shell itself can do, since nothing else is on PATH.
static void stand_in(const struct place *place, const char *script)
{
    char path[64];
    struct error err;
    struct buffer text OWNED(buffer_release) = { 0 };
    snprintf(path, sizeof(path), "%s/ssh-keygen", place->folder);
    buffer_append_format(&text, "#!/bin/sh\n%s\n", script);
    assert_int_equal(file_write_atomic(path, text.bytes, text.length, 0700, &err), STATUS_OK);
}

static size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *entries = opendir("/proc/self/fd");
    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count;
}

// Signs `lines` lines, and sees that neither a child nor a descriptor is left.
static enum status sign(struct buffer *out, size_t lines, struct error *err)
{
    struct buffer message OWNED(buffer_release) = { 0 };
    for (size_t i = 0; i < lines; i++)
        buffer_append_text(&message, LINE);
    size_t before = count_descriptors();
    enum status status =
        ssh_keygen_sign(out, "/no such/key", "git", buffer_text(&message), message.length, err);
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return status;
}

static void assert_fails(size_t lines, const char *code, const char *because)
{
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(sign(&out, lines, &err), STATUS_IO);
    assert_string_equal(err.code, code);
    if (!strstr(err.message, because))
        fail_msg("said '%s', expected '%s'", err.message, because);
    assert_int_equal(out.length, 0);
}

static void test_ssh_keygen__gets_its_arguments_untouched_by_a_shell(void **state)
{
    stand_in(*state, "for argument; do echo \"<$argument>\"; done");
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    static const char key[] = "/a b/$(touch x)/'k\";`e`*y";
    assert_int_equal(ssh_keygen_sign(&out, key, "-n x", "m", 1, &err), STATUS_OK);
    struct buffer expected OWNED(buffer_release) = { 0 };
    buffer_append_format(&expected, "<-q>\n<-Y>\n<sign>\n<-n>\n<-n x>\n<-f>\n<%s>\n", key);
    assert_string_equal(buffer_text(&out), expected.bytes);
}

static void test_ssh_keygen__gets_the_whole_message(void **state)
{
    stand_in(*state, "n=0; while read line; do n=$((n+1)); done; echo $n");
    static const size_t lines[] = { 0, 1, MANY_LINES };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct error err = { 0 };
        struct buffer out OWNED(buffer_release) = { 0 };
        char expected[16];
        snprintf(expected, sizeof(expected), "%zu\n", lines[i]);
        assert_int_equal(sign(&out, lines[i], &err), STATUS_OK);
        assert_string_equal(buffer_text(&out), expected);
    }
}

static void test_ssh_keygen__may_talk_much_before_it_listens(void **state)
{
    stand_in(*state, "n=0; while [ $n -lt 5000 ]; do n=$((n+1));"
                     " echo 'word after word after word after word' >&2; done;"
                     " n=0; while [ $n -lt 200 ]; do n=$((n+1)); echo 'signature so far'; done;"
                     " while read line; do :; done; echo end");
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(sign(&out, MANY_LINES, &err), STATUS_OK);
    assert_int_equal(out.length, 200 * strlen("signature so far\n") + strlen("end\n"));
}

static void test_ssh_keygen__may_end_without_listening(void **state)
{
    stand_in(*state, "echo done");
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(sign(&out, MANY_LINES, &err), STATUS_OK); // and SIGPIPE does not end us
    assert_string_equal(buffer_text(&out), "done\n");
}

static void test_ssh_keygen__is_quoted_when_it_fails(void **state)
{
    stand_in(*state,
             "echo partial; printf 'Load key:\\tbad\\n\\n\\033[31mpermissions\\n' >&2; exit 255");
    assert_fails(1, "signing_failed", "(exit status 255): Load key: bad [31mpermissions");
    assert_fails(MANY_LINES, "signing_failed", "permissions");
    stand_in(*state, "exit 3");
    assert_fails(1, "signing_failed", "(exit status 3)");
    stand_in(*state, "printf 'caf\\351' >&2; exit 1");
    assert_fails(1, "signing_failed", "caf?");
    stand_in(*state, "kill -9 $$");
    assert_fails(1, "signing_failed", "(signal 9)");
}

static void test_ssh_keygen__last_words_are_kept_of_many(void **state)
{
    stand_in(*state, "n=0; while [ $n -lt 5000 ]; do n=$((n+1)); echo early >&2; done;"
                     " echo 'the reason' >&2; exit 1");
    assert_fails(1, "signing_failed", "early the reason");
}

static void test_ssh_keygen__cannot_fill_our_memory(void **state)
{
    stand_in(*state, "while :; do echo more and more and more; done");
    assert_fails(1, "signing_failed", "more than a signature can be long");
    assert_fails(MANY_LINES, "signing_failed", "more than a signature can be long");
    stand_in(*state, "trap '' PIPE TERM INT; while :; do echo more and more and more; done");
    assert_fails(1, "signing_failed", "more than a signature can be long");
}

static void test_ssh_keygen__is_missed_by_name(void **state)
{
    (void)state;
    assert_fails(1, "ssh_keygen_missing", "no ssh-keygen on PATH");
}

static void test_ssh_keygen__starts_with_default_signals(void **state)
{
    // Cut off from its reader, the stand-in must die of SIGPIPE, though we ignore it.
    stand_in(*state, "trap 'exit 9' TERM; kill -PIPE $$; echo survived");
    assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    assert_fails(1, "signing_failed", "(signal 13)");
    assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

static void test_ssh_keygen__works_without_standard_streams(void **state)
{
    stand_in(*state, "while read line; do echo \"$line\"; done; echo words >&2");
    pid_t child = fork();
    if (child == 0) {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
            close(fd);
        struct error err;
        struct buffer out = { 0 };
        enum status status = ssh_keygen_sign(&out, "key", "git", LINE, sizeof(LINE) - 1, &err);
        bool same = strcmp(buffer_text(&out), LINE) == 0;
        buffer_release(&out);
        _exit(status == STATUS_OK && same ? 0 : 1);
    }
    int ended = -1;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
}

static void test_ssh_keygen__asks_on_the_terminal_unless_told_otherwise(void **state)
{
    stand_in(*state, "echo \"<$SSH_ASKPASS_REQUIRE>\"");
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(setenv("SSH_ASKPASS_REQUIRE", "prefer", 1), 0);
    assert_int_equal(sign(&out, 1, &err), STATUS_OK);
    assert_string_equal(buffer_text(&out), "<prefer>\n");
    assert_int_equal(unsetenv("SSH_ASKPASS_REQUIRE"), 0);
    buffer_truncate(&out, 0);
    assert_int_equal(sign(&out, 1, &err), STATUS_OK);
    bool terminal = access("/dev/tty", R_OK | W_OK) == 0;
    FILE *tty = terminal ? fopen("/dev/tty", "r+") : NULL;
    assert_string_equal(buffer_text(&out), tty ? "<never>\n" : "<>\n");
    if (tty)
        fclose(tty);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(test_ssh_keygen__##name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gets_its_arguments_untouched_by_a_shell),
        TEST(gets_the_whole_message),
        TEST(may_talk_much_before_it_listens),
        TEST(may_end_without_listening),
        TEST(is_quoted_when_it_fails),
        TEST(last_words_are_kept_of_many),
        TEST(cannot_fill_our_memory),
        TEST(is_missed_by_name),
        TEST(starts_with_default_signals),
        TEST(works_without_standard_streams),
        TEST(asks_on_the_terminal_unless_told_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
