// Environments described, and what two of them share, for people.
#include "present_zone.h"

#include <stdio.h>
#include <string.h>

#include "artifact/zone.h"
#include "base/memory.h"
#include "present.h"
#include "present_control.h"

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

static void print_bindings(const struct json *output)
{
    for (const struct json *binding = json_first(json_get(output, "bindings")); binding;
         binding = json_next(binding))
        printf("binding  %s  %s\n", json_key(binding), json_string(binding));
}

static void print_zone(const struct json *output)
{
    static const char *const words[] = { "owns", "foreign", "shared" };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct json *lists = json_get(json_get(output, "zone"), words[i]);
        for (enum zone_kind kind = 0; kind < ZONE_KIND_COUNT; kind++)
            for (const struct json *entry = json_first(json_get(lists, zone_kind_member(kind)));
                 entry; entry = json_next(entry))
                printf("%-8s %s  %s\n", words[i], zone_kind_word(kind), json_string(entry));
    }
}

static void print_approvers(const struct json *output)
{
    const char *line = present_text(output, "approvers");
    for (size_t length; *line; line += length + (line[length] == '\n')) {
        length = strcspn(line, "\n");
        printf("approver %.*s\n", (int)length, line);
    }
}

void present_zone_show(const struct json *output)
{
    printf("%s  %s  %s\n", present_text(output, "environment"), present_text(output, "class"),
           present_text(output, "name"));
    print_bindings(output);
    print_zone(output);
    print_approvers(output);
    for (const struct json *key = json_first(json_get(output, "keys")); key; key = json_next(key)) {
        fputs("key      ", stdout);
        present_control_key(key);
    }
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
