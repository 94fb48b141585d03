// What a file is, by its path's ending.
#pragma once

// The media type with its charset, e.g. "text/markdown; charset=utf-8"; "application/octet-stream"
// for an ending that is not known. Static.
const char *media_type_of(const char *path);
