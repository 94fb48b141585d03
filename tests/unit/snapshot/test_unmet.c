// What is live and uses something of which nothing is live.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "snapshot/holder.h"
#include "unit/snapshot/live_fixture.h"

static const struct holder_plan one_reader = { .readers = 1, .face = NULL };

static void open_two(struct live_fixture *fixture, struct holder **holder)
{
    static const struct live_prompt prompts[] = {
        { "greeting", 3, "Hello.", "prompt/rules" },
        { "rules", 1, "Be kind.", NULL },
    };
    live_fixture_open(fixture);
    live_fixture_promote_all(fixture, prompts, COUNT_OF(prompts));
    LIVE_OK(holder_open(holder, fixture->path, &one_reader, &err));
}

static void reload(struct holder *holder)
{
    LIVE_OK(holder_reload(holder, NULL, &err));
}

static void test_unmet_look__names_who_uses_what_is_gone(void **state)
{
    struct live_fixture fixture;
    struct holder *holder OWNED(holder_release) = NULL;
    struct unmet unmet = { 0 };
    (void)state;
    open_two(&fixture, &holder);
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 0);
    assert_string_equal(unmet.user, "");

    live_fixture_set_live(&fixture, "rules", 0);
    reload(holder);
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 1);
    assert_string_equal(unmet.user, "prompt/greeting@3");
    assert_string_equal(unmet.used, "prompt/rules");

    live_fixture_set_live(&fixture, "rules", 1);
    reload(holder);
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 0);
    live_fixture_close(&fixture);
}

static void test_unmet_look__finds_what_was_never_live_and_forgets_who_is_gone(void **state)
{
    static const struct live_prompt prompts[] = {
        { "closing", 1, "Good bye.", "tool/crm/note" },
        { "greeting", 1, "Hello.", "tool/crm/note" },
    };
    struct live_fixture fixture;
    struct holder *holder OWNED(holder_release) = NULL;
    struct unmet unmet = { 0 };
    (void)state;
    live_fixture_open(&fixture);
    live_fixture_promote_all(&fixture, prompts, COUNT_OF(prompts));
    LIVE_OK(holder_open(&holder, fixture.path, &one_reader, &err));
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 2);
    assert_string_equal(unmet.user, "prompt/closing@1");
    live_fixture_set_live(&fixture, "closing", 0);
    reload(holder);
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 1);
    assert_string_equal(unmet.user, "prompt/greeting@1");
    live_fixture_close(&fixture);
}

// What was quarantined is not served, also before live has moved away from it.
static void test_unmet_look__does_not_count_what_is_quarantined_as_live(void **state)
{
    struct live_fixture fixture;
    struct holder *holder OWNED(holder_release) = NULL;
    struct unmet unmet = { 0 };
    (void)state;
    open_two(&fixture, &holder);
    live_fixture_quarantine(&fixture, "rules", 1, true);
    reload(holder);
    holder_unmet(holder, &unmet);
    assert_int_equal(unmet.count, 1);
    live_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unmet_look__names_who_uses_what_is_gone),
        cmocka_unit_test(test_unmet_look__finds_what_was_never_live_and_forgets_who_is_gone),
        cmocka_unit_test(test_unmet_look__does_not_count_what_is_quarantined_as_live),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
