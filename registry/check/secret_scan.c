// Finds secrets in a text.
#include "check/secret_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/literal_set.h"
#include "check/secret_assignment.h"
#include "check/secret_rule.h"

#define RULES_MAX 32
#define STEPS_FREE 2000000  // of pattern work, whatever the length
#define STEPS_PER_BYTE 2000 // real documents take about 5
#define KNOWN_ENTROPY 3.0   // of what has a known shape, but one that words can have too
#define HINTS_MAX COUNT_OF(secret_rule_table[0].hints)

struct secret_scan {
    struct pattern_scratch *scratch;
    struct pattern *known[RULES_MAX]; // by rule; NULL until needed
    struct literal_set *hints;
    unsigned char rules[RULES_MAX * HINTS_MAX]; // of the hints, as the set counts them
};

// One scan of one text. Offsets are of the plain text.
struct run {
    struct secret_scan *scan;
    struct pattern_text text;
    uint64_t steps;
    struct secret_spans found;
};

static enum status add_hints(struct secret_scan *scan, struct error *err)
{
    size_t count = 0;
    for (size_t rule = 0; rule < RULES_MAX && secret_rule_table[rule].rule; rule++)
        for (size_t i = 0; i < HINTS_MAX && secret_rule_table[rule].hints[i]; i++) {
            const char *hint = secret_rule_table[rule].hints[i];
            TRY(literal_set_add(scan->hints, hint, strlen(hint), err));
            scan->rules[count++] = (unsigned char)rule;
        }
    return STATUS_OK;
}

enum status secret_scan_new(struct secret_scan **out, struct error *err)
{
    struct secret_scan *scan OWNED(secret_scan_release) = NULL;
    TRY(memory_new(&scan, 1, sizeof(*scan), err));
    TRY(pattern_scratch_new(&scan->scratch, err));
    TRY(literal_set_new(&scan->hints, false, err));
    TRY(add_hints(scan, err));
    *out = MOVE(scan);
    return STATUS_OK;
}

void secret_scan_free(struct secret_scan *scan)
{
    if (!scan)
        return;
    for (size_t i = 0; i < RULES_MAX; i++)
        pattern_free(scan->known[i]);
    literal_set_free(scan->hints);
    pattern_scratch_free(scan->scratch);
    free(scan);
}

void secret_scan_release(struct secret_scan **scan)
{
    secret_scan_free(*scan);
    *scan = NULL;
}

void secret_scan_spans_release(struct secret_spans *spans)
{
    free(spans->items);
    *spans = (struct secret_spans) { 0 };
}

static void run_release(struct run *run)
{
    secret_scan_spans_release(&run->found);
}

static bool is_found(const struct run *run, size_t begin, size_t end)
{
    for (size_t i = 0; i < run->found.count; i++)
        if (begin < run->found.items[i].end && end > run->found.items[i].begin)
            return true;
    return false;
}

static enum status add(struct run *run, const struct secret_span *span, struct error *err)
{
    struct secret_spans *found = &run->found;
    if (found->count >= SECRET_SCAN_MAX_SPANS || is_found(run, span->begin, span->end))
        return STATUS_OK;
    TRY(memory_grow(&found->items, found->count, &found->capacity, sizeof(*found->items), err));
    found->items[found->count++] = *span;
    return STATUS_OK;
}

// A bit for each rule of which a hint stands in the text.
static uint32_t rules_hinted(const struct run *run)
{
    struct literal_walk walk = { .set = run->scan->hints,
                                 .bytes = run->text.bytes,
                                 .length = run->text.length };
    uint32_t rules = 0;
    while (literal_set_next(&walk))
        rules |= UINT32_C(1) << run->scan->rules[walk.literal];
    return rules;
}

static enum status find(struct run *run, struct pattern **pattern, const char *expression,
                        size_t from, bool *out_found, struct pattern_match *out, struct error *err)
{
    *out_found = false;
    if (!*pattern) {
        TRY(pattern_compile_own(pattern, expression, err));
        pattern_quicken(*pattern);
    }
    if (run->found.count >= SECRET_SCAN_MAX_SPANS)
        return STATUS_OK;
    return pattern_find(out_found, out, *pattern, run->scan->scratch, &run->text, from, &run->steps,
                        err);
}

static enum status find_known(struct run *run, size_t index, struct error *err)
{
    const struct secret_rule *rule = &secret_rule_table[index];
    struct pattern_match match = { 0 };
    for (size_t from = 0;; from = match.end) {
        bool found = false;
        TRY(find(run, &run->scan->known[index], rule->expression, from, &found, &match, err));
        if (!found)
            return STATUS_OK;
        const char *value = run->text.bytes + match.begin;
        size_t length = match.end - match.begin;
        const struct secret_span span = { match.begin, match.end, rule->rule, rule->label };
        if (secret_rule_is_placeholder(value, length) && rule->needs_entropy)
            continue;
        if (!rule->needs_entropy || secret_rule_is_random(value, length, KNOWN_ENTROPY))
            TRY(add(run, &span, err));
    }
}

static enum status find_assigned(struct run *run, struct error *err)
{
    size_t from = 0;
    struct secret_assignment assigned;
    while (secret_assignment_next(&assigned, run->text.bytes, run->text.length, &from)) {
        const struct secret_span span = { assigned.begin, assigned.end,
                                          assigned.is_password ? "secrets.password"
                                                               : "secrets.key-assignment",
                                          assigned.is_password
                                              ? "a password that is written out"
                                              : "a key or token that is written out" };
        TRY(add(run, &span, err));
    }
    return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
    const struct secret_span *left = a;
    const struct secret_span *right = b;
    return (left->begin > right->begin) - (left->begin < right->begin);
}

enum status secret_scan_bytes(struct secret_scan *scan, struct secret_spans *out, const char *bytes,
                              size_t length, enum pii_form form, struct error *err)
{
    struct pii_text text OWNED(pii_text_release) = { 0 };
    struct run run OWNED(run_release) = { .scan = scan };
    TRY(pii_text_read(&text, bytes, length, form, err));
    run.text = (struct pattern_text) { buffer_text(&text.plain), text.plain.length };
    run.steps = STEPS_FREE + (uint64_t)run.text.length * STEPS_PER_BYTE;
    uint32_t hinted = rules_hinted(&run);
    for (size_t i = 0; i < RULES_MAX && secret_rule_table[i].rule; i++)
        if (hinted >> i & 1)
            TRY(find_known(&run, i, err));
    TRY(find_assigned(&run, err));
    for (size_t i = 0; i < run.found.count; i++) {
        struct secret_span *span = &run.found.items[i];
        span->begin = pii_text_original(&text, span->begin);
        span->end = pii_text_original(&text, span->end);
    }
    if (run.found.count > 1)
        qsort(run.found.items, run.found.count, sizeof(*run.found.items), compare);
    *out = run.found;
    run.found = (struct secret_spans) { 0 };
    return STATUS_OK;
}
