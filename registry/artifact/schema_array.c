// Keywords about arrays.
#include <stdlib.h>

#include "artifact/schema_run.h"
#include "base/memory.h"

static bool is_array(const struct schema_frame *frame)
{
    return json_is(frame->instance, JSON_ARRAY);
}

static bool goes_on(const struct schema_run *run, bool valid)
{
    return run->status == STATUS_OK && (valid || schema_run_is_reporting(run));
}

static bool evaluate_item(struct schema_run *run, const struct schema_node *node,
                          const struct json *item, size_t index, const struct schema_frame *frame)
{
    const struct schema_place place = { .parent = frame->place, .index = index };
    schema_run_mark(frame, index);
    return schema_run_node(run, node, item, &place, NULL);
}

// Each schema of the list on the item at its position.
static bool evaluate_positions(struct schema_run *run, const struct schema_keyword *keyword,
                               const struct schema_frame *frame)
{
    bool valid = true;
    const struct json *item = is_array(frame) ? json_first(frame->instance) : NULL;
    for (size_t i = 0; item && i < keyword->count && goes_on(run, valid);
         i++, item = json_next(item))
        valid = evaluate_item(run, keyword->nodes[i], item, i, frame) && valid;
    return valid && run->status == STATUS_OK;
}

// One schema on all items from `start` on.
static bool evaluate_rest(struct schema_run *run, const struct schema_keyword *keyword,
                          size_t start, const struct schema_frame *frame)
{
    bool valid = true;
    bool nothing = json_is(keyword->value, JSON_BOOLEAN) && !json_bool(keyword->value);
    size_t index = 0;
    const struct json *item = is_array(frame) ? json_first(frame->instance) : NULL;
    for (; item && goes_on(run, valid); item = json_next(item), index++) {
        const struct schema_place place = { .parent = frame->place, .index = index };
        if (index < start)
            continue;
        bool fits = nothing ? schema_run_fail(run, keyword, &place, "no item is expected here")
                            : evaluate_item(run, keyword->nodes[0], item, index, frame);
        valid = fits && valid;
    }
    if (is_array(frame))
        schema_run_mark_all(frame);
    return valid && run->status == STATUS_OK;
}

bool schema_array_prefix_items(struct schema_run *run, const struct schema_keyword *keyword,
                               const struct schema_frame *frame)
{
    return evaluate_positions(run, keyword, frame);
}

bool schema_array_items(struct schema_run *run, const struct schema_keyword *keyword,
                        const struct schema_frame *frame)
{
    if (keyword->is_list)
        return evaluate_positions(run, keyword, frame);
    return evaluate_rest(run, keyword, keyword->beside[0] ? keyword->beside[0]->count : 0, frame);
}

// Draft-07's additionalItems means something only behind a list of items.
bool schema_array_additional(struct schema_run *run, const struct schema_keyword *keyword,
                             const struct schema_frame *frame)
{
    const struct schema_keyword *items = keyword->beside[0];
    return !items || !items->is_list || evaluate_rest(run, keyword, items->count, frame);
}

bool schema_array_unevaluated(struct schema_run *run, const struct schema_keyword *keyword,
                              const struct schema_frame *frame)
{
    bool valid = true;
    bool nothing = json_is(keyword->value, JSON_BOOLEAN) && !json_bool(keyword->value);
    size_t index = 0;
    const struct json *item = is_array(frame) ? json_first(frame->instance) : NULL;
    for (; item && goes_on(run, valid); item = json_next(item), index++) {
        const struct schema_place place = { .parent = frame->place, .index = index };
        if (!schema_run_charge(run, 1) || schema_run_is_marked(frame, index))
            continue;
        bool fits = nothing ? schema_run_fail(run, keyword, &place, "no item is expected here")
                            : evaluate_item(run, keyword->nodes[0], item, index, frame);
        valid = fits && valid;
    }
    if (is_array(frame))
        schema_run_mark_all(frame);
    return valid && run->status == STATUS_OK;
}

