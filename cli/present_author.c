// What authors ask about files of theirs, for people.
#include "present_author.h"

#include <stdio.h>

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
