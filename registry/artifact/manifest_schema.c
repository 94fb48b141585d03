// A manifest against schema/artifact.schema.json, every fault with how to mend it.
//
// What an author reads comes from the schema itself: each member there has a description and an
// example, and a fault is explained by those of the rule that was broken.
#include "artifact/manifest_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/embedded.h"
#include "base/memory.h"

#define SCHEMA_NAME "artifact.schema.json"
#define POINTER_BYTES 1024   // longer ones are cut; our schema's own stay below 150
#define SHOWN_VALUE_BYTES 80 // of what the author wrote
#define MAX_REF_STEPS 8      // from a $ref to what it stands for; our schema needs 2

struct manifest_schema {
    struct json *document;
    struct schema *compiled;
};

void manifest_schema_free(struct manifest_schema *schema)
{
    if (!schema)
        return;
    schema_free(schema->compiled);
    json_free(schema->document);
    free(schema);
}

void manifest_schema_release(struct manifest_schema **schema)
{
    manifest_schema_free(*schema);
    *schema = NULL;
}

enum status manifest_schema_new(struct manifest_schema **out, struct error *err)
{
    const struct embedded_file *file = embedded_find(SCHEMA_NAME);
    struct manifest_schema *schema OWNED(manifest_schema_release) = NULL;
    TRY(memory_new(&schema, 1, sizeof(*schema), err));
    TRY(json_parse(&schema->document, file->bytes, file->size_bytes, err));
    TRY(schema_compile(&schema->compiled, schema->document, NULL, err));
    *out = MOVE(schema);
    return STATUS_OK;
}

// One failed assertion, with what is needed to explain it.
struct fault {
    const struct manifest_reading *reading;
    const struct json *schema; // the whole document
    const struct json *rule;   // the schema object that holds the keyword
    const struct json *value;  // what it was applied to
    const char *pointer;       // of the value
    const char *message;       // the validator's own words
};

// What stands behind a chain of "$ref": "#/..."; other values stand for themselves.
static const struct json *behind_ref(const struct json *schema, const struct json *rule)
{
    for (int i = 0; i < MAX_REF_STEPS; i++) {
        const char *reference = json_get_string(rule, "$ref", NULL);
        if (!reference || reference[0] != '#')
            return rule;
        rule = json_at(schema, reference + 1);
    }
    return rule;
}

// The schema object at a keyword's pointer without its last token, across "$ref" tokens.
static const struct json *find_rule(const struct json *schema, const char *keyword_pointer)
{
    const struct json *rule = schema;
    const char *token = keyword_pointer;
    const char *last = strrchr(keyword_pointer, '/');
    while (rule && last && token < last) {
        char step[POINTER_BYTES];
        size_t length = 1 + strcspn(token + 1, "/");
        if (length >= sizeof(step))
            return NULL;
        memcpy(step, token, length);
        step[length] = '\0';
        rule = strcmp(step, "/$ref") == 0 ? behind_ref(schema, rule) : json_at(rule, step);
        token += length;
    }
    return rule;
}

// "<description> For example: <the first example>"
static void append_help(struct buffer *out, const struct json *schema, const struct json *rule)
{
    struct error ignored;
    rule = behind_ref(schema, rule);
    const struct json *example = json_first(json_get(rule, "examples"));
    buffer_append_text(out, json_get_string(rule, "description", ""));
    if (!example)
        return;
    buffer_append_text(out, " For example: ");
    json_print(out, example, &ignored); // fails only without memory, which the buffer remembers
}

static enum status add(const struct fault *fault, const char *pointer, struct buffer *message,
                       struct buffer *mend, struct error *err)
{
    TRY(buffer_check(message, err));
    TRY(buffer_check(mend, err));
    return manifest_finding_add(fault->reading,
                                &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                                             .rule = "manifest.schema",
                                                             .pointer = pointer,
                                                             .mend = buffer_text(mend) },
                                err, "%s%s%s", pointer, *pointer ? ": " : "", buffer_text(message));
}

static enum status explain_missing(const struct fault *fault, struct error *err)
{
    for (const struct json *name = json_first(json_get(fault->rule, "required")); name;
         name = json_next(name)) {
        const char *key = json_string(name);
        if (json_get(fault->value, key))
            continue;
        struct buffer message OWNED(buffer_release) = { 0 };
        struct buffer mend OWNED(buffer_release) = { 0 };
        buffer_append_format(&message, "the member \"%s\" is missing", key);
        buffer_append_format(&mend, "add \"%s\": ", key);
        append_help(&mend, fault->schema, json_get(json_get(fault->rule, "properties"), key));
        TRY(add(fault, fault->pointer, &message, &mend, err));
    }
    return STATUS_OK;
}

