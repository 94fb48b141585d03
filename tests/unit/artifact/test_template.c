// Tests of templates: what is rendered, what the walk tells, which faults are found where.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "artifact/template.h"
#include "base/memory.h"

static struct template *given_template(const char *text)
{
    struct error err = { 0 };
    struct template *template = NULL;
    assert_int_equal(template_parse(&template, text, strlen(text), &err), STATUS_OK);
    return template;
}

static struct json *given_data(const char *text)
{
    struct error err = { 0 };
    struct json *data = NULL;
    assert_int_equal(json_parse(&data, text, strlen(text), &err), STATUS_OK);
    return data;
}

static void assert_rendered_with(const char *text, const char *json, enum template_escape escape,
                                 const char *expected)
{
    struct error err = { 0 };
    struct template *template OWNED(template_release) = given_template(text);
    struct json *data OWNED(json_release) = given_data(json);
    struct buffer out OWNED(buffer_release) = { 0 };
    struct template_rendering with = { .data = data, .escape = escape };
    if (template_render(&out, template, &with, &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(buffer_text(&out), expected);
}

static void assert_rendered(const char *text, const char *json, const char *expected)
{
    assert_rendered_with(text, json, TEMPLATE_ESCAPE_NONE, expected);
}

// The one fault of a text.
static void assert_fault(const char *text, enum template_fault_kind kind, uint32_t line,
                         uint32_t column, const char *words)
{
    struct template *template OWNED(template_release) = given_template(text);
    if (template_fault_count(template) != 1)
        fail_msg("%s: %zu faults", text, template_fault_count(template));
    const struct template_fault *fault = template_fault_at(template, 0);
    if (fault->kind != kind || !strstr(fault->message, words))
        fail_msg("%s: kind %d: %s", text, (int)fault->kind, fault->message);
    assert_int_equal(fault->line, line);
    assert_int_equal(fault->column, column);
    assert_true(fault->mend[0] != '\0');
}

static void test_template__puts_values_in_as_they_are(void **state)
{
    (void)state;
    assert_rendered("Hello {{name}}, {{{name}}}, {{&name}}", "{\"name\":\"A & <B>\"}",
                    "Hello A & <B>, A & <B>, A & <B>");
    assert_rendered("{{n}} {{e}} {{t}} {{f}} {{z}}|",
                    "{\"n\":1.10,\"e\":12345678901234567890,\"t\":true,\"f\":false,\"z\":null}",
                    "1.10 12345678901234567890 true false |");
    assert_rendered("{{list}} {{object.a}} {{object}}",
                    "{\"list\":[1,\"b\"],\"object\":{\"a\":\"x\"}}", "[1,\"b\"] x {\"a\":\"x\"}");
}

static void test_template__escapes_for_html_where_asked(void **state)
{
    (void)state;
    assert_rendered_with(
        "{{x}} {{{x}}} {{&x}}", "{\"x\":\"<a href=\\\"b\\\">&'\"}", TEMPLATE_ESCAPE_HTML,
        "&lt;a href=&quot;b&quot;&gt;&amp;&#39; <a href=\"b\">&' <a href=\"b\">&'");
    assert_rendered_with("{{list}}", "{\"list\":[\"b\"]}", TEMPLATE_ESCAPE_HTML, "[&quot;b&quot;]");
}

static void test_template__shows_a_nul_of_the_data_as_a_replacement(void **state)
{
    (void)state;
    assert_rendered("[{{x}}]", "{\"x\":\"a\\u0000b\\u0000\"}",
                    "[a\xEF\xBF\xBD"
                    "b\xEF\xBF\xBD]");
}

static void test_template__takes_empty_things_as_false(void **state)
{
    (void)state;
    static const char *const values[] = { "null", "false", "\"\"", "0", "0.0", "[]" };
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct buffer json OWNED(buffer_release) = { 0 };
        buffer_append_format(&json, "{\"x\":%s}", values[i]);
        assert_rendered("{{#x}}yes{{/x}}{{^x}}no{{/x}}", buffer_text(&json), "no");
    }
    assert_rendered("{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{}", "no");
    assert_rendered("{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":{}}", "yes");
    assert_rendered("{{#x}}<{{.}}>{{/x}}", "{\"x\":\"a\"}", "<a>");
}

static void test_template__looks_outwards_for_what_an_item_lacks(void **state)
{
    (void)state;
    assert_rendered(
        "{{#offers}}{{name}} {{company}}; {{/offers}}",
        "{\"company\":\"C\",\"offers\":[{\"name\":\"a\"},{\"name\":\"b\",\"company\":\"D\"}]}",
        "a C; b D; ");
    assert_rendered("{{#slots}}- {{.}}\n{{/slots}}", "{\"slots\":[\"nine\",\"ten\"]}",
                    "- nine\n- ten\n");
}

// --- partials ---

struct given_partials {
    const char *name;
    struct template *template;
};

static enum status find_given(void *context, const char *name, const struct template **out,
                              struct error *err)
{
    const struct given_partials *partials = context;
    if (strcmp(name, "unreadable") == 0)
        return error_set(err, STATUS_IO, "io", "cannot read it");
    for (; partials->name; partials++)
        if (strcmp(partials->name, name) == 0)
            *out = partials->template;
    return STATUS_OK;
}

static enum status render_partial(struct buffer *out, const char *text, const char *partial,
                                  const char *json, struct error *err)
{
    struct template *template OWNED(template_release) = given_template(text);
    struct template *inner OWNED(template_release) = given_template(partial);
    struct json *data OWNED(json_release) = given_data(json);
    struct given_partials partials[] = { { "p", inner }, { 0 } };
    struct template_rendering with = { .data = data,
                                       .find_partial = find_given,
                                       .context = partials };
    return template_render(out, template, &with, err);
}

static void assert_partial(const char *text, const char *partial, const char *expected)
{
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(render_partial(&out, text, partial, "{\"x\":\"1\\n2\",\"l\":[1,2]}", &err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&out), expected);
}

static void test_template__indents_the_lines_of_a_partial_but_not_of_values(void **state)
{
    (void)state;
    assert_partial("a\n  {{>p}}\nb", "{{x}}\n-\n", "a\n  1\n2\n  -\nb");
    assert_partial("a\n  {{>p}}\nb", "{{#l}}\n{{.}}.\n{{/l}}\n", "a\n  1.\n  2.\nb");
    assert_partial("a {{>p}}\nb", "1\n2", "a 1\n2\nb");
    assert_partial("[{{>nothing}}]", "1", "[]");
}

static void test_template__adds_up_the_blanks_before_partials_in_each_other(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(render_partial(&out, "  {{>p}}\n.", "{{x}}\n{{#of}}\n {{>p}}\n{{/of}}\n-",
                                    "{\"x\":1,\"of\":{\"x\":2,\"of\":{\"x\":3,\"of\":[]}}}", &err),
                     STATUS_OK);
    assert_string_equal(buffer_text(&out), "  1\n   2\n    3\n    -   -  -.");
}

static void test_template__refuses_a_partial_that_holds_itself(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    buffer_append_text(&out, "before");
    assert_int_equal(render_partial(&out, "{{>p}}", "more {{>p}}", "{}", &err), STATUS_TOO_LARGE);
    assert_string_equal(err.code, "template_too_deep");
    assert_string_equal(buffer_text(&out), "before");
    assert_int_equal(render_partial(&out, " {{>p}}", " {{>p}}", "{}", &err), STATUS_TOO_LARGE);
}

static void test_template__refuses_what_has_faults_and_says_where(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(render_partial(&out, "{{>p}}", "a\n  {{else}}", "{}", &err), STATUS_INVALID);
    assert_string_equal(err.code, "template_invalid");
    assert_non_null(strstr(err.message, "partial 'p': line 2, column 3: {{else}}"));
    assert_int_equal(render_partial(&out, "{{#a}}", "", "{}", &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "line 1, column 1: the section 'a' is not closed"));
    assert_int_equal(render_partial(&out, "{{>unreadable}}", "", "{}", &err), STATUS_IO);
    assert_int_equal(out.length, 0);
}

// --- limits ---

static void test_template__stops_at_its_limits(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct template *template OWNED(template_release) = given_template("{{#l}}{{#l}}{{/l}}{{/l}}");
    struct template *loud OWNED(template_release) = given_template("0123456789");
    struct json *data OWNED(json_release) = given_data("{\"l\":[1,2,3,4,5,6,7,8,9,10]}");
    struct buffer out OWNED(buffer_release) = { 0 };
    struct template_limits limits = { .bytes = 25, .steps = 1000 };
    struct template_rendering with = { .data = data, .limits = &limits };
    assert_int_equal(template_render(&out, template, &with, &err), STATUS_OK);
    assert_in_range(limits.steps, 700, 880);
    limits.steps = 100;
    assert_int_equal(template_render(&out, template, &with, &err), STATUS_TOO_LARGE);
    limits.steps = 100;
    assert_int_equal(template_render(&out, loud, &with, &err), STATUS_OK);
    assert_int_equal(template_render(&out, loud, &with, &err), STATUS_OK);
    assert_int_equal(limits.bytes, 5);
    assert_int_equal(template_render(&out, loud, &with, &err), STATUS_TOO_LARGE);
    assert_int_equal(out.length, 20);
    assert_string_equal(err.code, "template_too_large");
}

static void test_template__refuses_bytes_that_are_no_text(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct template *template = NULL;
    assert_int_equal(template_parse(&template, "a\0b", 3, &err), STATUS_INVALID);
    assert_int_equal(template_parse(&template, "\xFF", 1, &err), STATUS_INVALID);
    char *large OWNED(memory_release) = calloc(1, TEMPLATE_MAX_BYTES + 1);
    assert_non_null(large);
    memset(large, 'a', TEMPLATE_MAX_BYTES + 1);
    assert_int_equal(template_parse(&template, large, TEMPLATE_MAX_BYTES + 1, &err),
                     STATUS_TOO_LARGE);
    assert_null(template);
    assert_int_equal(template_parse(&template, large, TEMPLATE_MAX_BYTES, &err), STATUS_OK);
    template_free(template);
}

static void repeat(struct buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_text(out, text);
}

static void test_template__gives_up_on_what_is_too_much(void **state)
{
    (void)state;
    struct buffer deep OWNED(buffer_release) = { 0 };
    repeat(&deep, "{{#a}}", 64);
    repeat(&deep, "{{/a}}", 64);
    struct template *fits OWNED(template_release) = given_template(buffer_text(&deep));
    assert_int_equal(template_fault_count(fits), 0);
    buffer_truncate(&deep, 0);
    repeat(&deep, "{{#a}}", 65);
    repeat(&deep, "{{/a}}", 65);
    assert_fault(buffer_text(&deep), TEMPLATE_OVER_LIMIT, 1, 64 * 6 + 1, "64 sections");
    buffer_truncate(&deep, 0);
    repeat(&deep, "{{a}}", TEMPLATE_MAX_TAGS + 1);
    assert_fault(buffer_text(&deep), TEMPLATE_OVER_LIMIT, 1, TEMPLATE_MAX_TAGS * 5 + 1, "20,000");
    buffer_truncate(&deep, 0);
    repeat(&deep, "{{else}}", TEMPLATE_MAX_FAULTS * 2);
    struct template *many OWNED(template_release) = given_template(buffer_text(&deep));
    assert_int_equal(template_fault_count(many), TEMPLATE_MAX_FAULTS);
    buffer_truncate(&deep, 0);
    repeat(&deep, "{{", 20000); // not quadratic
    struct template *open OWNED(template_release) = given_template(buffer_text(&deep));
    assert_int_equal(template_fault_count(open), TEMPLATE_MAX_FAULTS);
}

// --- faults ---

static void test_template__finds_broken_tags(void **state)
{
    (void)state;
    assert_fault("a\n é {{name", TEMPLATE_BROKEN, 2, 4, "not closed: {{name");
    assert_fault("{{name, {{x}}", TEMPLATE_BROKEN, 1, 1, "not closed");
    assert_fault("{{{name}}", TEMPLATE_BROKEN, 1, 1, "not closed");
    assert_fault("{{ }}", TEMPLATE_BROKEN, 1, 1, "has no name");
    assert_fault("{{a..b}}", TEMPLATE_BROKEN, 1, 1, "empty part");
    assert_fault("{{a.}}", TEMPLATE_BROKEN, 1, 1, "empty part");
    assert_fault("{{ #a}}", TEMPLATE_BROKEN, 1, 1, "a sign where its name should begin");
    assert_fault("{{=<%}}", TEMPLATE_BROKEN, 1, 1, "not closed");
    assert_fault("{{=<%=}}", TEMPLATE_BROKEN, 1, 1, "delimiters");
    assert_fault("{{=a= =b=}}", TEMPLATE_BROKEN, 1, 1, "delimiters");
    assert_fault("{{=< % >=}}", TEMPLATE_BROKEN, 1, 1, "delimiters");
    assert_fault("{{=12345678901234567 >=}}", TEMPLATE_BROKEN, 1, 1, "delimiters");
    assert_fault("{{>../a}}", TEMPLATE_FOREIGN, 1, 1, "path");
    assert_fault("{{>a/../b}}", TEMPLATE_BROKEN, 1, 1, "partial");
    assert_fault("{{>/a}}", TEMPLATE_BROKEN, 1, 1, "partial");
    assert_fault("{{>.}}", TEMPLATE_BROKEN, 1, 1, "partial");
    assert_fault("{{a\x01}}", TEMPLATE_BROKEN, 1, 1, "control");
}

static void test_template__finds_unbalanced_sections(void **state)
{
    (void)state;
    assert_fault("a\n {{#b}}", TEMPLATE_UNBALANCED, 2, 2, "'b' is not closed");
    assert_fault("{{/b}}", TEMPLATE_UNBALANCED, 1, 1, "no section is open");
    assert_fault("{{#a}}\n{{/b}}\n{{/a}}", TEMPLATE_UNBALANCED, 2, 1,
                 "'b' is closed, but the open section is 'a' (line 1)");
    assert_fault("{{#a}}{{#b}}{{/a}}", TEMPLATE_UNBALANCED, 1, 7, "'b' is not closed");
    assert_fault("{{#a\n}}\n{{#b}}{{/a}}", TEMPLATE_UNBALANCED, 3, 1, "'b' is not closed");
}

static void test_template__names_the_tags_of_other_languages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *words;
    } cases[] = {
        { "{{ \"now\" | date: \"%A\", \"America/Los_Angeles\" }}", "filter" },
        { "{{name|upcase}}", "filter" },
        { "{{#ifCond a '>' 60}}{{/ifCond}}", "helper" },
        { "{{formatDate day 'long'}}", "helper" },
        { "{{first name}}", "blanks in its name" },
        { "{{#if a}}{{/if}}", "block of Handlebars" },
        { "{{#each items}}{{/each}}", "block of Handlebars" },
        { "{{else}}", "branch" },
        { "{{else if b}}", "branch" },
        { "{{component:policy_header}}", "reference" },
        { "{{this.name}}", "path" },
        { "{{@index}}", "path" },
        { "{{../name}}", "path" },
        { "{{~name}}", "trims" },
        { "{{name~}}", "trims" },
        { "{{#a}}{{~/a}}", "trims" },
        { "{{#a}}{{/a~}}", "trims" },
        { "{{<parent}}", "inheritance" },
        { "{{$block}}", "inheritance" },
        { "{{>*dynamic}}", "dynamic name" },
        { "{{a ? b : c}}", "expression" },
        { "{{items[0]}}", "expression" },
        { "{{name()}}", "expression" },
        { "{{{{raw}}}}", "expression" },
        { "{{a/b}}", "'/'" },
        { "{{!-- {{a}} --}}", "comment of Handlebars" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_fault(cases[i].text, TEMPLATE_FOREIGN, 1,
                     strstr(cases[i].text, "{{#a}}") == cases[i].text ? 7 : 1, cases[i].words);
}

static void test_template__takes_names_in_any_script(void **state)
{
    (void)state;
    assert_rendered(
        "{{straße}} {{名前}} {{first_name}} {{first-name}} {{2}}",
        "{\"straße\":\"a\",\"名前\":\"b\",\"first_name\":\"c\",\"first-name\":\"d\",\"2\":\"e\"}",
        "a b c d e");
}

// --- the walk ---

static void test_template__tells_of_each_tag_where_it_stands(void **state)
{
    (void)state;
    struct template *template OWNED(template_release) = given_template(
        "Hi {{name}}\n{{! no }}{{#offers}}\n  é {{{price.now}}}{{^sold\n}}x{{/sold}}\n"
        "{{/offers}}\n{{> end}} {{=| |=}}|.|");
    static const struct template_tag expected[] = {
        { TEMPLATE_VARIABLE, false, "name", TEMPLATE_NO_SECTION, 1, 4 },
        { TEMPLATE_SECTION, false, "offers", TEMPLATE_NO_SECTION, 2, 10 },
        { TEMPLATE_VARIABLE, true, "price.now", 1, 3, 5 },
        { TEMPLATE_INVERTED, false, "sold", 1, 3, 20 },
        { TEMPLATE_PARTIAL, false, "end", TEMPLATE_NO_SECTION, 6, 1 },
        { TEMPLATE_VARIABLE, false, ".", TEMPLATE_NO_SECTION, 6, 20 },
    };
    assert_int_equal(template_fault_count(template), 0);
    assert_int_equal(template_tag_count(template), COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct template_tag *tag = template_tag_at(template, i);
        assert_string_equal(tag->name, expected[i].name);
        assert_int_equal(tag->kind, expected[i].kind);
        assert_int_equal(tag->is_raw, expected[i].is_raw);
        assert_true(tag->section == expected[i].section);
        assert_int_equal(tag->line, expected[i].line);
        assert_int_equal(tag->column, expected[i].column);
    }
}

static void test_template__hands_out_its_literal_text(void **state)
{
    (void)state;
    struct template *template OWNED(template_release) =
        given_template("a {{b}} c\n{{#d}}\ne{{/d}}{{! f }}");
    static const struct template_text expected[] = { { "a ", 2, TEMPLATE_NO_SECTION, 1, 1 },
                                                     { " c\n", 3, TEMPLATE_NO_SECTION, 1, 8 },
                                                     { "e", 1, 1, 3, 1 } };
    struct template_text text;
    size_t position = 0;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(template_next_text(&text, template, &position));
        assert_int_equal(text.length, expected[i].length);
        assert_true(text.section == expected[i].section);
        assert_memory_equal(text.bytes, expected[i].bytes, text.length);
        assert_int_equal(text.line, expected[i].line);
        assert_int_equal(text.column, expected[i].column);
    }
    assert_false(template_next_text(&text, template, &position));
}

