// One validation: work counted, scopes, failures reported.
#include "artifact/schema_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_pointer.h"
#include "base/memory.h"

#define BYTES_PER_STEP 16  // of what a report or a message is made of
#define REPORT_STEPS 20    // for each failure reported
#define BITS_PER_STEP 1024 // of a set of evaluated members
#define WORD_BITS 64

void schema_run_release(struct schema_run *run)
{
    pattern_scratch_free(run->scratch);
    run->scratch = NULL;
}

bool schema_run_stop(struct schema_run *run, enum status status)
{
    if (run->status == STATUS_OK)
        run->status = status;
    return false;
}

static bool stop_at_limit(struct schema_run *run, const char *what)
{
    if (run->status != STATUS_OK)
        return false;
    error_set(run->err, STATUS_TOO_LARGE, "schema_work_limit",
              "validating takes %s than is allowed", what);
    error_hint(run->err, "simplify the schema: fewer alternatives, no references in a circle");
    return schema_run_stop(run, STATUS_TOO_LARGE);
}

bool schema_run_charge(struct schema_run *run, uint64_t steps)
{
    if (run->status != STATUS_OK)
        return false;
    if (steps > run->steps_left) {
        run->steps_left = 0;
        return stop_at_limit(run, "more work");
    }
    run->steps_left -= steps;
    return true;
}

// --- evaluated members and items ---

static size_t word_count(const struct schema_evaluated *set)
{
    return (set->count + WORD_BITS - 1) / WORD_BITS;
}

static void evaluated_release(struct schema_evaluated *set)
{
    free(set->bits);
}

static bool evaluated_init(struct schema_run *run, struct schema_evaluated *set, size_t count)
{
    set->count = count;
    if (count <= WORD_BITS)
        return true;
    if (!schema_run_charge(run, 1 + count / BITS_PER_STEP))
        return false;
    if (memory_new(&set->bits, word_count(set), sizeof(uint64_t), run->err) != STATUS_OK)
        return schema_run_stop(run, STATUS_NO_MEMORY);
    return true;
}

static const uint64_t *words_of(const struct schema_evaluated *set)
{
    return set->bits ? set->bits : &set->inside;
}

static void evaluated_merge(struct schema_evaluated *into, const struct schema_evaluated *set)
{
    uint64_t *to = into->bits ? into->bits : &into->inside;
    into->all = into->all || set->all;
    for (size_t i = 0; i < word_count(set); i++)
        to[i] |= words_of(set)[i];
}

void schema_run_mark(const struct schema_frame *frame, size_t index)
{
    struct schema_evaluated *set = frame->evaluated;
    if (set)
        (set->bits ? set->bits : &set->inside)[index / WORD_BITS] |= UINT64_C(1)
                                                                     << index % WORD_BITS;
}

void schema_run_mark_all(const struct schema_frame *frame)
{
    if (frame->evaluated)
        frame->evaluated->all = true;
}

bool schema_run_is_marked(const struct schema_frame *frame, size_t index)
{
    const struct schema_evaluated *set = frame->evaluated;
    return set && (set->all || (words_of(set)[index / WORD_BITS] >> index % WORD_BITS & 1));
}

// --- reporting ---

bool schema_run_is_reporting(const struct schema_run *run)
{
    return run->report && run->quiet == 0;
}

static void append_place(struct buffer *out, const struct schema_place *place)
{
    const struct schema_place *chain[SCHEMA_MAX_DEPTH];
    size_t count = 0;
    for (; place; place = place->parent)
        if (count < COUNT_OF(chain))
            chain[count++] = place;
    while (count > 0) {
        place = chain[--count];
        if (place->key)
            json_pointer_append_key(out, place->key);
        else
            buffer_append_format(out, "/%zu", place->index);
    }
}

static bool report_failure(struct schema_run *run, const struct schema_node *node,
                           const char *keyword, const struct schema_place *place,
                           const char *message)
{
    struct buffer instance_pointer OWNED(buffer_release) = { 0 };
    struct buffer keyword_pointer OWNED(buffer_release) = { 0 };
    append_place(&instance_pointer, place);
    schema_node_append_pointer(&keyword_pointer, node);
    if (keyword)
        buffer_append_format(&keyword_pointer, "/%s", keyword);
    if (buffer_check(&instance_pointer, run->err) != STATUS_OK ||
        buffer_check(&keyword_pointer, run->err) != STATUS_OK)
        return schema_run_stop(run, STATUS_NO_MEMORY);
    size_t bytes = instance_pointer.length + keyword_pointer.length + strlen(message);
    if (!schema_run_charge(run, REPORT_STEPS + bytes / BYTES_PER_STEP))
        return false;
    struct schema_failure failure = {
        .instance_pointer = buffer_text(&instance_pointer),
        .keyword_pointer = buffer_text(&keyword_pointer),
        .message = message,
    };
    run->report(run->context, &failure);
    run->failed = true;
    return false;
}

