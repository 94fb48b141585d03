// What can be set, in one table: a setting's name and kind, and the member of struct options that
// it fills. Where it is said, on the command line, in a variable or in a file, is options.c's
// matter.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "options.h"

enum setting_kind {
    SETTING_TEXT,
    SETTING_NUMBER,
    SETTING_DURATION,
    SETTING_SWITCH,
    SETTING_CHOICE
};

struct setting {
    const char *name; // as on the command line, with its dashes
    enum setting_kind kind;
    size_t offset;            // in struct options
    unsigned most;            // of a number, or of seconds
    const char *code;         // of a value that is refused
    bool only_there;          // on the command line: it says what to do, not how to serve
    const char *const *words; // of a choice, ended by NULL; it is kept as their number
};

extern const struct setting setting_table[]; // ends with a NULL name

// Text stays the caller's. NULL is the value of a switch that just stands there. STATUS_INVALID.
enum status setting_take(struct options *options, const struct setting *setting, const char *value,
                         struct error *err);

// Appends "name = value\n", as a file would say it; a comment when nothing is set.
void setting_print(struct buffer *out, const struct options *options,
                   const struct setting *setting);

// Points whoever got it wrong to the help.
enum status setting_usage(struct error *err);
