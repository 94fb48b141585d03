// One event of the server's log, and the line that it becomes: for people, or for programs.
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "problem.h"

enum log_level { LOG_NOTE, LOG_WARNING, LOG_FAULT };

enum log_format {
    LOG_TEXT, // "2026-11-23T10:30:00Z warning: …"
    LOG_JSON, // {"time":"2026-11-23T10:30:00Z","level":"warning","message":"…"}
};

// The words that stand for them in settings, by number; ends with NULL.
extern const char *const log_record_formats[];

#define LOG_LINE_BYTES 2048

// An event has no content of a request or of an artifact in it, and no key. What it names (a path,
// an artifact) may be any bytes.
struct log_record {
    int64_t time; // seconds since 1970
    enum log_level level;
    char request_id[PROBLEM_REQUEST_ID_BYTES]; // "": it is about no request
    const char *code;                          // static, "store_damaged"; NULL: none
    char message[LOG_LINE_BYTES];              // cut there
};

// Appends the event as one line. Text is cut at LOG_LINE_BYTES with its newline and a NUL, and has
// '?' for control characters: nothing that an event names makes a line of its own. JSON has
// "request_id" and "error_code" as members of their own. STATUS_NO_MEMORY.
enum status log_record_print(struct buffer *out, enum log_format format,
                             const struct log_record *record, struct error *err);
