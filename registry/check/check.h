// Checks: automated judgements of an artifact. One file a check, one table (check_table.c); each
// says all it has to say as findings.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "artifact/finding.h"
#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/error.h"

// When a check is asked, as bits.
enum check_stage {
    CHECK_PUBLISH = 1 << 0, // a draft comes in, or an author asks before that
    CHECK_GATE = 1 << 1,    // it is about to go live
    CHECK_BACK = 1 << 2,    // a release goes live again: what is around it may be another by now
};

#define CHECK_PROMPT (1U << KIND_PROMPT)
#define CHECK_TOOL (1U << KIND_TOOL)
#define CHECK_KNOWLEDGE (1U << KIND_KNOWLEDGE)
#define CHECK_EVERY_KIND (CHECK_PROMPT | CHECK_TOOL | CHECK_KNOWLEDGE)

// What a check may ask about the world around the artifact. Any function may be NULL: the check
// then says nothing about what it cannot know (a folder checked without an environment).
struct check_world {
    // The manifest of what `id` would mean next to this artifact: the live one (or one in the same
    // promotion) at the gate, the latest draft in a sandbox. *out is NULL when there is none.
    // Borrowed until the checks are done.
    enum status (*find_manifest)(void *context, const struct artifact_id *id,
                                 const struct manifest **out, struct error *err);
    // The live version of this very artifact, for comparisons; likewise.
    enum status (*find_live)(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err);
    // The environment's policy (a JSON object), or NULL. Borrowed.
    const struct json *policy;
    void *context;
};

// What the checks make once and use for every subject that is given it: whoever checks many
// artifacts hands in one for all of them, one subject at a time.
struct check_kit;
enum status check_kit_new(struct check_kit **out, struct error *err);
void check_kit_free(struct check_kit *kit);
void check_kit_release(struct check_kit **kit); // for OWNED

// One artifact to judge. Everything is borrowed and read-only.
struct check_subject {
    const struct content *content; // sealed and hashed
    const struct manifest *manifest;
    enum check_stage stage;
    bool is_sandbox; // where it is or goes: sandboxes are stricter with personal data
    const struct check_world *world; // never NULL
    struct check_kit *kit;           // never NULL
};

// One row.
struct check {
    const char *id; // "personal-data"; its findings' rules begin with it: "personal-data.email"
    const char *summary; // one line
    unsigned kinds;      // CHECK_PROMPT | …
    unsigned stages;     // CHECK_PUBLISH | …
    // Adds findings. A status other than STATUS_OK means that it could not judge (no memory,
    // unreadable content), never that it disliked something.
    enum status (*run)(const struct check_subject *subject, struct finding_list *findings,
                       struct error *err);
    bool is_long; // takes its time over many files, and calls none of the world's functions
};

// Ended by a NULL id.
extern const struct check check_table[];

// Runs every check that is for this kind and stage; findings come in the table's order. Over much
// content that is held (content_hold), the long ones run side by side.
enum status check_run_all(const struct check_subject *subject, struct finding_list *findings,
                          struct error *err);
