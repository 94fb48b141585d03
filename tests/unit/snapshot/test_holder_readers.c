// Readers beside a writer: each sees one whole state, and nothing is freed under it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "live_fixture.h"
#include "snapshot/holder.h"

#define READERS 3
#define ROUNDS 12
#define PROMPTS 3

// All prompts of one promotion carry the same text, so that a state that is half of one promotion
// and half of another shows.
static const char *const names[PROMPTS] = { "a", "b/c", "d" };

struct reading {
    struct holder *holder;
    unsigned reader;
    atomic_bool *stop;
    unsigned long looks;
    bool is_torn;
};

static bool is_whole(struct snapshot *snapshot)
{
    uint32_t version = 0;
    for (size_t i = 0; i < PROMPTS; i++) {
        const struct snapshot_release *release =
            snapshot_find(snapshot, KIND_PROMPT, names[i], strlen(names[i]), 0);
        if (!release || (version != 0 && release->id.version != version))
            return false;
        version = release->id.version;
        const struct snapshot_file *file =
            snapshot_release_file(release, "sections/opening.md", 19);
        char text[16];
        snprintf(text, sizeof(text), "round %u", version);
        if (!file || file->size_bytes != strlen(text) ||
            memcmp(file->bytes, text, file->size_bytes) != 0)
            return false;
    }
    return true;
}

static void *read_on(void *argument)
{
    struct reading *reading = argument;
    while (!atomic_load(reading->stop) && !reading->is_torn) {
        struct snapshot *snapshot = holder_enter(reading->holder, reading->reader);
        reading->is_torn = !is_whole(snapshot);
        holder_leave(reading->holder, reading->reader);
        reading->looks++;
    }
    return NULL;
}

static void promote_round(struct live_fixture *fixture, uint32_t version)
{
    char text[16];
    struct live_prompt prompts[PROMPTS];
    snprintf(text, sizeof(text), "round %u", version);
    for (size_t i = 0; i < PROMPTS; i++)
        prompts[i] = (struct live_prompt) { names[i], version, text, NULL };
    live_fixture_promote_all(fixture, prompts, PROMPTS);
}

static void test_holder_readers__see_whole_states_while_live_moves(void **state)
{
    (void)state;
    struct live_fixture fixture = { 0 };
    struct holder *holder OWNED(holder_release) = NULL;
    struct reading readings[READERS];
    pthread_t threads[READERS];
    atomic_bool stop = false;
    live_fixture_open(&fixture);
    promote_round(&fixture, 1);
    LIVE_OK(holder_open(&holder, fixture.path,
                        &(struct holder_plan) { .readers = READERS, .face = NULL }, &err));
    for (unsigned i = 0; i < READERS; i++) {
        readings[i] = (struct reading) { holder, i, &stop, 0, false };
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    for (uint32_t version = 2; version <= ROUNDS; version++) {
        bool has_changed;
        promote_round(&fixture, version);
        LIVE_OK(holder_reload(holder, &has_changed, &err));
        assert_true(has_changed);
    }
    atomic_store(&stop, true);
    for (unsigned i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_false(readings[i].is_torn);
        assert_true(readings[i].looks > 0);
    }
    live_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holder_readers__see_whole_states_while_live_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
