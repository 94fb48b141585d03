// The bindings that a manifest names: what each environment has to say the meaning of before the
// artifact can be used there.
#pragma once

#include <stddef.h>

#include "artifact/manifest.h"

enum binding_role {
    BINDING_ENDPOINT,    // a tool is called there
    BINDING_SECRET,      // a tool's header holds it
    BINDING_SUPPRESSION, // a prompt's do-not-call list
};

struct manifest_binding {
    const char *name; // borrowed from the manifest
    enum binding_role role;
    char pointer[128]; // where the manifest names it (RFC 6901)
};

#define MANIFEST_MAX_BINDINGS 33 // an endpoint and 32 headers, as the schema allows

// Fills `out` in the manifest's order, each name once, and returns how many there are.
size_t manifest_bindings(const struct manifest *manifest,
                         struct manifest_binding out[MANIFEST_MAX_BINDINGS]);
