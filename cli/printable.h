// Text from outside made safe to show: an artifact, a note or a file's name must not be able to
// move the cursor, hide a line or turn its reading direction on an approver's terminal.
#pragma once

#include "artifact/json.h"
#include "base/buffer.h"

// Appends UTF-8 text with every character that would act rather than show put as one that shows:
// ASCII controls as their pictures (U+2400 on), C1 and bidirectional controls as U+FFFD. Line feeds
// and tabs stay. One code point stays one code point, so columns go on counting.
void printable_append(struct buffer *out, const char *text);

// A copy of a result with every string in it printable. NULL when memory ran out.
struct json *printable_copy(const struct json *value);
