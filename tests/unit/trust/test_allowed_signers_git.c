// What we print as allowed signers, as git and ssh-keygen themselves understand it. Skipped where
// either is missing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "trust/allowed_signers.h"
#include "trust/ssh_signature.h"

#define MESSAGE "release prompt/outbound/greeting 4\n"
#define BEGIN INT64_C(1795429000) // 2026-11-23T10:16:40Z
#define END INT64_C(1795429800)   // 2026-11-23T10:30:00Z

// Z in a time came with OpenSSH 9.1; nobody's own settings may interfere; and the local time must
// not matter.
#define NEEDED                                                                                     \
    "command -v git && command -v ssh-keygen && "                                                  \
    "case $(ssh -V 2>&1) in OpenSSH_[1-8].*|OpenSSH_9.0*) false;; esac"
#define SETTINGS                                                                                   \
    "export HOME=. GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null TZ=Asia/Tokyo "               \
    "GIT_AUTHOR_NAME=lead GIT_AUTHOR_EMAIL=lead@example.com "                                      \
    "GIT_COMMITTER_NAME=lead GIT_COMMITTER_EMAIL=lead@example.com; "
#define GIT "git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile=signers -c user.signingkey=key"

struct place {
    char folder[48];
    struct ssh_key key;
};

static bool run(const struct place *place, const char *command)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    buffer_append_format(&line, "cd %s && { " SETTINGS "%s; } >/dev/null 2>&1 </dev/null",
                         place->folder, command);
    return system(line.bytes) == 0;
}

static int make_place(void **state)
{
    struct error err;
    char *key OWNED(memory_release) = NULL;
    struct place *place = calloc(1, sizeof(*place));
    if (!place)
        return -1;
    *state = place;
    memcpy(place->folder, "/tmp/greenroom-signers-XXXXXX", 30);
    if (!mkdtemp(place->folder))
        return -1;
    if (!run(place, NEEDED))
        return 0; // each test says that it is skipped
    bool made = run(place, "ssh-keygen -q -t ed25519 -N '' -C '' -f key && git init -q . && "
                           "git commit -q --allow-empty -m one");
    if (!made || file_join(&key, place->folder, "key.pub", &err) != STATUS_OK)
        return -1;
    return ssh_key_parse_file(&place->key, key, &err) == STATUS_OK ? 0 : -1;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    struct error err;
    enum status status = file_remove_tree(place->folder, &err);
    free(place);
    return status == STATUS_OK ? 0 : -1;
}

static void need_both(const struct place *place)
{
    if (place->key.blob_bytes > 0)
        return;
    print_message("skipped: git or ssh-keygen (9.1 at least) is not installed\n");
    skip();
}

static void write_file(const struct place *place, const char *name, const char *text)
{
    struct error err;
    char *path OWNED(memory_release) = NULL;
    assert_int_equal(file_join(&path, place->folder, name, &err), STATUS_OK);
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0600, &err), STATUS_OK);
}

// A list in which lead is valid within [BEGIN, END), written to the file "signers" as we print it,
// behind an older line of hers and in front of a line that has no options.
static void write_signers(const struct place *place, struct allowed_signers *signers)
{
    struct error err = { 0 };
    char *key OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    assert_int_equal(ssh_key_format(&key, &place->key, &err), STATUS_OK);
    buffer_append_format(&text, "lead@example.com valid-before=\"20200101\" %s\n", key);
    buffer_append_format(
        &text, "lead@example.com namespaces=\"git\",valid-after=\"20261123101640Z\" %s\n", key);
    assert_int_equal(allowed_signers_parse(signers, text.bytes, text.length, &err), STATUS_OK);
    assert_int_equal(allowed_signers_end(signers, "lead@example.com", END, &err), STATUS_OK);
    buffer_truncate(&text, 0);
    assert_int_equal(allowed_signers_print(&text, signers, &err), STATUS_OK);
    write_file(place, "signers", text.bytes);
}

