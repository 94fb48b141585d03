// Keywords that apply schemas to the same place: references, allOf, anyOf, oneOf, not, if.
#include "artifact/schema_run.h"

#include "base/memory.h"

#define MAX_HOPS 8 // references followed to see which types a schema accepts

bool schema_logic_ref(struct schema_run *run, const struct schema_keyword *keyword,
                      const struct schema_frame *frame)
{
    return schema_run_node(run, keyword->nodes[0], frame->instance, frame->place, frame->evaluated);
}

// 2020-12 Core, section 8.2.3.2: the outermost resource in the dynamic scope with that anchor.
bool schema_logic_dynamic_ref(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    const struct schema_node *target = NULL;
    for (size_t i = 0; keyword->dynamic && !target && i < run->scope_count; i++) {
        if (!schema_run_charge(run, 1))
            return false;
        target = schema_map_get(&run->schema->dynamic_anchors, run->scopes[i], keyword->dynamic);
    }
    return schema_run_node(run, target ? target : keyword->nodes[0], frame->instance, frame->place,
                           frame->evaluated);
}

bool schema_logic_all_of(struct schema_run *run, const struct schema_keyword *keyword,
                         const struct schema_frame *frame)
{
    bool valid = true;
    for (size_t i = 0; i < keyword->count; i++) {
        if (!schema_run_node(run, keyword->nodes[i], frame->instance, frame->place,
                             frame->evaluated))
            valid = false;
        if (run->status != STATUS_OK || (!valid && !schema_run_is_reporting(run)))
            return false;
    }
    return valid;
}

static const struct schema_keyword *find_reference(const struct schema_node *node)
{
    for (size_t i = 0; i < node->keyword_count; i++)
        if (node->keywords[i].row->form == SCHEMA_FORM_REFERENCE)
            return &node->keywords[i];
    return NULL;
}

// Whether the schema refuses all instances of these types, as far as one can see without trying.
static bool excludes(const struct schema_node *node, unsigned types)
{
    for (int hops = 0; hops < MAX_HOPS; hops++) {
        if (json_is(node->value, JSON_BOOLEAN))
            return !json_bool(node->value);
        if ((node->types & types) == 0)
            return true;
        const struct schema_keyword *reference = find_reference(node);
        if (!reference)
            return false;
        node = reference->nodes[0];
    }
    return false;
}

// When the instance's type leaves one alternative only, that one's own failures say best what is
// wrong; and evaluating it once only keeps nested alternatives from doubling the work at each
// level. NULL otherwise.
static const struct schema_node *only_candidate(struct schema_run *run,
                                                const struct schema_keyword *keyword,
                                                const struct json *instance)
{
    const struct schema_node *found = NULL;
    unsigned types = schema_scalar_types_of(instance);
    if (!schema_run_is_reporting(run) || !schema_run_charge(run, keyword->count))
        return NULL;
    for (size_t i = 0; i < keyword->count; i++) {
        if (excludes(keyword->nodes[i], types))
            continue;
        if (found)
            return NULL;
        found = keyword->nodes[i];
    }
    return found;
}

bool schema_logic_any_of(struct schema_run *run, const struct schema_keyword *keyword,
                         const struct schema_frame *frame)
{
    bool valid = false;
    const struct schema_node *only = only_candidate(run, keyword, frame->instance);
    if (only)
        return schema_run_node(run, only, frame->instance, frame->place, frame->evaluated);
    // With evaluated members to be collected, every alternative counts.
    for (size_t i = 0; i < keyword->count && !(valid && !frame->evaluated); i++)
        if (schema_run_try(run, keyword->nodes[i], frame->instance, frame->place, frame->evaluated))
            valid = true;
    return valid || schema_run_fail(run, keyword, frame->place,
                                    "valid against none of the %zu alternatives", keyword->count);
}

bool schema_logic_one_of(struct schema_run *run, const struct schema_keyword *keyword,
                         const struct schema_frame *frame)
{
    size_t first = keyword->count;
    const struct schema_node *only = only_candidate(run, keyword, frame->instance);
    if (only)
        return schema_run_node(run, only, frame->instance, frame->place, frame->evaluated);
    for (size_t i = 0; i < keyword->count; i++) {
        if (!schema_run_try(run, keyword->nodes[i], frame->instance, frame->place,
                            frame->evaluated))
            continue;
        if (first < keyword->count)
            return schema_run_fail(run, keyword, frame->place,
                                   "valid against the alternatives %zu and %zu, expected exactly "
                                   "one (counted from 0)",
                                   first, i);
        first = i;
    }
    return first < keyword->count ||
           schema_run_fail(run, keyword, frame->place, "valid against none of the %zu alternatives",
                           keyword->count);
}

bool schema_logic_not(struct schema_run *run, const struct schema_keyword *keyword,
                      const struct schema_frame *frame)
{
    return !schema_run_try(run, keyword->nodes[0], frame->instance, frame->place, NULL) ||
           schema_run_fail(run, keyword, frame->place, "valid against what it must not be");
}

bool schema_logic_if(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct schema_frame *frame)
{
    bool then =
        schema_run_try(run, keyword->nodes[0], frame->instance, frame->place, frame->evaluated);
    const struct schema_keyword *branch = keyword->beside[then ? 0 : 1];
    return !branch ||
           schema_run_node(run, branch->nodes[0], frame->instance, frame->place, frame->evaluated);
}
