// The detector's rules: schema/pii.json, embedded at build. Internal to pii_*.c.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "artifact/json.h"
#include "artifact/pattern.h"
#include "check/pii_entity.h"
#include "check/pii_line.h"
#include "check/pii_mention.h"
#include "check/pii_validate.h"

// A rule that few lines need is not worth machine code: making it takes as long as this many lines,
// of which a long one counts as several.
#define PII_RULES_RUNS_SLOW 64
#define PII_RULES_LINE_BYTES 128

struct pii_rule {
    const char *id;
    enum pii_entity entity;
    const char *expression;
    struct pattern *pattern; // compiled when it is first needed
    unsigned runs;           // how often that was, up to PII_RULES_RUNS_SLOW
    // A line with fewer digits, or fewer together (pii_line.h), is not looked at.
    unsigned digits;
    unsigned together;
    // Nor is one with none of these shapes.
    unsigned char shapes[PII_SHAPES_OF_RULE];
    size_t shape_count; // 0: no matter
    // Nor is one with none of these strings.
    const struct json *any; // NULL: no matter
    pii_validator validate;
    const char *country;        // calling code, or NULL
    const struct json *context; // words of which one must stand near it, or NULL
    uint64_t context_bit;       // of the mentions of them; 0: they have none
    size_t window;              // how many bytes before it
    size_t after;               // how many bytes behind it, on the same line
    bool near;                  // counts only near other personal data
};

// Values that are nobody's.
struct pii_allowance {
    enum pii_entity entity;
    const char *reason;
    const char *expression;
    struct pattern *pattern; // compiled when it is first needed
};

struct pii_rules {
    const struct json *builtin; // the document that the rules point into, built in
    struct json *own;           // or one that was read
    struct pii_rule *items;
    size_t count;
    struct pii_allowance *allow;
    size_t allow_count;
    struct pii_mentions mentions; // of the rules' context words
};

void pii_rules_release(struct pii_rules *rules);

// STATUS_INVALID names the rule that is not of the form asked for.
enum status pii_rules_read(struct pii_rules *out, const char *bytes, size_t length,
                           struct error *err);

// The rules that are built in.
enum status pii_rules_read_embedded(struct pii_rules *out, struct error *err);

// Compiles `expression` into *pattern unless that is done.
enum status pii_rules_compile(struct pattern **pattern, const char *expression, struct error *err);
