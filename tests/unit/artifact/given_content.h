// Content written down in a test, and what was inferred from it.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/infer.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/memory.h"

// One file of content, for tables; ends with an empty path.
struct given_file {
    const char *path;
    const char *text;
};

// Makes sealed content of a table of files.
static inline void given_content(struct content *out, const struct given_file *files)
{
    struct error err = { 0 };
    for (; files->path; files++)
        assert_int_equal(
            content_add_bytes(out, files->path, files->text, strlen(files->text), &err), STATUS_OK);
    assert_int_equal(content_seal(out, &err), STATUS_OK);
}

static inline enum status given_infer(struct infer_results *out, const char *as,
                                      const struct given_file *files, struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    struct artifact_id id;
    assert_int_equal(id_parse(&id, as, err), STATUS_OK);
    given_content(&content, files);
    enum status status = infer_manifest(out, &id, &content, err);
    if (status == STATUS_OK)
        assert_int_equal(content.count, 0); // consumed
    else
        assert_int_equal(out->count, 0);
    return status;
}

static inline enum status given_infer_one(struct infer_results *out, const char *as,
                                          const char *path, const char *text, struct error *err)
{
    return given_infer(out, as, (struct given_file[]) { { path, text }, { 0 } }, err);
}

static inline void assert_file(const struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    const struct content_file *file = content_find(content, path);
    assert_non_null(file);
    assert_int_equal(content_view(&view, file, &err), STATUS_OK);
    assert_int_equal(view.size_bytes, strlen(text));
    assert_memory_equal(view.bytes, text, strlen(text));
}

// Reads the manifest of one result, which must be without any finding.
static inline void read_manifest(struct manifest *out, const struct infer_result *result)
{
    struct error err = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    if (manifest_read(out, &result->content, &findings, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_int_equal(findings.count, 0);
    assert_true(id_same_artifact(&out->id, &result->id));
    assert_int_equal(result->id.version, 0);
}

static inline void assert_member(const struct manifest *manifest, const char *pointer,
                                 const char *text)
{
    const char *found = json_string(json_at(manifest->document, pointer));
    assert_non_null(found);
    assert_string_equal(found, text);
}

static inline void assert_raw(const struct manifest *manifest, const char *pointer,
                              const char *text)
{
    const char *bytes;
    size_t length;
    assert_true(manifest_raw(manifest, pointer, &bytes, &length));
    assert_int_equal(length, strlen(text));
    assert_memory_equal(bytes, text, length);
}
