// A prompt's sections with their templates, for checks.
#pragma once

#include "artifact/template.h"
#include "check/check.h"

#define PROMPT_MAX_SECTIONS 200 // as the manifest's schema says

struct prompt_section {
    size_t index;     // in the manifest
    const char *name; // borrowed from the manifest, like the next two
    const char *file;
    const char *direction; // "inbound", "outbound", or NULL for both
    struct template *template;
    bool is_repeated; // an earlier section has the same file, and lends its template
};

// Starts as {0}. Sections whose file cannot be read as text are left out: the manifest's own
// validation names them.
struct prompt_sections {
    struct prompt_section items[PROMPT_MAX_SECTIONS];
    size_t count;
};

void prompt_sections_release(struct prompt_sections *sections);
enum status prompt_sections_read(struct prompt_sections *sections,
                                 const struct check_subject *subject, struct error *err);

// The template of any file of the artifact; NULL when there is none or it is no text.
enum status prompt_sections_parse(struct template **out, const struct check_subject *subject,
                                  const char *path, struct error *err);
