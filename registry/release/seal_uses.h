// What the tools may do that a seal's artifacts use, as their sandbox knows them, so that an
// approver reads it wherever the sandbox is. It is the sandbox's word and proves nothing.
#pragma once

#include "artifact/content.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/environment.h"

#define SEAL_USES_MAX 1000 // tools that a seal describes; what it uses beyond is shown without

// Starts as {0} but for the first two.
struct seal_uses {
    struct environment *sandbox;
    struct json *side_effects; // "tool/crm/note": "crm-write"; grows, belongs to the caller
    size_t count;              // of side_effects
    struct oid drafts;         // the tree of the latest drafts
};

// Adds the tools that this artifact's manifest uses, whichever of them the sandbox has a draft of.
enum status seal_uses_add(struct seal_uses *uses, const struct content *artifact,
                          struct error *err);
