// Makes a manifest for what has none (`publish --as`): a Markdown or text file is a prompt, a JSON
// file with an MCP tool or an OpenAI function is a tool, a list of them many tools, and a folder of
// documents a knowledge base.
#pragma once

#include "artifact/content.h"
#include "artifact/id.h"
#include "base/error.h"

// What was made: each artifact's content, sealed, with its artifact.json.
struct infer_result {
    struct artifact_id id;
    struct content content;
};
struct infer_results {
    struct infer_result *items;
    size_t count;
    size_t capacity;
};
void infer_results_release(struct infer_results *results);

#define INFER_MAX_TOOLS 1000 // tools in one list; the largest server seen offers 24

// `as` is the id asked for; `*content` is the sealed content without artifact.json, and is consumed
// (left empty) on success. A prompt comes from exactly one .md/.markdown/.txt file; tools from
// exactly one .json file: one tool becomes `as` itself, a list (a JSON array or {"tools":[…]})
// becomes `as`/<tool's name> each. STATUS_INVALID says what was found and what was expected
// instead.
enum status infer_manifest(struct infer_results *out, const struct artifact_id *as,
                           struct content *content, struct error *err);
