// A manifest against schema/artifact.schema.json, every fault with how to mend it.
//
// What an author reads comes from the schema itself: each member there has a description and an
// example, and a fault is explained by those of the rule that was broken.
#include "artifact/manifest_schema.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_builtin.h"
#include "artifact/schema.h"
#include "base/memory.h"

#define SCHEMA_NAME "artifact.schema.json"
#define SHOWN_BYTES 80  // of what the author wrote, in a message
#define MAX_REF_STEPS 8 // from a $ref to what it stands for; our schema needs 2

// Compiled for a kind when it is first met: most processes meet one. Who makes it first hands it
// in, and any number of threads may validate with it.
struct manifest_schema {
    const struct json *document; // built in
    _Atomic(struct schema *) compiled[KIND_COUNT];
};

void manifest_schema_free(struct manifest_schema *schema)
{
    if (!schema)
        return;
    for (size_t i = 0; i < KIND_COUNT; i++)
        schema_free(atomic_load(&schema->compiled[i]));
    json_builtin_free(schema->document);
    free(schema);
}

void manifest_schema_release(struct manifest_schema **schema)
{
    manifest_schema_free(*schema);
    *schema = NULL;
}

enum status manifest_schema_new(struct manifest_schema **out, struct error *err)
{
    struct manifest_schema *schema OWNED(manifest_schema_release) = NULL;
    TRY(memory_new(&schema, 1, sizeof(*schema), err));
    TRY(json_builtin_new(&schema->document, SCHEMA_NAME, err));
    *out = MOVE(schema);
    return STATUS_OK;
}

// One failed assertion, with what is needed to explain it.
struct fault {
    const struct schema_failure *failure;
    const struct json *schema;   // the whole document
    const struct json *rule;     // the schema object that holds the keyword
    const struct json *instance; // the whole manifest
    const char *keyword;
};

// What stands behind a chain of "$ref": "#/..."; other values stand for themselves.
static const struct json *behind_ref(const struct json *schema, const struct json *rule)
{
    for (int i = 0; i < MAX_REF_STEPS; i++) {
        const char *reference = json_get_string(rule, "$ref", NULL);
        if (!reference || reference[0] != '#')
            break;
        rule = json_at(schema, reference + 1);
    }
    return rule;
}

// "<description> For example: <the first example>"
static void append_help(struct buffer *out, const struct fault *fault, const struct json *rule)
{
    struct error ignored;
    rule = behind_ref(fault->schema, rule);
    const struct json *example = json_first(json_get(rule, "examples"));
    buffer_append_text(out, json_get_string(rule, "description", ""));
    if (!example)
        return;
    buffer_append_text(out, " For example: ");
    json_print(out, example, &ignored); // fails only without memory, which the buffer remembers
}

static void mend_any(struct buffer *mend, const struct fault *fault)
{
    append_help(mend, fault, fault->rule);
}

// The validator names the missing member only in its message.
static void mend_missing(struct buffer *mend, const struct fault *fault)
{
    for (const struct json *name = json_first(json_get(fault->rule, "required")); name;
         name = json_next(name)) {
        char quoted[SHOWN_BYTES];
        snprintf(quoted, sizeof(quoted), "'%s'", json_string(name));
        if (!strstr(fault->failure->message, quoted))
            continue;
        buffer_append_format(mend, "add \"%s\": ", json_string(name));
        append_help(mend, fault, json_get(json_get(fault->rule, "properties"), json_string(name)));
        return;
    }
}

static void mend_unknown(struct buffer *mend, const struct fault *fault)
{
    const struct json *first = json_first(json_get(fault->rule, "properties"));
    buffer_append_text(mend, "take it out or correct its name; the members here are ");
    for (const struct json *member = first; member; member = json_next(member))
        buffer_append_format(mend, "%s%s", member == first ? "" : ", ", json_key(member));
}

static void message_any(struct buffer *message, const struct fault *fault)
{
    buffer_append_text(message, fault->failure->message);
}

