// Seals: one that is whole opens; each way of being damaged is refused with its reason.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "release/seal.h"
#include "trust/hash.h"

#define MANIFEST                                                                                   \
    "{\"kind\":\"prompt\",\"name\":\"greeting\",\"sections\":[{\"name\":\"opening\",\"file\":"     \
    "\"opening.md\"}]}"

// A seal of prompt/greeting@4, file by file, so that each can be another one.
struct parts {
    const char *manifest;
    const char *opening;
    char seal[1024];
    char draft[1024];
    const char *evidence;
    const char *source;   // NULL: it is not there
    const char *stranger; // a path that the layout does not know
    bool has_no_seal;
    bool has_no_draft;
    bool has_no_content;
};

static void format_digest(char out[DIGEST_TEXT_BYTES])
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct digest digest;
    assert_int_equal(content_add_bytes(&content, "artifact.json", MANIFEST, strlen(MANIFEST), &err),
                     STATUS_OK);
    assert_int_equal(content_add_bytes(&content, "opening.md", "Hello.", 6, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    assert_int_equal(hash_content(&digest, &content, &err), STATUS_OK);
    digest_format(&digest, out);
}

static struct parts make_parts(void)
{
    struct parts parts = { .manifest = MANIFEST,
                           .opening = "Hello.",
                           .evidence = "{}",
                           .source = "{\"environment\":\"box\"}" };
    char digest[DIGEST_TEXT_BYTES];
    format_digest(digest);
    snprintf(parts.seal, sizeof(parts.seal),
             "{\"format\":1,\"source\":\"box\",\"artifacts\":[{\"artifact\":\"prompt/greeting@4\","
             "\"digest\":\"%s\"}]}",
             digest);
    snprintf(parts.draft, sizeof(parts.draft),
             "{\"artifact\":\"prompt/greeting\",\"version\":4,\"digest\":\"%s\",\"author\":"
             "\"Author\",\"published_at\":\"2026-09-21T00:00:00Z\"}",
             digest);
    return parts;
}

static void put(struct content *content, const char *path, const char *text)
{
    struct error err = { 0 };
    assert_int_equal(content_add_bytes(content, path, text, strlen(text), &err), STATUS_OK);
}

static enum status open_parts(const struct parts *parts, struct seal *seal, struct content *content,
                              struct error *err)
{
    if (!parts->has_no_seal)
        put(content, "seal.json", parts->seal);
    if (!parts->has_no_draft)
        put(content, "0001/draft.json", parts->draft);
    if (!parts->has_no_content) {
        put(content, "0001/content/artifact.json", parts->manifest);
        put(content, "0001/content/opening.md", parts->opening);
    }
    put(content, "0001/evidence/0001-approval.json", parts->evidence);
    put(content, "environment/0001-attestation.json", "{}");
    if (parts->source)
        put(content, "source.json", parts->source);
    if (parts->stranger)
        put(content, parts->stranger, "x");
    assert_int_equal(content_seal(content, err), STATUS_OK);
    return seal_open(seal, content, err);
}

static void refused(const struct parts *parts, const char *words)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct seal seal OWNED(seal_release) = { 0 };
    enum status status = open_parts(parts, &seal, &content, &err);
    if (status != STATUS_DAMAGED && status != STATUS_REFUSED)
        fail_msg("status %d, expected: %s", status, words);
    if (!strstr(err.message, words))
        fail_msg("'%s' does not say '%s'", err.message, words);
    assert_int_equal(seal.count, 0);
}

// Replaces the first `from` in the text by `to`, which must not be longer.
static void change(char *text, const char *from, const char *to)
{
    char *at = strstr(text, from);
    assert_non_null(at);
    size_t rest = strlen(at + strlen(from)) + 1;
    assert_true(strlen(to) <= strlen(from));
    memmove(at + strlen(to), at + strlen(from), rest);
    memcpy(at, to, strlen(to));
}

