// Whether callers that know a tool's live input schema can go on calling it by a new one.
#include "check/compatibility.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "artifact/json_pointer.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "check/compatibility_type.h"

#define DEPTH_MAX 24         // arguments within arguments; real ones reach 6
#define VALUES_SHOWN 5       // of those that an enum lost
#define WORDS_MAX_BYTES 1024 // of one message; longer ones are cut

struct walk {
    struct compatibility_document live;
    struct compatibility_document new;
    uint64_t steps;
    compatibility_report report;
    void *context;
};

// One argument, in both schemas.
struct place {
    const struct json *live;
    const struct json *new;
    const char *pointer; // of `new`, in the new schema
    const char *name;    // "address.city", "" for the whole input
    bool is_alternative; // one of several: what fails here may pass elsewhere
    int depth;
    const struct place *above; // NULL for the whole input
};

enum rule { REMOVED, REQUIRED, TYPE, VALUES, CLOSED, RANGE, ALTERNATIVES };

static const struct {
    const char *rule;
    const char *mend;
} rules[] = {
    [REMOVED] = { "tool-compatibility.argument-removed",
                  "keep the argument and ignore it, or publish the tool under a new name" },
    [REQUIRED] = { "tool-compatibility.argument-required",
                   "leave it optional and let the tool fill it in, or publish the tool under a "
                   "new name" },
    [TYPE] = { "tool-compatibility.type-narrowed",
               "go on taking the old types too, or publish the tool under a new name" },
    [VALUES] = { "tool-compatibility.enum-narrowed",
                 "go on taking the old values too, or publish the tool under a new name" },
    [CLOSED] = { "tool-compatibility.closed",
                 "leave additionalProperties open if callers may send more" },
    [RANGE] = { "tool-compatibility.range-narrowed",
                "keep the old limits if callers may be outside the new ones" },
    [ALTERNATIVES] = { "tool-compatibility.alternatives-removed",
                       "keep the old alternatives if callers may use them" },
};

static enum status compare(struct walk *walk, const struct place *place, struct error *err);

