// Mustache templates: parsed once, walked by checks, rendered with JSON data.
//
// Source: the Mustache specification (github.com/mustache/spec, v1.4.2), modules comments,
// delimiters, interpolation, inverted, partials and sections. Two things are narrower here. A name
// is parts joined by '.', a part being letters, digits, '_', '-' and anything beyond ASCII (in the
// name of a partial also '/'): what other template languages write between braces is no name, so
// it is a fault and never an empty place in what is spoken. And inheritance, dynamic names and
// lambdas (the optional modules) are faults.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/error.h"

#define TEMPLATE_MAX_BYTES (1U << 20)        // a prompt's file has 160,000 at most
#define TEMPLATE_MAX_TAGS 20000              // 40,000 characters hold 8,000 of the shortest
#define TEMPLATE_MAX_NESTING 64              // of sections; JSON data goes no deeper
#define TEMPLATE_MAX_NAME_BYTES 255          // real ones reach 40
#define TEMPLATE_MAX_FAULTS 100              // nobody mends more at a time
#define TEMPLATE_MAX_DEPTH 200               // of sections and partials in each other, rendering
#define TEMPLATE_MAX_OUTPUT_BYTES (4U << 20) // a hundred times the longest prompt
#define TEMPLATE_MAX_STEPS 5000000           // nodes and members looked at: some 50 ms

// Read-only once made: any number of threads may render it.
struct template;

// Parses UTF-8 text. Faults in it are kept, all of them (up to TEMPLATE_MAX_FAULTS, where parsing
// ends), and such a template is not rendered; see template_fault_at. STATUS_INVALID when the bytes
// are not text (not UTF-8, or with a NUL), STATUS_TOO_LARGE over TEMPLATE_MAX_BYTES.
enum status template_parse(struct template **out, const char *bytes, size_t length,
                           struct error *err);
void template_free(struct template *template);
void template_release(struct template **template); // for OWNED

enum template_fault_kind {
    TEMPLATE_BROKEN,     // a tag without its end, without a name, with blanks inside
    TEMPLATE_UNBALANCED, // a section that is not closed, or closed and not open
    TEMPLATE_FOREIGN,    // another template language's, or of an optional module
    TEMPLATE_OVER_LIMIT, // too many tags, too deep
};

#define TEMPLATE_MESSAGE_BYTES 320

struct template_fault {
    enum template_fault_kind kind;
    uint32_t line;   // from 1
    uint32_t column; // from 1, in code points
    char message[TEMPLATE_MESSAGE_BYTES];
    const char *mend; // static
};

size_t template_fault_count(const struct template *template);
const struct template_fault *template_fault_at(const struct template *template, size_t index);

// --- the walk: tags that take something from the data or from elsewhere, in the order of the text;
// comments, changed delimiters and the ends of sections are not among them ---
enum template_tag_kind {
    TEMPLATE_VARIABLE,
    TEMPLATE_SECTION,
    TEMPLATE_INVERTED,
    TEMPLATE_PARTIAL,
};

#define TEMPLATE_NO_SECTION SIZE_MAX

struct template_tag {
    enum template_tag_kind kind;
    bool is_raw;      // {{{x}}} or {{&x}}: never escaped
    const char *name; // "." is the implicit iterator
    size_t section;   // index of the innermost section it stands in, or TEMPLATE_NO_SECTION
    uint32_t line;
    uint32_t column;
};

size_t template_tag_count(const struct template *template);
const struct template_tag *template_tag_at(const struct template *template, size_t index);

// A run of literal text. Not NUL-terminated; borrowed.
struct template_text {
    const char *bytes;
    size_t length;
    size_t section; // as of a tag
    uint32_t line;  // where it begins
    uint32_t column;
};

// The runs of literal text in their order. *position starts as 0; false when there are no more.
bool template_next_text(struct template_text *out, const struct template *template,
                        size_t *position);

enum template_escape { TEMPLATE_ESCAPE_NONE, TEMPLATE_ESCAPE_HTML };

// What rendering may use; taken off as it goes, so that several renderings can share one.
struct template_limits {
    size_t bytes;
    uint64_t steps;
};

// What to render with. Everything is borrowed. Starts as {0}.
struct template_rendering {
    const struct json *data; // NULL: nothing is there
    enum template_escape escape;
    // The partial of that name; *out is NULL when there is none, and nothing is put in its place.
    // NULL: there are no partials.
    enum status (*find_partial)(void *context, const char *name, const struct template **out,
                                struct error *err);
    // Told of each variable that nothing is there for (null is something). May be NULL.
    void (*miss)(void *context, const struct template_tag *tag);
    void *context;
    struct template_limits *limits; // NULL: TEMPLATE_MAX_OUTPUT_BYTES and TEMPLATE_MAX_STEPS
};

// Appends what the template says with the data. Sections take false, null, nothing there, an empty
// list, "" and 0 as false, as the languages do that Mustache is mostly used in. Lists and objects
// where text is expected are put in as JSON; U+0000 as U+FFFD. STATUS_INVALID with code
// "template_invalid" when the template, or a partial that is met, has faults; STATUS_TOO_LARGE over
// the limits and TEMPLATE_MAX_DEPTH. On failure `out` is as long as before.
enum status template_render(struct buffer *out, const struct template *template,
                            const struct template_rendering *with, struct error *err);
