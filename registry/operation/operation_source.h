// Places in files, for people and for editors: the line that a finding is about.
#pragma once

#include <stddef.h>

#include "artifact/content.h"
#include "artifact/json.h"

// Sets "source" of a finding {"line", …} to its line in these bytes, unless that is too long for a
// caret below it to say anything.
void operation_source_set(struct json *finding, const char *bytes, size_t length);

// The same for each finding in a list, whose "file" is one of the content's.
void operation_source_set_all(const struct json *findings, const struct content *content);
