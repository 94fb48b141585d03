// Whoever signs what goes live.
#include "release/live_signer.h"

#include "base/clock.h"

enum status live_signer_settle(const struct live_signer *signer, struct error *err)
{
    return signer && signer->settle ? signer->settle(signer->context, err) : STATUS_OK;
}

int64_t live_signer_time(const struct live_signer *signer)
{
    return signer && signer->time ? signer->time : clock_now();
}

enum status live_signer_sign(const struct live_signer *signer, const char *name_space,
                             const char *what, const struct buffer *text, struct buffer *out,
                             struct error *err)
{
    TRY(signer->sign(signer->context, name_space, what, text->bytes, text->length, out, err));
    return live_signer_settle(signer, err);
}
