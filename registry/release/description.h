// An environment as it describes itself to those who may compare it with another: what it means and
// owns (boundary.h), and whose keys it knows. Only `environment show` hands it out, which its row
// gives to some roles; what a seal carries may be seen by anybody and holds no keys.
#pragma once

#include "artifact/json.h"
#include "base/error.h"
#include "release/control.h"
#include "release/environment.h"

// schema/description.schema.json has the form: boundary_describe's, and "class"; "webhooks", names
// of bindings that the policy has tested one by one; "approvers", the text of the file on
// `control`; "keys", documents as control_key.h has them, with digests. The caller frees *out.
enum status description_make(struct json **out, const struct environment_identity *identity,
                             const struct control *control, struct error *err);

// A description, read. Starts as {0}. id, name, zone and bindings stand in the document.
struct description {
    struct json *document;
    const char *id;
    const char *name;
    enum environment_class environment_class;
    struct allowed_signers approvers;
    struct control_key *keys;
    size_t key_count;
};
void description_release(struct description *description);

// Takes over a document that may come from anywhere, also on failure. STATUS_DAMAGED (code
// "description_invalid") names the member that is not what it should be; STATUS_TOO_LARGE when it
// is more than anybody would look through.
enum status description_read(struct description *out, struct json *document, struct error *err);

// Whether the policy there asks that what this binding means be tested.
bool description_is_webhook(const struct description *description, const char *binding);
