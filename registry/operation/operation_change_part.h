// What the files operation_change*.c share. Inside them only.
#pragma once

#include "operation/operation_change.h"

// Both sides of a change: [0] the old one, [1] the new one. A document is NULL where there was
// none.
struct operation_change {
    struct json *list;
    const struct content *contents[2];
    const struct json *documents[2]; // artifact.json
    const struct operation_change_lookup *lookup;
};

// One line of it. `change` is "added", "removed" or "changed"; `attention`: an approver should
// look.
struct operation_change_line {
    const char *kind;
    const char *subject;
    const char *change;
    bool attention;
};
struct json *operation_change_add(const struct operation_change *change,
                                  const struct operation_change_line *line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// "1,912": into `out`.
#define OPERATION_CHANGE_COUNT_BYTES 32
const char *operation_change_count(char out[OPERATION_CHANGE_COUNT_BYTES], long long count);

// A member of the manifest that is a string or number: one line when it differs. `pointer` is RFC
// 6901, `label` what people call it.
void operation_change_member(const struct operation_change *change, const char *kind,
                             const char *label, const char *pointer, bool attention);

// The properties of a JSON Schema object: added, removed, now required, no longer, changed. What
// callers must give is to be looked at when `must_give`.
void operation_change_properties(const struct operation_change *change, const char *kind,
                                 const char *pointer, bool must_give);

// Strings of a list (disclosures): added, removed.
void operation_change_strings(const struct operation_change *change, const char *kind,
                              const char *pointer, bool attention_when_removed);

enum status operation_change_prompt(const struct operation_change *change, struct error *err);
void operation_change_tool(const struct operation_change *change);
void operation_change_knowledge(const struct operation_change *change);
