// pii scan: where personal data stands in some files, and what a sandbox would say to it.
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/pii_file.h"
#include "operation/operation_rows.h"

// The listing of one call.
struct listing {
    struct json *spans;
    struct json *unread;
    bool shows_text;
    size_t refused;
    size_t by_entity[PII_ENTITY_COUNT];
    size_t refused_by_entity[PII_ENTITY_COUNT];
    // How many code points are before a byte of the text that is being listed.
    const char *bytes;
    size_t offset;
    size_t characters;
};

// Goes forwards only, so that a whole text is counted once.
static int64_t count_characters(struct listing *listing, const char *bytes, size_t offset)
{
    if (listing->bytes != bytes || offset < listing->offset) {
        listing->bytes = bytes;
        listing->offset = listing->characters = 0;
    }
    listing->characters +=
        text_count_code_points(bytes + listing->offset, offset - listing->offset);
    listing->offset = offset;
    return (int64_t)listing->characters;
}

static enum status set_text(struct json *item, const struct pii_file_span *found, bool whole,
                            struct error *err)
{
    const struct pii_span *span = found->span;
    char shown[PII_FILE_SHOWN_BYTES + 1];
    char *text OWNED(memory_release) = NULL;
    pii_file_obscure(shown, found->bytes + span->begin, span->end - span->begin);
    if (whole)
        TRY(memory_copy_bytes(&text, found->bytes + span->begin, span->end - span->begin, err));
    json_set_string(item, "text", whole ? text : shown);
    if (whole)
        json_set_string(item, "value", found->value);
    return STATUS_OK;
}

static enum status add_span(void *context, const struct pii_file_span *found, struct error *err)
{
    struct listing *listing = context;
    const struct pii_span *span = found->span;
    const struct pii_entity_words *words = pii_entity_words(span->entity);
    struct json *item = json_append_object(listing->spans);
    bool passes = span->allowed != NULL;
    json_set_string(item, "file", found->path);
    json_set_string(item, "in", found->is_path ? "path" : "content");
    json_set_integer(item, "line", found->place.line);
    json_set_integer(item, "column", found->place.column);
    json_set_integer(item, "begin", (int64_t)span->begin);
    json_set_integer(item, "end", (int64_t)span->end);
    json_set_integer(item, "begin_character", count_characters(listing, found->bytes, span->begin));
    json_set_integer(item, "end_character", count_characters(listing, found->bytes, span->end));
    json_set_string(item, "entity", words->word);
    json_set_string(item, "rule", words->rule);
    json_set_string(item, "pattern", span->rule);
    json_set_string(item, "gate", passes ? "pass" : "refuse");
    if (passes)
        json_set_string(item, "reason", span->allowed);
    else
        json_set_null(item, "reason");
    listing->by_entity[span->entity]++;
    listing->refused_by_entity[span->entity] += !passes;
    listing->refused += !passes;
    return set_text(item, found, listing->shows_text, err);
}

static enum status add_unread(void *context, const char *path, const char *why, const char *mend,
                              struct error *err)
{
    (void)err;
    const struct listing *listing = context;
    struct json *item = json_append_object(listing->unread);
    json_set_string(item, "file", path);
    json_set_string(item, "why", why);
    json_set_string(item, "mend", mend);
    return STATUS_OK;
}

static void set_counts(struct json *output, const struct listing *listing)
{
    struct json *entities = json_set_object(output, "entities");
    for (int i = 0; i < PII_ENTITY_COUNT; i++) {
        if (listing->by_entity[i] == 0)
            continue;
        struct json *entity = json_set_object(entities, pii_entity_words(i)->word);
        json_set_integer(entity, "found", (int64_t)listing->by_entity[i]);
        json_set_integer(entity, "refused", (int64_t)listing->refused_by_entity[i]);
    }
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    struct listing listing = { .shows_text = json_get(call->input, "show-text") != NULL };
    const struct pii_file_visitor visitor = { add_span, add_unread, &listing };
    call->output = json_new_object();
    json_set_integer(call->output, "files", (int64_t)call->content.count);
    listing.spans = json_set_array(call->output, "spans");
    listing.unread = json_set_array(call->output, "unread");
    TRY(pii_detector_new(&detector, err));
    for (size_t i = 0; i < call->content.count; i++) {
        listing.bytes = NULL; // a file's bytes may stand where another's stood
        TRY(pii_file_scan(detector, &call->content.files[i], &visitor, err));
    }
    set_counts(call->output, &listing);
    json_set_integer(call->output, "refused", (int64_t)listing.refused);
    json_set_bool(call->output, "passed", listing.refused == 0);
    call->is_refusal = listing.refused > 0;
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "path", NULL, "PATH", "a file, folder or archive; - for an archive on standard input",
      FIELD_CONTENT, true },
    { "show-text", "--show-text", "",
      "with --json, show what was found as it stands there (default: obscured)", FIELD_SWITCH,
      false },
    { 0 },
};

const struct operation operation_pii_scan = {
    .name = "pii scan",
    .summary = "find personal data in files, and say whether a sandbox would take them",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .fields = fields,
    .run = run,
};
