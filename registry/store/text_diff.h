// The difference between two texts, as a unified diff.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

// Appends a unified diff (three lines of context) of two texts under one path; nothing when they
// are equal.
enum status text_diff_append(struct buffer *out, const char *path, const char *old_text,
                             size_t old_bytes, const char *new_text, size_t new_bytes,
                             struct error *err);
