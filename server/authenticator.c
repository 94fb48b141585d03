// Who asks: from a bearer token to the key behind it.
#include "authenticator.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

static const char scheme[] = "Bearer ";
#define SCHEME_BYTES (sizeof(scheme) - 1)

const char *authenticator_refusal_words(enum authenticator_refusal refusal)
{
    static const char *const words[REFUSAL_COUNT] = {
        [REFUSAL_MISSING] = "without a key",
        [REFUSAL_MALFORMED] = "with something that is no key",
        [REFUSAL_FOREIGN] = "with a key of another environment",
        [REFUSAL_UNKNOWN] = "with a key that is unknown, revoked or expired",
    };
    return words[refusal];
}

enum status authenticator_init(struct authenticator *authenticator,
                               const struct environment_identity *identity, struct error *err)
{
    int length = snprintf(authenticator->prefix, sizeof(authenticator->prefix), "gr_%s_%s_",
                          environment_class_word(identity->environment_class), identity->id);
    authenticator->prefix_bytes = (size_t)length;
    return hasher_new(&authenticator->hasher, err);
}

void authenticator_release(struct authenticator *authenticator)
{
    hasher_release(&authenticator->hasher);
}

static enum status refuse(struct authenticator *authenticator, enum authenticator_refusal reason,
                          struct error *err)
{
    atomic_fetch_add_explicit(&authenticator->refused[reason], 1, memory_order_relaxed);
    error_set(err, STATUS_UNAUTHENTICATED, "unauthenticated",
              "this needs a key of this environment");
    return error_hint(err, "send Authorization: Bearer KEY; an operator makes a key with "
                           "`greenroom key create`");
}

// Which reason an operator should read: looked into only after the fact, so that a good key costs
// one hash.
static enum authenticator_refusal classify(const struct authenticator *authenticator,
                                           const char *token, size_t token_bytes)
{
    struct access_key_parts parts;
    struct error unheard;
    if (access_key_parse(&parts, token, token_bytes, &unheard) != STATUS_OK)
        return REFUSAL_MALFORMED;
    return strncmp(token, authenticator->prefix, authenticator->prefix_bytes) == 0
               ? REFUSAL_UNKNOWN
               : REFUSAL_FOREIGN;
}

enum status authenticator_check(struct authenticator *authenticator,
                                const struct snapshot *snapshot, const char *authorization,
                                size_t authorization_bytes, const struct control_key **out,
                                struct error *err)
{
    struct digest digest;
    if (!authorization || authorization_bytes <= SCHEME_BYTES ||
        strncasecmp(authorization, scheme, SCHEME_BYTES) != 0)
        return refuse(authenticator, REFUSAL_MISSING, err);
    const char *token = authorization + SCHEME_BYTES;
    size_t token_bytes = authorization_bytes - SCHEME_BYTES;
    if (token_bytes >= ACCESS_KEY_BYTES)
        return refuse(authenticator, REFUSAL_MALFORMED, err);
    // Before the look-up: another environment's key is refused even where its hash is known, say
    // in a copy of that environment's control branch.
    if (strncmp(token, authenticator->prefix, authenticator->prefix_bytes) != 0)
        return refuse(authenticator, classify(authenticator, token, token_bytes), err);
    TRY(hasher_digest(authenticator->hasher, &digest, token, token_bytes, err));
    const struct control_key *key = snapshot_find_key(snapshot, &digest, clock_now());
    if (!key)
        return refuse(authenticator, classify(authenticator, token, token_bytes), err);
    *out = key;
    return STATUS_OK;
}
