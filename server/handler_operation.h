// POST /v1/operations/{name}: the operation table over HTTP. Nothing is decided here: who may do
// what is for the operation's runner to say.
#pragma once

#include "exchange.h"

// Before the content: is there such an operation, and may this caller ask for it at all?
enum status handler_operation_receive(struct exchange *exchange, struct receiver *out,
                                      struct error *err);
// With all of it there; and again when it was performed.
enum status handler_operation_perform(struct exchange *exchange, struct error *err);
