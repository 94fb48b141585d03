// The shapes of keys and tokens that are known by sight.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct secret_rule {
    const char *rule;       // of its findings, "secrets.github-token"
    const char *label;      // for people, "a GitHub token"
    const char *hints[7];   // a text without any of them is not looked at; ended by NULL
    const char *expression; // the whole secret
    bool needs_entropy;     // words can have this shape too: only what looks drawn by lot counts
};

// Ended by a NULL rule.
extern const struct secret_rule secret_rule_table[];

// Whether the bytes look drawn by lot: letters and digits, few of them repeated. `least` is in bits
// per byte (Shannon); English words have about 3, random base64 of 20 bytes about 4.
bool secret_rule_is_random(const char *bytes, size_t length, double least);

// Whether a value says itself that it is none: "${TOKEN}", "your-api-key", "xxxxxxxx", "****".
bool secret_rule_is_placeholder(const char *bytes, size_t length);
