// Fuzzes the search for secrets. The first byte chooses the form that the rest is read in.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "check/secret_scan.h"
#include "fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct secret_scan *shared_scan(void)
{
    static struct secret_scan *scan;
    struct error err = { 0 };
    if (!scan)
        must(secret_scan_new(&scan, &err) == STATUS_OK);
    return scan;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct secret_spans spans OWNED(secret_scan_spans_release) = { 0 };
    if (size == 0)
        return 0;
    enum pii_form form = data[0] % 3 == 1 ? PII_JSON : data[0] % 3 == 2 ? PII_MARKUP : PII_PLAIN;
    must(secret_scan_bytes(shared_scan(), &spans, (const char *)data + 1, size - 1, form, &err) ==
         STATUS_OK);
    must(spans.count <= SECRET_SCAN_MAX_SPANS);
    size_t end = 0;
    for (size_t i = 0; i < spans.count; i++) {
        const struct secret_span *span = &spans.items[i];
        must(span->begin >= end && span->end > span->begin && span->end <= size - 1);
        must(strncmp(span->rule, "secrets.", 8) == 0 && span->label[0] != '\0');
        end = span->end;
    }
    return 0;
}
