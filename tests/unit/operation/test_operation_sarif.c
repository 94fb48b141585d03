// Findings as SARIF: places as an editor finds them, and each rule once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "operation/operation_sarif.h"

struct given {
    struct json *checked;
    struct json *findings;
};

static struct given begin(void)
{
    struct given given = { .checked = json_new_object() };
    struct json *artifact = json_append_object(json_set_array(given.checked, "artifacts"));
    given.findings = json_set_array(artifact, "findings");
    return given;
}

static void add(const struct given *given, const char *rule, const char *file, int line)
{
    struct json *finding = json_append_object(given->findings);
    json_set_string(finding, "rule", rule);
    json_set_string(finding, "severity", "warning");
    json_set_string(finding, "file", file);
    json_set_integer(finding, "line", line);
    json_set_integer(finding, "column", line);
    json_set_string(finding, "message", "it is so");
}

static const struct json *at(const struct json *document, const char *pointer)
{
    const struct json *value = json_at(document, pointer);
    if (!value)
        fail_msg("there is no %s", pointer);
    return value;
}

static void expect(const struct json *document, const char *pointer, const char *text)
{
    assert_string_equal(json_string(at(document, pointer)), text);
}

static void test_operation_sarif__lists_each_rule_once(void **state)
{
    (void)state;
    struct given given = begin();
    struct json *checked OWNED(json_release) = given.checked;
    add(&given, "tool-schema.invalid", "artifact.json", 1);
    add(&given, "secrets.password", "artifact.json", 2);
    add(&given, "tool-schema.invalid", "artifact.json", 3);
    struct json *log OWNED(json_release) = operation_sarif_document(checked, "");
    assert_int_equal(json_count(at(log, "/runs/0/tool/driver/rules")), 2);
    expect(log, "/runs/0/tool/driver/rules/1/id", "secrets.password");
    assert_int_equal(json_number(at(log, "/runs/0/results/0/ruleIndex")), 0);
    assert_int_equal(json_number(at(log, "/runs/0/results/1/ruleIndex")), 1);
    assert_int_equal(json_number(at(log, "/runs/0/results/2/ruleIndex")), 0);
    expect(log, "/runs/0/results/2/level", "warning");
    expect(log, "/version", "2.1.0");
}

static void test_operation_sarif__names_files_as_uris_below_the_folder(void **state)
{
    (void)state;
    static const struct {
        const char *folder;
        const char *file;
        const char *uri;
    } rows[] = {
        { "", "artifact.json", "artifact.json" },
        { "greeting", "artifact.json", "greeting/artifact.json" },
        { "greeting/", "docs/a b.md", "greeting/docs/a%20b.md" },
        { ".", "100%#?.md", "./100%25%23%3F.md" },
        { "", "\xC3\xBC:x", "%C3%BC%3Ax" },
        { "greeting", "", "greeting" },
        { "", "", "." },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct given given = begin();
        struct json *checked OWNED(json_release) = given.checked;
        add(&given, "uses.missing", rows[i].file, 1);
        struct json *log OWNED(json_release) = operation_sarif_document(checked, rows[i].folder);
        expect(log, "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
               rows[i].uri);
    }
}

static void test_operation_sarif__has_a_region_only_where_there_is_a_line(void **state)
{
    (void)state;
    struct given given = begin();
    struct json *checked OWNED(json_release) = given.checked;
    add(&given, "uses.missing", "artifact.json", 0);
    add(&given, "uses.missing", "artifact.json", 7);
    struct json *log OWNED(json_release) = operation_sarif_document(checked, "");
    assert_null(json_at(log, "/runs/0/results/0/locations/0/physicalLocation/region"));
    assert_int_equal(
        json_number(at(log, "/runs/0/results/1/locations/0/physicalLocation/region/startLine")), 7);
    assert_null(json_at(log, "/runs/0/results/0/locations/0/logicalLocations"));
}

static void test_operation_sarif__says_how_to_mend_it_and_which_member_it_is(void **state)
{
    (void)state;
    struct given given = begin();
    struct json *checked OWNED(json_release) = given.checked;
    add(&given, "manifest.schema", "artifact.json", 1);
    struct json *finding = (struct json *)json_first(given.findings);
    json_set_string(finding, "mend", "write it so");
    json_set_string(finding, "pointer", "/sections/0");
    struct json *log OWNED(json_release) = operation_sarif_document(checked, "");
    expect(log, "/runs/0/results/0/message/text", "it is so\nTo mend it: write it so");
    expect(log, "/runs/0/results/0/locations/0/logicalLocations/0/fullyQualifiedName",
           "/sections/0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operation_sarif__lists_each_rule_once),
        cmocka_unit_test(test_operation_sarif__names_files_as_uris_below_the_folder),
        cmocka_unit_test(test_operation_sarif__has_a_region_only_where_there_is_a_line),
        cmocka_unit_test(test_operation_sarif__says_how_to_mend_it_and_which_member_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
