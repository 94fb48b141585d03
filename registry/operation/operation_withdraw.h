// The output that rollback and quarantine share.
#pragma once

#include "operation/operation.h"
#include "release/withdraw.h"

// {"commit","artifact","live": version or null,"before": version or null,
//  "users": ["KIND/NAME@V", …], what is live and uses it}
enum status operation_withdraw_output(struct operation_call *call,
                                      const struct withdraw_result *result, struct error *err);
