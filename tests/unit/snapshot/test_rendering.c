// A prompt filled in: its sections with values, what is refused, and what is missing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "snapshot/rendering.h"

#define MANIFEST(rest)                                                                             \
    "{\"kind\":\"prompt\",\"name\":\"outbound/greeting\",\"sections\":["                           \
    "{\"name\":\"opening\",\"file\":\"a.md\"},"                                                    \
    "{\"name\":\"pitch\",\"file\":\"b.md\",\"direction\":\"outbound\"}]" rest "}"
#define VARIABLES                                                                                  \
    ",\"variables\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"          \
    "\"age\":{\"type\":\"integer\"}},\"required\":[\"name\"],\"additionalProperties\":false}"

struct prompt {
    struct snapshot_file files[3];
    struct snapshot_release release;
};

static void write_prompt(struct prompt *prompt, const char *manifest, const char *a, const char *b)
{
    const char *const names[] = { "a.md", "artifact.json", "b.md" };
    const char *const texts[] = { a, manifest, b };
    memset(prompt, 0, sizeof(*prompt));
    for (size_t i = 0; i < 3; i++)
        prompt->files[i] = (struct snapshot_file) { .path = names[i],
                                                    .bytes = texts[i],
                                                    .size_bytes = strlen(texts[i]) };
    prompt->release.id =
        (struct artifact_id) { .kind = KIND_PROMPT, .version = 4, .name = "outbound/greeting" };
    prompt->release.files = prompt->files;
    prompt->release.file_count = 3;
}

static enum status render(const struct prompt *prompt, const char *request, struct buffer *out,
                          struct error *err)
{
    struct rendering *rendering OWNED(rendering_release) = NULL;
    TRY(rendering_new(&rendering, &prompt->release, err));
    return rendering_print(rendering, out, request, strlen(request), err);
}

static void assert_rendered(const struct prompt *prompt, const char *request, const char *expected)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    if (render(prompt, request, &out, &err) != STATUS_OK)
        fail_msg("%s", err.message);
    const char *sections = strstr(buffer_text(&out), "\"sections\"");
    assert_non_null(sections);
    assert_string_equal(sections, expected);
}

static void assert_refused(const struct prompt *prompt, const char *request, enum status status,
                           const char *code)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_int_equal(render(prompt, request, &out, &err), status);
    assert_string_equal(err.code, code);
    assert_int_equal(out.length, 0);
}

static void test_rendering__says_which_release_it_is(void **state)
{
    (void)state;
    struct prompt prompt;
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    write_prompt(&prompt, MANIFEST(""), "Hello.", "Buy.");
    assert_int_equal(render(&prompt, "{}", &out, &err), STATUS_OK);
    static const char begin[] = "{\"artifact\":\"prompt/outbound/greeting\",\"version\":4,"
                                "\"digest\":\"sha256:";
    assert_memory_equal(out.bytes, begin, sizeof(begin) - 1);
}

static void test_rendering__fills_in_values(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(VARIABLES), "Hello {{name}}{{#age}}, {{age}}{{/age}}.", "Buy.");
    assert_rendered(&prompt, "{\"variables\":{\"name\":\"A & B\",\"age\":30}}",
                    "\"sections\":[{\"name\":\"opening\",\"text\":\"Hello A & B, 30.\"},"
                    "{\"name\":\"pitch\",\"direction\":\"outbound\",\"text\":\"Buy.\"}],"
                    "\"missing\":[]}");
}

static void test_rendering__honours_escape(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(",\"escape\":\"html\""), "{{name}} {{{name}}}", "");
    assert_rendered(&prompt, "{\"variables\":{\"name\":\"<\"}}",
                    "\"sections\":[{\"name\":\"opening\",\"text\":\"&lt; <\"},"
                    "{\"name\":\"pitch\",\"direction\":\"outbound\",\"text\":\"\"}],"
                    "\"missing\":[]}");
}

static void test_rendering__leaves_sections_of_the_other_direction_out(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(""), "Hello.", "Buy.");
    assert_rendered(&prompt, "{\"direction\":\"inbound\"}",
                    "\"sections\":[{\"name\":\"opening\",\"text\":\"Hello.\"}],\"missing\":[]}");
    assert_rendered(&prompt, "{\"direction\":\"outbound\"}",
                    "\"sections\":[{\"name\":\"opening\",\"text\":\"Hello.\"},"
                    "{\"name\":\"pitch\",\"direction\":\"outbound\",\"text\":\"Buy.\"}],"
                    "\"missing\":[]}");
}

