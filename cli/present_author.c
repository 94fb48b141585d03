// What authors ask about files of theirs, for people.
#include "present_author.h"

#include <stdio.h>
#include <string.h>

#include "present.h"

void present_author_schema(const struct json *output)
{
    const struct json *findings = json_get(output, "findings");
    long long hidden = present_number(output, "count") - (long long)json_count(findings);
    present_findings_json(findings, true);
    if (hidden > 0)
        fprintf(stderr, "and %lld more\n", hidden);
    puts(json_get_bool(output, "valid", false) ? "valid" : "not valid");
}

// What passes is in --json; a person wants to know what to mend.
void present_author_pii(const struct json *output)
{
    const struct json *spans = json_get(output, "spans");
    for (const struct json *item = json_first(spans); item; item = json_next(item)) {
        if (strcmp(present_text(item, "gate"), "refuse") != 0)
            continue;
        fprintf(stderr, "%s:", present_text(item, "file"));
        if (present_number(item, "line") > 0)
            fprintf(stderr, "%lld:%lld:", present_number(item, "line"),
                    present_number(item, "column"));
        fprintf(stderr, " error: %s '%s' [%s]\n", present_text(item, "entity"),
                present_text(item, "text"), present_text(item, "rule"));
    }
    for (const struct json *item = json_first(json_get(output, "unread")); item;
         item = json_next(item))
        fprintf(stderr, "%s: warning: not searched: %s\n    %s\n", present_text(item, "file"),
                present_text(item, "why"), present_text(item, "mend"));
    printf("%lld files, %zu places found, %lld refused\n%s\n", present_number(output, "files"),
           json_count(spans), present_number(output, "refused"),
           json_get_bool(output, "passed", false) ? "passed" : "refused");
}

void present_author_mask(const struct json *output)
{
    printf("%lld places masked in %lld of %lld files, written to %s\n",
           present_number(output, "masked"), present_number(output, "changed"),
           present_number(output, "files"), present_text(output, "written_to"));
}

void present_author_new(const struct json *output)
{
    const struct json *files = json_get(output, "files");
    printf("%s: made %s with\n", present_text(output, "artifact"),
           present_text(output, "written_to"));
    for (const struct json *file = json_first(files); file; file = json_next(file))
        printf("  %s\n", json_string(file));
}
