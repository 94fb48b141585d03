// injection: nothing speaks to the model behind people's backs.
#include <stdio.h>
#include <string.h>

#include "artifact/json_pointer.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "check/check_kit.h"
#include "check/check_rows.h"
#include "check/document_format.h"
#include "check/document_link.h"
#include "check/hidden_character.h"
#include "check/injection_phrase.h"
#include "check/place.h"

#define READ_MAX_BYTES (64U << 20) // far beyond any document
#define SHOWN_MAX 10               // findings of one sort in one text
#define SHOWN_BYTES 100            // of a phrase or a target

struct injection {
    const struct check_subject *subject;
    struct finding_list *findings;
    struct injection_phrases *phrases;
};

// A file, or a string of artifact.json. `place` follows the findings through a file; a string's
// findings are all at the string.
struct text {
    const struct injection *injection;
    const char *path;
    const char *pointer; // of the string; NULL for a file
    const char *bytes;
    size_t length;
    struct place place;
};

static const char mend_phrase[] = "say it to people, or take it out; text about such attacks can "
                                  "describe them without the words";
static const char mend_fetch[] = "put what it shows into the document as text; whoever opens it "
                                 "would tell the other host so";

struct rule {
    const char *rule;
    enum severity severity;
    const char *label;
    const char *mend;
};

static const struct rule hidden_rules[] = {
    [HIDDEN_TAG] = { "injection.tag-character", SEVERITY_ERROR,
                     "invisible tag characters, which a model reads as text",
                     "delete them: retype the words on both sides" },
    [HIDDEN_BIDI_OVERRIDE] = { "injection.bidi-override", SEVERITY_ERROR,
                               "a bidirectional override, which shows text in another order than a "
                               "model reads",
                               "delete it; right-to-left text needs none" },
    [HIDDEN_BIDI_CONTROL] = { "injection.bidi-control", SEVERITY_WARNING,
                              "a bidirectional control on a line without right-to-left letters",
                              "delete it" },
    [HIDDEN_ZERO_WIDTH] = { "injection.zero-width", SEVERITY_WARNING,
                            "characters of no width, which can hide or split words",
                            "delete them: retype the words on both sides" },
};

static const struct rule fetch_rules[] = {
    [DOCUMENT_LINK_IMAGE] = { "injection.remote-image", SEVERITY_WARNING,
                              "an image from another host", mend_fetch },
    [DOCUMENT_LINK_FRAME] = { "injection.remote-frame", SEVERITY_WARNING,
                              "a frame from another host", mend_fetch },
    [DOCUMENT_LINK_MEDIA] = { "injection.remote-media", SEVERITY_WARNING,
                              "media or a style sheet from another host", mend_fetch },
    [DOCUMENT_LINK_SCRIPT] = { "injection.script", SEVERITY_WARNING, "a script",
                               "take it out; documents are read, not run" },
};

// Adds a finding at a byte of the text; `shown` (may be NULL) is quoted, cut when long.
static enum status add(struct text *text, const struct rule *rule, size_t offset, const char *shown,
                       size_t shown_bytes, struct error *err)
{
    const struct manifest *manifest = text->injection->subject->manifest;
    struct json_span span = { .line = 1, .column = 1 };
    struct finding_draft draft = {
        .severity = rule->severity, .rule = rule->rule, .file = text->path, .mend = rule->mend
    };
    size_t cut = shown_bytes < SHOWN_BYTES ? shown_bytes : SHOWN_BYTES;
    while (cut > 0 && cut < shown_bytes && ((unsigned char)shown[cut] & 0xC0) == 0x80)
        cut--;
    if (text->pointer) {
        if (text->injection->findings->count < FINDING_MAX) // nobody will see more places
            (void)json_locate(&span, manifest->text, manifest->text_bytes, text->pointer);
        draft.line = span.line;
        draft.column = span.column;
        draft.pointer = text->pointer;
    } else {
        place_advance(&text->place, text->bytes, offset);
        draft.line = text->place.line;
        draft.column = text->place.column;
    }
    if (!shown)
        return finding_add(text->injection->findings, &draft, err, "%s", rule->label);
    return finding_add(text->injection->findings, &draft, err, "%s: '%.*s%s'", rule->label,
                       (int)cut, shown, cut < shown_bytes ? "…" : "");
}

static enum status check_hidden(struct text *text, struct error *err)
{
    struct hidden_character_walk walk = { .bytes = text->bytes, .length = text->length };
    struct hidden_character found;
    size_t counts[COUNT_OF(hidden_rules)] = { 0 };
    while (hidden_character_next(&walk, &found)) {
        char which[64];
        if (counts[found.kind]++ >= SHOWN_MAX)
            continue;
        int length = snprintf(which, sizeof(which), "U+%04X, %zu in a row", (unsigned)found.first,
                              found.count);
        TRY(add(text, &hidden_rules[found.kind], found.offset, which, (size_t)length, err));
    }
    return STATUS_OK;
}

