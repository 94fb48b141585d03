// What two environments share, for people.
#include "present_zone.h"

#include <stdio.h>
#include <string.h>

#include "present.h"

static const char *name_of(const struct json *output, const char *side)
{
    const struct json *first = json_first(json_get(output, "environments"));
    return present_text(strcmp(side, "a") == 0 ? first : json_next(first), "path");
}

static void print_places(const struct json *output, const struct json *item, const char *side)
{
    printf("    in %s: ", name_of(output, side));
    for (const struct json *place = json_first(json_get(item, side)); place;
         place = json_next(place))
        printf("%s%s", json_string(place), json_next(place) ? ", " : "\n");
}

// On standard error, since it may go to standard output.
void present_zone_described(const struct json *output)
{
    fprintf(stderr, "described %s, a %s environment\n", present_text(output, "name"),
            present_text(output, "class"));
}

void present_zone_compare(const struct json *output)
{
    const struct json *shared = json_get(output, "shared");
    for (const struct json *item = json_first(shared); item; item = json_next(item)) {
        printf("%-8s %s  %s\n", json_get_bool(item, "refused", false) ? "refused" : "allowed",
               present_text(item, "kind"), present_text(item, "value"));
        print_places(output, item, "a");
        print_places(output, item, "b");
    }
    for (const struct json *item = json_first(json_get(output, "unlisted")); item;
         item = json_next(item)) {
        const char *owner = present_text(item, "owner");
        printf("note     %s  %s\n    %s owns it, and the policy of %s does not list it in "
               "zone.foreign\n",
               present_text(item, "kind"), present_text(item, "value"), name_of(output, owner),
               name_of(output, strcmp(owner, "a") == 0 ? "b" : "a"));
    }
    if (json_get_bool(output, "separate", false))
        printf("separate: nothing is shared that may not be\n");
    else
        printf("not separate: give each environment its own, or list it in zone.shared\n");
}
