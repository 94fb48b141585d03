// The boundary between two environments.
#include "release/boundary.h"

#include "artifact/zone.h"
#include "base/memory.h"

struct json *boundary_describe(const struct environment_identity *identity,
                               const struct control *control)
{
    struct json *side = json_new_object();
    const struct json *zone = json_get(control->policy, "zone");
    json_set_integer(side, "format", 1);
    json_set_string(side, "environment", identity->id);
    json_set_string(side, "name", identity->name);
    json_set(side, "zone", zone ? json_copy(zone) : json_new_object());
    json_set(side, "bindings",
             control->bindings ? json_copy(control->bindings) : json_new_object());
    return side;
}

bool boundary_is_shared(const struct json *policy, const char *value)
{
    struct zone_match match;
    return zone_find(&match, json_at(policy, "/zone/shared"), value);
}

static const char *name_of(const struct json *other)
{
    const char *name = json_get_string(other, "name", "");
    return *name ? name : "another environment";
}

static void find_common(struct buffer *out, const struct json *other, const char *value)
{
    for (const struct json *binding = json_first(json_get(other, "bindings")); binding;
         binding = json_next(binding)) {
        struct zone_match match;
        struct zone_scratch scratch;
        if (!json_string(binding) || !zone_same(&match, value, json_string(binding), &scratch))
            continue;
        buffer_append_format(out, "it means the same %s as '%s' in %s: %s",
                             zone_kind_word(match.kind), json_key(binding), name_of(other),
                             match.entry);
        return;
    }
}

enum status boundary_find_fault(struct buffer *out, const struct json *policy,
                                const struct json *other, const char *value, struct error *err)
{
    struct zone_match match;
    if (zone_find(&match, json_at(policy, "/zone/foreign"), value))
        buffer_append_format(out,
                             "it belongs to another environment: the policy's zone.foreign lists "
                             "the %s %s",
                             zone_kind_word(match.kind), match.entry);
    else if (boundary_is_shared(policy, value))
        return STATUS_OK;
    else if (zone_find(&match, json_at(other, "/zone/owns"), value))
        buffer_append_format(out, "it belongs to %s, whose policy lists the %s %s as its own",
                             name_of(other), zone_kind_word(match.kind), match.entry);
    else
        find_common(out, other, value);
    return buffer_check(out, err);
}

enum status boundary_find_intrusion(struct buffer *out, const struct json *policy,
                                    const struct json *other, const char *name, struct error *err)
{
    struct zone_match match;
    const char *value = json_get_string(json_get(other, "bindings"), name, NULL);
    if (value && !boundary_is_shared(policy, value) &&
        zone_find(&match, json_at(policy, "/zone/owns"), value))
        buffer_append_format(out, "in %s it points at what belongs to this environment: the %s %s",
                             name_of(other), zone_kind_word(match.kind), match.entry);
    return buffer_check(out, err);
}
