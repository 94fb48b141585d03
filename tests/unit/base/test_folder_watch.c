// Changes below a folder: each way in which editors and people make them is seen.
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
#include "base/folder_watch.h"
#include "base/memory.h"

struct room {
    char folder[64];
    struct folder_watch *watch;
    int stop[2]; // a byte in it ends a wait that would go on for ever
};

static const char *at(const struct room *room, const char *name)
{
    static char path[4][256];
    static unsigned next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof(path[0]), "%s/%s", room->folder, name);
    return out;
}

static void put(const struct room *room, const char *name, const char *text)
{
    int fd OWNED(file_close) = open(at(room, name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static int enter(void **state)
{
    struct room *room = calloc(1, sizeof(*room));
    snprintf(room->folder, sizeof(room->folder), "/tmp/greenroom-watch-XXXXXX");
    *state = room;
    if (!mkdtemp(room->folder) || pipe(room->stop) != 0)
        return -1;
    mkdir(at(room, "in"), 0755);
    mkdir(at(room, "in/deep"), 0755);
    put(room, "in/file", "one");
    return 0;
}

static int leave(void **state)
{
    struct room *room = *state;
    struct error err = { 0 };
    folder_watch_free(room->watch);
    file_remove_tree(room->folder, &err);
    close(room->stop[0]);
    close(room->stop[1]);
    free(room);
    return 0;
}

static void watch(struct room *room, const char *name)
{
    struct error err = { 0 };
    folder_watch_release(&room->watch);
    if (folder_watch_open(&room->watch, at(room, name), &err) != STATUS_OK)
        fail_msg("%s", err.message);
}

// What happened before it is asked is not waited for, so that no test hangs on a failure.
static bool has_changed(struct room *room)
{
    struct error err = { 0 };
    char byte;
    bool changed = false;
    assert_int_equal(write(room->stop[1], "x", 1), 1);
    if (folder_watch_wait(room->watch, room->stop[0], &changed, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(read(room->stop[0], &byte, 1), 1);
    return changed;
}

static void change_file(struct room *room)
{
    put(room, "in/file", "two");
}

static void put_another_in_its_place(struct room *room)
{
    put(room, "outside", "two");
    assert_int_equal(rename(at(room, "outside"), at(room, "in/file")), 0);
}

static void remove_file(struct room *room)
{
    assert_int_equal(unlink(at(room, "in/file")), 0);
}

static void add_deep(struct room *room)
{
    put(room, "in/deep/new", "");
}

static void move_folder(struct room *room)
{
    assert_int_equal(rename(at(room, "in/deep"), at(room, "in/other")), 0);
}

static void replace_all(struct room *room)
{
    assert_int_equal(rename(at(room, "in"), at(room, "gone")), 0);
    assert_int_equal(mkdir(at(room, "in"), 0755), 0);
}

static void test_folder_watch__sees_each_kind_of_change(void **state)
{
    struct room *room = *state;
    static void (*const changes[])(struct room *) = {
        change_file, put_another_in_its_place, add_deep, move_folder, remove_file, replace_all,
    };
    watch(room, "in");
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        changes[i](room);
        if (!has_changed(room))
            fail_msg("change %zu was not seen", i);
    }
    put(room, "in/again", "after all was replaced");
    assert_true(has_changed(room));
}

static void test_folder_watch__sees_what_is_in_folders_made_later(void **state)
{
    struct room *room = *state;
    watch(room, "in");
    mkdir(at(room, "in/a"), 0755);
    mkdir(at(room, "in/a/b"), 0755);
    assert_true(has_changed(room));
    put(room, "in/a/b/file", "x");
    assert_true(has_changed(room));
}

static void test_folder_watch__sees_one_file_and_not_its_neighbours(void **state)
{
    struct room *room = *state;
    watch(room, "in/file");
    put(room, "in/neighbour", "x");
    assert_false(has_changed(room));
    change_file(room);
    assert_true(has_changed(room));
    put_another_in_its_place(room);
    assert_true(has_changed(room));
    change_file(room);
    assert_true(has_changed(room));
}

static void test_folder_watch__says_nothing_when_nothing_changes(void **state)
{
    struct room *room = *state;
    struct buffer text OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    watch(room, "in");
    assert_int_equal(file_read(&text, at(room, "in/file"), 10, &err), STATUS_OK);
    put(room, "beside", "x");
    assert_false(has_changed(room));
}

static void test_folder_watch__needs_something_to_watch(void **state)
{
    struct room *room = *state;
    struct error err = { 0 };
    assert_int_equal(folder_watch_open(&room->watch, at(room, "nowhere"), &err), STATUS_NOT_FOUND);
    assert_null(room->watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folder_watch__sees_each_kind_of_change, enter, leave),
        cmocka_unit_test_setup_teardown(test_folder_watch__sees_what_is_in_folders_made_later,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(test_folder_watch__sees_one_file_and_not_its_neighbours,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(test_folder_watch__says_nothing_when_nothing_changes, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(test_folder_watch__needs_something_to_watch, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
