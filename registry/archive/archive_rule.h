// What may stand in an artifact: which kinds of entries, under which names. The same rules for
// folders and archives, and the one way in which a breach is said.
#pragma once

#include <sys/types.h>

#include "artifact/content.h"
#include "base/error.h"

#define ARCHIVE_RULE_SHOWN_BYTES 400

// A name as it can stand in a message: valid UTF-8 on one line. Control characters and bytes that
// are not UTF-8 become \xNN; what is too long ends in "...".
void archive_rule_show(char out[ARCHIVE_RULE_SHOWN_BYTES], const char *name);

// STATUS_REFUSED, code "archive_entry_refused": "<label>: '<entry>' <fault>". `hint` may be NULL.
enum status archive_rule_refuse(const char *label, const char *entry, const char *fault,
                                const char *hint, struct error *err);

// The refusal of a name that is not UTF-8.
enum status archive_rule_refuse_encoding(const char *label, const char *entry, struct error *err);

// STATUS_TOO_LARGE, code "archive_ratio". `entry` may be NULL.
enum status archive_rule_refuse_ratio(const char *label, const char *entry, struct error *err);

// Passes regular files and folders; refuses links, devices, fifos and sockets. `type` is of
// S_IFMT's values.
enum status archive_rule_check_type(const char *label, const char *entry, mode_t type,
                                    struct error *err);

// The path that an entry's name stands for: a leading "./" (as `tar -c .` writes it) and a
// folder's trailing '/' taken off; "" for the top itself. Refuses what content_check_path does.
enum status archive_rule_path(char out[CONTENT_MAX_PATH_BYTES + 1], const char *label,
                              const char *name, struct error *err);

// Seals, and says what content_seal refuses (one path twice, a file that is also a folder) in
// these words.
enum status archive_rule_seal(const char *label, struct content *content, struct error *err);
