// Authentication, and what a connection remembers of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "authenticator.h"
#include "snapshot/holder.h"
#include "unit/snapshot/live_fixture.h"

#define KEY_ID "callers00000"

struct scene {
    struct live_fixture fixture;
    struct holder *holder;
    struct authenticator authenticator;
    struct authenticator_memory memory;
    char token[ACCESS_KEY_BYTES];
    struct digest digest;
    const struct control_key *let_in;
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    live_fixture_open(&scene->fixture);
    live_fixture_add_key(&scene->fixture, KEY_ID, ROLE_RUNTIME, NULL, INT64_MAX - 1, INT64_MAX,
                         scene->token, &scene->digest);
    LIVE_OK(holder_open(&scene->holder, scene->fixture.path,
                        &(struct holder_plan) { .readers = 1, .face = NULL }, &err));
    authenticator_init(&scene->authenticator, holder_identity(scene->holder), NULL);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    holder_release(&scene->holder);
    live_fixture_close(&scene->fixture);
    free(scene);
    return 0;
}

// Asks with `token`, which need not be whole.
static enum status ask(struct scene *scene, const char *token)
{
    char value[ACCESS_KEY_BYTES + 8];
    const struct control_key *key = NULL;
    struct error err;
    int length = snprintf(value, sizeof(value), "Bearer %s", token);
    struct snapshot *snapshot = holder_enter(scene->holder, 0);
    enum status status = authenticator_check(&scene->authenticator, &scene->memory, snapshot, value,
                                             (size_t)length, &key, &err);
    if (status == STATUS_OK)
        assert_string_equal(key->id, KEY_ID);
    scene->let_in = key;
    holder_leave(scene->holder, 0);
    return status;
}

static void test_authenticator__remembers_the_key_it_let_in(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    assert_memory_equal(scene->memory.token, scene->token, scene->memory.token_bytes);
    struct control_key marked = *scene->memory.key;
    scene->memory.key = &marked; // whoever looked the key up would find the other one
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    assert_ptr_equal(scene->let_in, &marked);
}

static void test_authenticator__takes_no_other_key_for_the_one_it_remembers(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    for (size_t i = strlen("gr_live_"); i < strlen(scene->token); i++) {
        char other[ACCESS_KEY_BYTES];
        memcpy(other, scene->token, sizeof(other));
        other[i] = other[i] == 'a' ? 'b' : 'a';
        assert_int_equal(ask(scene, other), STATUS_UNAUTHENTICATED);
        memcpy(other, scene->token, sizeof(other));
        other[i] = '\0';
        assert_int_equal(ask(scene, other), STATUS_UNAUTHENTICATED);
    }
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
}

static void test_authenticator__refuses_a_key_as_soon_as_its_revocation_is_loaded(void **state)
{
    struct scene *scene = *state;
    char *path OWNED(memory_release) = NULL;
    char *text OWNED(memory_release) = NULL;
    struct control_edit edit;
    struct control_key key = { .id = KEY_ID,
                               .role = ROLE_RUNTIME,
                               .owner = (char *)"a test",
                               .created = 1,
                               .digest = scene->digest,
                               .expires = INT64_MAX - 1,
                               .revoked = 2 };
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    LIVE_OK(control_edit_key(&edit, &path, &text, &key, &err));
    live_fixture_edit(&scene->fixture, path, text);
    LIVE_OK(holder_reload(scene->holder, NULL, &err));
    assert_int_equal(ask(scene, scene->token), STATUS_UNAUTHENTICATED);
    assert_int_equal(atomic_load(&scene->authenticator.refused[REFUSAL_REVOKED]), 1);
}

static void test_authenticator__refuses_a_key_that_expires_while_it_is_remembered(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    ((struct control_key *)scene->memory.key)->expires = 2;
    assert_int_equal(ask(scene, scene->token), STATUS_UNAUTHENTICATED);
    assert_int_equal(atomic_load(&scene->authenticator.refused[REFUSAL_EXPIRED]), 1);
}

static void test_authenticator__remembers_nothing_of_who_was_refused(void **state)
{
    struct scene *scene = *state;
    scene->token[strlen(scene->token) - 1] ^= 1;
    assert_int_equal(ask(scene, scene->token), STATUS_UNAUTHENTICATED);
    assert_int_equal(scene->memory.serial, 0);
}

static void test_authenticator__wipes_what_it_remembers(void **state)
{
    struct scene *scene = *state;
    static const struct authenticator_memory nothing;
    assert_int_equal(ask(scene, scene->token), STATUS_OK);
    authenticator_forget(&scene->memory);
    assert_memory_equal(&scene->memory, &nothing, sizeof(nothing));
}

int main(void)
{
#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE_TEST(test_authenticator__remembers_the_key_it_let_in),
        SCENE_TEST(test_authenticator__takes_no_other_key_for_the_one_it_remembers),
        SCENE_TEST(test_authenticator__refuses_a_key_as_soon_as_its_revocation_is_loaded),
        SCENE_TEST(test_authenticator__refuses_a_key_that_expires_while_it_is_remembered),
        SCENE_TEST(test_authenticator__remembers_nothing_of_who_was_refused),
        SCENE_TEST(test_authenticator__wipes_what_it_remembers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
