// Findings as SARIF 2.1.0.
#include "operation/operation_sarif.h"

#include <string.h>

#include "check/check.h"

// SARIF's levels are our severities.
static void set_region(struct json *location, const struct json *finding)
{
    int64_t line = json_get_integer(finding, "line", 0);
    struct json *physical = json_set_object(location, "physicalLocation");
    const char *file = json_get_string(finding, "file", "");
    json_set_string(json_set_object(physical, "artifactLocation"), "uri", *file ? file : ".");
    if (line < 1)
        return;
    struct json *region = json_set_object(physical, "region");
    json_set_integer(region, "startLine", line);
    if (json_get_integer(finding, "column", 0) > 0)
        json_set_integer(region, "startColumn", json_get_integer(finding, "column", 0));
}

static void add_result(struct json *results, const struct json *finding)
{
    struct json *result = json_append_object(results);
    json_set_string(result, "ruleId", json_get_string(finding, "rule", ""));
    json_set_string(result, "level", json_get_string(finding, "severity", "warning"));
    json_set_string(json_set_object(result, "message"), "text",
                    json_get_string(finding, "message", ""));
    set_region(json_append_object(json_set_array(result, "locations")), finding);
}

static void add_rules(struct json *driver)
{
    struct json *rules = json_set_array(driver, "rules");
    for (const struct check *check = check_table; check->id; check++) {
        struct json *rule = json_append_object(rules);
        json_set_string(rule, "id", check->id);
        json_set_string(json_set_object(rule, "shortDescription"), "text", check->summary);
    }
}

struct json *operation_sarif_document(const struct json *checked)
{
    struct json *document = json_new_object();
    json_set_string(document, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_set_string(document, "version", "2.1.0");
    struct json *run = json_append_object(json_set_array(document, "runs"));
    struct json *driver = json_set_object(json_set_object(run, "tool"), "driver");
    json_set_string(driver, "name", "greenroom");
    json_set_string(driver, "version", GREENROOM_VERSION);
    add_rules(driver);
    struct json *results = json_set_array(run, "results");
    for (const struct json *artifact = json_first(json_get(checked, "artifacts")); artifact;
         artifact = json_next(artifact))
        for (const struct json *finding = json_first(json_get(artifact, "findings")); finding;
             finding = json_next(finding))
            add_result(results, finding);
    return document;
}
