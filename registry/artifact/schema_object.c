// Keywords about objects.
#include <string.h>

#include "artifact/schema_run.h"
#include "base/memory.h"

#define SHOWN 100 // bytes of a name in a message

static bool is_object(const struct schema_frame *frame)
{
    return json_is(frame->instance, JSON_OBJECT);
}

static bool evaluate_member(struct schema_run *run, const struct schema_node *node,
                            const struct json *member, const struct schema_frame *frame)
{
    const struct schema_place place = { .parent = frame->place, .key = json_key(member) };
    return schema_run_node(run, node, member, &place, NULL);
}

// Whether to go on to the next member.
static bool goes_on(const struct schema_run *run, bool valid)
{
    return run->status == STATUS_OK && (valid || schema_run_is_reporting(run));
}

bool schema_object_properties(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    bool valid = true;
    size_t index = 0;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member), index++) {
        if (!schema_run_charge(run, 1))
            return false;
        const struct schema_name *name = schema_keyword_name(keyword, json_key(member));
        if (!name)
            continue;
        schema_run_mark(frame, index);
        valid = evaluate_member(run, name->node, member, frame) && valid;
    }
    return valid && run->status == STATUS_OK;
}

bool schema_object_pattern_properties(struct schema_run *run, const struct schema_keyword *keyword,
                                      const struct schema_frame *frame)
{
    bool valid = true;
    size_t index = 0;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member), index++)
        for (size_t i = 0; i < keyword->count && goes_on(run, valid); i++) {
            if (!schema_run_matches(run, keyword->patterns[i], json_key(member)))
                continue;
            schema_run_mark(frame, index);
            valid = evaluate_member(run, keyword->nodes[i], member, frame) && valid;
        }
    return valid && run->status == STATUS_OK;
}

// Evaluates a member that the other keywords left over. A plain "false" is reported as what it
// means here.
static bool evaluate_rest(struct schema_run *run, const struct schema_keyword *keyword,
                          const struct json *member, const struct schema_frame *frame)
{
    const struct schema_place place = { .parent = frame->place, .key = json_key(member) };
    if (json_is(keyword->value, JSON_BOOLEAN) && !json_bool(keyword->value))
        return schema_run_fail(run, keyword, &place, "no member '%.*s' is expected here", SHOWN,
                               json_key(member));
    return schema_run_node(run, keyword->nodes[0], member, &place, NULL);
}

// Whether `properties` or `patternProperties` beside it take care of a member.
static bool is_taken(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct json *member)
{
    const struct schema_keyword *properties = keyword->beside[0];
    const struct schema_keyword *patterns = keyword->beside[1];
    if (properties && schema_keyword_name(properties, json_key(member)))
        return true;
    for (size_t i = 0; patterns && i < patterns->count; i++)
        if (schema_run_matches(run, patterns->patterns[i], json_key(member)))
            return true;
    return false;
}

bool schema_object_additional(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member))
        if (schema_run_charge(run, 1) && !is_taken(run, keyword, member))
            valid = evaluate_rest(run, keyword, member, frame) && valid;
    if (is_object(frame))
        schema_run_mark_all(frame);
    return valid && run->status == STATUS_OK;
}

bool schema_object_unevaluated(struct schema_run *run, const struct schema_keyword *keyword,
                               const struct schema_frame *frame)
{
    bool valid = true;
    size_t index = 0;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member), index++)
        if (schema_run_charge(run, 1) && !schema_run_is_marked(frame, index))
            valid = evaluate_rest(run, keyword, member, frame) && valid;
    if (is_object(frame))
        schema_run_mark_all(frame);
    return valid && run->status == STATUS_OK;
}

bool schema_object_property_names(struct schema_run *run, const struct schema_keyword *keyword,
                                  const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member)) {
        struct json *name OWNED(json_release) = json_new_string(json_key(member));
        const struct schema_place place = { .parent = frame->place, .key = json_key(member) };
        if (!name)
            return schema_run_stop(run, error_no_memory(run->err));
        valid = schema_run_node(run, keyword->nodes[0], name, &place, NULL) && valid;
    }
    return valid && run->status == STATUS_OK;
}

