// JSON text as tokens, held to RFC 8259 and to nothing more. Internal to json*.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"
#include "base/error.h"

enum json_token_type {
    JSON_TOKEN_OBJECT_BEGIN,
    JSON_TOKEN_OBJECT_END,
    JSON_TOKEN_ARRAY_BEGIN,
    JSON_TOKEN_ARRAY_END,
    JSON_TOKEN_KEY,
    JSON_TOKEN_STRING,
    JSON_TOKEN_NUMBER,
    JSON_TOKEN_TRUE,
    JSON_TOKEN_FALSE,
    JSON_TOKEN_NULL,
    JSON_TOKEN_END, // after the one value, nothing but white space
};

struct json_token {
    enum json_token_type type;
    size_t begin; // byte offsets; of a string with its quotes
    size_t end;
};

// Starts with json_scan_begin. Its bytes are borrowed and need no NUL; they must be well-formed
// UTF-8, which the scanner does not look at again.
struct json_scan {
    const char *bytes;
    size_t length;
    size_t at;
    int state;
    int depth;
    bool in_object[JSON_MAX_DEPTH]; // what is open, outermost first
};

void json_scan_begin(struct json_scan *scan, const char *bytes, size_t length);

// The next token, or STATUS_INVALID with where and what.
enum status json_scan_next(struct json_scan *scan, struct json_token *out, struct error *err);

// Line and column (code points) of a byte offset, both from 1.
void json_scan_place(const char *bytes, size_t offset, uint32_t *out_line, uint32_t *out_column);

// STATUS_INVALID, code "json_invalid": "line L, column C: <formatted>".
enum status json_scan_fail(const char *bytes, size_t offset, struct error *err, const char *format,
                           ...) __attribute__((format(printf, 4, 5)));
