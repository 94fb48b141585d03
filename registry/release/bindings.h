// Bindings: names that each environment resolves to its own endpoint, number or secret's name; kept
// as bindings.json on the branch `control`.
#pragma once

#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/buffer.h"
#include "base/error.h"
#include "release/environment.h"

#define BINDINGS_FILE "bindings.json"
#define BINDINGS_MAX_BYTES (4U << 20)
#define BINDINGS_MAX 1000
#define BINDINGS_MAX_VALUE_BYTES 2048 // a URL

// An object of name to value. The caller frees it.
enum status bindings_read(struct json **out, struct environment *environment, struct error *err);

enum status bindings_check_name(const char *name, struct error *err);

// Sets or replaces one; STATUS_INVALID for a value that is empty, too long or holds control
// characters.
enum status bindings_set(struct json *bindings, const char *name, const char *value,
                         struct error *err);

// Appends the URL at which a tool is called: the binding's value with the endpoint's path behind
// it, one '/' between them. False, and nothing appended, for a value that is no http(s) URL.
bool bindings_append_url(struct buffer *out, const char *value, const char *path);

// {"crm":"https://…","crm-token":null}: every name that the manifest uses, as `bindings` resolves
// it. NULL when it uses none. The caller frees it.
struct json *bindings_resolve(const struct json *bindings, const struct manifest *manifest);
