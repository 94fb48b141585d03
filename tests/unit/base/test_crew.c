// Jobs done side by side: each of them, once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/crew.h"
#include "base/memory.h"

static void count_job(void *context, size_t index)
{
    ((unsigned *)context)[index]++;
}

static void test_crew__does_each_job_once(void **state)
{
    (void)state;
    static const size_t counts[] = { 0, 1, 31, 32, 33, 127, 128, 10000 };
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        unsigned *done = calloc(counts[i] + 1, sizeof(*done));
        assert_non_null(done);
        crew_run(counts[i], count_job, done);
        for (size_t job = 0; job < counts[i]; job++)
            assert_int_equal(done[job], 1);
        assert_int_equal(done[counts[i]], 0);
        free(done);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crew__does_each_job_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
