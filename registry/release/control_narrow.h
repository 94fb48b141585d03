// What a newer control takes away, put into an older one that goes on to hold because the newer one
// as a whole cannot: whoever withdraws a key or a release is heard in any case.
#pragma once

#include "release/control.h"

// Keys that are revoked, gone or another in `newer` are of no use any more, those that end sooner
// there end then, and what is quarantined there is quarantined. `newer` needs its limits only
// (control_read_commit). Nothing is given: no new key, and nothing that is taken away already comes
// back.
enum status control_narrow(struct control *control, const struct control *newer, struct error *err);
