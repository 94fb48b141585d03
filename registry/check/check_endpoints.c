// endpoints: an artifact names systems through bindings. An address that is written down in it
// would be called from the sandbox as well as from production.
//
// How bad it is depends on who reads the place. What a tool sends or calls (headers, path,
// defaults) is refused; what a model reads in a prompt is a warning; prose about a tool is a note.
// A knowledge base may link to public pages: that is what documents are for. Phone numbers are
// personal-data's business; here they count where the policy lists them, or where they are
// addresses (tel:, sip:).
#include <string.h>

#include "artifact/json_pointer.h"
#include "artifact/zone.h"
#include "base/memory.h"
#include "check/check_rows.h"
#include "check/endpoint_scan.h"
#include "check/manifest_note.h"
#include "check/place.h"

#define READ_MAX_BYTES (64U << 20) // as the other checks of text
#define SHOWN_BYTES 120
#define SHOWN_MAX 20 // findings in one text

// Who reads the text.
enum place_kind {
    PLACE_VALUE,    // a tool's: it is sent, or called
    PLACE_PROMPT,   // a model's, while it speaks
    PLACE_PROSE,    // a model's or a person's, about a tool
    PLACE_DOCUMENT, // whoever looks something up
    PLACE_KINDS,
};

enum fault { FAULT_CREDENTIAL, FAULT_LISTED, FAULT_PRIVATE, FAULT_URL, FAULT_NUMBER, FAULT_COUNT };

#define PASSES (-1)

static const struct {
    const char *rule;
    const char *label;
    const char *mend;
    int severities[PLACE_KINDS]; // enum severity, or PASSES
} faults[FAULT_COUNT] = {
    [FAULT_CREDENTIAL] = { "endpoints.credential",
                           "a credential is written down here",
                           "take it out, have it withdrawn, and name a secret instead: "
                           "\"headers\": {\"Authorization\": {\"secret\": \"crm-token\"}}",
                           { SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_ERROR } },
    [FAULT_LISTED] = { "endpoints.listed",
                       "the policy says whose this is, and artifacts run in both",
                       "name a binding: each environment says what it means there",
                       { SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_WARNING } },
    [FAULT_PRIVATE] = { "endpoints.private",
                        "an address of this machine or a private network",
                        "name a binding; where it is only an illustration, use example.com",
                        { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_NOTE } },
    [FAULT_URL] = { "endpoints.url",
                    "an address is written down here",
                    "name a binding; where it is only an illustration, use example.com",
                    { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, PASSES } },
    [FAULT_NUMBER] = { "endpoints.number",
                       "a number to be called is written down here",
                       "name a binding, or take the number in as a variable",
                       { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, PASSES } },
};

// A text being looked through: a file, or a string of artifact.json at `pointer`.
struct text {
    const struct check_subject *subject;
    struct finding_list *findings;
    enum place_kind place_kind;
    const char *path;
    const char *pointer; // NULL: a file
    const char *bytes;
    size_t length;
    struct place place;
};

static enum status report(struct text *text, enum fault fault, size_t begin, const char *shown,
                          struct error *err)
{
    int severity = faults[fault].severities[text->place_kind];
    if (severity == PASSES)
        return STATUS_OK;
    if (text->pointer) {
        struct manifest_note note = { (enum severity)severity, faults[fault].rule, text->pointer,
                                      faults[fault].mend };
        return manifest_note_add(text->subject, text->findings, &note, err, "%s%s%.*s",
                                 faults[fault].label, *shown ? ": " : "", SHOWN_BYTES, shown);
    }
    place_advance(&text->place, text->bytes, begin);
    struct finding_draft draft = { .severity = (enum severity)severity,
                                   .rule = faults[fault].rule,
                                   .file = text->path,
                                   .line = text->place.line,
                                   .column = text->place.column,
                                   .mend = faults[fault].mend };
    return finding_add(text->findings, &draft, err, "%s%s%.*s", faults[fault].label,
                       *shown ? ": " : "", SHOWN_BYTES, shown);
}

// Whether the policy says whose it is. That a document speaks of the environment's own hosts is
// what documents are for.
static bool is_listed(const struct text *text, const struct endpoint_span *span)
{
    struct zone_match match;
    const struct json *policy = text->subject->world->policy;
    if (zone_find(&match, json_at(policy, "/zone/foreign"), span->text) &&
        match.kind != ZONE_SECRET)
        return true;
    return text->place_kind != PLACE_DOCUMENT &&
           zone_find(&match, json_at(policy, "/zone/owns"), span->text) &&
           match.kind != ZONE_SECRET;
}

static enum status judge(struct text *text, const struct endpoint_span *span, struct error *err)
{
    if (span->has_password) // never shown
        return report(text, FAULT_CREDENTIAL, span->begin, "", err);
    if (is_listed(text, span))
        return report(text, FAULT_LISTED, span->begin, span->text, err);
    if (span->form == ENDPOINT_PHONE)
        return report(text, FAULT_NUMBER, span->begin, span->text, err);
    if (span->form != ENDPOINT_URL || address_is_reserved(span->address.host))
        return STATUS_OK;
    return report(text, address_is_private(span->address.host) ? FAULT_PRIVATE : FAULT_URL,
                  span->begin, span->text, err);
}

