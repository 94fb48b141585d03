// Findings as SARIF 2.1.0 (OASIS), with its names of properties.
#include "operation/operation_sarif.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "check/check.h"

// A path as a URI reference (RFC 3986): what may stand in a segment stands, all else is escaped.
static void append_uri(struct buffer *out, const char *path)
{
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        if (isalnum(byte) || strchr("-._~/!$&'()*+,;=@", byte))
            buffer_append_byte(out, *path);
        else
            buffer_append_format(out, "%%%02X", byte);
    }
}

// Where the file is for whoever asked: below what they named.
static void set_location(struct json *location, const struct json *finding, const char *folder)
{
    const char *file = json_get_string(finding, "file", "");
    const char *pointer = json_get_string(finding, "pointer", NULL);
    int64_t line = json_get_integer(finding, "line", 0);
    struct buffer uri OWNED(buffer_release) = { 0 };
    append_uri(&uri, folder);
    if (*folder && *file && folder[strlen(folder) - 1] != '/')
        buffer_append_byte(&uri, '/');
    append_uri(&uri, file);
    struct json *physical = json_set_object(location, "physicalLocation");
    json_set_string(json_set_object(physical, "artifactLocation"), "uri",
                    uri.length > 0 ? buffer_text(&uri) : ".");
    if (line > 0) {
        struct json *region = json_set_object(physical, "region");
        json_set_integer(region, "startLine", line);
        if (json_get_integer(finding, "column", 0) > 0)
            json_set_integer(region, "startColumn", json_get_integer(finding, "column", 0));
    }
    if (!pointer)
        return;
    struct json *logical = json_append_object(json_set_array(location, "logicalLocations"));
    json_set_string(logical, "fullyQualifiedName", pointer);
    json_set_string(logical, "kind", "member");
}

static const char *summary_of(const char *rule)
{
    size_t length = strcspn(rule, ".");
    for (const struct check *check = check_table; check->id; check++)
        if (strlen(check->id) == length && strncmp(check->id, rule, length) == 0)
            return check->summary;
    return "the manifest is what the artifact format asks for";
}

// The index of a rule among those of the run, which it joins when it is new.
static int64_t index_of_rule(struct json *rules, const char *id)
{
    int64_t index = 0;
    for (const struct json *rule = json_first(rules); rule; rule = json_next(rule), index++)
        if (strcmp(json_get_string(rule, "id", ""), id) == 0)
            return index;
    struct buffer help OWNED(buffer_release) = { 0 };
    buffer_append_format(&help, "greenroom check --explain %s", id);
    struct json *rule = json_append_object(rules);
    json_set_string(rule, "id", id);
    json_set_string(json_set_object(rule, "shortDescription"), "text", summary_of(id));
    json_set_string(json_set_object(rule, "help"), "text", buffer_text(&help));
    return index;
}

// SARIF's levels are our severities.
static void add_result(struct json *results, struct json *rules, const struct json *finding,
                       const char *folder)
{
    const char *rule = json_get_string(finding, "rule", "");
    const char *mend = json_get_string(finding, "mend", "");
    struct buffer text OWNED(buffer_release) = { 0 };
    struct json *result = json_append_object(results);
    buffer_append_format(&text, "%s%s%s", json_get_string(finding, "message", ""),
                         *mend ? "\nTo mend it: " : "", mend);
    json_set_string(result, "ruleId", rule);
    json_set_integer(result, "ruleIndex", index_of_rule(rules, rule));
    json_set_string(result, "level", json_get_string(finding, "severity", "warning"));
    json_set_string(json_set_object(result, "message"), "text", buffer_text(&text));
    set_location(json_append_object(json_set_array(result, "locations")), finding, folder);
}

struct json *operation_sarif_document(const struct json *checked, const char *folder)
{
    struct json *document = json_new_object();
    json_set_string(document, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_set_string(document, "version", "2.1.0");
    struct json *run = json_append_object(json_set_array(document, "runs"));
    struct json *driver = json_set_object(json_set_object(run, "tool"), "driver");
    json_set_string(driver, "name", "greenroom");
    json_set_string(driver, "version", GREENROOM_VERSION);
    struct json *rules = json_set_array(driver, "rules");
    json_set_string(run, "columnKind", "unicodeCodePoints");
    struct json *results = json_set_array(run, "results");
    for (const struct json *artifact = json_first(json_get(checked, "artifacts")); artifact;
         artifact = json_next(artifact))
        for (const struct json *finding = json_first(json_get(artifact, "findings")); finding;
             finding = json_next(finding))
            add_result(results, rules, finding, folder);
    return document;
}