static void test_seal__whole_one_opens(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct seal seal OWNED(seal_release) = { 0 };
    const struct parts parts = make_parts();
    (void)state;
    if (open_parts(&parts, &seal, &content, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    assert_string_equal(seal.source, "box");
    assert_int_equal(seal.count, 1);
    assert_int_equal(seal.items[0].id.version, 4);
    assert_string_equal(seal.items[0].author, "Author");
    assert_int_equal(seal.items[0].content.count, 2);
    assert_int_equal(seal.items[0].evidence.count, 1);
    assert_int_equal(seal.environment_evidence.count, 1);
}

static void put_side(struct content *content, const char *stranger)
{
    struct error err = { 0 };
    put(content, "seal.json", "{\"format\":1,\"source\":\"box\",\"artifacts\":[]}");
    put(content, "source.json", "{\"environment\":\"box\",\"name\":\"sandbox\"}");
    if (stranger)
        put(content, stranger, "x");
    assert_int_equal(content_seal(content, &err), STATUS_OK);
}

static void test_seal__without_artifacts_it_tells_of_its_environment_only(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct content more OWNED(content_release) = { 0 };
    struct seal seal OWNED(seal_release) = { 0 };
    put_side(&content, NULL);
    assert_int_equal(seal_open(&seal, &content, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.message, "it names no artifacts"));
    assert_int_equal(seal_open_side(&seal, &content, &err), STATUS_OK);
    assert_string_equal(json_get_string(seal.source_zone, "name", ""), "sandbox");
    assert_int_equal(seal.count, 0);

    struct seal other OWNED(seal_release) = { 0 };
    put_side(&more, "0001/content/more.md");
    assert_int_equal(seal_open_side(&other, &more, &err), STATUS_DAMAGED);
}

static void test_seal__source_is_the_environment_that_it_comes_from(void **state)
{
    (void)state;
    struct parts parts = make_parts();
    parts.source = "{\"environment\":\"other\"}";
    refused(&parts, "source.json: it is about another environment");
}

static void test_seal__missing_part_is_named(void **state)
{
    (void)state;
    struct parts parts = make_parts();
    parts.has_no_seal = true;
    refused(&parts, "seal.json: it is missing");
    parts = make_parts();
    parts.has_no_draft = true;
    refused(&parts, "0001/draft.json: it is missing");
    parts = make_parts();
    parts.source = NULL;
    refused(&parts, "source.json: it is missing");
    parts = make_parts();
    parts.has_no_content = true;
    refused(&parts, "does not have the digest");
}

static void test_seal__changed_content_is_refused(void **state)
{
    (void)state;
    struct parts parts = make_parts();
    parts.opening = "Hallo.";
    refused(&parts, "prompt/greeting@4: its content does not have the digest");
    parts = make_parts();
    parts.manifest = MANIFEST " ";
    refused(&parts, "does not have the digest");
    parts = make_parts();
    parts.stranger = "0001/content/more.md";
    refused(&parts, "does not have the digest");
}

static void test_seal__draft_that_says_otherwise_is_refused(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *words;
    } cases[] = {
        { "prompt/greeting", "prompt/greetin", "not about the version" },
        { "\"version\":4", "\"version\":5", "not about the version" },
        { "\"digest\":\"sha256:", "\"digest\":\"sha255:", "not about the version" },
        { "\"author\":\"Author\"", "\"author\":\"\"", "it names no author" },
        { "\"author\"", "\"other\"", "it names no author" },
        { "{\"artifact\"", "\"artifact\"", "0001/draft.json" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct parts parts = make_parts();
        change(parts.draft, cases[i].from, cases[i].to);
        refused(&parts, cases[i].words);
    }
}

static void test_seal__seal_json_that_is_not_of_the_form_is_refused(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        const char *words;
    } cases[] = {
        { "\"format\":1", "\"format\":2", "its format is not known here" },
        { "\"artifacts\"", "\"artifact\"", "names no artifacts" },
        { "greeting@4", "greeting", "name or digest is malformed" },
        { "prompt/", "model/", "name or digest is malformed" },
        { "sha256:", "sha1:", "name or digest is malformed" },
        { "greeting@4", "greeting@3", "not about the version" },
        { "{\"format\"", "\"format\"", "seal.json" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct parts parts = make_parts();
        change(parts.seal, cases[i].from, cases[i].to);
        refused(&parts, cases[i].words);
    }
}

static void test_seal__nothing_rides_along(void **state)
{
    static const char *const strangers[] = { "stranger", "0001/stranger", "0002/content/a",
                                             "0001/contents/a" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        struct parts parts = make_parts();
        parts.stranger = strangers[i];
        refused(&parts, "files that belong to no artifact");
    }
}

static void test_seal__malformed_evidence_is_refused(void **state)
{
    (void)state;
    struct parts parts = make_parts();
    parts.evidence = "{";
    refused(&parts, "0001-approval.json");
}

static void test_seal__artifact_named_twice_is_refused(void **state)
{
    struct error err = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct seal seal OWNED(seal_release) = { 0 };
    struct parts parts = make_parts();
    struct buffer document OWNED(buffer_release) = { 0 };
    (void)state;
    const char *item = strstr(parts.seal, "{\"artifact\"");
    assert_non_null(item);
    int length = (int)(strchr(item, '}') + 1 - item);
    buffer_append_format(&document, "{\"format\":1,\"source\":\"box\",\"artifacts\":[%.*s,%.*s]}",
                         length, item, length, item);
    put(&content, "0002/draft.json", parts.draft);
    put(&content, "0002/content/artifact.json", parts.manifest);
    put(&content, "0002/content/opening.md", parts.opening);
    snprintf(parts.seal, sizeof(parts.seal), "%s", document.bytes);
    assert_int_equal(open_parts(&parts, &seal, &content, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.message, "an artifact is named twice"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal__whole_one_opens),
        cmocka_unit_test(test_seal__missing_part_is_named),
        cmocka_unit_test(test_seal__without_artifacts_it_tells_of_its_environment_only),
        cmocka_unit_test(test_seal__source_is_the_environment_that_it_comes_from),
        cmocka_unit_test(test_seal__changed_content_is_refused),
        cmocka_unit_test(test_seal__draft_that_says_otherwise_is_refused),
        cmocka_unit_test(test_seal__seal_json_that_is_not_of_the_form_is_refused),
        cmocka_unit_test(test_seal__nothing_rides_along),
        cmocka_unit_test(test_seal__malformed_evidence_is_refused),
        cmocka_unit_test(test_seal__artifact_named_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
