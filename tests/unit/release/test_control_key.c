// A bearer key at rest: what is read back is what was written, and nothing malformed passes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "release/control_key.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define GOOD_BUT(members)                                                                          \
    "{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST "\",\"role\":\"runtime\",\"owner\":\"dialer\"" \
    "," members "}"

static enum status read_text(struct control_key *out, const char *text, struct error *err)
{
    struct json *document OWNED(json_release) = NULL;
    assert_int_equal(json_parse(&document, text, strlen(text), err), STATUS_OK);
    return control_key_read(out, document, err);
}

static void print(struct buffer *out, const struct control_key *key)
{
    struct error err = { 0 };
    struct json *document OWNED(json_release) = control_key_document(key);
    assert_int_equal(json_print(out, document, &err), STATUS_OK);
}

static void test_control_key_document__is_read_back_as_it_was(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct control_key key OWNED(control_key_release) = { .id = "abcdefghijkl",
                                                          .role = ROLE_AUDITOR,
                                                          .created = 1795000000,
                                                          .expires = 1796000000,
                                                          .revoked = INT64_MAX };
    struct control_key back OWNED(control_key_release) = { 0 };
    struct buffer first OWNED(buffer_release) = { 0 };
    struct buffer second OWNED(buffer_release) = { 0 };
    assert_int_equal(digest_parse(&key.digest, DIGEST, &err), STATUS_OK);
    assert_int_equal(memory_copy_string(&key.owner, "dialer \"one\"", &err), STATUS_OK);
    assert_int_equal(control_key_add_scope(&key, "prompt/outbound/*", &err), STATUS_OK);
    assert_int_equal(control_key_add_scope(&key, "tool/crm/?", &err), STATUS_OK);
    print(&first, &key);
    assert_int_equal(read_text(&back, buffer_text(&first), &err), STATUS_OK);
    print(&second, &back);
    assert_string_equal(buffer_text(&first), buffer_text(&second));
    assert_int_equal(back.role, ROLE_AUDITOR);
    assert_int_equal(back.expires, 1796000000);
    assert_true(back.revoked == INT64_MAX);
    assert_int_equal(back.scope_count, 2);
}

static const struct {
    const char *text;
    const char *member;
} malformed[] = {
    { "{}", "id" },
    { "[]", "id" },
    { "{\"id\":\"short\"}", "id" },
    { "{\"id\":\"abcdefghijklm\"}", "id" },
    { "{\"id\":\"abcdefghijkl\"}", "digest" },
    { "{\"id\":\"abcdefghijkl\",\"digest\":\"sha256:00\"}", "digest" },
    { "{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST "\"}", "role" },
    { "{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST "\",\"role\":\"king\"}", "role" },
    { "{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST "\",\"role\":\"runtime\"}", "owner" },
    { GOOD_BUT("\"expires\":\"tomorrow\""), "expires" },
    { GOOD_BUT("\"revoked\":\"2026-13-01T00:00:00Z\""), "revoked" },
    { GOOD_BUT("\"created\":\"1\""), "created" },
    // A key whose expiry or scope was lost would reach more than it should.
    { GOOD_BUT("\"expires\":1796000000"), "expires" },
    { GOOD_BUT("\"revoked\":true"), "revoked" },
    { GOOD_BUT("\"scopes\":\"prompt/*\""), "scopes" },
    { GOOD_BUT("\"scopes\":{\"0\":\"prompt/*\"}"), "scopes" },
    { GOOD_BUT("\"scopes\":[\"prompt/*\",null]"), "scopes" },
};

static void test_control_key_read__refuses_what_is_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        struct control_key key OWNED(control_key_release) = { 0 };
        struct error err = { 0 };
        char member[32];
        if (read_text(&key, malformed[i].text, &err) != STATUS_DAMAGED)
            fail_msg("it passes: %s", malformed[i].text);
        snprintf(member, sizeof(member), "'%s'", malformed[i].member);
        if (!strstr(err.message, member))
            fail_msg("%s does not name %s: %s", err.message, member, malformed[i].text);
    }
}

static void test_control_key_add_scope__has_a_limit(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct control_key key OWNED(control_key_release) = { 0 };
    for (int i = 0; i < CONTROL_KEY_MAX_SCOPES; i++)
        assert_int_equal(control_key_add_scope(&key, "prompt/*", &err), STATUS_OK);
    assert_int_equal(control_key_add_scope(&key, "prompt/*", &err), STATUS_TOO_LARGE);
    assert_int_equal(key.scope_count, CONTROL_KEY_MAX_SCOPES);
}