static void count_miss(void *context, const struct template_tag *tag)
{
    struct buffer *names = context;
    buffer_append_format(names, "%s@%u ", tag->name, (unsigned)tag->column);
}

static void test_template__tells_which_values_were_not_there(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct template *template OWNED(template_release) =
        given_template("{{a}}{{b}}{{c}}{{#d}}{{e}}{{/d}}{{a.f}}");
    struct json *data OWNED(json_release) = given_data("{\"a\":\"x\",\"c\":null}");
    struct buffer out OWNED(buffer_release) = { 0 };
    struct buffer names OWNED(buffer_release) = { 0 };
    struct template_rendering with = { .data = data, .miss = count_miss, .context = &names };
    assert_int_equal(template_render(&out, template, &with, &err), STATUS_OK);
    assert_string_equal(buffer_text(&names), "b@6 a.f@33 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_template__puts_values_in_as_they_are),
        cmocka_unit_test(test_template__escapes_for_html_where_asked),
        cmocka_unit_test(test_template__shows_a_nul_of_the_data_as_a_replacement),
        cmocka_unit_test(test_template__takes_empty_things_as_false),
        cmocka_unit_test(test_template__looks_outwards_for_what_an_item_lacks),
        cmocka_unit_test(test_template__indents_the_lines_of_a_partial_but_not_of_values),
        cmocka_unit_test(test_template__adds_up_the_blanks_before_partials_in_each_other),
        cmocka_unit_test(test_template__refuses_a_partial_that_holds_itself),
        cmocka_unit_test(test_template__refuses_what_has_faults_and_says_where),
        cmocka_unit_test(test_template__stops_at_its_limits),
        cmocka_unit_test(test_template__refuses_bytes_that_are_no_text),
        cmocka_unit_test(test_template__gives_up_on_what_is_too_much),
        cmocka_unit_test(test_template__finds_broken_tags),
        cmocka_unit_test(test_template__finds_unbalanced_sections),
        cmocka_unit_test(test_template__names_the_tags_of_other_languages),
        cmocka_unit_test(test_template__takes_names_in_any_script),
        cmocka_unit_test(test_template__tells_of_each_tag_where_it_stands),
        cmocka_unit_test(test_template__hands_out_its_literal_text),
        cmocka_unit_test(test_template__tells_which_values_were_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
