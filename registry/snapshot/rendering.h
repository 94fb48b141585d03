// A prompt filled in for one call: its sections rendered with the variables' values.
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "snapshot/snapshot_release.h"

#define RENDERING_MAX_REQUEST_BYTES (64U << 10) // a caller's record, not a document
#define RENDERING_MAX_BYTES (1U << 20)          // of all sections; a prompt has 40,000 characters
#define RENDERING_MAX_STEPS 500000              // some 5 ms: other callers wait meanwhile
#define RENDERING_MAX_MISSING 100               // names listed; nobody mends more at a time

// A prompt's templates and the schema of its variables, ready for use. Read-only once made: any
// number of threads may render with it.
struct rendering;

// Reads the release's manifest and templates, which are in memory, and must stay there.
// STATUS_REFUSED, code "prompt_not_renderable", for a prompt whose templates or schema have faults.
enum status rendering_new(struct rendering **out, const struct snapshot_release *release,
                          struct error *err);
void rendering_free(struct rendering *rendering);
void rendering_release(struct rendering **rendering); // for OWNED

// `request` is a caller's {"variables":{…},"direction":"inbound"|"outbound"}, both optional.
// Appends
// {"artifact","version","digest","sections":[{"name","direction"?,"text"}…],"missing":[name…]}:
// the sections for that direction (all of them without one), and the variables that a template asks
// for and nothing was given for. STATUS_INVALID (codes "json_invalid", "render_request_invalid")
// for a request of another form, STATUS_REFUSED ("variables_invalid") when the values do not fit
// the prompt's schema, naming each; STATUS_TOO_LARGE ("rendering_too_large") over the limits.
enum status rendering_print(const struct rendering *rendering, struct buffer *out,
                            const char *request, size_t request_bytes, struct error *err);
