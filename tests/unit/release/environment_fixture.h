// An environment in a temporary folder, open. Include after cmocka.h.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "release/environment.h"
#include "release/policy.h"

struct environment_fixture {
    char folder[64];
    char path[80];
    struct environment *environment;
};

// Fails the test with the error's own words.
#define ASSERT_OK(expression)                                                                      \
    do {                                                                                           \
        struct error err = { 0 };                                                                  \
        if ((expression) != STATUS_OK)                                                             \
            fail_msg("%s: %s", #expression, err.message);                                          \
    } while (0)

static inline void environment_fixture_open(struct environment_fixture *fixture,
                                            enum environment_class environment_class)
{
    struct environment_plan plan = { .name = "tried",
                                     .environment_class = environment_class,
                                     .actor = "operator" };
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/greenroom-release-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof(fixture->path), "%s/tried", fixture->folder);
    ASSERT_OK(policy_find(&plan.policy, "minimal", &err));
    ASSERT_OK(environment_create(fixture->path, &plan, &err));
    ASSERT_OK(environment_open(&fixture->environment, fixture->path, &err));
}

static inline int environment_fixture_make(void **state)
{
    struct environment_fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    environment_fixture_open(fixture, ENVIRONMENT_LIVE);
    *state = fixture;
    return 0;
}

static inline int environment_fixture_remove(void **state)
{
    struct environment_fixture *fixture = *state;
    environment_free(fixture->environment);
    ASSERT_OK(file_remove_tree(fixture->folder, &err));
    free(fixture);
    return 0;
}

// A test in an environment of its own, for the table in main.
#define IN_ENVIRONMENT(test)                                                                       \
    cmocka_unit_test_setup_teardown(test, environment_fixture_make, environment_fixture_remove)