// Reports "argument 'x' <words>".
__attribute__((format(printf, 6, 7))) static enum status
change(struct walk *walk, const struct place *place, enum rule rule, bool breaks, struct error *err,
       const char *format, ...)
{
    struct buffer message OWNED(buffer_release) = { 0 };
    char words[WORDS_MAX_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    if (place->name[0])
        buffer_append_format(&message, "argument '%.200s' %s", place->name, words);
    else
        buffer_append_format(&message, "the input %s", words);
    TRY(buffer_check(&message, err));
    struct compatibility_change what = { .rule = rules[rule].rule,
                                         .breaks = breaks && !place->is_alternative,
                                         .pointer = place->pointer,
                                         .message = message.bytes,
                                         .mend = rules[rule].mend };
    return walk->report(walk->context, &what, err);
}

static bool charge(struct walk *walk, uint64_t steps)
{
    return compatibility_type_charge(&walk->live, steps);
}

// Whether what is left to compare says anything: false once no type is common.
static enum status compare_types(struct walk *walk, const struct place *place, bool *out_common,
                                 struct error *err)
{
    char before[COMPATIBILITY_WORDS_BYTES];
    char after[COMPATIBILITY_WORDS_BYTES];
    unsigned live = compatibility_type_of(&walk->live, place->live);
    unsigned new = compatibility_type_of(&walk->new, place->new);
    *out_common = (live & new) != 0;
    if ((live & ~new) == 0)
        return STATUS_OK;
    compatibility_type_words(live, before);
    compatibility_type_words(new, after);
    // What declared no type may never have been given anything else than is taken now.
    return change(walk, place, TYPE, live != COMPATIBILITY_ANY, err,
                  "took %s; now it takes %s only", before, after);
}

// Calls for each of the values that a schema lists: those of its enum, or its const alone.
static const struct json *first_value(const struct json *node)
{
    const struct json *constant = json_get(node, "const");
    return constant ? constant : json_first(json_get(node, "enum"));
}

static const struct json *next_value(const struct json *node, const struct json *value)
{
    return value == json_get(node, "const") ? NULL : json_next(value);
}

static bool lists_value(const struct json *node, const struct json *value)
{
    for (const struct json *item = first_value(node); item; item = next_value(node, item))
        if (json_equal(item, value))
            return true;
    return false;
}

// Types with so few values that an enum can name them all.
static bool lists_all_of(const struct json *node, unsigned types)
{
    size_t booleans = 0;
    bool null = false;
    for (const struct json *item = first_value(node); item; item = next_value(node, item)) {
        booleans += json_is(item, JSON_BOOLEAN);
        null = null || json_is(item, JSON_NULL);
    }
    return !(types & ~(unsigned)(COMPATIBILITY_BOOLEAN | COMPATIBILITY_NULL)) &&
           (!(types & COMPATIBILITY_BOOLEAN) || booleans == 2) &&
           (!(types & COMPATIBILITY_NULL) || null);
}

static enum status append_value(struct buffer *out, const struct json *value, size_t shown,
                                struct error *err)
{
    if (shown == VALUES_SHOWN)
        buffer_append_text(out, ", …");
    if (shown >= VALUES_SHOWN)
        return STATUS_OK;
    if (shown > 0)
        buffer_append_text(out, ", ");
    return json_print(out, value, err);
}

static enum status compare_values(struct walk *walk, const struct place *place, struct error *err)
{
    struct buffer lost OWNED(buffer_release) = { 0 };
    size_t count = 0;
    if (!first_value(place->new))
        return STATUS_OK;
    if (!first_value(place->live)) {
        unsigned types = compatibility_type_of(&walk->live, place->live);
        if (lists_all_of(place->new, types))
            return STATUS_OK;
        return change(walk, place, VALUES, types != COMPATIBILITY_ANY, err,
                      "took any value; now it takes listed ones only");
    }
    for (const struct json *item = first_value(place->live); item;
         item = next_value(place->live, item)) {
        if (!charge(walk, 1 + json_count(json_get(place->new, "enum"))))
            return STATUS_OK;
        if (!lists_value(place->new, item))
            TRY(append_value(&lost, item, count++, err));
    }
    if (count == 0)
        return STATUS_OK;
    TRY(buffer_check(&lost, err));
    return change(walk, place, VALUES, true, err, "no longer takes %.600s", lost.bytes);
}

// Keywords that bound a value, with what their absence means.
static const struct {
    const char *word;
    bool is_upper;
    double absent;
} bounds[] = {
    { "minimum", false, -INFINITY },
    { "exclusiveMinimum", false, -INFINITY },
    { "minLength", false, 0 },
    { "minItems", false, 0 },
    { "minProperties", false, 0 },
    { "maximum", true, INFINITY },
    { "exclusiveMaximum", true, INFINITY },
    { "maxLength", true, INFINITY },
    { "maxItems", true, INFINITY },
    { "maxProperties", true, INFINITY },
};

static enum status compare_ranges(struct walk *walk, const struct place *place, struct error *err)
{
    static const char *const forms[] = { "pattern", "multipleOf" };
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        const struct json *before = json_get(place->live, bounds[i].word);
        const struct json *after = json_get(place->new, bounds[i].word);
        double live = before ? json_number(before) : bounds[i].absent;
        double new = after ? json_number(after) : bounds[i].absent;
        if (bounds[i].is_upper ? new < live : new > live)
            TRY(change(walk, place, RANGE, false, err, "has a narrower %s: %.15g", bounds[i].word,
                       new));
    }
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const struct json *after = json_get(place->new, forms[i]);
        if (after && !json_equal(after, json_get(place->live, forms[i])))
            TRY(change(walk, place, RANGE, false, err, "has another %s", forms[i]));
    }
    if (json_get_bool(place->new, "uniqueItems", false) &&
        !json_get_bool(place->live, "uniqueItems", false))
        TRY(change(walk, place, RANGE, false, err, "no longer takes an item twice"));
    return STATUS_OK;
}

