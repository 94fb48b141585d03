// The gate: nothing stays live without what it uses, unless what it uses has to go at once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/index.h"
#include "ledger/index_use.h"
#include "unit/release/gate_scene.h"

// prompt/greeting@2 is live, and is about to leave nothing behind.
struct users_scene {
    struct scene scene;
    char path[96]; // of the ledger
};

static void set_user(struct ledger *ledger, const char *user, const char *used)
{
    struct error err = { 0 };
    struct index_version version = { .time = 1 };
    struct artifact_id used_id;
    must(id_parse_version(&version.id, user, &err), &err);
    must(id_parse_bare(&used_id, used, &err), &err);
    must(index_put_version(ledger, &version, &err), &err);
    must(index_set_live(ledger, &version.id, 1, &err), &err);
    must(index_use_set(ledger, &version.id, &used_id, 1, &err), &err);
}

static void open_scene(struct users_scene *users, const struct keys *keys, enum gate_move move)
{
    struct error err = { 0 };
    struct scene *scene = &users->scene;
    set_scene(scene, keys, move);
    snprintf(users->path, sizeof(users->path), "%s/ledger.db", keys->folder);
    must(ledger_open(&scene->environment.ledger, users->path, true, &err), &err);
    must(index_clear(scene->environment.ledger, &err), &err);
    set_user(scene->environment.ledger, "prompt/voicemail@7", "prompt/greeting");
    set_user(scene->environment.ledger, "prompt/closing@1", "prompt/greeting");
    set_user(scene->environment.ledger, "prompt/other@1", "prompt/closing");
    scene->item.id.version = 0;
    scene->item.tag = NULL;
    scene->proposal.commit = NULL;
}

static void close_scene(struct users_scene *users)
{
    ledger_free(users->scene.environment.ledger);
    clear_scene(&users->scene);
}

static enum status decide(struct users_scene *users, struct finding_list *findings,
                          struct error *err)
{
    struct scene *scene = &users->scene;
    return gate_decide(&scene->environment, &scene->control, &scene->proposal, findings, err);
}

static void assert_names(const struct finding_list *findings, enum severity severity)
{
    static const char *const names[] = { "prompt/closing@1", "prompt/voicemail@7" };
    size_t named = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        if (strcmp(finding->rule, "gate.used") != 0)
            continue;
        assert_true(named < COUNT_OF(names));
        assert_int_equal(finding->severity, severity);
        assert_int_equal(strncmp(finding->message, "prompt/greeting: ", 17), 0);
        assert_non_null(strstr(finding->message, names[named++]));
        assert_true(finding->mend[0]);
    }
    assert_int_equal(named, COUNT_OF(names));
}

static void test_gate_decide__refuses_to_take_away_what_is_used_and_names_the_users(void **state)
{
    struct users_scene users OWNED(close_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    open_scene(&users, *state, GATE_ROLLBACK);
    assert_int_equal(decide(&users, &findings, &err), STATUS_REFUSED);
    assert_names(&findings, SEVERITY_ERROR);
}

// Said once, before anybody signs: the second question, with the signature, adds nothing.
static void test_gate_decide__lets_a_quarantine_pass_and_names_the_users(void **state)
{
    struct users_scene users OWNED(close_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    open_scene(&users, *state, GATE_QUARANTINE);
    must(decide(&users, &findings, &err), &err);
    assert_names(&findings, SEVERITY_WARNING);
    users.scene.proposal.commit = &users.scene.commit;
    must(decide(&users, &findings, &err), &err);
    assert_names(&findings, SEVERITY_WARNING);
}

static void test_gate_decide__says_nothing_of_users_while_something_stays_live(void **state)
{
    static const enum gate_move moves[] = { GATE_ROLLBACK, GATE_QUARANTINE };
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        struct users_scene users OWNED(close_scene);
        struct finding_list findings OWNED(finding_list_release) = { 0 };
        struct error err = { 0 };
        open_scene(&users, *state, moves[i]);
        users.scene.item.id.version = 1;
        must(decide(&users, &findings, &err), &err);
        assert_int_equal(findings.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_decide__refuses_to_take_away_what_is_used_and_names_the_users),
        cmocka_unit_test(test_gate_decide__lets_a_quarantine_pass_and_names_the_users),
        cmocka_unit_test(test_gate_decide__says_nothing_of_users_while_something_stays_live),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