static const struct {
    int64_t time;
    bool stock; // what git and ssh-keygen say
    bool ours;
} moments[] = {
    { 1500000000, true, true }, // within the older line
    { BEGIN - 1, false, false }, { BEGIN, true, true }, { END - 1, true, true },
    { END, true, false }, // "at or before" to OpenSSH; nothing that we accept is refused by it
    { END + 1, false, false },
};

static void test_allowed_signers__ssh_keygen_agrees_on_when_a_signature_counts(void **state)
{
    const struct place *place = *state;
    need_both(place);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    write_signers(place, &signers);
    write_file(place, "message", MESSAGE);
    assert_true(run(place, "ssh-keygen -q -Y sign -n git -f key message"));
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        char command[200];
        snprintf(command, sizeof(command),
                 "ssh-keygen -Y verify -f signers -I lead@example.com -n git -s message.sig "
                 "-Overify-time=$(date -u -d @%lld +%%Y%%m%%d%%H%%M%%SZ) <message",
                 (long long)moments[i].time);
        if (run(place, command) != moments[i].stock)
            fail_msg("ssh-keygen at moment %zu", i);
        if ((allowed_signers_find(&signers, &place->key, moments[i].time) != NULL) !=
            moments[i].ours)
            fail_msg("we at moment %zu", i);
    }
}

static void test_allowed_signers__git_verify_tag_agrees(void **state)
{
    const struct place *place = *state;
    need_both(place);
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    write_signers(place, &signers);
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        char command[200];
        snprintf(command, sizeof(command),
                 "GIT_COMMITTER_DATE='@%lld +0000' " GIT " tag -s -m release release/%zu",
                 (long long)moments[i].time, i);
        assert_true(run(place, command));
        snprintf(command, sizeof(command), GIT " verify-tag release/%zu", i);
        if (run(place, command) != moments[i].stock)
            fail_msg("git at moment %zu", i);
    }
}

// The whole way of a tag: git signs, its object is split where the signature begins, we verify.
static void test_allowed_signers__we_verify_the_tags_of_git(void **state)
{
    const struct place *place = *state;
    need_both(place);
    assert_true(run(place, GIT " tag -s -m release v1 && git cat-file tag v1 >tag"));
    struct error err = { 0 };
    struct ssh_key key;
    struct buffer tag OWNED(buffer_release) = { 0 };
    char *path OWNED(memory_release) = NULL;
    assert_int_equal(file_join(&path, place->folder, "tag", &err), STATUS_OK);
    assert_int_equal(file_read(&tag, path, 65536, &err), STATUS_OK);
    const char *armored = strstr(tag.bytes, "-----BEGIN SSH SIGNATURE-----");
    assert_non_null(armored);
    size_t message_bytes = (size_t)(armored - tag.bytes);
    if (ssh_signature_verify(&key, armored, tag.length - message_bytes, "git", tag.bytes,
                             message_bytes, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_true(ssh_key_equal(&key, &place->key));
}

static void test_allowed_signers__git_accepts_whom_we_add(void **state)
{
    const struct place *place = *state;
    need_both(place);
    struct error err = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    assert_int_equal(allowed_signers_add(&signers, "lead@example.com", &place->key, &err),
                     STATUS_OK);
    assert_int_equal(allowed_signers_print(&text, &signers, &err), STATUS_OK);
    write_file(place, "signers", text.bytes);
    assert_true(run(place, GIT " tag -s -m release v1 && " GIT " verify-tag v1"));
    assert_true(run(place, GIT " verify-tag --raw v1 2>&1 | grep 'lead@example.com'"));
    assert_true(run(place, "ssh-keygen -q -t ed25519 -N '' -f other && " GIT
                           " -c user.signingkey=other tag -s -m release v2"));
    assert_false(run(place, GIT " verify-tag v2"));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(test_allowed_signers__##name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ssh_keygen_agrees_on_when_a_signature_counts),
        TEST(git_verify_tag_agrees),
        TEST(we_verify_the_tags_of_git),
        TEST(git_accepts_whom_we_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
