// Regular expressions, through PCRE2.
#include "artifact/pattern.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "artifact/json_text.h"
#include "artifact/pattern_ecma.h"
#include "base/memory.h"

#define HEAP_LIMIT_KIB (32U << 10) // for backtracking; past it a match is given up
#define BYTES_PER_STEP 16          // of the way through the text
#define REASON_BYTES 160

// Without PCRE2_UCP, \d \w \b are ASCII, as in ECMA-262. Automatic callouts are how work is
// counted: PCRE2's own match limit starts anew at each position of the text.
#define COMPILE_OPTIONS                                                                            \
    (PCRE2_UTF | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |      \
     PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT)

// Who compiles a deferred pattern first hands its code in.
struct pattern {
    _Atomic(pcre2_code *) code;
    const char *deferred;
};

struct meter {
    uint64_t *steps;
    size_t position;
};

struct pattern_scratch {
    pcre2_match_context *context;
    pcre2_match_data *data;
    struct meter meter;
};

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

void pattern_release(struct pattern **pattern)
{
    pattern_free(*pattern);
    *pattern = NULL;
}

static void context_release(pcre2_compile_context **context)
{
    pcre2_compile_context_free(*context);
}

static enum status compile_rewritten(struct pattern *pattern, const struct buffer *rewritten,
                                     const char *text, uint32_t options, struct error *err)
{
    int code = 0;
    PCRE2_SIZE offset = 0;
    PCRE2_UCHAR reason[REASON_BYTES];
    pcre2_compile_context *context OWNED(context_release) = pcre2_compile_context_create(NULL);
    if (!context)
        return error_no_memory(err);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
    pattern->code = pcre2_compile((PCRE2_SPTR)buffer_text(rewritten), rewritten->length, options,
                                  &code, &offset, context);
    if (pattern->code)
        return STATUS_OK;
    pcre2_get_error_message(code, reason, sizeof(reason));
    error_set(err, STATUS_INVALID, "pattern_invalid",
              "the regular expression '%.200s' cannot be used: %s", text, (const char *)reason);
    return error_hint(err, "regular expressions are those of ECMA-262 (JavaScript), Unicode mode");
}

static enum status compile(struct pattern **out, const char *text, uint32_t options,
                           struct error *err)
{
    struct buffer rewritten OWNED(buffer_release) = { 0 };
    struct pattern *pattern OWNED(pattern_release) = NULL;
    size_t length = strlen(text);
    if (length > PATTERN_MAX_BYTES)
        return error_set(err, STATUS_INVALID, "pattern_invalid",
                         "a regular expression of %zu bytes, at most %d are taken", length,
                         PATTERN_MAX_BYTES);
    TRY(pattern_ecma_rewrite(&rewritten, text, err));
    TRY(memory_new(&pattern, 1, sizeof(*pattern), err));
    TRY(compile_rewritten(pattern, &rewritten, text, options, err));
    *out = MOVE(pattern);
    return STATUS_OK;
}

enum status pattern_compile(struct pattern **out, const char *text, struct error *err)
{
    return compile(out, text, COMPILE_OPTIONS, err);
}

enum status pattern_compile_own(struct pattern **out, const char *text, struct error *err)
{
    return compile(out, text, COMPILE_OPTIONS & ~(uint32_t)PCRE2_AUTO_CALLOUT, err);
}

enum status pattern_defer(struct pattern **out, const char *text, struct error *err)
{
    struct pattern *pattern = NULL;
    TRY(memory_new(&pattern, 1, sizeof(*pattern), err));
    pattern->deferred = text;
    *out = pattern;
    return STATUS_OK;
}

// What is kept for next time is no change for callers, hence const for them.
static enum status code_of(const pcre2_code **out, const struct pattern *pattern, struct error *err)
{
    _Atomic(pcre2_code *) *place = &((struct pattern *)pattern)->code;
    struct pattern *made OWNED(pattern_release) = NULL;
    pcre2_code *code = atomic_load_explicit(place, memory_order_acquire);
    if (!code) {
        TRY(pattern_compile(&made, pattern->deferred, err));
        if (atomic_compare_exchange_strong(place, &code, made->code))
            code = atomic_exchange(&made->code, NULL);
    }
    *out = code;
    return STATUS_OK;
}

void pattern_quicken(struct pattern *pattern)
{
    // Where there is no compiler for this machine, the interpreter does the same, more slowly.
    (void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
}

size_t pattern_size_bytes(const struct pattern *pattern)
{
    size_t size = 0;
    if (pattern->code)
        pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &size);
    return size;
}