static void test_control_key_is_valid__ends_at_its_expiry_and_at_its_revocation(void **state)
{
    (void)state;
    struct control_key key = { .expires = 100, .revoked = INT64_MAX };
    assert_true(control_key_is_valid(&key, 99));
    assert_false(control_key_is_valid(&key, 100));
    key.revoked = 50;
    assert_true(control_key_is_valid(&key, 49));
    assert_false(control_key_is_valid(&key, 50));
    key = (struct control_key) { .expires = INT64_MAX, .revoked = INT64_MAX };
    assert_true(control_key_is_valid(&key, INT64_MAX - 1));
}

static const struct {
    const char *scopes[3];
    const char *id;
    bool is_covered;
} covers[] = {
    { { NULL }, "prompt/outbound/greeting", true }, // none: everything
    { { "prompt/*" }, "prompt/outbound/greeting", true },
    { { "prompt/*" }, "tool/outbound/greeting", false },
    { { "prompt/outbound/greeting" }, "prompt/outbound/greeting", true },
    { { "prompt/outbound/greeting" }, "prompt/outbound/greeting-two", false },
    { { "prompt/outbound/greet" }, "prompt/outbound/greeting", false },
    { { "*/crm/*" }, "tool/crm/note", true },
    { { "tool/?" }, "tool/ab", false },
    { { "tool/*", "knowledge/plans" }, "knowledge/plans", true },
    { { "tool/*", "knowledge/plans" }, "knowledge/prices", false },
    { { "" }, "knowledge/prices", false },
    { { "prompt/outbound/greeting@1" }, "prompt/outbound/greeting", false },
};

static void test_control_key__judges_by_role_and_by_scopes(void **state)
{
    (void)state;
    char scope[] = "prompt/outbound/*";
    char *scopes[] = { scope };
    struct control_key key = { .role = ROLE_RUNTIME };
    struct artifact_id id = { .kind = KIND_TOOL, .name = "crm/note" };
    assert_true(control_key_role_may(key.role, ROLE_RUNTIME | ROLE_AUDITOR));
    assert_false(control_key_role_may(key.role, ROLE_AUDITOR | ROLE_OPERATOR));
    assert_false(control_key_role_may(0, ROLE_ANY));
    assert_true(control_key_covers_all(&key));
    assert_true(control_key_covers(&key, &id));
    assert_true(control_key_covers_name(&key, "tool/crm/note"));
    key.scopes = scopes;
    key.scope_count = 1;
    assert_false(control_key_covers_all(&key));
    assert_false(control_key_covers(&key, &id));
    assert_false(control_key_covers_name(&key, "tool/crm/note"));
    assert_true(control_key_covers_name(&key, "prompt/outbound/greeting"));
}

static void test_control_key_covers__what_a_scope_matches(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(covers); i++) {
        struct error err = { 0 };
        struct artifact_id id;
        struct control_key key OWNED(control_key_release) = { 0 };
        for (size_t s = 0; s < COUNT_OF(covers[i].scopes) && covers[i].scopes[s]; s++)
            assert_int_equal(control_key_add_scope(&key, covers[i].scopes[s], &err), STATUS_OK);
        assert_int_equal(id_parse(&id, covers[i].id, &err), STATUS_OK);
        id.version = 7; // a scope is about artifacts, whatever the version
        if (control_key_covers(&key, &id) != covers[i].is_covered)
            fail_msg("row %zu: %s", i, covers[i].id);
    }
}

static void test_control_key_role_parse__knows_the_five_roles(void **state)
{
    (void)state;
    static const char *const words[] = { "runtime", "author", "approver", "operator", "auditor" };
    struct error err = { 0 };
    enum control_role role;
    unsigned all = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_int_equal(control_key_role_parse(&role, words[i], &err), STATUS_OK);
        assert_string_equal(control_key_role_word(role), words[i]);
        all |= role;
    }
    assert_int_equal(all, ROLE_ANY);
    assert_int_equal(control_key_role_parse(&role, "Runtime", &err), STATUS_INVALID);
    assert_int_equal(control_key_role_parse(&role, "", &err), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_key_document__is_read_back_as_it_was),
        cmocka_unit_test(test_control_key_read__refuses_what_is_malformed),
        cmocka_unit_test(test_control_key_add_scope__has_a_limit),
        cmocka_unit_test(test_control_key_is_valid__ends_at_its_expiry_and_at_its_revocation),
        cmocka_unit_test(test_control_key__judges_by_role_and_by_scopes),
        cmocka_unit_test(test_control_key_covers__what_a_scope_matches),
        cmocka_unit_test(test_control_key_role_parse__knows_the_five_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
