// Fuzzes regular expressions and what they are matched with: the first line is the pattern, the
// rest the text.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/pattern.h"
#include "base/memory.h"

#define STEPS 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void scratch_release(struct pattern_scratch **scratch)
{
    pattern_scratch_free(*scratch);
}

static void check_match(const struct pattern *pattern, const char *text)
{
    struct error err = { 0 };
    struct pattern_scratch *scratch OWNED(scratch_release) = NULL;
    uint64_t steps = STEPS;
    bool first = false;
    bool second = false;
    if (pattern_scratch_new(&scratch, &err) != STATUS_OK)
        abort();
    enum status status = pattern_matches(&first, pattern, scratch, text, &steps, &err);
    if (status != STATUS_OK) {
        if (status != STATUS_TOO_LARGE && status != STATUS_INVALID)
            abort();
        return;
    }
    steps = STEPS;
    if (pattern_matches(&second, pattern, scratch, text, &steps, &err) != STATUS_OK ||
        first != second)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    char *text OWNED(memory_release) = NULL;
    struct pattern *pattern OWNED(pattern_release) = NULL;
    if (memory_copy_bytes(&text, data, size, &err) != STATUS_OK)
        return 0;
    char *newline = strchr(text, '\n');
    if (newline)
        *newline = '\0';
    enum status status = pattern_compile(&pattern, text, &err);
    if (status == STATUS_OK)
        check_match(pattern, newline ? newline + 1 : "");
    else if (status != STATUS_INVALID || err.message[0] == '\0')
        abort();
    return 0;
}
