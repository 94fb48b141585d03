// What the gate asks of the bindings that a promotion's artifact names.
#include "release/gate_binding.h"

#include "artifact/manifest_bindings.h"
#include "base/memory.h"
#include "release/bindings.h"

static enum status refuse(const struct gate_item *item, const struct manifest_binding *binding,
                          const char *message, struct finding_list *findings, struct error *err)
{
    char id[ID_TEXT_BYTES];
    struct buffer mend OWNED(buffer_release) = { 0 };
    id_format(&item->id, id);
    buffer_append_format(&mend, "say what it means there: `greenroom binding set %s VALUE`",
                         binding->name);
    TRY(buffer_check(&mend, err));
    struct finding_draft draft = { .severity = SEVERITY_ERROR,
                                   .rule = "gate.binding",
                                   .mend = mend.bytes };
    return finding_add(findings, &draft, err, "%s: the binding '%s' %s", id, binding->name,
                       message);
}

static enum status check_one(const struct control *control, const struct gate_item *item,
                             const struct manifest_binding *binding, struct finding_list *findings,
                             struct error *err)
{
    const char *value = json_get_string(control->bindings, binding->name, NULL);
    struct buffer url OWNED(buffer_release) = { 0 };
    if (!value)
        return refuse(item, binding, "means nothing in this environment", findings, err);
    if (binding->role == BINDING_ENDPOINT && !bindings_append_url(&url, value, NULL))
        return refuse(item, binding, "is where the tool is called, and is no http or https URL",
                      findings, err);
    return STATUS_OK;
}

enum status gate_binding_check(const struct control *control, const struct gate_item *item,
                               struct finding_list *findings, struct error *err)
{
    struct manifest_binding names[MANIFEST_MAX_BINDINGS];
    size_t count = manifest_bindings(item->manifest, names);
    for (size_t i = 0; i < count; i++)
        TRY(check_one(control, item, &names[i], findings, err));
    return STATUS_OK;
}
