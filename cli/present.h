// Results for people: plain lines on standard output, diagnostics on standard error, colour only on
// a terminal.
#pragma once

#include "artifact/finding.h"
#include "operation/operation.h"

#define PRESENT_DIGEST_BYTES 19 // "sha256:" and twelve digits tell any two apart by eye

// Everything here that takes what an operation brought back shows it through printable.h: the
// functions of present_*.h print what they are given.

// Prints an operation's output; `output_path` is where its content was written, or NULL.
void present_result(const struct operation *operation, const struct json *output,
                    const char *output_path);
// What somebody is about to sign for, before they sign.
void present_announcement(void *unused, const struct json *changes);
void present_findings(const struct finding_list *findings);
void present_findings_json(const struct json *list, bool with_notes);
void present_error(const struct error *err);

// A member as text ("" when it is none), or as a number (0).
const char *present_text(const struct json *object, const char *key);
long long present_number(const struct json *object, const char *key);
