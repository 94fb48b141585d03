// What a connection has received and not looked at yet. While it is looked after it reads into the
// worker's scratch; a connection that waits for its next request keeps no memory for it.
#pragma once

#include <stddef.h>

#include "base/error.h"

#define INTAKE_SCRATCH_BYTES (32U << 10) // a head at its longest, and some content behind it

// Starts as {0}.
struct intake {
    char *bytes; // the scratch, or `own`
    size_t at;
    size_t end;
    char *own; // what was left when the scratch was given back; NULL: nothing
};

// Lends the scratch; takes what is left in it into memory of its own, or fails (STATUS_NO_MEMORY).
void intake_lend(struct intake *intake, char *scratch);
enum status intake_take_back(struct intake *intake, struct error *err);

// While the scratch is lent: where the next bytes go to, and how many. 0: it is full of what nobody
// has looked at.
size_t intake_room(struct intake *intake, char **out_place);

void intake_forget(struct intake *intake); // whatever came so far
void intake_release(struct intake *intake);
