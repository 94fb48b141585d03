// The JSON that callers get for an artifact.
#pragma once

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/verify.h"

// Appends {"artifact","version","digest","released_at","commit","prompt"|"tool"|"knowledge":{…}}.
// It depends on the release (`commit` is the release commit) and on what `resolved` says of the
// bindings that it names (bindings_resolve; NULL: none), so that it never changes when another
// artifact moves. Schemas, readiness and the like are the manifest's own bytes.
enum status answer_body_print(struct buffer *out, const struct verify_release *release,
                              const struct json *resolved, struct error *err);

// A tool's name as a model sees it: '/' becomes '_', which no name holds, so that it is one to one
// and fits MCP ([A-Za-z0-9_.-]) as well as the function names of model providers ([A-Za-z0-9_-]).
void answer_body_tool_name(char out[ID_NAME_BYTES], const char *name);
