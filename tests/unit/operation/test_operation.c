// The runner: who may not, where not, and what is not asked for never reaches an operation; a write
// that fails leaves nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/index.h"
#include "operation/operation.h"
#include "unit/release/environment_fixture.h"

// What the operations tried here have seen.
struct seen {
    int prepared;
    int ran;
    bool held_lock;
    enum status answer; // of run
};

static enum status prepare(struct operation_call *call, struct error *err)
{
    (void)err;
    struct seen *seen = call->state;
    seen->prepared++;
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct seen *seen = call->state;
    seen->ran++;
    seen->held_lock = call->environment && call->environment->lock.fd >= 0;
    if (call->environment) // a row that is there afterwards exactly if the write was
        TRY(ledger_tip_set(call->environment->ledger, "refs/heads/tried", "0", err));
    return seen->answer == STATUS_OK ? STATUS_OK
                                     : error_set(err, seen->answer, "as_told", "it fails");
}

static const struct operation_field fields[] = {
    { "name", NULL, "NAME", "who it is", FIELD_TEXT, true },
    { "scope", "--scope", "GLOB", "where", FIELD_LIST, false },
    { "to", "--to", "DIR", "the environment", FIELD_ENVIRONMENT, false },
    { 0 },
};
static const struct operation_field signed_fields[] = {
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { 0 },
};

static const struct operation writing = { .name = "write",
                                          .roles = ROLE_OPERATOR | ROLE_APPROVER,
                                          .classes = ENVIRONMENT_LIVE,
                                          .writes = true,
                                          .fields = fields,
                                          .prepare = prepare,
                                          .run = run };
static const struct operation for_sandboxes = { .name = "publish",
                                                .roles = ROLE_AUTHOR,
                                                .classes = ENVIRONMENT_SANDBOX,
                                                .elsewhere = "publish into a sandbox",
                                                .fields = fields,
                                                .prepare = prepare,
                                                .run = run };
static const struct operation anywhere = {
    .name = "think", .roles = ROLE_ANY, .fields = fields, .run = run
};
static const struct operation with_signature = {
    .name = "sign", .roles = ROLE_ANY, .fields = signed_fields, .run = run
};

static struct json *parse(const char *text)
{
    struct json *input = NULL;
    ASSERT_OK(json_parse(&input, text, strlen(text), &err));
    return input;
}

// Runs it with this input; the call is the caller's to set up beforehand.
static enum status try_it(const struct operation *operation, struct operation_call *call,
                          const char *input, struct error *err)
{
    struct json *document OWNED(json_release) = parse(input);
    call->input = document;
    enum status status = operation_run(operation, call, err);
    call->input = NULL;
    return status;
}

static struct operation_call call_of(const struct environment_fixture *fixture, struct seen *seen)
{
    return (struct operation_call) { .environment_path = fixture ? fixture->path : NULL,
                                     .actor = "operator",
                                     .roles = ROLE_ANY,
                                     .state = seen };
}

static void test_operation_run__runs_what_is_allowed_and_complete(void **state)
{
    struct seen seen = { 0 };
    struct error err = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(*state, &seen);
    call.roles = ROLE_APPROVER;
    assert_int_equal(try_it(&writing, &call, "{\"name\":\"x\",\"scope\":[\"a\",\"b\"]}", &err),
                     STATUS_OK);
    assert_int_equal(seen.prepared, 1);
    assert_int_equal(seen.ran, 1);
    assert_true(seen.held_lock);
    assert_int_equal(call.environment->lock.fd, -1);
}

static void test_operation_run__refuses_a_role_before_anything_else(void **state)
{
    struct seen seen = { 0 };
    struct error err = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(*state, &seen);
    call.environment_path = "/nowhere"; // which is not even looked at
    call.roles = ROLE_RUNTIME | ROLE_AUTHOR | ROLE_AUDITOR;
    assert_int_equal(try_it(&writing, &call, "{\"bogus\":1}", &err), STATUS_FORBIDDEN);
    assert_string_equal(err.code, "role_missing");
    call.roles = 0;
    assert_int_equal(try_it(&anywhere, &call, "{\"name\":\"x\"}", &err), STATUS_FORBIDDEN);
    assert_int_equal(seen.prepared + seen.ran, 0);
}

static void test_operation_run__refuses_an_environment_of_another_class(void **state)
{
    struct seen seen = { 0 };
    struct error err = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(*state, &seen);
    assert_int_equal(try_it(&for_sandboxes, &call, "{\"name\":\"x\"}", &err), STATUS_REFUSED);
    assert_string_equal(err.code, "wrong_class");
    assert_string_equal(err.hint, "publish into a sandbox");
    assert_int_equal(seen.prepared + seen.ran, 0);
    call.environment_path = NULL;
    assert_int_equal(try_it(&writing, &call, "{\"name\":\"x\"}", &err), STATUS_INVALID);
    assert_string_equal(err.code, "environment_missing");
    call.environment_path = "/nowhere";
    assert_int_equal(try_it(&writing, &call, "{\"name\":\"x\"}", &err), STATUS_NOT_FOUND);
    assert_int_equal(seen.prepared + seen.ran, 0);
}