bool schema_run_fail(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct schema_place *place, const char *format, ...)
{
    char message[ERROR_MESSAGE_BYTES];
    if (!schema_run_is_reporting(run) || run->status != STATUS_OK)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return report_failure(run, keyword->node, keyword->row->name, place, message);
}

void schema_run_show(struct schema_run *run, const struct json *value, char out[SCHEMA_SHOWN_BYTES])
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct error ignored;
    out[0] = '\0';
    if (!schema_run_is_reporting(run) || json_print(&text, value, &ignored) != STATUS_OK)
        return;
    schema_run_charge(run, text.length / BYTES_PER_STEP);
    size_t keep = text.length;
    if (keep >= SCHEMA_SHOWN_BYTES) {
        keep = SCHEMA_SHOWN_BYTES - sizeof("…");
        while (keep > 0 && ((unsigned char)text.bytes[keep] & 0xC0) == 0x80)
            keep--;
        buffer_truncate(&text, keep);
        buffer_append_text(&text, "…");
    }
    if (!text.failed)
        memcpy(out, text.bytes, text.length + 1);
}

bool schema_run_matches(struct schema_run *run, const struct pattern *pattern, const char *text)
{
    bool matches = false;
    if (run->status != STATUS_OK)
        return false;
    enum status status = STATUS_OK;
    if (!run->scratch)
        status = pattern_scratch_new(&run->scratch, run->err);
    if (status == STATUS_OK)
        status = pattern_matches(&matches, pattern, run->scratch, text, &run->steps_left, run->err);
    return status == STATUS_OK ? matches : schema_run_stop(run, status);
}

// --- evaluating ---

static bool evaluate_keywords(struct schema_run *run, const struct schema_frame *frame)
{
    const struct schema_node *node = frame->node;
    bool valid = true;
    for (size_t i = 0; i < node->keyword_count; i++) {
        const struct schema_keyword *keyword = &node->keywords[i];
        if (!keyword->row->evaluate)
            continue;
        // Behind a failure nobody knows what was evaluated.
        if (!valid && (!schema_run_is_reporting(run) || keyword->row->needs_evaluated))
            break;
        valid = keyword->row->evaluate(run, keyword, frame) && valid;
        if (run->status != STATUS_OK)
            return false;
    }
    return valid;
}

static bool evaluate_object(struct schema_run *run, const struct schema_frame *frame,
                            struct schema_evaluated *into)
{
    struct schema_frame inner = *frame;
    struct schema_evaluated evaluated OWNED(evaluated_release) = { 0 };
    bool container = json_is(frame->instance, JSON_OBJECT) || json_is(frame->instance, JSON_ARRAY);
    if (container && (into || frame->node->tracks)) {
        size_t count = into ? into->count : json_count(frame->instance);
        if (!evaluated_init(run, &evaluated, count))
            return false;
        inner.evaluated = &evaluated;
    }
    bool valid = evaluate_keywords(run, &inner);
    if (valid && into && inner.evaluated)
        evaluated_merge(into, &evaluated);
    return valid;
}

static bool evaluate_boolean(struct schema_run *run, const struct schema_frame *frame)
{
    if (json_bool(frame->node->value))
        return true;
    if (schema_run_is_reporting(run))
        report_failure(run, frame->node, NULL, frame->place, "nothing is allowed here");
    return false;
}

bool schema_run_node(struct schema_run *run, const struct schema_node *node,
                     const struct json *instance, const struct schema_place *place,
                     struct schema_evaluated *into)
{
    const struct schema_frame frame = { .node = node, .instance = instance, .place = place };
    if (!schema_run_charge(run, 1))
        return false;
    if (json_is(node->value, JSON_BOOLEAN))
        return evaluate_boolean(run, &frame);
    if (run->depth == SCHEMA_MAX_DEPTH)
        return stop_at_limit(run, "deeper nesting");
    bool enters = run->scope_count == 0 || run->scopes[run->scope_count - 1] != node->resource;
    if (enters)
        run->scopes[run->scope_count++] = node->resource;
    run->depth++;
    bool valid = evaluate_object(run, &frame, into);
    run->depth--;
    run->scope_count -= enters;
    return valid;
}

bool schema_run_try(struct schema_run *run, const struct schema_node *node,
                    const struct json *instance, const struct schema_place *place,
                    struct schema_evaluated *into)
{
    run->quiet++;
    bool valid = schema_run_node(run, node, instance, place, into);
    run->quiet--;
    return valid;
}