// A regular expression tells an author nothing; the description of the form does, in `mend`. What
// may be a secret in the wrong place (the rule says "writeOnly") is not shown again.
static void message_form(struct buffer *message, const struct fault *fault)
{
    const char *text = json_string(json_at(fault->instance, fault->failure->instance_pointer));
    if (strstr(fault->failure->keyword_pointer, "/propertyNames/"))
        text = strrchr(fault->failure->instance_pointer, '/') + 1;
    if (!text || json_get_bool(fault->rule, "writeOnly", false)) {
        buffer_append_text(message, "it does not have the form asked for");
        return;
    }
    size_t shown = strlen(text);
    bool cut = shown > SHOWN_BYTES;
    if (cut) // back to where a character begins
        for (shown = SHOWN_BYTES; shown > 0 && (text[shown] & 0xC0) == 0x80;)
            shown--;
    buffer_append_format(message, "\"%.*s%s\" does not have the form asked for", (int)shown, text,
                         cut ? "..." : "");
}

static enum status explain(const struct manifest_reading *reading, const struct fault *fault,
                           struct error *err)
{
    static const struct {
        const char *keyword; // NULL: any other
        void (*message)(struct buffer *, const struct fault *);
        void (*mend)(struct buffer *, const struct fault *);
    } rows[] = {
        { "required", message_any, mend_missing },
        { "additionalProperties", message_any, mend_unknown },
        { "pattern", message_form, mend_any },
        { NULL, message_any, mend_any },
    };
    size_t row = 0;
    while (rows[row].keyword && strcmp(rows[row].keyword, fault->keyword) != 0)
        row++;
    struct buffer message OWNED(buffer_release) = { 0 };
    struct buffer mend OWNED(buffer_release) = { 0 };
    rows[row].message(&message, fault);
    rows[row].mend(&mend, fault);
    TRY(buffer_check(&message, err));
    TRY(buffer_check(&mend, err));
    const char *pointer = fault->failure->instance_pointer;
    return manifest_finding_add(reading,
                                &(struct manifest_finding) { .severity = SEVERITY_ERROR,
                                                             .rule = "manifest.schema",
                                                             .pointer = pointer,
                                                             .mend = buffer_text(&mend) },
                                err, "%s%s%s", pointer, *pointer ? ": " : "",
                                buffer_text(&message));
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
    const struct finding_list *findings = context->reading->findings;
    // A full list whose last word is an error says all that it can, and looking up each value costs
    // a walk to it.
    bool full =
        findings->count > FINDING_MAX && findings->items[FINDING_MAX].severity == SEVERITY_ERROR;
    if (full || context->status != STATUS_OK)
        return;
    const char *last = strrchr(failure->keyword_pointer, '/');
    struct buffer rule OWNED(buffer_release) = { 0 };
    buffer_append(&rule, failure->keyword_pointer,
                  last ? (size_t)(last - failure->keyword_pointer) : 0);
    struct fault fault = {
        .failure = failure,
        .schema = context->schema->document,
        .rule = json_at(context->schema->document, buffer_text(&rule)),
        .instance = context->reading->manifest->document,
        .keyword = last ? last + 1 : "",
    };
    context->status = explain(context->reading, &fault, context->err);
}

// What is kept for next time is no change for callers, hence const for them.
static enum status compile(const struct manifest_schema *schema, enum artifact_kind kind,
                           const char *pointer, const struct schema **out, struct error *err)
{
    _Atomic(struct schema *) *place = &((struct manifest_schema *)schema)->compiled[kind];
    struct schema *kept = atomic_load(place);
    struct schema *made OWNED(schema_release) = NULL;
    if (!kept) {
        TRY(schema_compile_builtin(&made, schema->document, pointer, err));
        if (atomic_compare_exchange_strong(place, &kept, made))
            kept = MOVE(made);
    }
    *out = kept;
    return STATUS_OK;
}

enum status manifest_schema_check(const struct manifest_schema *schema,
                                  const struct manifest_reading *reading, struct error *err)
{
    char pointer[64];
    const struct schema *compiled = NULL;
    enum artifact_kind kind = reading->manifest->id.kind;
    snprintf(pointer, sizeof(pointer), "/$defs/%s", id_kind_word(kind));
    TRY(compile(schema, kind, pointer, &compiled, err));
    struct report_context context = { schema, reading, STATUS_OK, err };
    enum status status =
        schema_validate(compiled, pointer, reading->manifest->document, report, &context, err);
    TRY(context.status);
    if (status == STATUS_TOO_LARGE) {
        static const char mend[] = "mend what is reported, or make the manifest smaller";
        const struct manifest_finding finding = { SEVERITY_ERROR, "manifest.too-long", "", mend };
        return manifest_finding_add(reading, &finding, err, "too large to check as a whole");
    }
    return status == STATUS_REFUSED ? STATUS_OK : status; // every fault is a finding now
}
