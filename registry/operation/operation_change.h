// What a change means, in the words of those who answer for it: section by section, argument by
// argument, document by document. diff, plan and approve show it before the patches.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/content.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/environment.h"
#include "release/seal.h"

// Where the side effect of a tool that a change names is looked up, the first that knows it: among
// what is in the seal, in the environment, in what the seal's sandbox says of the tools that are
// used.
struct operation_change_lookup {
    const struct seal *seal; // NULL: nothing crosses
    struct environment *environment;
};

// Appends {"kind","subject","change","attention","text"} for each thing that changed, some with
// "characters" (how many more), "lines" or "side_effect": docs/reference/cli.md lists them. An old
// content without files is one that never was.
enum status operation_change_list(struct json *list, const struct content *old_content,
                                  const struct content *new_content,
                                  const struct operation_change_lookup *lookup, struct error *err);
