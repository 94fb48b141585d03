// Packs that changed under whoever uses them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/pack_watch.h"
#include "trust/sha1_stream.h"

#define CONTENT "PACK, or as good as one"
#define CONTENT_BYTES (sizeof(CONTENT) - 1)

struct scene {
    char folder[64];
    char bytes[CONTENT_BYTES + 20]; // a sound file
    struct pack_watch watch;
    time_t changes;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    struct hash_stream *hash;
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    struct error err;
    snprintf(scene->folder, sizeof(scene->folder), "/tmp/greenroom-test-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    assert_int_equal(sha1_stream_new(&hash, &err), STATUS_OK);
    hash->update(hash, CONTENT, CONTENT_BYTES);
    assert_int_equal(hash->finish(hash, sum, &err), STATUS_OK);
    hash->free(hash);
    memcpy(scene->bytes, CONTENT, CONTENT_BYTES);
    memcpy(scene->bytes + CONTENT_BYTES, sum, 20);
    scene->watch.new_hash = sha1_stream_new;
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    struct error err;
    pack_watch_release(&scene->watch);
    assert_int_equal(file_remove_tree(scene->folder, &err), STATUS_OK);
    free(scene);
    return 0;
}

// Writes a file in its place, `flipped` being the byte that is another (-1: none), at a time of its
// own.
static void write_file(struct scene *scene, const char *name, int flipped, size_t length)
{
    char path[128];
    char bytes[sizeof(scene->bytes)];
    struct error err;
    const struct timespec times[2] = { { .tv_sec = 1000 + ++scene->changes },
                                       { .tv_sec = 1000 + scene->changes } };
    memcpy(bytes, scene->bytes, sizeof(bytes));
    if (flipped >= 0)
        bytes[flipped] ^= 1;
    snprintf(path, sizeof(path), "%s/%s", scene->folder, name);
    assert_int_equal(file_write_atomic(path, bytes, length, 0600, &err), STATUS_OK);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static enum status look(struct scene *scene)
{
    struct error err = { 0 };
    enum status status = pack_watch_look(&scene->watch, scene->folder, &err);
    if (status != STATUS_OK)
        assert_string_equal(err.code, "pack_damaged");
    return status;
}

static void test_pack_watch__sees_each_byte_that_changes_and_that_comes_back(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = { "pack-1.pack", "pack-1.idx" };
    size_t whole = sizeof(scene->bytes);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        write_file(scene, names[i], -1, whole);
    assert_int_equal(look(scene), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(names) * whole; i++) {
        write_file(scene, names[i / whole], (int)(i % whole), whole);
        assert_int_equal(look(scene), STATUS_DAMAGED);
        assert_int_equal(look(scene), STATUS_DAMAGED);
        write_file(scene, names[i / whole], -1, whole);
        assert_int_equal(look(scene), STATUS_OK);
    }
}

static void test_pack_watch__sees_what_was_cut_off(void **state)
{
    struct scene *scene = *state;
    write_file(scene, "pack-1.pack", -1, sizeof(scene->bytes));
    assert_int_equal(look(scene), STATUS_OK);
    for (size_t length = 0; length < sizeof(scene->bytes); length++) {
        write_file(scene, "pack-1.pack", -1, length);
        assert_int_equal(look(scene), STATUS_DAMAGED);
    }
}

static void test_pack_watch__has_nothing_against_packs_that_come_and_go(void **state)
{
    struct scene *scene = *state;
    char path[128];
    size_t whole = sizeof(scene->bytes);
    assert_int_equal(look(scene), STATUS_OK);
    write_file(scene, "pack-1.pack", -1, whole);
    assert_int_equal(look(scene), STATUS_OK);
    write_file(scene, "pack-2.pack", -1, whole);
    write_file(scene, "other", 3, whole);
    assert_int_equal(look(scene), STATUS_OK);
    write_file(scene, "pack-2.pack", -1, whole); // the same bytes, at another time
    write_file(scene, "other", 4, whole);
    assert_int_equal(look(scene), STATUS_OK);
    write_file(scene, "pack-1.pack", 3, whole);
    assert_int_equal(look(scene), STATUS_DAMAGED);
    snprintf(path, sizeof(path), "%s/pack-1.pack", scene->folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(look(scene), STATUS_OK);
}

static void test_pack_watch__remembers_packs_while_their_folder_is_away(void **state)
{
    struct scene *scene = *state;
    char away[80];
    snprintf(away, sizeof(away), "%s.away", scene->folder);
    write_file(scene, "pack-1.pack", -1, sizeof(scene->bytes));
    assert_int_equal(look(scene), STATUS_OK);
    assert_int_equal(rename(scene->folder, away), 0);
    assert_int_equal(look(scene), STATUS_OK);
    assert_int_equal(rename(away, scene->folder), 0);
    write_file(scene, "pack-1.pack", 0, sizeof(scene->bytes));
    assert_int_equal(look(scene), STATUS_DAMAGED);
}

int main(void)
{
#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE_TEST(test_pack_watch__sees_each_byte_that_changes_and_that_comes_back),
        SCENE_TEST(test_pack_watch__sees_what_was_cut_off),
        SCENE_TEST(test_pack_watch__has_nothing_against_packs_that_come_and_go),
        SCENE_TEST(test_pack_watch__remembers_packs_while_their_folder_is_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
