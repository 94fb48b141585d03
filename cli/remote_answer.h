// What a server answered, as if the operation had run here.
#pragma once

#include "operation/operation.h"
#include "remote_http.h"

// Fills the call's output, findings and content, or *err and what is to be signed first
// (call->to_sign). *out_document is the answer itself, which findings and *err point into: the
// caller frees it after them.
enum status remote_answer_read(struct operation_call *call, struct json **out_document,
                               const struct operation *operation,
                               const struct remote_response *response, struct error *err);
