// What goes live, for people.
#include "present_release.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "present.h"
#include "present_draft.h"

void present_release_changes(const struct json *changes)
{
    const struct json *replaces = json_get(changes, "replaces");
    fprintf(stderr, "%s@%lld would ", present_text(changes, "artifact"),
            present_number(changes, "version"));
    if (json_is(replaces, JSON_OBJECT))
        fprintf(stderr, "replace @%lld:\n", present_number(replaces, "version"));
    else
        fputs("go live as the first of its name:\n", stderr);
    present_draft_change(stderr, changes);
}

void present_release_plan(const struct json *output)
{
    for (const struct json *change = json_first(json_get(output, "changes")); change;
         change = json_next(change)) {
        printf("%s@%lld", present_text(change, "artifact"), present_number(change, "version"));
        if (json_is(json_get(change, "replaces"), JSON_NUMBER))
            printf(" replaces @%lld\n", present_number(change, "replaces"));
        else
            puts(" is the first of its name");
        present_draft_change(stdout, change);
    }
    present_findings_json(json_get(output, "findings"), true);
    puts(json_get_bool(output, "allowed", false) ? "the gate would let it pass"
                                                 : "the gate would refuse it");
}

// One line an entry: what it is, and who met it until when or what is missing and what to do.
static void print_board_entry(const struct json *entry)
{
    if (json_get_bool(entry, "met", false)) {
        printf("  [x] %-22s %s\n      by %s until %s\n", present_text(entry, "id"),
               present_text(entry, "title"), present_text(entry, "by"),
               present_text(entry, "until"));
        return;
    }
    printf("  [ ] %-22s %s\n      %s: %s\n", present_text(entry, "id"),
           present_text(entry, "title"), present_text(entry, "missing"),
           present_text(entry, "command"));
}

static void print_stage(const struct json *output, const char *id, const char *title)
{
    printf("%s\n", title);
    for (const struct json *entry = json_first(json_get(output, "entries")); entry;
         entry = json_next(entry))
        if (strcmp(present_text(entry, "stage"), id) == 0)
            print_board_entry(entry);
}

void present_release_status(const struct json *output)
{
    printf("%s@%lld  %.*s  policy %s\n\n", present_text(output, "artifact"),
           present_number(output, "version"), PRESENT_DIGEST_BYTES, present_text(output, "digest"),
           present_text(output, "policy"));
    present_draft_emergency(output);
    for (const struct json *stage = json_first(json_get(output, "stages")); stage;
         stage = json_next(stage))
        print_stage(output, present_text(stage, "id"), present_text(stage, "title"));
    print_stage(output, "approvals", "Approvals");
    puts(json_get_bool(output, "ready", false) ? "\nready: it may be promoted"
                                               : "\nnot ready: what is missing stands above");
}

void present_release_promote(const struct json *output)
{
    for (const struct json *item = json_first(json_get(output, "releases")); item;
         item = json_next(item))
        printf("%s@%lld  %.*s  %s\n", present_text(item, "artifact"),
               present_number(item, "version"), PRESENT_DIGEST_BYTES, present_text(item, "digest"),
               strcmp(present_text(item, "state"), "live") == 0 ? "is live" : "was live already");
    printf("live is at %.12s\n", present_text(output, "commit"));
}

void present_release_withdraw(const struct json *output)
{
    if (json_is(json_get(output, "live"), JSON_NUMBER))
        printf("%s@%lld is live\n", present_text(output, "artifact"),
               present_number(output, "live"));
    else
        printf("nothing is live as %s any more\n", present_text(output, "artifact"));
    for (const struct json *user = json_first(json_get(output, "users")); user;
         user = json_next(user))
        printf("  used by %s, which stays live\n", json_string(user));
    printf("live is at %.12s\n", present_text(output, "commit"));
}

void present_release_seal(const struct json *output)
{
    for (const struct json *item = json_first(json_get(output, "artifacts")); item;
         item = json_next(item))
        printf("%s@%lld  %.*s  sealed\n", present_text(item, "artifact"),
               present_number(item, "version"), PRESENT_DIGEST_BYTES, present_text(item, "digest"));
}

void present_release_record(const struct json *output)
{
    const char *about = present_text(output, "artifact");
    printf("%s  kept as %s", *about ? about : present_text(output, "folder"),
           present_text(output, "record"));
    const char *expires = present_text(output, "expires");
    printf("%s%s\n", *expires ? "  until " : "", expires);
}

void present_release_hold(const struct json *output)
{
    printf("%s %s\n", present_text(output, "artifact"),
           json_get_bool(output, "held", false) ? "is on hold" : "may go on");
}

void present_release_waiver(const struct json *output)
{
    printf("%s  %s in %s is waived until %s\n", present_text(output, "artifact"),
           present_text(output, "rule"), present_text(output, "path"),
           present_text(output, "expires"));
}
