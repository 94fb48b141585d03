// Manifests that infer writes: begun with what every kind has, finished as a file of the content.
// Internal to infer*.c.
#pragma once

#include "artifact/infer.h"
#include "artifact/json.h"

// A manifest with kind, name and title, in that order; the caller frees it. NULL without memory,
// which infer_draft_finish reports.
struct json *infer_draft_begin(const struct artifact_id *id, const char *title);

// Prints the manifest into `content` as artifact.json, seals it and hands it to the results;
// `content` is left empty on success.
enum status infer_draft_finish(struct infer_results *results, const struct artifact_id *id,
                               const struct json *manifest, struct content *content,
                               struct error *err);

// Gives the only file of `content` another path.
enum status infer_draft_rename(struct content *content, const char *path, struct error *err);
