// The boundary between two environments: what a binding of one may not mean because it belongs to
// the other. Each side says what it knows in its policy (zone.owns, zone.foreign, zone.shared);
// when both are at hand (a seal, `binding set --peer`) they are held against each other.
#pragma once

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/control.h"
#include "release/environment.h"

// One environment as the other sees it: {"format":1,"environment":id,"name":…,"zone":{…},
// "bindings":{…}}. The caller frees it.
struct json *boundary_describe(const struct environment_identity *identity,
                               const struct control *control);

// Appends why `value` may not stand behind a binding of an environment with this policy; nothing
// when it may. `other` (as boundary_describe makes it; may be NULL) is another environment: the
// value may not be what that one owns or points one of its bindings at, unless the policy's
// zone.shared lists it.
enum status boundary_find_fault(struct buffer *out, const struct json *policy,
                                const struct json *other, const char *value, struct error *err);

// The same from the other side: why what `other` means by the binding `name` may not be, since it
// belongs to the environment with this policy.
enum status boundary_find_intrusion(struct buffer *out, const struct json *policy,
                                    const struct json *other, const char *name, struct error *err);

// Whether the policy lets this value be used by two environments.
bool boundary_is_shared(const struct json *policy, const char *value);
