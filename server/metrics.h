// What the server counts, as Prometheus reads it (text exposition format 0.0.4).
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "exchange.h"

// Appends everything, summed over the workers, and how the state served is doing.
enum status metrics_print(struct buffer *out, struct exchange_services *services,
                          const struct snapshot *snapshot, struct error *err);

enum status metrics_handle(struct exchange *exchange, struct error *err); // a route's
