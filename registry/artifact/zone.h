// Trust zones: what of the world outside belongs to an environment, as its policy lists it
// (policy.json: zone.owns, zone.foreign, zone.shared), and whether a value points at something of
// such a list.
#pragma once

#include <stdbool.h>

#include "artifact/json.h"

enum zone_kind {
    ZONE_HOST,
    ZONE_NUMBER,
    ZONE_CRM_ORGANISATION,
    ZONE_WEBHOOK,
    ZONE_SECRET,
    ZONE_KIND_COUNT,
};

const char *zone_kind_word(enum zone_kind kind);   // "host", "CRM organisation": for people
const char *zone_kind_member(enum zone_kind kind); // "hosts", "crm_organisations": in the policy

// Whether what the value (of a binding) points at is covered by the entry:
//   host               "crm.example.com", or "*.example.com" for every name below it
//   number             "+12025550100", or "+1202555*" for all that begin so; blanks do not count
//   CRM organisation   its id as a whole word of the value: a label of the host, a segment of the
//                      path, a value of the query
//   webhook            a destination: the value is this URL or one below it
//   secret             a secret's name; '*' stands for any run of characters
bool zone_covers(enum zone_kind kind, const char *entry, const char *value);

// The first entry of `lists` ({"hosts":[…],"numbers":[…],…}; NULL: nothing is listed) that covers
// the value. `entry` is borrowed from the lists.
struct zone_match {
    enum zone_kind kind;
    const char *entry;
};
bool zone_find(struct zone_match *out, const struct json *lists, const char *value);

// What two values have in common that no two environments should: the same host, the same number,
// the same secret's name. *out->entry is borrowed from `value`, or from `scratch`.
struct zone_scratch {
    char text[256];
};
bool zone_same(struct zone_match *out, const char *value, const char *other,
               struct zone_scratch *scratch);
