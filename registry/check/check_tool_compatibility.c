// tool-compatibility: callers who know the live version of a tool can go on calling it.
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "check/check_rows.h"
#include "check/compatibility.h"

struct reporting {
    const struct check_subject *subject;
    struct finding_list *findings;
};

// Adds a finding at `pointer`, or at `above` where the new version has no such place.
static enum status add(const struct reporting *reporting, const char *above, const char *pointer,
                       const struct compatibility_change *change, struct error *err)
{
    const struct manifest *manifest = reporting->subject->manifest;
    struct json_span span = { .line = 1, .column = 1 };
    struct buffer whole OWNED(buffer_release) = { 0 };
    buffer_append_format(&whole, "%s%s", above, pointer);
    TRY(buffer_check(&whole, err));
    if (reporting->findings->count < FINDING_MAX && // nobody will see more places
        !json_locate(&span, manifest->text, manifest->text_bytes, whole.bytes))
        (void)json_locate(&span, manifest->text, manifest->text_bytes, above);
    struct finding_draft draft = { .severity = change->breaks ? SEVERITY_ERROR : SEVERITY_WARNING,
                                   .rule = change->rule,
                                   .file = MANIFEST_PATH,
                                   .line = span.line,
                                   .column = span.column,
                                   .pointer = whole.bytes,
                                   .mend = change->mend };
    return finding_add(reporting->findings, &draft, err, "%s", change->message);
}

static enum status report_input(void *context, const struct compatibility_change *change,
                                struct error *err)
{
    return add(context, "/input_schema", change->pointer, change, err);
}

// What a tool may do to the world, from the least on. Changing a record and acting on the call are
// different powers: each is more than writing, neither is more than the other.
static const struct {
    const char *word;
    int rank;
} side_effects[] = { { "read", 1 }, { "write", 2 }, { "crm-write", 3 }, { "call-control", 3 } };

static int rank_of(const char *side_effect)
{
    for (size_t i = 0; i < COUNT_OF(side_effects); i++)
        if (strcmp(side_effect, side_effects[i].word) == 0)
            return side_effects[i].rank;
    return 0;
}

static enum status check_side_effect(const struct reporting *reporting, const struct manifest *live,
                                     struct error *err)
{
    const char *before = json_get_string(live->document, "side_effect", NULL);
    const char *after = json_get_string(reporting->subject->manifest->document, "side_effect", "");
    struct buffer message OWNED(buffer_release) = { 0 };
    // A live tool that says nothing may do anything: nothing can be more.
    if (!before || strcmp(before, after) == 0 || (after[0] && rank_of(after) < rank_of(before)))
        return STATUS_OK;
    if (after[0])
        buffer_append_format(&message, "its side effect was '%s' and is now '%s'", before, after);
    else
        buffer_append_format(&message, "its side effect was '%s' and is no longer declared",
                             before);
    TRY(buffer_check(&message, err));
    struct compatibility_change change = { .rule = "tool-compatibility.side-effect-widened",
                                           .message = message.bytes,
                                           .mend = "make sure that every prompt that uses it may "
                                                   "do this to a caller" };
    return add(reporting, "/side_effect", "", &change, err);
}

static enum status check_output(const struct reporting *reporting, const struct manifest *live,
                                struct error *err)
{
    const struct json *before = json_at(live->document, "/output_schema/properties");
    const struct json *after =
        json_at(reporting->subject->manifest->document, "/output_schema/properties");
    uint64_t work = (uint64_t)json_count(before) * json_count(after);
    if (work > COMPATIBILITY_MAX_STEPS)
        return STATUS_OK;
    for (const struct json *member = json_first(before); member; member = json_next(member)) {
        struct buffer message OWNED(buffer_release) = { 0 };
        if (json_get(after, json_key(member)))
            continue;
        buffer_append_format(&message, "output '%.200s' is gone", json_key(member));
        TRY(buffer_check(&message, err));
        struct compatibility_change change = { .rule = "tool-compatibility.output-removed",
                                               .message = message.bytes,
                                               .mend = "go on answering it if a prompt speaks "
                                                       "of it" };
        TRY(add(reporting, "/output_schema", "", &change, err));
    }
    return STATUS_OK;
}

enum status check_tool_compatibility_run(const struct check_subject *subject,
                                         struct finding_list *findings, struct error *err)
{
    const struct check_world *world = subject->world;
    const struct manifest *live = NULL;
    struct reporting reporting = { .subject = subject, .findings = findings };
    if (!world->find_live)
        return STATUS_OK;
    TRY(world->find_live(world->context, &subject->manifest->id, &live, err));
    if (!live)
        return STATUS_OK;
    TRY(compatibility_compare(json_get(live->document, "input_schema"),
                              json_get(subject->manifest->document, "input_schema"), report_input,
                              &reporting, err));
    TRY(check_output(&reporting, live, err));
    return check_side_effect(&reporting, live, err);
}