static const struct {
    const char *input;
    const char *code;
} inputs[] = {
    { "{}", "input_missing" },
    { "{\"scope\":[]}", "input_missing" },
    { "{\"name\":\"x\",\"bogus\":\"y\"}", "input_unknown" },
    { "{\"name\":\"x\",\"to\":\"/elsewhere\"}", "input_unknown" }, // what only the face fills
    { "{\"name\":\"x\",\"\":\"y\"}", "input_unknown" },
    { "{\"name\":1}", "input_type" },
    { "{\"name\":null}", "input_type" },
    { "{\"name\":[\"x\"]}", "input_type" },
    { "{\"name\":\"x\",\"scope\":\"a\"}", "input_type" },
    { "{\"name\":\"x\",\"scope\":[\"a\",1]}", "input_type" },
    { "{\"name\":\"x\",\"scope\":{\"a\":\"b\"}}", "input_type" },
    { "[\"x\"]", "input_type" },
    { "\"x\"", "input_type" },
};

static void test_operation_run__refuses_input_that_is_not_asked_for(void **state)
{
    struct seen seen = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(*state, &seen);
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        struct error err = { 0 };
        enum status status = try_it(&writing, &call, inputs[i].input, &err);
        if (status != STATUS_INVALID || strcmp(err.code, inputs[i].code) != 0)
            fail_msg("%s: status %d, %s", inputs[i].input, status, err.code ? err.code : "");
    }
    assert_int_equal(seen.prepared + seen.ran, 0);
}

static void test_operation_run__limits_what_it_takes(void **state)
{
    struct seen seen = { 0 };
    struct error err = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(*state, &seen);
    struct json *input OWNED(json_release) = json_new_object();
    struct buffer text OWNED(buffer_release) = { 0 };
    while (text.length <= 1U << 20)
        buffer_append_text(&text, "0123456789abcdef0123456789abcdef");
    json_set_string(input, "name", buffer_text(&text));
    call.input = input;
    assert_int_equal(operation_run(&writing, &call, &err), STATUS_TOO_LARGE);
    json_set_string(input, "name", "x");
    struct json *scopes = json_set_array(input, "scope");
    for (int i = 0; i < 1001; i++)
        json_append_string(scopes, "a");
    assert_int_equal(operation_run(&writing, &call, &err), STATUS_INVALID);
    call.input = NULL;
    assert_int_equal(seen.prepared + seen.ran, 0);
}

static void test_operation_run__asks_for_a_signer(void **state)
{
    (void)state;
    struct seen seen = { 0 };
    struct error err = { 0 };
    const struct live_signer signer = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(NULL, &seen);
    assert_int_equal(try_it(&with_signature, &call, "{}", &err), STATUS_INVALID);
    assert_string_equal(err.code, "input_missing");
    assert_int_equal(seen.ran, 0);
    call.signer = &signer;
    assert_int_equal(try_it(&with_signature, &call, "{}", &err), STATUS_OK);
    assert_int_equal(seen.ran, 1);
}

static void assert_tip(struct environment_fixture *fixture, const char *expected)
{
    char commit[LEDGER_OID_BYTES];
    ASSERT_OK(ledger_tip_get(fixture->environment->ledger, "refs/heads/tried", commit, &err));
    assert_string_equal(commit, expected);
}

static void test_operation_run__rolls_back_a_write_that_fails(void **state)
{
    struct environment_fixture *fixture = *state;
    struct seen seen = { .answer = STATUS_REFUSED };
    struct error err = { 0 };
    struct operation_call call OWNED(operation_call_release) = call_of(fixture, &seen);
    assert_int_equal(try_it(&writing, &call, "{\"name\":\"x\"}", &err), STATUS_REFUSED);
    assert_string_equal(err.code, "as_told");
    assert_int_equal(call.environment->lock.fd, -1);
    assert_tip(fixture, "");
    seen.answer = STATUS_OK; // and the next one is not in its way
    assert_int_equal(try_it(&writing, &call, "{\"name\":\"x\"}", &err), STATUS_OK);
    assert_tip(fixture, "0");
}

static void test_operation_table__is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; operation_table[i]; i++) {
        const struct operation *operation = operation_table[i];
        assert_ptr_equal(operation_find(operation->name), operation); // no name twice
        assert_non_null(operation->run);
        assert_non_null(operation->fields);
        assert_true(operation->summary && *operation->summary);
        if (operation->roles == 0 || (operation->roles & ~ROLE_ANY))
            fail_msg("%s is for no role that there is", operation->name);
        if (operation->writes && operation->classes && (operation->roles & ROLE_RUNTIME))
            fail_msg("a runtime may write: %s", operation->name);
        for (const struct operation_field *field = operation->fields; field->name; field++)
            if (!field->metavar && field->type != FIELD_SWITCH)
                fail_msg("%s: %s shows nothing in its usage", operation->name, field->name);
            else if (operation->classes && field->metavar && strcmp(field->metavar, "DIR") == 0 &&
                     field->type == FIELD_TEXT)
                fail_msg("%s: %s is a folder that could be named from elsewhere", operation->name,
                         field->name);
    }
    assert_null(operation_find("bogus"));
    assert_null(operation_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ENVIRONMENT(test_operation_run__runs_what_is_allowed_and_complete),
        IN_ENVIRONMENT(test_operation_run__refuses_a_role_before_anything_else),
        IN_ENVIRONMENT(test_operation_run__refuses_an_environment_of_another_class),
        IN_ENVIRONMENT(test_operation_run__refuses_input_that_is_not_asked_for),
        IN_ENVIRONMENT(test_operation_run__limits_what_it_takes),
        cmocka_unit_test(test_operation_run__asks_for_a_signer),
        IN_ENVIRONMENT(test_operation_run__rolls_back_a_write_that_fails),
        cmocka_unit_test(test_operation_table__is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
