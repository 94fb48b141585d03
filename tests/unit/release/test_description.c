// An environment described: what is made is read back, and nothing malformed passes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "environment_fixture.h"
#include "release/bindings.h"
#include "release/control.h"
#include "release/description.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEY_BUT(members)                                                                           \
    "{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST "\",\"role\":\"operator\",\"owner\":\"ops\","  \
    "\"scopes\":[]" members "}"
#define SIGNER                                                                                     \
    "lead@example.com namespaces=\\\"git\\\" ssh-ed25519 "                                         \
    "AAAAC3NzaC1lZDI1NTE5AAAAILwsJxFOVG1si4AJOR/t6haqHTBLEnFfwIuo8WIaHp4/\\n"

// A description in which one member is another.
struct members {
    const char *format, *environment, *name, *class, *zone, *bindings, *webhooks, *approvers, *keys;
    const char *more;
};
static const struct members good = {
    .format = "1",
    .environment = "\"abcdefghijkl\"",
    .name = "\"production\"",
    .class = "\"live\"",
    .zone = "{\"owns\":{\"hosts\":[\"mine.example.com\"]}}",
    .bindings = "{\"crm\":\"https://crm.example.com\",\"lead-webhook\":\"https://x.example.com\"}",
    .webhooks = "[\"lead-webhook\"]",
    .approvers = "\"" SIGNER "\"",
    .keys = "[" KEY_BUT(",\"expires\":\"2026-12-23T10:30:00Z\"") "]",
    .more = "",
};

static enum status read_members(struct description *out, const struct members *members,
                                struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *document = NULL;
    buffer_append_format(&text,
                         "{\"format\":%s,\"environment\":%s,\"name\":%s,\"class\":%s,\"zone\":%s,"
                         "\"bindings\":%s,\"webhooks\":%s,\"approvers\":%s,\"keys\":%s%s}",
                         members->format, members->environment, members->name, members->class,
                         members->zone, members->bindings, members->webhooks, members->approvers,
                         members->keys, members->more);
    assert_int_equal(json_parse(&document, text.bytes, text.length, err), STATUS_OK);
    return description_read(out, document, err);
}

static void test_description_read__takes_what_is_whole(void **state)
{
    (void)state;
    struct description description OWNED(description_release) = { 0 };
    ASSERT_OK(read_members(&description, &good, &err));
    assert_string_equal(description.id, "abcdefghijkl");
    assert_string_equal(description.name, "production");
    assert_int_equal(description.environment_class, ENVIRONMENT_LIVE);
    assert_int_equal(description.approvers.count, 1);
    assert_string_equal(description.approvers.items[0].name, "lead@example.com");
    assert_int_equal(description.key_count, 1);
    assert_int_equal(description.keys[0].role, ROLE_OPERATOR);
    assert_true(description_is_webhook(&description, "lead-webhook"));
    assert_false(description_is_webhook(&description, "crm"));
}

static void refuse(const struct members *members, const char *member)
{
    struct error err = { 0 };
    struct description description OWNED(description_release) = { 0 };
    assert_int_equal(read_members(&description, members, &err), STATUS_DAMAGED);
    assert_string_equal(err.code, "description_invalid");
    if (!strstr(err.message, member))
        fail_msg("'%s' does not name %s", err.message, member);
    assert_null(description.document);
}

#define REFUSE(where, member, value)                                                               \
    do {                                                                                           \
        struct members members = good;                                                             \
        members.member = (value);                                                                  \
        refuse(&members, where);                                                                   \
    } while (0)

static void test_description_read__names_what_is_not_as_it_should_be(void **state)
{
    (void)state;
    REFUSE("/format", format, "2");
    REFUSE("/environment", environment, "\"../production\"");
    REFUSE("/name", name, "7");
    REFUSE("/class", class, "\"both\"");
    REFUSE("/zone", zone, "[]");
    REFUSE("/zone/owns/hosts/0", zone, "{\"owns\":{\"hosts\":[1]}}");
    REFUSE("/zone", zone, "{\"mine\":{}}");
    REFUSE("/bindings", bindings, "{\"A name\":\"x\"}");
    REFUSE("/bindings/crm", bindings, "{\"crm\":null}");
    REFUSE("/webhooks/0", webhooks, "[{}]");
    REFUSE("/approvers", approvers, "\"nobody\"");
    REFUSE("/keys/0/digest", keys,
           "[{\"id\":\"abcdefghijkl\",\"digest\":\"sha256:00\","
           "\"role\":\"operator\",\"owner\":\"o\",\"scopes\":[]}]");
    REFUSE("/keys/1/role", keys,
           "[" KEY_BUT("") ",{\"id\":\"abcdefghijkl\",\"digest\":\"" DIGEST
                           "\",\"role\":\"king\",\"owner\":\"o\",\"scopes\":[]}]");
    // A time that has the form of one and is none.
    REFUSE("/keys/0: ", keys, "[" KEY_BUT(",\"expires\":\"2026-13-41T10:30:00Z\"") "]");
    REFUSE("/more", more, ",\"more\":1");
}

static void test_description_read__refuses_what_is_no_object(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct description description OWNED(description_release) = { 0 };
    assert_int_equal(description_read(&description, json_new_array(), &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.message, "all of it"));
}

static void test_description_read__looks_at_so_many_keys_and_no_more(void **state)
{
    (void)state;
    struct buffer keys OWNED(buffer_release) = { 0 };
    struct members members = good;
    for (int i = 0; i < 10001; i++)
        buffer_append_format(&keys, "%s" KEY_BUT(""), i ? "," : "[");
    buffer_append_text(&keys, "]");
    members.keys = keys.bytes;
    refuse(&members, "/keys: ");
}

static void test_description_make__makes_what_can_be_read(void **state)
{
    struct environment_fixture *fixture = *state;
    struct control control OWNED(control_release) = { 0 };
    struct description description OWNED(description_release) = { 0 };
    struct json *document = NULL;
    ASSERT_OK(control_read(&control, fixture->environment->store, &err));
    ASSERT_OK(bindings_set(control.bindings, "crm", "https://crm.example.com", &err));
    ASSERT_OK(bindings_set(control.bindings, "my-webhook", "https://x.example.com", &err));
    json_free(control.policy);
    control.policy = NULL;
    static const char policy[] = "{\"items\":[{\"id\":\"a\",\"bindings\":[\"*webhook*\"]}]}";
    ASSERT_OK(json_parse(&control.policy, policy, strlen(policy), &err));
    ASSERT_OK(description_make(&document, &fixture->environment->identity, &control, &err));
    ASSERT_OK(description_read(&description, document, &err));
    assert_string_equal(description.id, fixture->environment->identity.id);
    assert_int_equal(description.environment_class, ENVIRONMENT_LIVE);
    assert_true(description_is_webhook(&description, "my-webhook"));
    assert_false(description_is_webhook(&description, "crm"));
    assert_string_equal(json_string(json_at(description.document, "/bindings/crm")),
                        "https://crm.example.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_description_read__takes_what_is_whole),
        cmocka_unit_test(test_description_read__names_what_is_not_as_it_should_be),
        cmocka_unit_test(test_description_read__refuses_what_is_no_object),
        cmocka_unit_test(test_description_read__looks_at_so_many_keys_and_no_more),
        IN_ENVIRONMENT(test_description_make__makes_what_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
