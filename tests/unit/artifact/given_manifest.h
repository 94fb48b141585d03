// Manifests written down in a test, read with one compiled schema.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "unit/artifact/given_content.h"

// Group set-up and tear-down: *state is a manifest_reader that all tests of a file share.
static inline int given_open_reader(void **state)
{
    struct error err = { 0 };
    struct manifest_reader *reader = NULL;
    if (manifest_reader_new(&reader, &err) != STATUS_OK)
        return -1;
    *state = reader;
    return 0;
}

static inline int given_close_reader(void **state)
{
    manifest_reader_free(*state);
    return 0;
}

static inline enum status given_read_files(void **state, struct finding_list *findings,
                                           const struct given_file *files)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    given_content(&content, files);
    enum status status = manifest_reader_read(*state, &manifest, &content, findings, &err);
    assert_int_equal(status == STATUS_OK, manifest.document != NULL);
    assert_int_equal(status == STATUS_REFUSED, finding_has_errors(findings));
    return status;
}

// Reads a manifest beside an "a.md" and a "docs/a.md".
static inline enum status given_read_text(void **state, struct finding_list *findings,
                                          const char *manifest)
{
    return given_read_files(
        state, findings,
        (struct given_file[]) {
            { "artifact.json", manifest }, { "a.md", "A" }, { "docs/a.md", "A" }, { 0 } });
}

static inline const struct finding *given_finding(const struct finding_list *findings,
                                                  const char *rule)
{
    for (size_t i = 0; i < findings->count; i++)
        if (strcmp(findings->items[i].rule, rule) == 0)
            return &findings->items[i];
    return NULL;
}

#define PROMPT                                                                                     \
    "\"kind\":\"prompt\",\"name\":\"x/y\",\"sections\":[{\"name\":\"a\",\"file\":\"a.md\"}]"
#define TOOL                                                                                       \
    "\"kind\":\"tool\",\"name\":\"x\",\"description\":\"D\",\"input_schema\":{\"type\":"           \
    "\"object\"}"
#define KNOWLEDGE "\"kind\":\"knowledge\",\"name\":\"x\",\"title\":\"T\""