static void test_rendering__names_what_is_missing_once(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(""), "{{x}}{{y}}{{x}}", "{{y}}");
    assert_rendered(&prompt, "{\"variables\":{\"y\":null}}",
                    "\"sections\":[{\"name\":\"opening\",\"text\":\"\"},"
                    "{\"name\":\"pitch\",\"direction\":\"outbound\",\"text\":\"\"}],"
                    "\"missing\":[\"x\"]}");
}

static void test_rendering__refuses_values_that_do_not_fit(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(VARIABLES), "{{name}}", "");
    static const char *const requests[] = {
        "{}",
        "{\"variables\":{}}",
        "{\"variables\":{\"name\":1}}",
        "{\"variables\":{\"name\":\"x\",\"other\":1}}",
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        assert_refused(&prompt, requests[i], STATUS_REFUSED, "variables_invalid");
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    render(&prompt, "{\"variables\":{\"name\":1,\"age\":\"x\"}}", &out, &err);
    assert_non_null(strstr(err.message, "/name"));
    assert_non_null(strstr(err.message, "/age"));
}

static void test_rendering__refuses_other_requests(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(""), "Hello.", "");
    static const char *const requests[] = {
        "[]",
        "\"variables\"",
        "{\"variables\":[]}",
        "{\"variables\":null}",
        "{\"direction\":\"sideways\"}",
        "{\"direction\":1}",
        "{\"name\":\"x\"}",
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        assert_refused(&prompt, requests[i], STATUS_INVALID, "render_request_invalid");
    assert_refused(&prompt, "", STATUS_INVALID, "json_invalid");
    assert_refused(&prompt, "{\"variables\":{\"a\":1,\"a\":2}}", STATUS_INVALID, "json_invalid");
}

static void test_rendering__stops_at_its_limits(void **state)
{
    (void)state;
    struct prompt prompt;
    struct buffer template OWNED(buffer_release) = { 0 };
    struct buffer request OWNED(buffer_release) = { 0 };
    buffer_append_text(&template, "{{#l}}{{#l}}{{#l}}{{#l}}");
    for (int i = 0; i < 1000; i++)
        buffer_append_text(&template, "text ");
    buffer_append_text(&template, "{{/l}}{{/l}}{{/l}}{{/l}}");
    write_prompt(&prompt, MANIFEST(""), buffer_text(&template), "");
    assert_refused(&prompt, "{\"variables\":{\"l\":[1,2,3,4,5,6,7,8,9,10]}}", STATUS_TOO_LARGE,
                   "rendering_too_large");
    for (size_t i = 0; i <= RENDERING_MAX_REQUEST_BYTES; i++)
        buffer_append_byte(&request, ' ');
    assert_refused(&prompt, buffer_text(&request), STATUS_TOO_LARGE, "content_too_large");
}

static void test_rendering__refuses_a_prompt_with_faults(void **state)
{
    (void)state;
    struct prompt prompt;
    write_prompt(&prompt, MANIFEST(""), "Hello {{#name}}", "");
    assert_refused(&prompt, "{}", STATUS_REFUSED, "prompt_not_renderable");
    write_prompt(&prompt, MANIFEST(",\"variables\":{\"type\":\"nothing\"}"), "Hello.", "");
    assert_refused(&prompt, "{}", STATUS_REFUSED, "prompt_not_renderable");
    prompt.release.id.kind = KIND_TOOL;
    assert_refused(&prompt, "{}", STATUS_REFUSED, "prompt_not_renderable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rendering__says_which_release_it_is),
        cmocka_unit_test(test_rendering__fills_in_values),
        cmocka_unit_test(test_rendering__honours_escape),
        cmocka_unit_test(test_rendering__leaves_sections_of_the_other_direction_out),
        cmocka_unit_test(test_rendering__names_what_is_missing_once),
        cmocka_unit_test(test_rendering__refuses_values_that_do_not_fit),
        cmocka_unit_test(test_rendering__refuses_other_requests),
        cmocka_unit_test(test_rendering__stops_at_its_limits),
        cmocka_unit_test(test_rendering__refuses_a_prompt_with_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
