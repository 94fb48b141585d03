// Finds personal data: rules over lines, then names near what was found.
#include "check/pii_detector.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/pii_context.h"
#include "check/pii_rules.h"

#define STEPS_FREE 2000000  // of pattern work, whatever the length
#define STEPS_PER_BYTE 2000 // real documents take about 10
#define NEAR_BYTES 100      // how far from other data a name may stand
#define WINDOW_MAX_NAMES 8  // looked for near one place

struct pii_detector {
    struct pii_rules rules;
    struct pattern_scratch *scratch;
};

// One scan. Offsets are of the plain text.
struct scan {
    struct pii_detector *detector;
    struct pattern_text text;
    unsigned char *taken; // a bit per byte that a span covers
    uint64_t steps;
    struct pii_spans found;
};

static void scan_release(struct scan *scan)
{
    free(scan->taken);
    pii_spans_release(&scan->found);
}

static enum status start(struct pii_detector **out, struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    TRY(memory_new(&detector, 1, sizeof(*detector), err));
    TRY(pattern_scratch_new(&detector->scratch, err));
    *out = MOVE(detector);
    return STATUS_OK;
}

enum status pii_detector_new(struct pii_detector **out, struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    TRY(start(&detector, err));
    TRY(pii_rules_read_embedded(&detector->rules, err));
    *out = MOVE(detector);
    return STATUS_OK;
}

enum status pii_detector_new_of(struct pii_detector **out, const char *rules, size_t length,
                                struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    TRY(start(&detector, err));
    TRY(pii_rules_read(&detector->rules, rules, length, err));
    *out = MOVE(detector);
    return STATUS_OK;
}

void pii_detector_free(struct pii_detector *detector)
{
    if (!detector)
        return;
    pii_rules_release(&detector->rules);
    pattern_scratch_free(detector->scratch);
    free(detector);
}

void pii_detector_release(struct pii_detector **detector)
{
    pii_detector_free(*detector);
    *detector = NULL;
}

static bool is_taken(const struct scan *scan, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (scan->taken[i / 8] & 1U << i % 8)
            return true;
    return false;
}

static void take(struct scan *scan, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        scan->taken[i / 8] |= (unsigned char)(1U << i % 8);
}