// 2020-12 counts items that fit as evaluated; draft-07 has nobody who asks.
bool schema_array_contains(struct schema_run *run, const struct schema_keyword *keyword,
                           const struct schema_frame *frame)
{
    const struct schema_keyword *minimum = keyword->beside[0];
    const struct schema_keyword *maximum = keyword->beside[1];
    uint64_t least = minimum ? minimum->limit : 1;
    uint64_t found = 0;
    size_t index = 0;
    if (!is_array(frame))
        return true;
    const struct json *item = json_first(frame->instance);
    for (; item && run->status == STATUS_OK; item = json_next(item), index++) {
        const struct schema_place place = { .parent = frame->place, .index = index };
        if (found >= least && !maximum && !frame->evaluated)
            break;
        if (!schema_run_try(run, keyword->nodes[0], item, &place, NULL))
            continue;
        schema_run_mark(frame, index);
        found++;
    }
    if (found < least)
        return schema_run_fail(run, minimum ? minimum : keyword, frame->place,
                               "expected at least %lu items that fit, found %lu",
                               (unsigned long)least, (unsigned long)found);
    if (maximum && found > maximum->limit)
        return schema_run_fail(run, maximum, frame->place,
                               "expected at most %lu items that fit, found %lu",
                               (unsigned long)maximum->limit, (unsigned long)found);
    return run->status == STATUS_OK;
}

struct hashed_item {
    struct json_hash hash;
    const struct json *item;
    size_t index;
};

static int compare_items(const void *a, const void *b)
{
    const struct hashed_item *left = a;
    const struct hashed_item *right = b;
    if (left->hash.hash != right->hash.hash)
        return left->hash.hash < right->hash.hash ? -1 : 1;
    return (left->index > right->index) - (left->index < right->index);
}

// Looks for an item equal to items[at] among the earlier ones of the same hash.
static const struct hashed_item *find_equal(struct schema_run *run, const struct hashed_item *items,
                                            size_t at)
{
    for (size_t i = at; i > 0 && items[i - 1].hash.hash == items[at].hash.hash; i--)
        if (schema_run_charge(run, items[at].hash.weight) &&
            json_equal(items[i - 1].item, items[at].item))
            return &items[i - 1];
    return NULL;
}

bool schema_array_unique(struct schema_run *run, const struct schema_keyword *keyword,
                         const struct schema_frame *frame)
{
    struct hashed_item *items OWNED(memory_release) = NULL;
    size_t count = is_array(frame) ? json_count(frame->instance) : 0;
    size_t filled = 0;
    if (!json_bool(keyword->value) || count < 2)
        return true;
    if (!schema_run_charge(run, count))
        return false;
    if (memory_new(&items, count, sizeof(*items), run->err) != STATUS_OK)
        return schema_run_stop(run, STATUS_NO_MEMORY);
    for (const struct json *item = json_first(frame->instance); item; item = json_next(item)) {
        struct json_hash hash = json_hash(item);
        items[filled] = (struct hashed_item) { .hash = hash, .item = item, .index = filled };
        filled++;
        if (!schema_run_charge(run, hash.weight))
            return false;
    }
    qsort(items, count, sizeof(*items), compare_items);
    for (size_t i = 1; i < count && run->status == STATUS_OK; i++) {
        const struct hashed_item *equal = find_equal(run, items, i);
        if (equal)
            return schema_run_fail(run, keyword, frame->place, "the items %zu and %zu are equal",
                                   equal->index, items[i].index);
    }
    return run->status == STATUS_OK;
}

bool schema_array_min(struct schema_run *run, const struct schema_keyword *keyword,
                      const struct schema_frame *frame)
{
    size_t count = is_array(frame) ? json_count(frame->instance) : SIZE_MAX;
    schema_run_charge(run, is_array(frame) ? 1 + count / 16 : 1);
    return count >= keyword->limit || !is_array(frame) ||
           schema_run_fail(run, keyword, frame->place, "expected at least %lu items, found %zu",
                           (unsigned long)keyword->limit, count);
}

bool schema_array_max(struct schema_run *run, const struct schema_keyword *keyword,
                      const struct schema_frame *frame)
{
    size_t count = is_array(frame) ? json_count(frame->instance) : 0;
    schema_run_charge(run, 1 + count / 16);
    return count <= keyword->limit ||
           schema_run_fail(run, keyword, frame->place, "expected at most %lu items, found %zu",
                           (unsigned long)keyword->limit, count);
}
