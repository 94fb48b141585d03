// Bindings: names that each environment resolves to its own endpoint, number or secret's name; kept
// as bindings.json on the branch `control`.
#pragma once

#include "artifact/json.h"
#include "base/error.h"
#include "release/environment.h"

#define BINDINGS_MAX 1000
#define BINDINGS_MAX_VALUE_BYTES 2048 // a URL

// An object of name to value. The caller frees it.
enum status bindings_read(struct json **out, struct environment *environment, struct error *err);

enum status bindings_check_name(const char *name, struct error *err);

// Sets or replaces one; STATUS_INVALID for a value that is empty, too long or holds control
// characters.
enum status bindings_set(struct json *bindings, const char *name, const char *value,
                         struct error *err);
