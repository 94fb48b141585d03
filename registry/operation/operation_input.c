// Parts of an operation's input, read.
#include "operation/operation_input.h"

#include <string.h>

#include "base/memory.h"

static enum status parse_versions(struct artifact_id *ids, const struct json *list,
                                  struct error *err)
{
    size_t count = 0;
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        const char *text = json_string(item);
        TRY(id_parse_version(&ids[count], text, err));
        for (size_t i = 0; i < count; i++)
            if (id_same_artifact(&ids[i], &ids[count]))
                return error_set(err, STATUS_INVALID, "artifact_twice", "%.300s is named twice",
                                 text);
        count++;
    }
    return STATUS_OK;
}

enum status operation_input_versions(struct artifact_id **out, size_t *out_count,
                                     const struct operation_call *call, const char *name,
                                     struct error *err)
{
    const struct json *list = json_get(call->input, name);
    struct artifact_id *ids OWNED(memory_release) = NULL;
    TRY(memory_new(&ids, json_count(list), sizeof(*ids), err));
    TRY(parse_versions(ids, list, err));
    *out_count = json_count(list);
    *out = MOVE(ids);
    return STATUS_OK;
}

const char *operation_input_label(const struct operation_call *call, const char *name)
{
    const char *path = json_get_string(call->input, name, "");
    return strcmp(path, "-") == 0 ? "standard input" : path;
}
