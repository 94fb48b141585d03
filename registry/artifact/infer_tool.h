// Tools out of one JSON file: an MCP tool, an OpenAI function, or a list of either. Internal to
// infer*.c.
//
// Sources: the Model Context Protocol specification, 2025-06-18, server/tools (Tool, tools/list);
// OpenAI's API reference, function tools (`{"type":"function",…}`, flat or under "function").
#pragma once

#include "artifact/infer.h"

// Longest tool name that can become a segment; MCP advises 128 characters at most.
#define INFER_TOOL_NAME_BYTES 256

// `content` holds one .json file. Consumed (left empty) on success.
enum status infer_tool_read(struct infer_results *results, const struct artifact_id *as,
                            struct content *content, struct error *err);

// "lookupOrders", "maps_geocode" or "API-get-user" as a name's segment: "lookup-orders",
// "maps-geocode", "api-get-user". False when it cannot become one.
bool infer_tool_segment(const char *tool_name, char out[ID_MAX_SEGMENT_BYTES + 1]);
