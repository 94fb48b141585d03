// The bindings that a manifest names.
#include "artifact/manifest_bindings.h"

#include <stdio.h>
#include <string.h>

static size_t add(struct manifest_binding *out, size_t count, const char *name,
                  enum binding_role role, const char *parent, const char *key)
{
    if (!name || count == MANIFEST_MAX_BINDINGS)
        return count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(out[i].name, name) == 0)
            return count;
    out[count] = (struct manifest_binding) { .name = name, .role = role };
    snprintf(out[count].pointer, sizeof(out[count].pointer), "%s%s", parent, key);
    return count + 1;
}

size_t manifest_bindings(const struct manifest *manifest,
                         struct manifest_binding out[MANIFEST_MAX_BINDINGS])
{
    const struct json *document = manifest->document;
    size_t count = add(out, 0, json_string(json_at(document, "/endpoint/binding")),
                       BINDING_ENDPOINT, "/endpoint/binding", "");
    for (const struct json *header = json_first(json_get(document, "headers")); header;
         header = json_next(header)) // the schema lets no '/' or '~' into a header's name
        count = add(out, count, json_get_string(header, "secret", NULL), BINDING_SECRET,
                    "/headers/", json_key(header));
    return add(out, count, json_string(json_at(document, "/readiness/suppression")),
               BINDING_SUPPRESSION, "/readiness/suppression", "");
}
