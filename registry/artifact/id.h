// What an artifact is called: a kind, a name, and a version where one is meant.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum artifact_kind { KIND_PROMPT, KIND_TOOL, KIND_KNOWLEDGE, KIND_COUNT };

#define ID_MAX_SEGMENTS 4
#define ID_MAX_SEGMENT_BYTES 63
#define ID_NAME_BYTES (ID_MAX_SEGMENTS * (ID_MAX_SEGMENT_BYTES + 1)) // slashes and the NUL
#define ID_TEXT_BYTES (ID_NAME_BYTES + 24) // "knowledge/" NAME "@4294967295"
#define ID_MAX_VERSION 4294967295U

// A value; copied by assignment. `version` 0 means none was named.
struct artifact_id {
    enum artifact_kind kind;
    uint32_t version;
    char name[ID_NAME_BYTES]; // 1-4 segments of [a-z0-9][a-z0-9-]{0,62}, joined by '/'
};

// "prompt", "tool", "knowledge".
const char *id_kind_word(enum artifact_kind kind);

// STATUS_INVALID when the word names no kind.
enum status id_kind_parse(enum artifact_kind *out, const char *word, struct error *err);

// Parses "KIND/NAME" or "KIND/NAME@VERSION"; STATUS_INVALID with what was expected.
enum status id_parse(struct artifact_id *out, const char *text, struct error *err);

// The same, and the version must be there (id_parse_version) or must not (id_parse_bare).
enum status id_parse_version(struct artifact_id *out, const char *text, struct error *err);
enum status id_parse_bare(struct artifact_id *out, const char *text, struct error *err);

// Checks and copies a name without its kind.
enum status id_set_name(struct artifact_id *id, const char *name, struct error *err);

// "KIND/NAME", with "@VERSION" where version is not 0.
void id_format(const struct artifact_id *id, char out[ID_TEXT_BYTES]);

// "KIND/NAME" always.
void id_format_bare(const struct artifact_id *id, char out[ID_TEXT_BYTES]);

// Same kind and name; the version is not compared.
bool id_same_artifact(const struct artifact_id *a, const struct artifact_id *b);

// The last segment of the name as a title: "crm/log-outcome" becomes "Log outcome".
void id_readable(const struct artifact_id *id, char out[ID_NAME_BYTES]);
