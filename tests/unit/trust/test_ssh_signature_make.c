// Signatures made by the real ssh-keygen with every type of key, verified natively and by itself.
// Skipped where ssh-keygen is missing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/ssh_signature.h"

#define MESSAGE "release prompt/outbound/greeting 4\n"

static int make_folder(void **state)
{
    char folder[] = "/tmp/greenroom-sign-XXXXXX";
    *state = mkdtemp(folder) ? strdup(folder) : NULL;
    return *state ? 0 : -1;
}

static int remove_folder(void **state)
{
    struct error err;
    enum status status = file_remove_tree(*state, &err);
    free(*state);
    return status == STATUS_OK ? 0 : -1;
}

// Whether the shell command, run in the test's folder, ends well.
static bool run(const char *folder, const char *command)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    buffer_append_format(&line, "cd %s && { %s; } >/dev/null 2>&1 </dev/null", folder, command);
    return system(line.bytes) == 0;
}

static void need_ssh_keygen(const char *folder)
{
    if (run(folder, "command -v ssh-keygen"))
        return;
    print_message("skipped: ssh-keygen is not installed\n");
    skip();
}

static enum status make(struct buffer *out, const char *folder, const char *key, struct error *err)
{
    char *path OWNED(memory_release) = NULL;
    TRY(file_join(&path, folder, key, err));
    return ssh_signature_make(out, path, "git", MESSAGE, sizeof(MESSAGE) - 1, err);
}

static void write_file(const char *folder, const char *name, const char *text, unsigned mode)
{
    struct error err;
    char *path OWNED(memory_release) = NULL;
    assert_int_equal(file_join(&path, folder, name, &err), STATUS_OK);
    assert_int_equal(file_write_atomic(path, text, strlen(text), mode, &err), STATUS_OK);
}

static void test_ssh_signature__made_with_every_type_verifies(void **state)
{
    static const char *const types[] = { "ed25519",      "ecdsa -b 256", "ecdsa -b 384",
                                         "ecdsa -b 521", "rsa -b 2048",  "rsa -b 3072" };
    const char *folder = *state;
    need_ssh_keygen(folder);
    write_file(folder, "message", MESSAGE, 0600);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        char command[160];
        snprintf(command, sizeof(command), "rm -f key key.pub; ssh-keygen -q -t %s -N '' -f key",
                 types[i]);
        assert_true(run(folder, command));
        struct error err = { 0 };
        struct buffer armored OWNED(buffer_release) = { 0 };
        if (make(&armored, folder, "key", &err) != STATUS_OK)
            fail_msg("%s: %s", types[i], err.message);
        struct ssh_key signer;
        struct ssh_key expected;
        char *path OWNED(memory_release) = NULL;
        assert_int_equal(file_join(&path, folder, "key.pub", &err), STATUS_OK);
        assert_int_equal(ssh_key_parse_file(&expected, path, &err), STATUS_OK);
        assert_int_equal(ssh_signature_verify(&signer, armored.bytes, armored.length, "git",
                                              MESSAGE, sizeof(MESSAGE) - 1, &err),
                         STATUS_OK);
        assert_true(ssh_key_equal(&signer, &expected));
        write_file(folder, "signature", armored.bytes, 0600);
        assert_true(run(folder, "ssh-keygen -Y check-novalidate -n git -s signature <message"));
    }
}

static void test_ssh_signature__made_with_the_older_hash_verifies(void **state)
{
    const char *folder = *state;
    need_ssh_keygen(folder);
    write_file(folder, "message", MESSAGE, 0600);
    if (!run(folder, "ssh-keygen -q -t ed25519 -N '' -f key && "
                     "ssh-keygen -q -Y sign -O hashalg=sha256 -n git -f key message")) {
        print_message("skipped: this ssh-keygen knows no hashalg\n");
        skip();
    }
    struct error err = { 0 };
    struct ssh_key signer;
    struct buffer armored OWNED(buffer_release) = { 0 };
    char *path OWNED(memory_release) = NULL;
    assert_int_equal(file_join(&path, folder, "message.sig", &err), STATUS_OK);
    assert_int_equal(file_read(&armored, path, SSH_SIGNATURE_MAX_BYTES, &err), STATUS_OK);
    assert_int_equal(ssh_signature_verify(&signer, armored.bytes, armored.length, "git", MESSAGE,
                                          sizeof(MESSAGE) - 1, &err),
                     STATUS_OK);
}

static void test_ssh_signature__is_not_made_without_a_key(void **state)
{
    struct error err = { 0 };
    struct buffer armored OWNED(buffer_release) = { 0 };
    assert_int_equal(make(&armored, *state, "nobody", &err), STATUS_NOT_FOUND);
    assert_string_equal(err.code, "signing_key_not_found");
    assert_non_null(strstr(err.message, "nobody"));
    assert_int_equal(armored.length, 0);
}

static void test_ssh_signature__is_not_made_with_a_weak_key(void **state)
{
    const char *folder = *state;
    need_ssh_keygen(folder);
    if (!run(folder, "ssh-keygen -q -t rsa -b 1024 -N '' -f key")) {
        print_message("skipped: this ssh-keygen makes no weak keys\n");
        skip();
    }
    struct error err = { 0 };
    struct buffer armored OWNED(buffer_release) = { 0 };
    assert_int_equal(make(&armored, folder, "key", &err), STATUS_REFUSED);
    assert_non_null(strstr(err.message, "1024 bits is too weak"));
    assert_int_equal(armored.length, 0);
}

static void test_ssh_signature__quotes_ssh_keygen_when_the_key_is_none(void **state)
{
    const char *folder = *state;
    need_ssh_keygen(folder);
    write_file(folder, "key", "this is no key\n", 0600);
    struct error err = { 0 };
    struct buffer armored OWNED(buffer_release) = { 0 };
    assert_int_equal(make(&armored, folder, "key", &err), STATUS_IO);
    assert_string_equal(err.code, "signing_failed");
    assert_non_null(strstr(err.message, "Couldn't load public key"));
}

static void test_ssh_signature__is_made_with_a_passphrase_from_askpass(void **state)
{
    const char *folder = *state;
    need_ssh_keygen(folder);
    write_file(folder, "askpass", "#!/bin/sh\necho 'open sesame'\n", 0700);
    assert_true(run(folder, "ssh-keygen -q -t ed25519 -N 'open sesame' -f key"));
    char *askpass OWNED(memory_release) = NULL;
    struct error err = { 0 };
    assert_int_equal(file_join(&askpass, folder, "askpass", &err), STATUS_OK);
    assert_int_equal(setenv("SSH_ASKPASS", askpass, 1), 0);
    assert_int_equal(setenv("SSH_ASKPASS_REQUIRE", "force", 1), 0);
    struct buffer armored OWNED(buffer_release) = { 0 };
    enum status status = make(&armored, folder, "key", &err);
    unsetenv("SSH_ASKPASS");
    unsetenv("SSH_ASKPASS_REQUIRE");
    if (status != STATUS_OK)
        fail_msg("%s", err.message);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ssh_signature__made_with_every_type_verifies),
        TEST(test_ssh_signature__made_with_the_older_hash_verifies),
        TEST(test_ssh_signature__is_not_made_without_a_key),
        TEST(test_ssh_signature__is_not_made_with_a_weak_key),
        TEST(test_ssh_signature__quotes_ssh_keygen_when_the_key_is_none),
        TEST(test_ssh_signature__is_made_with_a_passphrase_from_askpass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
