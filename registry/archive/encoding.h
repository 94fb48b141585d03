// Content codings of HTTP, all at once from memory to memory: gzip (RFC 1952) by libdeflate, zstd
// (RFC 8878) by libzstd. Archives are libarchive's business.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

// Made once and read a million times, but made for each release when a server starts.
#define ENCODING_GZIP_LEVEL 6
#define ENCODING_ZSTD_LEVEL 3

// Appends the bytes, encoded. STATUS_NO_MEMORY.
enum status encoding_gzip(struct buffer *out, const void *bytes, size_t length, struct error *err);
enum status encoding_zstd(struct buffer *out, const void *bytes, size_t length, struct error *err);