// Appends `key` to a JSON pointer (RFC 6901, section 3).
static void append_pointer(struct buffer *out, const char *key)
{
    buffer_append_byte(out, '/');
    for (; *key; key++) {
        if (*key == '~' || *key == '/')
            buffer_append_text(out, *key == '~' ? "~0" : "~1");
        else
            buffer_append_byte(out, *key);
    }
}

static enum status explain_unknown(const struct fault *fault, struct error *err)
{
    const struct json *known = json_get(fault->rule, "properties");
    for (const struct json *member = json_first(fault->value); member; member = json_next(member)) {
        if (json_get(known, json_key(member)))
            continue;
        struct buffer message OWNED(buffer_release) = { 0 };
        struct buffer mend OWNED(buffer_release) = { 0 };
        struct buffer pointer OWNED(buffer_release) = { 0 };
        buffer_append_text(&pointer, fault->pointer);
        append_pointer(&pointer, json_key(member));
        buffer_append_text(&message, "there is no such member");
        buffer_append_text(&mend, "take it out or correct its name; the members here are ");
        for (const struct json *name = json_first(known); name; name = json_next(name))
            buffer_append_format(&mend, "%s%s", name == json_first(known) ? "" : ", ",
                                 json_key(name));
        TRY(buffer_check(&pointer, err));
        TRY(add(fault, buffer_text(&pointer), &message, &mend, err));
    }
    return STATUS_OK;
}

// A regular expression tells an author nothing; the description of the form does.
static enum status explain_form(const struct fault *fault, struct error *err)
{
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer mend OWNED(buffer_release) = { 0 };
    const char *text = json_string(fault->value);
    size_t length = strlen(text ? text : "");
    size_t shown = length;
    if (shown > SHOWN_VALUE_BYTES) // back to where a character begins
        for (shown = SHOWN_VALUE_BYTES; shown > 0 && (text[shown] & 0xC0) == 0x80;)
            shown--;
    buffer_append_format(&message, "\"%.*s%s\" does not have the form asked for", (int)shown,
                         text ? text : "", shown < length ? "..." : "");
    append_help(&mend, fault->schema, fault->rule);
    return add(fault, fault->pointer, &message, &mend, err);
}

static enum status explain_other(const struct fault *fault, struct error *err)
{
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer mend OWNED(buffer_release) = { 0 };
    buffer_append_text(&message, fault->message);
    append_help(&mend, fault->schema, fault->rule);
    return add(fault, fault->pointer, &message, &mend, err);
}

static enum status explain(const struct fault *fault, const char *keyword, struct error *err)
{
    static const struct {
        const char *keyword;
        enum status (*explain)(const struct fault *, struct error *);
    } rows[] = {
        { "required", explain_missing },
        { "additionalProperties", explain_unknown },
        { "pattern", explain_form },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].keyword, keyword) == 0)
            return rows[i].explain(fault, err);
    return explain_other(fault, err);
}

struct report_context {
    const struct manifest_schema *schema;
    const struct manifest_reading *reading;
    enum status status;
    struct error *err;
};

static void report(void *opaque, const struct schema_failure *failure)
{
    struct report_context *context = opaque;
    if (context->status != STATUS_OK)
        return;
    const char *last = strrchr(failure->keyword_pointer, '/');
    struct fault fault = {
        .reading = context->reading,
        .schema = context->schema->document,
        .rule = find_rule(context->schema->document, failure->keyword_pointer),
        .value = json_at(context->reading->manifest->document, failure->instance_pointer),
        .pointer = failure->instance_pointer,
        .message = failure->message,
    };
    context->status = explain(&fault, last ? last + 1 : "", context->err);
}

enum status manifest_schema_check(const struct manifest_schema *schema,
                                  const struct manifest_reading *reading, struct error *err)
{
    char pointer[64];
    snprintf(pointer, sizeof(pointer), "/$defs/%s", id_kind_word(reading->manifest->id.kind));
    struct report_context context = { schema, reading, STATUS_OK, err };
    enum status status = schema_validate(schema->compiled, pointer, reading->manifest->document,
                                         report, &context, err);
    TRY(context.status);
    if (status == STATUS_REFUSED)
        return STATUS_OK; // every fault is a finding now
    return status;
}
