// Phrases that speak to a model instead of to people: one table, in several languages.
#pragma once

#include <stddef.h>

#include "base/error.h"

struct injection_phrase {
    const char *rule;  // "injection.override"; static
    const char *label; // what it tries, for people; static
    size_t begin;      // byte offsets
    size_t end;
};

// The table made ready: its patterns are compiled when they are first needed. One thread at a time.
struct injection_phrases;
enum status injection_phrase_new(struct injection_phrases **out, struct error *err);
void injection_phrase_free(struct injection_phrases *phrases);
void injection_phrase_release(struct injection_phrases **phrases); // for OWNED

// Reports each phrase in text that is UTF-8, in order, at most INJECTION_PHRASE_MAX of them. Time
// is in proportion to the length.
#define INJECTION_PHRASE_MAX 10
typedef enum status (*injection_phrase_report)(void *context, const struct injection_phrase *phrase,
                                               struct error *err);
enum status injection_phrase_find(struct injection_phrases *phrases, const char *bytes,
                                  size_t length, injection_phrase_report report, void *context,
                                  struct error *err);
