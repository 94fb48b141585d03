// Callers from elsewhere: what their key lets them do, and signatures made where they are.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ledger/audit.h"
#include "operation/operation.h"
#include "release/control_edit.h"
#include "trust/base64.h"
#include "trust/ssh_signature.h"
#include "unit/release/environment_fixture.h"

// One call with this input by whoever has the files (bearer NULL) or shows a key.
static enum status call_with(struct operation_call *call, const struct environment_fixture *fixture,
                             const char *operation, const char *bearer, struct json *input,
                             struct error *fault)
{
    call->environment_path = fixture->path;
    call->environment_label = "http://registry.example.com";
    call->bearer = bearer;
    call->actor = "operator";
    call->roles = ROLE_ANY;
    call->input = input;
    *fault = (struct error) { 0 };
    enum status status = operation_run(operation_find(operation), call, fault);
    call->input = NULL;
    return status;
}

static enum status try_text(const struct environment_fixture *fixture, const char *operation,
                            const char *bearer, const char *text, struct error *fault)
{
    struct operation_call call OWNED(operation_call_release) = { 0 };
    struct json *input OWNED(json_release) = NULL;
    ASSERT_OK(json_parse(&input, text, strlen(text), &err));
    return call_with(&call, fixture, operation, bearer, input, fault);
}

static void make_key(const struct environment_fixture *fixture, const char *role, const char *scope,
                     char out[ACCESS_KEY_BYTES], char out_id[CONTROL_KEY_ID_BYTES])
{
    struct operation_call call OWNED(operation_call_release) = { 0 };
    struct json *input OWNED(json_release) = json_new_object();
    struct error fault;
    json_set_string(input, "role", role);
    json_set_string(input, "owner", "keeper@example.com");
    json_set_string(input, "expires", "1d");
    if (scope)
        json_append_string(json_set_array(input, "scope"), scope);
    if (call_with(&call, fixture, "key create", NULL, input, &fault) != STATUS_OK)
        fail_msg("%s", fault.message);
    snprintf(out, ACCESS_KEY_BYTES, "%s", json_get_string(call.output, "key", ""));
    snprintf(out_id, CONTROL_KEY_ID_BYTES, "%s", json_get_string(call.output, "id", ""));
}

static void test_operation_caller__acts_as_the_owner_of_its_key(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    make_key(*state, "operator", NULL, key, id);
    assert_int_equal(
        try_text(*state, "binding set", key, "{\"name\":\"crm\",\"value\":\"x\"}", &fault),
        STATUS_OK);
    struct operation_call call OWNED(operation_call_release) = { 0 };
    struct json *input OWNED(json_release) = json_new_object();
    assert_int_equal(call_with(&call, *state, "audit", key, input, &fault), STATUS_OK);
    const struct json *last = NULL;
    for (const struct json *row = json_first(call.output); row; row = json_next(row))
        last = row;
    assert_string_equal(json_get_string(last, "operation", ""), "binding set");
    assert_string_equal(json_get_string(last, "actor", ""), "keeper@example.com");
}

static void test_operation_caller__refuses_a_key_that_is_of_no_use_here(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    char words[64];
    struct error fault;
    struct environment_fixture other = { 0 };
    environment_fixture_open(&other, ENVIRONMENT_LIVE);
    make_key(&other, "operator", NULL, key, id);
    assert_int_equal(try_text(*state, "list", key, "{}", &fault), STATUS_UNAUTHENTICATED);
    environment_free(other.environment);
    ASSERT_OK(file_remove_tree(other.folder, &err));
    assert_int_equal(try_text(*state, "list", "gr_live_bogus", "{}", &fault),
                     STATUS_UNAUTHENTICATED);
    assert_int_equal(try_text(*state, "list", "", "{}", &fault), STATUS_UNAUTHENTICATED);

    make_key(*state, "operator", NULL, key, id);
    assert_int_equal(try_text(*state, "list", key, "{}", &fault), STATUS_OK);
    snprintf(words, sizeof(words), "{\"id\":\"%s\"}", id);
    assert_int_equal(try_text(*state, "key revoke", key, words, &fault), STATUS_OK);
    assert_int_equal(try_text(*state, "list", key, "{}", &fault), STATUS_UNAUTHENTICATED);
}

