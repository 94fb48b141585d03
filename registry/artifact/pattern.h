// Regular expressions as ECMA-262 writes them, with Unicode. The only door to PCRE2.
//
// Sources: ECMA-262 (patterns with the `u` flag; identity escapes of punctuation are taken as
// well), pcre2pattern(3), pcre2api(3).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

// Compiled once, then read-only: any number of threads may match with it.
struct pattern;

#define PATTERN_MAX_BYTES 8192 // real ones reach a few hundred

// STATUS_INVALID with code "pattern_invalid" and the place of the fault: not ECMA-262, beyond what
// PCRE2 can do (lookbehind of varying length), or longer than PATTERN_MAX_BYTES. `text` is a string
// of a JSON document (artifact/json.h).
enum status pattern_compile(struct pattern **out, const char *text, struct error *err);

// The same for a pattern that comes with the program. Steps are counted for the way through the
// text only, and a match that takes over PATTERN_OWN_MATCH_LIMIT of PCRE2's own steps is
// STATUS_TOO_LARGE.
#define PATTERN_OWN_MATCH_LIMIT 1000000
enum status pattern_compile_own(struct pattern **out, const char *text, struct error *err);

// The same as pattern_compile for a pattern of a document that is built in, and that the tests
// compile: it is compiled when something is matched with it for the first time. `text` is borrowed.
enum status pattern_defer(struct pattern **out, const char *text, struct error *err);

// Turns an own pattern into machine code where PCRE2 can, so that pattern_find goes ten times
// faster over documents. It takes as long as dozens of lines to match: for what is used that often.
// While nobody matches with it.
void pattern_quicken(struct pattern *pattern);
void pattern_free(struct pattern *pattern);
void pattern_release(struct pattern **pattern); // for OWNED

// The memory it takes; 0 while it is deferred.
size_t pattern_size_bytes(const struct pattern *pattern);

// What matching needs beside the pattern; for one thread at a time, reused from match to match.
struct pattern_scratch;
enum status pattern_scratch_new(struct pattern_scratch **out, struct error *err);
void pattern_scratch_free(struct pattern_scratch *scratch);

// Whether the pattern matches anywhere in `text`, a string of a JSON document. The work done is
// taken off *steps (one for each item tried, and for the way through the text); when they run out,
// or memory does within the limit, STATUS_TOO_LARGE. STATUS_INVALID when the text is not UTF-8.
enum status pattern_matches(bool *out, const struct pattern *pattern,
                            struct pattern_scratch *scratch, const char *text, uint64_t *steps,
                            struct error *err);

// Where a pattern matches: byte offsets, [begin, end).
struct pattern_match {
    size_t begin;
    size_t end;
};

struct pattern_text {
    const char *bytes; // needs no NUL
    size_t length;
};

// The first match that begins at `from` or behind it, in `length` bytes that the caller knows to be
// UTF-8 (text_is_utf8): they are not looked at again, so that finding all matches of a long text
// one after the other stays linear. What stands before `from` is seen by lookbehinds. `from` is
// where a character begins. *steps and statuses as above.
enum status pattern_find(bool *out_found, struct pattern_match *out, const struct pattern *pattern,
                         struct pattern_scratch *scratch, const struct pattern_text *text,
                         size_t from, uint64_t *steps, struct error *err);
