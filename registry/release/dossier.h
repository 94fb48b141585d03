// All that git tells of a release, as JSON: what an auditor is given (`greenroom evidence`), and
// what such a file is held to (`greenroom verify --release`).
#pragma once

#include "artifact/json.h"
#include "base/error.h"
#include "store/store.h"

// Adds "tag", "release", "policy", "draft", "evidence" and "environment": the texts that signatures
// are about, byte for byte, with the signatures.
enum status dossier_add(struct json *document, struct store *store, const struct oid *tag,
                        const struct oid *release, struct error *err);

// Whether a file says of each of `wanted`'s members what it says, and whether the entries of its
// "log" hash to what they claim. STATUS_DAMAGED "evidence_differs" names the first that does not.
enum status dossier_check(const struct json *given, const struct json *wanted, struct error *err);