// Why a value is nobody's, or NULL.
static enum status find_allowance(struct scan *scan, const char **out, enum pii_entity entity,
                                  const char *value, struct error *err)
{
    struct pii_rules *rules = &scan->detector->rules;
    const struct pattern_text text = { value, strlen(value) };
    *out = NULL;
    for (size_t i = 0; i < rules->allow_count; i++) {
        struct pii_allowance *allow = &rules->allow[i];
        struct pattern_match match;
        bool matches = false;
        if (allow->entity != entity)
            continue;
        TRY(pii_rules_compile(&allow->pattern, allow->expression, err));
        TRY(pattern_find(&matches, &match, allow->pattern, scan->detector->scratch, &text, 0,
                         &scan->steps, err));
        if (matches) {
            *out = allow->reason;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

static bool has_context(const struct scan *scan, const struct pii_rule *rule,
                        const struct pattern_match *match)
{
    const char *behind = scan->text.bytes + match->end;
    size_t size = scan->text.length - match->end;
    size = size < rule->after ? size : rule->after;
    const char *line_end = memchr(behind, '\n', size);
    return pii_context_before(rule->context, scan->text.bytes, match->begin, rule->window) ||
           pii_context_holds(rule->context, behind, line_end ? (size_t)(line_end - behind) : size);
}

// Judges what a rule's pattern matched; *out_next is where to look on.
static enum status judge(struct scan *scan, const struct pii_rule *rule,
                         const struct pattern_match *match, size_t *out_next, struct error *err)
{
    struct pii_candidate candidate = { .text = scan->text.bytes,
                                       .text_length = scan->text.length,
                                       .begin = match->begin,
                                       .end = match->end,
                                       .country = rule->country };
    struct pii_span span = { .entity = rule->entity, .rule = rule->id };
    *out_next = match->begin + 1;
    while (*out_next < match->end && (scan->text.bytes[*out_next] & 0xC0) == 0x80)
        (*out_next)++;
    if (is_taken(scan, match->begin, match->end) ||
        (rule->context && !has_context(scan, rule, match)) || !rule->validate(&candidate))
        return STATUS_OK;
    TRY(find_allowance(scan, &span.allowed, rule->entity, candidate.value, err));
    span.begin = candidate.begin;
    span.end = candidate.end;
    take(scan, span.begin, span.end);
    *out_next = span.end;
    return pii_spans_add(&scan->found, &span, candidate.value, err);
}

// Runs one rule over [from, to), at most `most` times.
static enum status run_rule(struct scan *scan, struct pii_rule *rule, size_t from, size_t to,
                            size_t most, struct error *err)
{
    const struct pattern_text text = { scan->text.bytes, to };
    TRY(pii_rules_compile(&rule->pattern, rule->expression, err));
    if (rule->runs <= PII_RULES_RUNS_SLOW) {
        size_t lines = 1 + (to - from) / PII_RULES_LINE_BYTES;
        rule->runs += (unsigned)(lines < PII_RULES_RUNS_SLOW ? lines : PII_RULES_RUNS_SLOW + 1);
        if (rule->runs > PII_RULES_RUNS_SLOW)
            pattern_quicken(rule->pattern);
    }
    for (size_t i = 0; i < most && from < to; i++) {
        struct pattern_match match;
        bool found = false;
        TRY(pattern_find(&found, &match, rule->pattern, scan->detector->scratch, &text, from,
                         &scan->steps, err));
        if (!found)
            return STATUS_OK;
        TRY(judge(scan, rule, &match, &from, err));
    }
    return STATUS_OK;
}

static bool has_shape(const struct pii_line *line, const struct pii_rule *rule)
{
    bool has = rule->shape_count == 0;
    for (size_t i = 0; i < rule->shape_count && !has; i++)
        has = line->shapes[rule->shapes[i]];
    return has;
}

static bool has_any(const struct scan *scan, const struct pii_line *line, const struct json *words)
{
    for (const struct json *item = json_first(words); item; item = json_next(item)) {
        const char *word = json_string(item);
        size_t length = strlen(word);
        const char *bytes = scan->text.bytes + line->begin;
        size_t size = line->end - line->begin;
        // Its last byte tells nearly all lines apart, and is found faster.
        if (memchr(bytes, word[length - 1], size) && memmem(bytes, size, word, length))
            return true;
    }
    return false;
}

// One line at a time. The words on it are looked for when a rule asks.
struct line_walk {
    struct pii_line line;
    struct pii_mention_walk mentions;
    uint64_t mentioned;
    bool has_mentioned;
};

static bool mentions_words(struct line_walk *walk, const struct pii_rule *rule)
{
    if (rule->context_bit && !walk->has_mentioned) {
        walk->mentioned = pii_mention_line(&walk->mentions, walk->line.begin, walk->line.end);
        walk->has_mentioned = true;
    }
    return !(rule->context_bit & ~walk->mentioned);
}

// Whether the rule has to look at the line: only what cannot match is left out.
static bool may_match(const struct scan *scan, struct line_walk *walk, const struct pii_rule *rule)
{
    const struct pii_line *line = &walk->line;
    if (rule->near || line->digits < rule->digits || line->together < rule->together ||
        !has_shape(line, rule) || !mentions_words(walk, rule))
        return false;
    return !rule->any || has_any(scan, line, rule->any);
}

static enum status scan_lines(struct scan *scan, struct error *err)
{
    struct pii_rules *rules = &scan->detector->rules;
    struct line_walk walk = { 0 };
    struct pii_line *line = &walk.line;
    pii_mention_start(&walk.mentions, &rules->mentions, scan->text.bytes, scan->text.length);
    for (; line->begin < scan->text.length; line->begin = line->end + 1) {
        pii_line_read(line, &scan->text);
        walk.has_mentioned = false;
        for (size_t i = 0; i < rules->count; i++)
            if (may_match(scan, &walk, &rules->items[i]))
                TRY(run_rule(scan, &rules->items[i], line->begin, line->end, SIZE_MAX, err));
    }
    return STATUS_OK;
}

// A name alone is nobody's; beside somebody's number it is. Beside an address of a machine stand
// the names of machines.
static enum status scan_names(struct scan *scan, struct error *err)
{
    struct pii_rules *rules = &scan->detector->rules;
    size_t count = scan->found.count; // those found before, not the names that are added
    for (size_t i = 0; i < count; i++) {
        const struct pii_span span = scan->found.items[i];
        if (span.allowed || span.entity == PII_IP_ADDRESS)
            continue;
        size_t from = span.begin > NEAR_BYTES ? span.begin - NEAR_BYTES : 0;
        size_t to =
            scan->text.length - span.end > NEAR_BYTES ? span.end + NEAR_BYTES : scan->text.length;
        while (from < span.begin && (scan->text.bytes[from] & 0xC0) == 0x80)
            from++;
        while (to > span.end && to < scan->text.length && (scan->text.bytes[to] & 0xC0) == 0x80)
            to--;
        for (size_t j = 0; j < rules->count; j++)
            if (rules->items[j].near)
                TRY(run_rule(scan, &rules->items[j], from, to, WINDOW_MAX_NAMES, err));
    }
    return STATUS_OK;
}

enum status pii_detector_scan(struct pii_detector *detector, struct pii_spans *out,
                              const char *bytes, size_t length, enum pii_form form,
                              struct error *err)
{
    struct pii_text text OWNED(pii_text_release) = { 0 };
    struct scan scan OWNED(scan_release) = { .detector = detector };
    TRY(pii_text_read(&text, bytes, length, form, err));
    scan.text = (struct pattern_text) { buffer_text(&text.plain), text.plain.length };
    scan.steps = STEPS_FREE + (uint64_t)scan.text.length * STEPS_PER_BYTE;
    TRY(memory_new(&scan.taken, scan.text.length / 8 + 1, 1, err));
    TRY(scan_lines(&scan, err));
    TRY(scan_names(&scan, err));
    for (size_t i = 0; i < scan.found.count; i++) {
        struct pii_span *span = &scan.found.items[i];
        span->begin = pii_text_original(&text, span->begin);
        span->end = pii_text_original(&text, span->end);
    }
    pii_spans_sort(&scan.found);
    *out = scan.found;
    scan.found = (struct pii_spans) { 0 };
    return STATUS_OK;
}
