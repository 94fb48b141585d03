// What the gate asks of the bindings that a promotion's artifact names. For gate.c only.
#pragma once

#include "artifact/finding.h"
#include "base/error.h"
#include "release/control.h"
#include "release/gate.h"

// Adds a finding "gate.binding" for each name that means nothing in the live environment, or
// something that the artifact cannot use (an endpoint that is no URL); "gate.zone" for each that
// means something of another environment, `source` (boundary.h) above all, and for each that means
// something of this one in the source.
enum status gate_binding_check(const struct control *control, const struct json *source,
                               const struct gate_item *item, struct finding_list *findings,
                               struct error *err);
