// What the key operations share.
#pragma once

#include "operation/operation.h"
#include "release/control.h"

// Writes keys/<id>.json, as `operation` ("key revoke").
enum status operation_keys_commit(struct operation_call *call, const struct control_key *key,
                                  const char *operation, struct error *err);

// {"id","role","owner","scopes","created","expires"?,"revoked"?}: never the key or its hash.
void operation_keys_describe(struct json *object, const struct control_key *key);