// Called before each item of the pattern that is tried.
static int count_step(pcre2_callout_block *block, void *data)
{
    struct meter *meter = data;
    size_t from = meter->position;
    size_t to = block->current_position;
    uint64_t cost = 1 + (from > to ? from - to : to - from) / BYTES_PER_STEP;
    meter->position = to;
    if (*meter->steps < cost)
        return PCRE2_ERROR_CALLOUT;
    *meter->steps -= cost;
    return 0;
}

enum status pattern_scratch_new(struct pattern_scratch **out, struct error *err)
{
    struct pattern_scratch *scratch = NULL;
    TRY(memory_new(&scratch, 1, sizeof(*scratch), err));
    scratch->context = pcre2_match_context_create(NULL);
    scratch->data = pcre2_match_data_create(1, NULL);
    if (!scratch->context || !scratch->data) {
        pattern_scratch_free(scratch);
        return error_no_memory(err);
    }
    pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
    pcre2_set_match_limit(scratch->context, PATTERN_OWN_MATCH_LIMIT);
    pcre2_set_callout(scratch->context, count_step, &scratch->meter);
    *out = scratch;
    return STATUS_OK;
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_match_context_free(scratch->context);
    pcre2_match_data_free(scratch->data);
    free(scratch);
}

// The text with each U+0000 as the one byte that PCRE2 expects; returns its new length.
static size_t restore_nuls(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        bool nul = strncmp(from, JSON_TEXT_NUL, 2) == 0;
        *to = nul ? '\0' : *from;
        from += nul ? 2 : 1;
    }
    return (size_t)(to - text);
}

static enum status fail_match(int result, struct error *err)
{
    static const int limits[] = { PCRE2_ERROR_CALLOUT, PCRE2_ERROR_HEAPLIMIT,
                                  PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT,
                                  PCRE2_ERROR_JIT_STACKLIMIT };
    PCRE2_UCHAR reason[REASON_BYTES];
    if (result == PCRE2_ERROR_NOMEMORY)
        return error_no_memory(err);
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        if (limits[i] == result) {
            error_set(err, STATUS_TOO_LARGE, "pattern_work_limit",
                      "matching a regular expression took more work than is allowed");
            return error_hint(err, "avoid repetitions within repetitions, such as (a+)+");
        }
    pcre2_get_error_message(result, reason, sizeof(reason));
    return error_set(err, STATUS_INVALID, "pattern_text_invalid", "the text cannot be matched: %s",
                     (const char *)reason);
}

enum status pattern_matches(bool *out, const struct pattern *pattern,
                            struct pattern_scratch *scratch, const char *text, uint64_t *steps,
                            struct error *err)
{
    char *copy OWNED(memory_release) = NULL;
    const pcre2_code *code = NULL;
    TRY(code_of(&code, pattern, err));
    size_t length = strlen(text);
    uint64_t cost = 1 + length / BYTES_PER_STEP;
    if (strstr(text, JSON_TEXT_NUL)) {
        TRY(memory_copy_string(&copy, text, err));
        length = restore_nuls(copy);
        text = copy;
    }
    int result = PCRE2_ERROR_CALLOUT;
    if (*steps >= cost) {
        *steps -= cost;
        scratch->meter = (struct meter) { .steps = steps };
        result = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, scratch->data, scratch->context);
    }
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        return fail_match(result, err);
    *out = result >= 0;
    return STATUS_OK;
}

enum status pattern_find(bool *out_found, struct pattern_match *out, const struct pattern *pattern,
                         struct pattern_scratch *scratch, const struct pattern_text *text,
                         size_t from, uint64_t *steps, struct error *err)
{
    const pcre2_code *code = NULL;
    TRY(code_of(&code, pattern, err));
    scratch->meter = (struct meter) { .steps = steps, .position = from };
    int result = pcre2_match(code, (PCRE2_SPTR)text->bytes, text->length, from, PCRE2_NO_UTF_CHECK,
                             scratch->data, scratch->context);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        return fail_match(result, err);
    *out_found = result >= 0;
    const PCRE2_SIZE *place = pcre2_get_ovector_pointer(scratch->data);
    if (*out_found)
        *out = (struct pattern_match) { .begin = place[0], .end = place[1] };
    uint64_t way = 1 + ((*out_found ? out->end : text->length) - from) / BYTES_PER_STEP;
    *steps -= *steps < way ? *steps : way;
    return STATUS_OK;
}
