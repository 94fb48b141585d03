// What a column of a Markdown table says of the values in it. Internal to pii_*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Further up from a value its heading is not looked for: a text may be full of values.
#define PII_TABLE_MAX_BYTES 8192
#define PII_TABLE_MAX_ROWS 40

// Whether the value at `begin` stands in a table's column whose heading says that it holds
// versions, and nothing of addresses. Tables are those of GitHub Flavored Markdown, section 4.10,
// each row with a '|' in front.
bool pii_table_holds_versions(const char *text, size_t begin);
