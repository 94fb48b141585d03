// Values that are written to something called a password, key or token: `api_key = "…"`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct secret_assignment {
    size_t begin; // of the value, in bytes
    size_t end;
    bool is_password;
};

// The first one whose value stands behind *from and looks like a secret, not like a word or a
// placeholder; moves *from on. False when there is none. Linear over all calls for one text.
bool secret_assignment_next(struct secret_assignment *out, const char *text, size_t length,
                            size_t *from);
