// What the tests of store/ share: a store in a folder of its own, and stock git as its judge.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/store.h"
#include "store/writer.h"
#include "trust/sha1_stream.h"

// Fails the test with the error's own words.
#define assert_ok(expression)                                                                      \
    do {                                                                                           \
        enum status status_ = (expression);                                                        \
        if (status_ != STATUS_OK)                                                                  \
            fail_msg("%s: %d %s: %s", #expression, status_, err.code, err.message);                \
    } while (0)

// A test on a store of its own, for the table in main.
#define ON_STORE(test) cmocka_unit_test_setup_teardown(test, make_store, remove_store)

struct fixture {
    char *folder;
    char *path; // of the store
    struct store *store;
};

static inline int make_store(void **state)
{
    struct error err = { 0 };
    char form[] = "/tmp/greenroom-store-XXXXXX";
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (!fixture || !mkdtemp(form))
        return -1;
    // The tests' git reads no one's configuration, and gives the same ids on every machine.
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    fixture->folder = strdup(form);
    *state = fixture;
    return file_join(&fixture->path, form, "store.git", &err) == STATUS_OK &&
                   store_create(fixture->path, &err) == STATUS_OK &&
                   store_open(&fixture->store, fixture->path, sha1_stream_new, &err) == STATUS_OK
               ? 0
               : -1;
}

static inline int remove_store(void **state)
{
    struct error err = { 0 };
    struct fixture *fixture = *state;
    store_free(fixture->store);
    enum status status = file_remove_tree(fixture->folder, &err);
    free(fixture->folder);
    free(fixture->path);
    free(fixture);
    return status == STATUS_OK ? 0 : -1;
}

// Runs a shell command in the fixture's folder, where $S is the store and $G is `git -C $S`;
// appends what it says, also on stderr, and returns its exit code.
static inline int run(struct fixture *fixture, struct buffer *out, const char *command)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    buffer_append_format(&line, "cd '%s' && S='%s' && G=\"git -C $S\" && { %s\n} 2>&1",
                         fixture->folder, fixture->path, command);
    FILE *pipe = popen(buffer_text(&line), "r");
    assert_non_null(pipe);
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), pipe)) > 0;)
        buffer_append(out, chunk, got);
    int code = pclose(pipe);
    return code;
}

static inline void assert_runs(struct fixture *fixture, const char *command)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    if (run(fixture, &out, command) != 0)
        fail_msg("%s\n%s", command, buffer_text(&out));
}

static inline void assert_prints(struct fixture *fixture, const char *command, const char *expected)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    int code = run(fixture, &out, command);
    if (code != 0)
        fail_msg("%s\n%s", command, buffer_text(&out));
    assert_string_equal(buffer_text(&out), expected);
}

// Stock git finds nothing wrong. (That HEAD names no branch is as it should be.)
static inline void assert_sound(struct fixture *fixture)
{
    assert_runs(fixture, "$G fsck --strict --no-dangling > fsck.txt 2>&1; code=$?; "
                         "grep -v '^notice: ' fsck.txt && exit 1; exit $code");
}

static inline struct writer *new_writer(struct fixture *fixture)
{
    struct error err = { 0 };
    struct writer *writer = NULL;
    assert_ok(writer_new(&writer, fixture->store, &err));
    return writer;
}

// Content of texts: path and text by turns, and NULL at the end.
static inline void fill_content(struct content *content, const char *path, ...)
{
    struct error err = { 0 };
    va_list rest;
    va_start(rest, path);
    for (; path; path = va_arg(rest, const char *)) {
        const char *text = va_arg(rest, const char *);
        assert_ok(content_add_bytes(content, path, text, strlen(text), &err));
    }
    va_end(rest);
    assert_ok(content_seal(content, &err));
}

// Commits a tree on top of a ref, flushes and moves the ref; returns the commit.
static inline struct oid commit_tree(struct fixture *fixture, struct writer *writer,
                                     const struct oid *tree, const char *ref)
{
    struct error err = { 0 };
    struct oid head;
    struct oid commit;
    struct buffer text OWNED(buffer_release) = { 0 };
    assert_ok(store_ref_get(fixture->store, ref, &head, &err));
    struct writer_commit words = { *tree, head, "Test <test@example.com>", 1700000000,
                                   "a change\n\nOperation: publish\n" };
    assert_ok(writer_commit_text(&text, &words, &err));
    assert_ok(writer_put_commit(writer, text.bytes, NULL, &commit, &err));
    assert_ok(writer_flush(writer, &err));
    assert_ok(store_ref_move(fixture->store, ref, &head, &commit, &err));
    return commit;
}
