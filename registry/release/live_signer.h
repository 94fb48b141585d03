// Whoever signs what goes live: a key on this machine, or a person at another one.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

// `sign` appends an armoured SSH signature over the bytes. `name_space` is "git" for commits and
// tags; `what` names it for the person ("release/prompt/outbound/greeting/4"). `settle` (may be
// NULL: all is there at once) says whether everything that was asked for so far was given; until it
// was, `sign` may append nothing and say STATUS_OK, so that several things are asked for together.
struct live_signer {
    enum status (*sign)(void *context, const char *name_space, const char *what, const void *bytes,
                        size_t length, struct buffer *out, struct error *err);
    enum status (*settle)(void *context, struct error *err);
    void *context;
    int64_t time; // when, as what is signed shall say; 0: now
};

// Without `signer` there is nothing to settle, and the time is now.
enum status live_signer_settle(const struct live_signer *signer, struct error *err);
int64_t live_signer_time(const struct live_signer *signer);

// Signs one thing and settles it.
enum status live_signer_sign(const struct live_signer *signer, const char *name_space,
                             const char *what, const struct buffer *text, struct buffer *out,
                             struct error *err);