// The member of that name; counts the members looked at.
static const struct json *find_member(struct schema_run *run, const struct json *object,
                                      const char *name)
{
    const struct json *member = json_first(object);
    while (member && schema_run_charge(run, 1) && strcmp(json_key(member), name) != 0)
        member = json_next(member);
    return run->status == STATUS_OK ? member : NULL;
}

// All names are there exactly when as many members as there are names are among them.
bool schema_object_required(struct schema_run *run, const struct schema_keyword *keyword,
                            const struct schema_frame *frame)
{
    size_t found = 0;
    if (!is_object(frame))
        return true;
    const struct json *member = json_first(frame->instance);
    for (; member && schema_run_charge(run, 1); member = json_next(member))
        found += schema_keyword_name(keyword, json_key(member)) != NULL;
    if (run->status != STATUS_OK || found == keyword->name_count)
        return run->status == STATUS_OK;
    const struct json *name = schema_run_is_reporting(run) ? json_first(keyword->value) : NULL;
    for (; name && run->status == STATUS_OK; name = json_next(name))
        if (!find_member(run, frame->instance, json_string(name)))
            schema_run_fail(run, keyword, frame->place, "the member '%.*s' is missing", SHOWN,
                            json_string(name));
    return false;
}

static bool counts_at_least(struct schema_run *run, const struct schema_keyword *keyword,
                            const struct schema_frame *frame)
{
    size_t count = json_count(frame->instance);
    schema_run_charge(run, 1 + count / 16);
    return count >= keyword->limit ||
           schema_run_fail(run, keyword, frame->place, "expected at least %lu members, found %zu",
                           (unsigned long)keyword->limit, count);
}

bool schema_object_min(struct schema_run *run, const struct schema_keyword *keyword,
                       const struct schema_frame *frame)
{
    return !is_object(frame) || counts_at_least(run, keyword, frame);
}

bool schema_object_max(struct schema_run *run, const struct schema_keyword *keyword,
                       const struct schema_frame *frame)
{
    size_t count = is_object(frame) ? json_count(frame->instance) : 0;
    schema_run_charge(run, 1 + count / 16);
    return count <= keyword->limit ||
           schema_run_fail(run, keyword, frame->place, "expected at most %lu members, found %zu",
                           (unsigned long)keyword->limit, count);
}

static bool has_all(struct schema_run *run, const struct schema_keyword *keyword,
                    const struct schema_name *wanted, const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *name = json_first(wanted->value);
    for (; name && goes_on(run, valid); name = json_next(name))
        if (!find_member(run, frame->instance, json_string(name)))
            valid = schema_run_fail(run, keyword, frame->place,
                                    "the member '%.*s' is missing, which '%.*s' needs", SHOWN,
                                    json_string(name), SHOWN, wanted->key);
    return valid && run->status == STATUS_OK;
}

bool schema_object_dependent_required(struct schema_run *run, const struct schema_keyword *keyword,
                                      const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member)) {
        const struct schema_name *wanted = schema_keyword_name(keyword, json_key(member));
        if (schema_run_charge(run, 1) && wanted)
            valid = has_all(run, keyword, wanted, frame) && valid;
    }
    return valid && run->status == STATUS_OK;
}

// dependentSchemas; and draft-07's dependencies, where a list of names may stand for a schema.
bool schema_object_dependent_schemas(struct schema_run *run, const struct schema_keyword *keyword,
                                     const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *member = is_object(frame) ? json_first(frame->instance) : NULL;
    for (; member && goes_on(run, valid); member = json_next(member)) {
        const struct schema_name *wanted = schema_keyword_name(keyword, json_key(member));
        if (!schema_run_charge(run, 1) || !wanted)
            continue;
        bool fits = wanted->node ? schema_run_node(run, wanted->node, frame->instance, frame->place,
                                                   frame->evaluated)
                                 : has_all(run, keyword, wanted, frame);
        valid = fits && valid;
    }
    return valid && run->status == STATUS_OK;
}