static enum status report_phrase(void *context, const struct injection_phrase *phrase,
                                 struct error *err)
{
    struct text *text = context;
    struct rule rule = { phrase->rule, SEVERITY_WARNING, phrase->label, mend_phrase };
    return add(text, &rule, phrase->begin, text->bytes + phrase->begin, phrase->end - phrase->begin,
               err);
}

static enum status check_phrases(struct text *text, struct error *err)
{
    text->place = PLACE_START;
    return injection_phrase_find(text->injection->phrases, text->bytes, text->length, report_phrase,
                                 text, err);
}

static enum status check_fetches(struct text *text, bool is_markdown, struct error *err)
{
    struct document_link link;
    struct document_link_walk walk = { .bytes = text->bytes,
                                       .length = text->length,
                                       .is_markdown = is_markdown };
    size_t count = 0;
    text->place = PLACE_START;
    if (!document_link_may_fetch(text->bytes, text->length))
        return STATUS_OK;
    while (count < SHOWN_MAX && document_link_next(&walk, &link)) {
        bool fetches = link.kind == DOCUMENT_LINK_SCRIPT ||
                       (link.kind != DOCUMENT_LINK_TEXT && document_link_is_remote(&link));
        if (!fetches)
            continue;
        TRY(add(text, &fetch_rules[link.kind], link.offset, link.length ? link.target : NULL,
                link.length, err));
        count++;
    }
    return STATUS_OK;
}

// A prompt's own text is made of instructions: only what nobody sees is looked for in it.
static bool speaks_to_people(const struct injection *injection)
{
    return injection->subject->manifest->id.kind != KIND_PROMPT;
}

static enum status check_file(const struct injection *injection, const struct content_file *file,
                              struct error *err)
{
    static const struct rule unread = { "injection.unread", SEVERITY_WARNING,
                                        "too large to be looked through", "divide the file" };
    struct content_view view OWNED(content_view_release) = { 0 };
    enum document_format format = document_format_of(file->path);
    struct text text = { .injection = injection, .path = file->path, .place = PLACE_START };
    if (format == DOCUMENT_OTHER || format == DOCUMENT_PDF)
        return STATUS_OK;
    if (file->size_bytes > READ_MAX_BYTES)
        return add(&text, &unread, 0, NULL, 0, err);
    TRY(content_view(&view, file, err));
    text.bytes = view.bytes;
    text.length = view.size_bytes;
    if (!text_is_utf8(text.bytes, text.length, NULL)) // other checks say that
        return STATUS_OK;
    TRY(check_hidden(&text, err));
    if (!speaks_to_people(injection))
        return STATUS_OK;
    TRY(check_phrases(&text, err));
    if (format != DOCUMENT_MARKDOWN && format != DOCUMENT_HTML)
        return STATUS_OK;
    return check_fetches(&text, format == DOCUMENT_MARKDOWN, err);
}

static enum status check_string(const struct injection *injection, const char *string,
                                const char *pointer, struct error *err)
{
    struct text text = { .injection = injection,
                         .path = MANIFEST_PATH,
                         .pointer = pointer,
                         .bytes = string,
                         .length = strlen(string) };
    if (!text_is_utf8(string, text.length, NULL)) // U+0000 stands for something that is none
        return STATUS_OK;
    TRY(check_hidden(&text, err));
    if (!speaks_to_people(injection))
        return STATUS_OK;
    TRY(check_phrases(&text, err));
    return check_fetches(&text, true, err);
}

// Every string and key of the manifest. JSON nests at most JSON_MAX_DEPTH deep.
static enum status check_value(const struct injection *injection, const struct json *value,
                               struct buffer *pointer, struct error *err)
{
    size_t length = pointer->length;
    size_t index = 0;
    if (json_string(value))
        return check_string(injection, json_string(value), buffer_text(pointer), err);
    for (const struct json *item = json_first(value); item; item = json_next(item), index++) {
        if (json_key(item))
            json_pointer_append_key(pointer, json_key(item));
        else
            buffer_append_format(pointer, "/%zu", index);
        TRY(buffer_check(pointer, err));
        if (json_key(item))
            TRY(check_string(injection, json_key(item), pointer->bytes, err));
        TRY(check_value(injection, item, pointer, err));
        buffer_truncate(pointer, length);
    }
    return STATUS_OK;
}

enum status check_injection_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err)
{
    struct injection injection = { .subject = subject, .findings = findings };
    struct buffer pointer OWNED(buffer_release) = { 0 };
    TRY(check_kit_phrases(subject->kit, &injection.phrases, err));
    TRY(check_value(&injection, subject->manifest->document, &pointer, err));
    for (size_t i = 0; i < subject->content->count; i++)
        TRY(check_file(&injection, &subject->content->files[i], err));
    return STATUS_OK;
}
