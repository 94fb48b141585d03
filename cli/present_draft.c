// Drafts and versions, for people.
#include "present_draft.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "present.h"

void present_draft_init(const struct json *output)
{
    printf("made the %s environment %s in %s\n", present_text(output, "class"),
           present_text(output, "name"), present_text(output, "path"));
}

void present_draft_check(const struct json *output)
{
    const char *page = present_text(output, "page");
    if (*page || json_get(output, "runs")) { // a page, or SARIF, which is JSON for everybody
        struct buffer text OWNED(buffer_release) = { 0 };
        struct error unprintable;
        if (!*page && json_print_pretty(&text, output, &unprintable) == STATUS_OK)
            page = buffer_text(&text);
        fputs(page, stdout);
        return;
    }
    for (const struct json *item = json_first(json_get(output, "artifacts")); item;
         item = json_next(item)) {
        present_findings_json(json_get(item, "findings"), true);
        size_t count = json_count(json_get(item, "findings"));
        printf("%s: %zu finding%s\n", present_text(item, "artifact"), count, count == 1 ? "" : "s");
    }
    puts(json_get_bool(output, "passed", false) ? "passed" : "refused");
}

void present_draft_publish(const struct json *output)
{
    for (const struct json *item = json_first(json_get(output, "artifacts")); item;
         item = json_next(item)) {
        present_findings_json(json_get(item, "findings"), false);
        printf("%s@%lld  %.*s  %s\n", present_text(item, "artifact"),
               present_number(item, "version"), PRESENT_DIGEST_BYTES, present_text(item, "digest"),
               strcmp(present_text(item, "state"), "new") == 0
                   ? "published"
                   : "unchanged: this is its content already");
    }
}

void present_draft_emergency(const struct json *item)
{
    const struct json *emergency = json_get(item, "emergency");
    if (emergency)
        printf("  !! an EMERGENCY release is live, %s %s\n",
               json_get_bool(emergency, "expired", false) ? "its time was over at" : "open until",
               present_text(emergency, "until"));
}

static void print_row(const struct json *item)
{
    bool is_release = json_get(item, "released_at") != NULL;
    const char *note = present_text(item, is_release ? "reason" : "note");
    printf("%s@%lld  %.*s  %s  %s%s%s%s\n", present_text(item, "artifact"),
           present_number(item, "version"), PRESENT_DIGEST_BYTES, present_text(item, "digest"),
           present_text(item, is_release ? "released_at" : "published_at"),
           present_text(item, "author"), json_get_bool(item, "live", false) ? "  LIVE" : "",
           *note ? "  " : "", note);
    if (json_get_bool(item, "live", false))
        present_draft_emergency(item);
}

void present_draft_rows(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        print_row(item);
}

void present_draft_show(const struct json *output)
{
    static const char *const members[] = { "digest",       "author",      "approver",
                                           "published_at", "released_at", "note",
                                           "reason",       "tag",         "commit" };
    printf("%s@%lld%s\n", present_text(output, "artifact"), present_number(output, "version"),
           json_get_bool(output, "live", false) ? "  LIVE" : "");
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (*present_text(output, members[i]))
            printf("  %-13s %s\n", members[i], present_text(output, members[i]));
    puts("  files");
    for (const struct json *file = json_first(json_get(output, "files")); file;
         file = json_next(file))
        printf("    %10lld  %s\n", present_number(file, "size"), present_text(file, "path"));
}

// Added lines green, removed ones red, on a terminal.
static void print_patch(FILE *out, const char *patch)
{
    if (!isatty(fileno(out))) {
        fputs(patch, out);
        return;
    }
    while (*patch) {
        size_t length = strcspn(patch, "\n");
        const char *colour = *patch == '+' ? "\033[32m" : *patch == '-' ? "\033[31m" : "";
        fprintf(out, "%s%.*s%s\n", colour, (int)length, patch, *colour ? "\033[0m" : "");
        patch += length + (patch[length] == '\n');
    }
}

// What an approver should look at is marked; documents stand in the list of files anyway.
static void print_summary(FILE *out, const struct json *summary)
{
    bool colour = isatty(fileno(out));
    for (const struct json *item = json_first(summary); item; item = json_next(item)) {
        bool attention = json_get_bool(item, "attention", false);
        if (strcmp(present_text(item, "kind"), "document") == 0)
            continue;
        fprintf(out, "  %s%s %s%s\n", attention && colour ? "\033[33m" : "", attention ? "!" : " ",
                present_text(item, "text"), attention && colour ? "\033[0m" : "");
    }
}

void present_draft_change(FILE *out, const struct json *object)
{
    const struct json *files = json_get(object, "files");
    print_summary(out, json_get(object, "summary"));
    for (const struct json *file = json_first(files); file; file = json_next(file))
        fprintf(out, "  %-8s %s\n", present_text(file, "change"), present_text(file, "path"));
    for (const struct json *file = json_first(files); file; file = json_next(file))
        print_patch(out, present_text(file, "patch"));
}

void present_draft_diff(const struct json *output)
{
    const struct json *from = json_get(output, "from");
    size_t count = json_count(json_get(output, "files"));
    printf("%s@%lld -> @%lld: %zu %s\n", present_text(from, "artifact"),
           present_number(from, "version"), present_number(json_get(output, "to"), "version"),
           count, count == 1 ? "file differs" : "files differ");
    present_draft_change(stdout, output);
}