static enum status look_through(struct text *text, struct error *err)
{
    struct endpoint_scan scan = { .bytes = text->bytes, .length = text->length };
    struct endpoint_span span;
    size_t first = text->findings->count;
    text->place = PLACE_START;
    while (text->findings->count < first + SHOWN_MAX && endpoint_scan_next(&scan, &span))
        TRY(judge(text, &span, err));
    return STATUS_OK;
}

static bool is_one_of(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; word && i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

// What stands under this key is about the tool, not sent by it; `inherited` from what holds it.
static enum place_kind kind_of_member(const char *key, enum place_kind inherited)
{
    static const char *const prose[] = { "description", "title",       "examples", "$comment",
                                         "pattern",     "annotations", "source",   "variables" };
    return is_one_of(prose, COUNT_OF(prose), key) ? PLACE_PROSE : inherited;
}

// Names of schemas and of other artifacts: nobody calls them.
static bool is_identifier(const char *key)
{
    static const char *const words[] = { "$schema", "$id",  "$ref", "$anchor", "$dynamicRef",
                                         "kind",    "name", "uses", "file",    "time_zone" };
    return is_one_of(words, COUNT_OF(words), key);
}

static enum status look_at_value(struct text *text, const struct json *value,
                                 struct buffer *pointer, struct error *err)
{
    const char *string = json_string(value);
    size_t length = pointer->length;
    size_t index = 0;
    if (string) {
        struct text own = *text;
        own.pointer = buffer_text(pointer);
        own.bytes = string;
        own.length = strlen(string);
        return look_through(&own, err);
    }
    for (const struct json *member = json_first(value); member; member = json_next(member)) {
        struct text inner = *text;
        const char *key = json_key(member);
        inner.place_kind = kind_of_member(key, text->place_kind);
        if (key)
            json_pointer_append_key(pointer, key);
        else
            buffer_append_format(pointer, "/%zu", index++);
        TRY(buffer_check(pointer, err));
        if (!is_identifier(key))
            TRY(look_at_value(&inner, member, pointer, err));
        buffer_truncate(pointer, length);
    }
    return STATUS_OK;
}

// A header that is there to prove who calls, with its proof written down.
static enum status look_at_headers(struct text *text, struct error *err)
{
    static const char *const names[] = { "authorization", "proxy-authorization", "x-api-key",
                                         "api-key",       "x-auth-token",        "cookie" };
    const struct json *headers = json_get(text->subject->manifest->document, "headers");
    for (const struct json *header = json_first(headers); header; header = json_next(header)) {
        char name[128] = "";
        const char *key = json_key(header);
        for (size_t i = 0; key[i] && i + 1 < sizeof(name); i++)
            name[i] = (char)(key[i] >= 'A' && key[i] <= 'Z' ? key[i] - 'A' + 'a' : key[i]);
        if (!json_string(header) || !is_one_of(names, COUNT_OF(names), name))
            continue;
        struct buffer pointer OWNED(buffer_release) = { 0 };
        buffer_append_text(&pointer, "/headers");
        json_pointer_append_key(&pointer, key);
        TRY(buffer_check(&pointer, err));
        struct text own = *text;
        own.pointer = pointer.bytes;
        TRY(report(&own, FAULT_CREDENTIAL, 0, "", err));
    }
    return STATUS_OK;
}

static enum status look_at_file(const struct text *common, const struct content_file *file,
                                struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    struct text text = *common;
    // artifact.json is looked at string by string; source.json is what it was made from
    if (strcmp(file->path, MANIFEST_PATH) == 0 || file->size_bytes > READ_MAX_BYTES ||
        strcmp(file->path, MANIFEST_TOOL_SOURCE_PATH) == 0)
        return STATUS_OK;
    TRY(content_view(&view, file, err));
    text.path = file->path;
    text.bytes = view.bytes;
    text.length = view.size_bytes;
    return look_through(&text, err);
}

enum status check_endpoints_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err)
{
    static const enum place_kind files[KIND_COUNT] = {
        [KIND_PROMPT] = PLACE_PROMPT, [KIND_TOOL] = PLACE_PROSE, [KIND_KNOWLEDGE] = PLACE_DOCUMENT
    };
    enum artifact_kind kind = subject->manifest->id.kind;
    struct buffer pointer OWNED(buffer_release) = { 0 };
    struct text text = { .subject = subject, .findings = findings };
    text.place_kind = kind == KIND_TOOL ? PLACE_VALUE : files[kind];
    TRY(look_at_value(&text, subject->manifest->document, &pointer, err));
    if (kind == KIND_TOOL)
        TRY(look_at_headers(&text, err));
    text.place_kind = files[kind];
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(look_at_file(&text, &subject->content->files[i], err));
    return STATUS_OK;
}
