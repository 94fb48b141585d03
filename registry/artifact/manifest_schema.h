// A manifest against schema/artifact.schema.json, every fault with how to mend it. Internal to
// manifest*.c.
#pragma once

#include "artifact/manifest_finding.h"

// The schema, compiled; read-only, so any number of threads may use one.
struct manifest_schema;

enum status manifest_schema_new(struct manifest_schema **out, struct error *err);
void manifest_schema_free(struct manifest_schema *schema);
void manifest_schema_release(struct manifest_schema **schema); // for OWNED

// Adds a finding of rule "manifest.schema" for each fault, by the $defs of the manifest's kind.
enum status manifest_schema_check(const struct manifest_schema *schema,
                                  const struct manifest_reading *reading, struct error *err);
