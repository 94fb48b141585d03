// The answer to an operation: its result, what comes back with it, or why not.
#pragma once

#include "operation/operation.h"
#include "order.h"

// Sets the order's response, unless not even that could be made (then it stays NULL). `failure`
// NULL: it was done. `announced` (may be NULL) is what a person should see before signing.
void order_answer_make(struct order *order, const struct operation_call *call,
                       const struct json *announced, const struct error *failure);

// What bytes that come back are sent as.
const char *order_answer_media_type(const struct operation *operation);