static bool is_closed(const struct json *node)
{
    static const char *const words[] = { "additionalProperties", "unevaluatedProperties" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (json_is(json_get(node, words[i]), JSON_BOOLEAN) && !json_bool(json_get(node, words[i])))
            return true;
    return false;
}

// Goes down to a part of both: `pointer_key` names it in the new schema, `name` says it to people.
static enum status descend(struct walk *walk, const struct place *place, const char *pointer,
                           const char *name, const struct json *live, const struct json *new,
                           struct error *err)
{
    struct place below = { .live = live,
                           .new = new,
                           .pointer = pointer,
                           .name = name,
                           .is_alternative = place->is_alternative,
                           .depth = place->depth + 1,
                           .above = place };
    return compare(walk, &below, err);
}

static enum status compare_member(struct walk *walk, const struct place *place,
                                  const struct json *live, struct error *err)
{
    struct buffer name OWNED(buffer_release) = { 0 };
    struct buffer pointer OWNED(buffer_release) = { 0 };
    const struct json *members = json_get(place->new, "properties");
    if (!charge(walk, 1 + json_count(members)))
        return STATUS_OK;
    const struct json *new = json_get(members, json_key(live));
    buffer_append_format(&name, "%s%s%s", place->name, place->name[0] ? "." : "", json_key(live));
    buffer_append_format(&pointer, "%s%s", place->pointer, new ? "/properties" : "");
    if (new)
        json_pointer_append_key(&pointer, json_key(live));
    TRY(buffer_check(&name, err));
    TRY(buffer_check(&pointer, err));
    if (new)
        return descend(walk, place, buffer_text(&pointer), buffer_text(&name), live, new, err);
    struct place removed = *place;
    removed.name = name.bytes;
    bool refused = is_closed(place->new) && !json_get(place->new, "patternProperties");
    return change(walk, &removed, REMOVED, refused, err,
                  refused ? "is gone, and calls that bring it are refused" : "is gone");
}

static bool requires(const struct json *node, const char *name)
{
    for (const struct json *item = json_first(json_get(node, "required")); item;
         item = json_next(item))
        if (json_string(item) && strcmp(json_string(item), name) == 0)
            return true;
    return false;
}

static enum status compare_required(struct walk *walk, const struct place *place, struct error *err)
{
    const struct json *list = json_get(place->new, "required");
    size_t index = 0;
    for (const struct json *item = json_first(list); item; item = json_next(item), index++) {
        struct buffer name OWNED(buffer_release) = { 0 };
        struct buffer pointer OWNED(buffer_release) = { 0 };
        if (!charge(walk, 1 + json_count(json_get(place->live, "required"))))
            return STATUS_OK;
        if (!json_string(item) || requires(place->live, json_string(item)))
            continue;
        buffer_append_format(&name, "%s%s%s", place->name, place->name[0] ? "." : "",
                             json_string(item));
        buffer_append_format(&pointer, "%s/required/%zu", place->pointer, index);
        TRY(buffer_check(&name, err));
        TRY(buffer_check(&pointer, err));
        struct place required = *place;
        required.name = name.bytes;
        required.pointer = pointer.bytes;
        TRY(change(walk, &required, REQUIRED, true, err, "is newly required"));
    }
    return STATUS_OK;
}

static enum status compare_members(struct walk *walk, const struct place *place, struct error *err)
{
    const struct json *member = json_first(json_get(place->live, "properties"));
    for (; member; member = json_next(member))
        TRY(compare_member(walk, place, member, err));
    TRY(compare_required(walk, place, err));
    if (is_closed(place->new) && !is_closed(place->live))
        TRY(change(walk, place, CLOSED, false, err,
                   "took arguments that are not listed; now they are refused"));
    return STATUS_OK;
}

static enum status compare_items(struct walk *walk, const struct place *place, struct error *err)
{
    struct buffer name OWNED(buffer_release) = { 0 };
    struct buffer pointer OWNED(buffer_release) = { 0 };
    const struct json *live = json_get(place->live, "items");
    const struct json *new = json_get(place->new, "items");
    if (!json_is(new, JSON_OBJECT) || (live && !json_is(live, JSON_OBJECT)))
        return STATUS_OK;
    buffer_append_format(&name, "%s[]", place->name);
    buffer_append_format(&pointer, "%s/items", place->pointer);
    TRY(buffer_check(&name, err));
    TRY(buffer_check(&pointer, err));
    return descend(walk, place, pointer.bytes, name.bytes, live, new, err);
}

// Alternatives are compared one by one, in their order. Which of them a caller uses is not known,
// so nothing in them surely breaks.
static enum status compare_alternatives(struct walk *walk, const struct place *place,
                                        const char *word, struct error *err)
{
    const struct json *live = json_get(place->live, word);
    const struct json *new = json_get(place->new, word);
    struct place within = *place;
    size_t index = 0;
    within.is_alternative = true;
    if (new &&json_count(new) < json_count(live))
        TRY(change(walk, place, ALTERNATIVES, false, err, "has %zu alternatives, where it had %zu",
                   json_count(new), json_count(live)));
    for (live = json_first(live), new = json_first(new); live &&new;
         live = json_next(live), new = json_next(new), index++) {
        struct buffer pointer OWNED(buffer_release) = { 0 };
        buffer_append_format(&pointer, "%s/%s/%zu", place->pointer, word, index);
        TRY(buffer_check(&pointer, err));
        TRY(descend(walk, &within, pointer.bytes, place->name, live, new, err));
    }
    return STATUS_OK;
}

// A schema that holds itself is compared with the other once.
static bool is_within_itself(const struct place *place)
{
    for (const struct place *above = place->above; above; above = above->above)
        if (above->live == place->live && above->new == place->new)
            return true;
    return false;
}

static enum status compare(struct walk *walk, const struct place *given, struct error *err)
{
    static const char *const alternatives[] = { "anyOf", "oneOf", "allOf" };
    const char *ignored = NULL;
    struct place place = *given;
    bool common = false;
    if (place.depth > DEPTH_MAX || !charge(walk, 1))
        return STATUS_OK;
    place.live = compatibility_type_resolve(&walk->live, place.live, &ignored);
    place.new = compatibility_type_resolve(&walk->new, place.new, &place.pointer);
    if (is_within_itself(&place))
        return STATUS_OK;
    TRY(compare_types(walk, &place, &common, err));
    if (!common)
        return STATUS_OK;
    TRY(compare_values(walk, &place, err));
    TRY(compare_ranges(walk, &place, err));
    TRY(compare_members(walk, &place, err));
    TRY(compare_items(walk, &place, err));
    for (size_t i = 0; i < COUNT_OF(alternatives); i++)
        TRY(compare_alternatives(walk, &place, alternatives[i], err));
    return STATUS_OK;
}

enum status compatibility_compare(const struct json *live_schema, const struct json *new_schema,
                                  compatibility_report report, void *context, struct error *err)
{
    struct walk walk = { .steps = COMPATIBILITY_MAX_STEPS, .report = report, .context = context };
    walk.live = (struct compatibility_document) { .root = live_schema, .steps = &walk.steps };
    walk.new = (struct compatibility_document) { .root = new_schema, .steps = &walk.steps };
    struct place whole = { .live = live_schema, .new = new_schema, .pointer = "", .name = "" };
    TRY(compare(&walk, &whole, err));
    if (walk.steps > 0)
        return STATUS_OK;
    struct compatibility_change what = { .rule = "tool-compatibility.not-compared",
                                         .pointer = "",
                                         .message = "the input schema is too large to be compared "
                                                    "with the live one throughout",
                                         .mend = "compare what is left by eye" };
    return report(context, &what, err);
}