static void test_operation_caller__may_what_its_role_and_scopes_say(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    make_key(*state, "runtime", NULL, key, id);
    assert_int_equal(try_text(*state, "list", key, "{}", &fault), STATUS_FORBIDDEN);
    assert_string_equal(fault.code, "role_missing");
    make_key(*state, "operator", "tool/*", key, id);
    assert_int_equal(try_text(*state, "list", key, "{}", &fault), STATUS_OK);
    assert_int_equal(try_text(*state, "show", key, "{\"artifact\":\"prompt/greeting\"}", &fault),
                     STATUS_FORBIDDEN);
    assert_string_equal(fault.code, "scope_missing");
    assert_int_equal(try_text(*state, "show", key, "{\"artifact\":\"tool/crm\"}", &fault),
                     STATUS_NOT_FOUND);
    assert_int_equal(try_text(*state, "key list", key, "{}", &fault), STATUS_FORBIDDEN);
}

// Nothing that names a place on this machine's disk is taken from elsewhere.
static void test_operation_caller__names_no_folder_here(void **state)
{
    static const struct {
        const char *operation;
        const char *input;
    } rows[] = {
        { "plan", "{\"artifacts\":[\"tool/crm@1\"],\"from\":\"/tmp\"}" },
        { "plan", "{\"artifacts\":[\"tool/crm@1\"]}" },
        { "verify", "{\"release\":\"release/tool/crm/1\",\"clone\":\"/tmp\"}" },
        { "verify", "{\"release\":\"release/tool/crm/1\"}" },
        { "verify", "{\"clone\":\"/tmp\"}" },
        { "check", "{\"path\":\"/etc/passwd\"}" },
        { "check", "{\"explain\":\"personal-data.email\"}" },
    };
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    make_key(*state, "operator", NULL, key, id);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (try_text(*state, rows[i].operation, key, rows[i].input, &fault) != STATUS_INVALID)
            fail_msg("%s %s: %s", rows[i].operation, rows[i].input, fault.message);
}

// A person with a key of their own at ./approver, who may sign in the environment.
static void let_sign(const struct environment_fixture *fixture, char path[128])
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *input OWNED(json_release) = json_new_object();
    struct operation_call call OWNED(operation_call_release) = { 0 };
    struct error fault;
    char command[256];
    snprintf(path, 128, "%s/approver", fixture->folder);
    snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C '' -f %s", path);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof(command), "%s.pub", path);
    ASSERT_OK(file_read(&text, command, 4096, &err));
    json_set_string(input, "name", "approver@example.com");
    json_set_string(input, "key", buffer_text(&text));
    if (call_with(&call, fixture, "approver add", NULL, input, &fault) != STATUS_OK)
        fail_msg("%s", fault.message);
}

static struct json *ask_waiver(const char *reason)
{
    struct json *input = json_new_object();
    json_set_string(input, "artifact", "prompt/greeting");
    json_set_string(input, "rule", "personal-data.email");
    json_set_string(input, "reason", reason);
    json_set_object(input, "sign-with");
    return input;
}

// Signs all that `to_sign` asks for, as a client does, into the input.
static void sign_all(struct json *input, const struct json *to_sign, const char *key_path)
{
    const struct json *asked = json_get(to_sign, "sign-with");
    struct json *given = json_set_object(input, "sign-with");
    json_set_string(given, "time", json_get_string(asked, "time", ""));
    struct json *list = json_set_array(given, "signatures");
    for (const struct json *item = json_first(json_get(asked, "items")); item;
         item = json_next(item)) {
        struct buffer bytes OWNED(buffer_release) = { 0 };
        struct buffer signature OWNED(buffer_release) = { 0 };
        const char *text = json_get_string(item, "bytes", "");
        assert_true(base64_decode(&bytes, text, strlen(text)));
        ASSERT_OK(ssh_signature_make(&signature, key_path, json_get_string(item, "namespace", ""),
                                     bytes.bytes, bytes.length, &err));
        struct json *one = json_append_object(list);
        json_set_string(one, "digest", json_get_string(item, "digest", ""));
        json_set_string(one, "signature", buffer_text(&signature));
    }
}

