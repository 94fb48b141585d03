// Fuzzes schemas and their instances. The input is {"schema": …, "instance": …, "documents": {…}},
// the last one what references may reach.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json *find(void *context, const char *uri)
{
    return json_get(context, uri);
}

static void count(void *context, const struct schema_failure *failure)
{
    size_t *failures = context;
    if (!failure->instance_pointer || !failure->keyword_pointer || failure->message[0] == '\0')
        abort();
    *failures += 1;
}

static const struct schema *shared_metaschemas(void)
{
    static struct schema *metaschemas;
    struct error err = { 0 };
    if (!metaschemas && schema_metaschemas(&metaschemas, &err) != STATUS_OK)
        abort();
    return metaschemas;
}

// With and without reports the verdict is the same, unless a work limit was met.
static void check_verdict(const struct schema *schema, const struct json *instance)
{
    struct error err = { 0 };
    size_t failures = 0;
    enum status quick = schema_validate(schema, "", instance, NULL, NULL, &err);
    enum status full = schema_validate(schema, "", instance, count, &failures, &err);
    if (quick != STATUS_OK && quick != STATUS_REFUSED && quick != STATUS_TOO_LARGE)
        abort();
    if (quick != full && quick != STATUS_TOO_LARGE && full != STATUS_TOO_LARGE)
        abort();
    if ((full == STATUS_REFUSED) != (failures > 0) && full != STATUS_TOO_LARGE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct json *input OWNED(json_release) = NULL;
    struct schema *schema OWNED(schema_release) = NULL;
    if (json_parse(&input, (const char *)data, size, &err) != STATUS_OK)
        return 0;
    struct schema_registry registry = {
        .find = find,
        .context = (void *)json_get(input, "documents"),
        .metaschemas = shared_metaschemas(),
    };
    enum status status = schema_compile(&schema, json_get(input, "schema"), &registry, &err);
    if (status != STATUS_OK && status != STATUS_INVALID && status != STATUS_TOO_LARGE)
        abort();
    if (schema && json_get(input, "instance"))
        check_verdict(schema, json_get(input, "instance"));
    return 0;
}
