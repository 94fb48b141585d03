// One validation. Internal to schema*.c.
#pragma once

#include "artifact/schema_internal.h"

// Where in the instance; on the stack of whoever goes down into it.
struct schema_place {
    const struct schema_place *parent; // NULL for the root
    const char *key;                   // NULL for an item
    size_t index;
};

// Which members or items of one object or array were evaluated, for unevaluated*. Starts as {0}.
struct schema_evaluated {
    size_t count; // of members or items
    bool all;
    uint64_t inside; // the bits, when they fit
    uint64_t *bits;
};

// One schema on one value.
struct schema_frame {
    const struct schema_node *node;
    const struct json *instance;
    const struct schema_place *place;
    struct schema_evaluated *evaluated; // NULL when nobody asks
};

struct schema_run {
    const struct schema *schema;
    enum status status; // other than STATUS_OK: give up
    struct error *err;
    schema_report report; // NULL: stop at the first failure
    void *context;
    int quiet;   // above 0: failures here decide nothing yet
    bool failed; // one that decides was reported
    int depth;
    uint64_t steps_left;
    struct pattern_scratch *scratch;
    size_t scope_count;
    const struct schema_resource
        *scopes[SCHEMA_MAX_DEPTH + 1]; // the dynamic scope, outermost first
};

void schema_run_release(struct schema_run *run);

// Takes work off what is left; false when that is not enough, and the run is over.
bool schema_run_charge(struct schema_run *run, uint64_t steps);

// Ends the run with this status, which *run->err describes; returns false.
bool schema_run_stop(struct schema_run *run, enum status status);

// Whether `instance` is valid against `node`. What it evaluates is added to *into (may be NULL) if
// it is.
bool schema_run_node(struct schema_run *run, const struct schema_node *node,
                     const struct json *instance, const struct schema_place *place,
                     struct schema_evaluated *into);

// The same without reporting failures.
bool schema_run_try(struct schema_run *run, const struct schema_node *node,
                    const struct json *instance, const struct schema_place *place,
                    struct schema_evaluated *into);

// Whether to make the effort of reporting more than the first failure.
bool schema_run_is_reporting(const struct schema_run *run);

// Reports that the keyword's assertion failed at `place`; returns false.
bool schema_run_fail(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct schema_place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// The value for a message: compact JSON, cut when long.
#define SCHEMA_SHOWN_BYTES 120
void schema_run_show(struct schema_run *run, const struct json *value,
                     char out[SCHEMA_SHOWN_BYTES]);

// Whether the pattern matches; false also when the run is over.
bool schema_run_matches(struct schema_run *run, const struct pattern *pattern, const char *text);

// --- evaluated members and items ---
void schema_run_mark(const struct schema_frame *frame, size_t index);
void schema_run_mark_all(const struct schema_frame *frame);
bool schema_run_is_marked(const struct schema_frame *frame, size_t index);

// --- what keywords assert; true for an instance of a type they say nothing about ---
typedef bool schema_evaluate(struct schema_run *run, const struct schema_keyword *keyword,
                             const struct schema_frame *frame);

schema_evaluate schema_logic_ref, schema_logic_dynamic_ref, schema_logic_all_of,
    schema_logic_any_of, schema_logic_one_of, schema_logic_not, schema_logic_if;

schema_evaluate schema_object_properties, schema_object_pattern_properties,
    schema_object_additional, schema_object_unevaluated, schema_object_property_names,
    schema_object_required, schema_object_min, schema_object_max, schema_object_dependent_required,
    schema_object_dependent_schemas;

schema_evaluate schema_array_prefix_items, schema_array_items, schema_array_additional,
    schema_array_unevaluated, schema_array_contains, schema_array_unique, schema_array_min,
    schema_array_max;

schema_evaluate schema_scalar_type, schema_scalar_enum, schema_scalar_const, schema_scalar_minimum,
    schema_scalar_maximum, schema_scalar_exclusive_minimum, schema_scalar_exclusive_maximum,
    schema_scalar_multiple_of, schema_scalar_min_length, schema_scalar_max_length,
    schema_scalar_pattern;

// The mask of a `type` word, 0 if it is none; and of an instance's types (1 is both number and
// integer).
unsigned schema_scalar_type_mask(const char *word);
unsigned schema_scalar_types_of(const struct json *instance);
