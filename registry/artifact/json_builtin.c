// JSON documents that are built in and were read when the program was built.
#include "artifact/json_builtin.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json_node.h"
#include "base/memory.h"

static int node_type(const struct json_builtin_node *from)
{
    static const int types[] = {
        [JSON_NULL] = cJSON_NULL,     [JSON_BOOLEAN] = cJSON_False, [JSON_NUMBER] = cJSON_Number,
        [JSON_STRING] = cJSON_String, [JSON_ARRAY] = cJSON_Array,   [JSON_OBJECT] = cJSON_Object,
    };
    return from->is_true ? cJSON_True : types[from->type];
}

// Nobody writes to a text through a value that is const.
static char *text_at(const struct json_builtin_document *document, uint32_t offset)
{
    return offset ? (char *)(uintptr_t)(document->texts + offset) : NULL;
}

static const struct json_builtin_document *find(const char *name)
{
    const struct json_builtin_document *document = json_builtin_documents;
    while (document->name && strcmp(document->name, name) != 0)
        document++;
    return document->name ? document : NULL;
}

// All values are in one piece of memory, the document's own first. Their texts stay where they are.
enum status json_builtin_new(const struct json **out, const char *name, struct error *err)
{
    const struct json_builtin_document *document = find(name);
    cJSON *nodes = NULL;
    if (!document)
        return error_set(err, STATUS_NOT_FOUND, "not_built_in", "%s is not built in", name);
    TRY(memory_new_room(&nodes, document->count * sizeof(*nodes), err));
    for (size_t i = 0; i < document->count; i++) {
        const struct json_builtin_node *from = &document->nodes[i];
        // `prev` serves cJSON to append, which nobody does here.
        nodes[i] = (cJSON) {
            .next = from->has_next ? nodes + from->end : NULL,
            .child = from->end > i + 1 ? nodes + i + 1 : NULL,
            .type = node_type(from),
            .valuestring = text_at(document, from->text),
            .valueint = (int)from->number,
            .valuedouble = from->number,
            .string = text_at(document, from->key),
        };
    }
    *out = json_node_value(nodes);
    return STATUS_OK;
}

void json_builtin_free(const struct json *value)
{
    free((void *)(uintptr_t)value);
}
