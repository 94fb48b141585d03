// What the gate asks of the bindings that a promotion's artifact names.
#include "release/gate_binding.h"

#include "artifact/manifest_bindings.h"
#include "base/memory.h"
#include "release/bindings.h"
#include "release/boundary.h"

// One binding of one artifact, and where the findings go.
struct looking {
    const struct control *control;
    const struct json *source;
    const struct gate_item *item;
    const struct manifest_binding *binding;
    struct finding_list *findings;
};

static enum status refuse(const struct looking *looking, const char *rule, const char *message,
                          const char *mend, struct error *err)
{
    char id[ID_TEXT_BYTES];
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = rule, .mend = mend };
    id_format(&looking->item->id, id);
    return finding_add(looking->findings, &draft, err, "%s: the binding '%s': %s", id,
                       looking->binding->name, message);
}

static enum status refuse_meaning(const struct looking *looking, const char *message,
                                  struct error *err)
{
    struct buffer mend OWNED(buffer_release) = { 0 };
    buffer_append_format(&mend, "say what it means there: `greenroom binding set %s VALUE`",
                         looking->binding->name);
    TRY(buffer_check(&mend, err));
    return refuse(looking, "gate.binding", message, mend.bytes, err);
}

static enum status check_zone(const struct looking *looking, const char *value, struct error *err)
{
    const struct json *policy = looking->control->policy;
    struct buffer fault OWNED(buffer_release) = { 0 };
    struct buffer intrusion OWNED(buffer_release) = { 0 };
    TRY(boundary_find_fault(&fault, policy, looking->source, value, err));
    TRY(boundary_find_intrusion(&intrusion, policy, looking->source, looking->binding->name, err));
    if (fault.length > 0)
        TRY(refuse(looking, "gate.zone", fault.bytes,
                   "give each environment a system of its own; what both may use stands in the "
                   "policy's zone.shared",
                   err));
    if (intrusion.length > 0)
        TRY(refuse(looking, "gate.zone", intrusion.bytes,
                   "bind it to a test system in the sandbox, and test the draft again", err));
    return STATUS_OK;
}

static enum status check_one(const struct looking *looking, struct error *err)
{
    const char *value = json_get_string(looking->control->bindings, looking->binding->name, NULL);
    struct buffer url OWNED(buffer_release) = { 0 };
    if (!value)
        return refuse_meaning(looking, "it means nothing in this environment", err);
    if (looking->binding->role == BINDING_ENDPOINT && !bindings_append_url(&url, value, NULL))
        return refuse_meaning(looking, "the tool is called there, and it is no http or https URL",
                              err);
    return check_zone(looking, value, err);
}

enum status gate_binding_check(const struct control *control, const struct json *source,
                               const struct gate_item *item, struct finding_list *findings,
                               struct error *err)
{
    struct manifest_binding names[MANIFEST_MAX_BINDINGS];
    size_t count = manifest_bindings(item->manifest, names);
    for (size_t i = 0; i < count; i++) {
        struct looking looking = { control, source, item, &names[i], findings };
        TRY(check_one(&looking, err));
    }
    return STATUS_OK;
}
