// What was refused because of who signed or asked goes into the audit, unlike what was merely not
// ready.
#pragma once

#include "operation/operation.h"

// Enters the refusal, if it is one of a key, into the ledger of the call's environment. Outside a
// write's frame. A ledger that cannot be written changes nothing about the refusal.
void operation_refusal_record(const struct operation *operation, const struct operation_call *call,
                              const struct error *refusal);