// Asks for a waiver until it is to be signed, and signs it.
static void ask_and_sign(const struct environment_fixture *fixture, const char *bearer,
                         struct json *input, const char *key_path)
{
    struct operation_call call OWNED(operation_call_release) = { 0 };
    struct error fault;
    assert_int_equal(call_with(&call, fixture, "waive", bearer, input, &fault), STATUS_INVALID);
    assert_string_equal(fault.code, "signature_needed");
    sign_all(input, call.to_sign, key_path);
}

static void test_operation_signing__goes_on_with_what_was_signed_elsewhere(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    char path[128];
    struct error fault;
    struct json *input OWNED(json_release) = ask_waiver("reviewed");
    struct operation_call call OWNED(operation_call_release) = { 0 };
    let_sign(*state, path);
    make_key(*state, "approver", NULL, key, id);
    ask_and_sign(*state, key, input, path);
    if (call_with(&call, *state, "waive", key, input, &fault) != STATUS_OK)
        fail_msg("%s", fault.message);
    assert_string_equal(json_get_string(call.output, "actor", ""), "keeper@example.com");
    assert_null(call.to_sign);
}

static void test_operation_signing__conflicts_when_something_else_happened(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    char path[128];
    struct error fault;
    struct json *input OWNED(json_release) = ask_waiver("reviewed");
    struct operation_call call OWNED(operation_call_release) = { 0 };
    let_sign(*state, path);
    make_key(*state, "approver", NULL, key, id);
    ask_and_sign(*state, key, input, path);
    assert_int_equal(
        try_text(*state, "binding set", NULL, "{\"name\":\"crm\",\"value\":\"x\"}", &fault),
        STATUS_OK);
    assert_int_equal(call_with(&call, *state, "waive", key, input, &fault), STATUS_CONFLICT);
    assert_string_equal(fault.code, "state_moved");
}

// What was signed counts for what was shown, and for nothing else.
static void test_operation_signing__takes_no_signature_of_other_bytes(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    char path[128];
    struct error fault;
    struct json *input OWNED(json_release) = ask_waiver("reviewed");
    let_sign(*state, path);
    make_key(*state, "approver", NULL, key, id);
    ask_and_sign(*state, key, input, path);
    json_set_string(input, "reason", "quite another reason");
    struct operation_call other OWNED(operation_call_release) = { 0 };
    assert_int_equal(call_with(&other, *state, "waive", key, input, &fault), STATUS_CONFLICT);

    json_set_string(input, "reason", "reviewed");
    struct json *given = (struct json *)json_get(input, "sign-with");
    char time[CLOCK_TEXT_BYTES];
    clock_format(clock_now() - 3600, time);
    json_set_string(given, "time", time);
    struct operation_call late OWNED(operation_call_release) = { 0 };
    assert_int_equal(call_with(&late, *state, "waive", key, input, &fault), STATUS_CONFLICT);
    assert_string_equal(fault.code, "signature_late");
}

static void test_operation_signing__refuses_a_stranger_and_what_is_no_signature(void **state)
{
    static const char *const malformed[] = { "{\"signatures\":{}}", "{\"signatures\":[]}", "[]",
                                             "{\"time\":\"now\"}", "{\"signatures\":[{}]}" };
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    char path[128];
    struct error fault;
    struct json *input OWNED(json_release) = ask_waiver("reviewed");
    struct environment_fixture other = { 0 };
    environment_fixture_open(&other, ENVIRONMENT_LIVE);
    let_sign(&other, path); // an approver there is none here
    make_key(*state, "approver", NULL, key, id);
    ask_and_sign(*state, key, input, path);
    struct operation_call call OWNED(operation_call_release) = { 0 };
    assert_int_equal(call_with(&call, *state, "waive", key, input, &fault), STATUS_REFUSED);
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        struct operation_call bad OWNED(operation_call_release) = { 0 };
        struct json *value = NULL;
        ASSERT_OK(json_parse(&value, malformed[i], strlen(malformed[i]), &err));
        json_set(input, "sign-with", value);
        assert_int_equal(call_with(&bad, *state, "waive", key, input, &fault), STATUS_INVALID);
    }
    environment_free(other.environment);
    ASSERT_OK(file_remove_tree(other.folder, &err));
}

