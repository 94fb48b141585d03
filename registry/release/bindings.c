// Bindings: what names mean in an environment.
#include "release/bindings.h"

#include <string.h>

#include "artifact/id.h"
#include "artifact/manifest_bindings.h"
#include "base/memory.h"
#include "base/text.h"
#include "release/control.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"

enum status bindings_read(struct json **out, struct environment *environment, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid oid;
    bool is_tree;
    TRY(store_ref_get(environment->store, CONTROL_REF, &oid, err));
    TRY(commit_read(environment->store, &oid, &commit, err));
    TRY(tree_find(environment->store, &commit.tree, BINDINGS_FILE, &oid, &is_tree, err));
    if (oid_is_none(&oid))
        return error_set(err, STATUS_DAMAGED, "control_malformed", "control: no bindings.json");
    TRY(object_read_blob(environment->store, &oid, BINDINGS_MAX_BYTES, &text, err));
    if (json_parse(out, buffer_text(&text), text.length, err) == STATUS_OK)
        return STATUS_OK;
    err->status = STATUS_DAMAGED;
    return error_prefix(err, "control: bindings.json");
}

enum status bindings_check_name(const char *name, struct error *err)
{
    struct artifact_id word = { 0 };
    if (!strchr(name, '/') && id_set_name(&word, name, err) == STATUS_OK)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "binding_invalid", "'%.80s' is not a binding's name", name);
    return error_hint(err, "use 1 to 63 lower-case letters, digits and hyphens");
}

static bool is_plain(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return false;
    return true;
}

enum status bindings_set(struct json *bindings, const char *name, const char *value,
                         struct error *err)
{
    if (!*value || strlen(value) > BINDINGS_MAX_VALUE_BYTES || !is_plain(value)) {
        error_set(err, STATUS_INVALID, "binding_invalid",
                  "the value of '%s' is empty, too long or "
                  "holds control characters",
                  name);
        return error_hint(err, "give an endpoint, a number, or the name of a secret");
    }
    if (json_count(bindings) >= BINDINGS_MAX && !json_get(bindings, name))
        return error_set(err, STATUS_TOO_LARGE, "too_many_bindings", "at most %d bindings",
                         BINDINGS_MAX);
    json_set_string(bindings, name, value); // replaces what stands there
    return STATUS_OK;
}

bool bindings_append_url(struct buffer *out, const char *value, const char *path)
{
    size_t length = value ? strlen(value) : 0;
    if (!value || !(text_starts_with(value, "https://") || text_starts_with(value, "http://")))
        return false;
    if (path && *path && value[length - 1] == '/')
        length--;
    buffer_append(out, value, length);
    buffer_append_text(out, path ? path : "");
    return true;
}

struct json *bindings_resolve(const struct json *bindings, const struct manifest *manifest)
{
    struct manifest_binding names[MANIFEST_MAX_BINDINGS];
    size_t count = manifest_bindings(manifest, names);
    struct json *resolved = count > 0 ? json_new_object() : NULL;
    for (size_t i = 0; i < count; i++) {
        const char *value = json_get_string(bindings, names[i].name, NULL);
        if (value)
            json_set_string(resolved, names[i].name, value);
        else
            json_set_null(resolved, names[i].name);
    }
    return resolved;
}
