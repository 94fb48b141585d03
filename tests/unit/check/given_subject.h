// One artifact in memory, put to one check.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "check/check_rows.h"
#include "trust/hash.h"

struct given_document {
    const char *path; // NULL ends a list
    const char *text;
    size_t length; // 0: strlen(text)
};

// Starts as {0}.
struct given_subject {
    struct content content;
    struct manifest manifest;
    struct finding_list findings;
    struct check_world world;
    struct check_kit *kit;
    struct check_subject subject;
};

__attribute__((unused)) static void given_subject_release(struct given_subject *given)
{
    finding_list_release(&given->findings);
    check_kit_free(given->kit);
    manifest_release(&given->manifest);
    content_release(&given->content);
}

// The manifest must be one without errors.
__attribute__((unused)) static void given_subject_make(struct given_subject *given,
                                                       const char *manifest,
                                                       const struct given_document *documents)
{
    struct error err = { 0 };
    struct digest digest;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    assert_int_equal(
        content_add_bytes(&given->content, MANIFEST_PATH, manifest, strlen(manifest), &err),
        STATUS_OK);
    for (; documents && documents->path; documents++)
        assert_int_equal(content_add_bytes(
                             &given->content, documents->path, documents->text,
                             documents->length ? documents->length : strlen(documents->text), &err),
                         STATUS_OK);
    assert_int_equal(content_seal(&given->content, &err), STATUS_OK);
    assert_int_equal(hash_content(&digest, &given->content, &err), STATUS_OK);
    if (manifest_read(&given->manifest, &given->content, &findings, &err) != STATUS_OK)
        fail_msg("%s", findings.count ? findings.items[0].message : err.message);
    assert_int_equal(check_kit_new(&given->kit, &err), STATUS_OK);
    given->subject = (struct check_subject) { .content = &given->content,
                                              .manifest = &given->manifest,
                                              .stage = CHECK_PUBLISH,
                                              .is_sandbox = true,
                                              .world = &given->world,
                                              .kit = given->kit };
}

// How many findings of the rule there are.
__attribute__((unused)) static size_t given_subject_count(const struct given_subject *given,
                                                          const char *rule)
{
    size_t count = 0;
    for (size_t i = 0; i < given->findings.count; i++)
        count += strcmp(given->findings.items[i].rule, rule) == 0;
    return count;
}

// The one finding of the rule; fails unless there is exactly one.
__attribute__((unused)) static const struct finding *
given_subject_only(const struct given_subject *given, const char *rule)
{
    const struct finding *found = NULL;
    for (size_t i = 0; i < given->findings.count; i++)
        if (strcmp(given->findings.items[i].rule, rule) == 0) {
            assert_null(found);
            found = &given->findings.items[i];
        }
    if (!found)
        fail_msg("no finding of %s", rule);
    return found;
}