// One write with a key of its own; its exit, and how many rows the audit has then.
static enum status ask_with_key(const struct environment_fixture *fixture, const char *operation,
                                const char *bearer, const char *request_key, const char *text,
                                struct error *fault, int64_t *out_rows)
{
    struct operation_call call OWNED(operation_call_release) = { .request_key = request_key };
    struct json *input OWNED(json_release) = NULL;
    struct digest unused;
    ASSERT_OK(json_parse(&input, text, strlen(text), &err));
    enum status status = call_with(&call, fixture, operation, bearer, input, fault);
    ASSERT_OK(audit_head(fixture->environment->ledger, out_rows, &unused, &err));
    if (status == STATUS_OK)
        assert_non_null(call.output);
    return status;
}

static void test_operation_request__does_nothing_twice(void **state)
{
    static const char crm[] = "{\"name\":\"crm\",\"value\":\"x\"}";
    char key[ACCESS_KEY_BYTES];
    char other[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    int64_t first;
    int64_t again;
    make_key(*state, "operator", NULL, key, id);
    make_key(*state, "operator", NULL, other, id);
    assert_int_equal(ask_with_key(*state, "binding set", key, "a", crm, &fault, &first), STATUS_OK);
    assert_int_equal(ask_with_key(*state, "binding set", key, "a", crm, &fault, &again), STATUS_OK);
    assert_int_equal(again, first);
    // Something else with the same key is refused; another's same word is another key.
    assert_int_equal(ask_with_key(*state, "binding set", key, "a",
                                  "{\"name\":\"crm\",\"value\":\"y\"}", &fault, &again),
                     STATUS_REFUSED);
    assert_string_equal(fault.code, "request_key_reused");
    assert_int_equal(ask_with_key(*state, "binding set", other, "a", crm, &fault, &again),
                     STATUS_OK);
    assert_int_equal(again, first + 1);
    assert_int_equal(ask_with_key(*state, "binding set", key, "b", crm, &fault, &again), STATUS_OK);
    assert_int_equal(again, first + 2);
}

static void test_operation_request__keeps_no_secret(void **state)
{
    static const char wanted[] = "{\"role\":\"runtime\",\"owner\":\"dialer\",\"expires\":\"1d\"}";
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    int64_t first;
    int64_t again;
    make_key(*state, "operator", NULL, key, id);
    assert_int_equal(ask_with_key(*state, "key create", key, "a", wanted, &fault, &first),
                     STATUS_OK);
    assert_int_equal(ask_with_key(*state, "key create", key, "a", wanted, &fault, &again),
                     STATUS_CONFLICT);
    assert_string_equal(fault.code, "answer_not_kept");
    assert_int_equal(again, first);
}

// A failure is not kept: what was refused may be tried again.
static void test_operation_request__forgets_what_failed(void **state)
{
    char key[ACCESS_KEY_BYTES];
    char id[CONTROL_KEY_ID_BYTES];
    struct error fault;
    int64_t rows;
    make_key(*state, "operator", NULL, key, id);
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            ask_with_key(*state, "key revoke", key, "a", "{\"id\":\"none\"}", &fault, &rows),
            STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ENVIRONMENT(test_operation_caller__acts_as_the_owner_of_its_key),
        IN_ENVIRONMENT(test_operation_caller__refuses_a_key_that_is_of_no_use_here),
        IN_ENVIRONMENT(test_operation_caller__may_what_its_role_and_scopes_say),
        IN_ENVIRONMENT(test_operation_caller__names_no_folder_here),
        IN_ENVIRONMENT(test_operation_request__does_nothing_twice),
        IN_ENVIRONMENT(test_operation_request__keeps_no_secret),
        IN_ENVIRONMENT(test_operation_request__forgets_what_failed),
        IN_ENVIRONMENT(test_operation_signing__goes_on_with_what_was_signed_elsewhere),
        IN_ENVIRONMENT(test_operation_signing__conflicts_when_something_else_happened),
        IN_ENVIRONMENT(test_operation_signing__takes_no_signature_of_other_bytes),
        IN_ENVIRONMENT(test_operation_signing__refuses_a_stranger_and_what_is_no_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
