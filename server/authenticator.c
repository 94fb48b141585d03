// Who asks: from a bearer token to the key behind it.
#include "authenticator.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "refusals.h"

static const char scheme[] = "Bearer ";
#define SCHEME_BYTES (sizeof(scheme) - 1)

const char *authenticator_refusal_words(enum authenticator_refusal refusal)
{
    static const char *const words[REFUSAL_COUNT] = {
        [REFUSAL_MISSING] = "without a key",
        [REFUSAL_MALFORMED] = "with something that is no key",
        [REFUSAL_FOREIGN] = "with a key of another environment",
        [REFUSAL_UNKNOWN] = "with a key that is unknown",
        [REFUSAL_REVOKED] = "with a key that was revoked",
        [REFUSAL_EXPIRED] = "with a key that expired",
        [REFUSAL_ROLE] = "with a key whose role may not do that",
        [REFUSAL_SCOPE] = "with a key whose scopes do not reach that",
    };
    return words[refusal];
}

void authenticator_init(struct authenticator *authenticator,
                        const struct environment_identity *identity, struct ring *notes)
{
    int length = snprintf(authenticator->prefix, sizeof(authenticator->prefix), "gr_%s_%s_",
                          environment_class_word(identity->environment_class), identity->id);
    authenticator->prefix_bytes = (size_t)length;
    authenticator->notes = notes;
}

static void count(struct authenticator *authenticator, const struct refusal_note *note)
{
    atomic_fetch_add_explicit(&authenticator->refused[note->reason], 1, memory_order_relaxed);
    if (authenticator->notes)
        (void)ring_put(authenticator->notes, note); // what finds no room is counted there
}

void authenticator_refuse(struct authenticator *authenticator, enum authenticator_refusal reason,
                          const struct control_key *key, const struct artifact_id *artifact)
{
    struct refusal_note note = { .reason = reason, .time = clock_now() };
    memcpy(note.key, key->id, sizeof(key->id));
    if (artifact)
        id_format(artifact, note.artifact);
    count(authenticator, &note);
}

static enum status refuse(struct authenticator *authenticator, const struct refusal_note *note,
                          struct error *err)
{
    count(authenticator, note);
    error_set(err, STATUS_UNAUTHENTICATED, "unauthenticated",
              "this needs a key of this environment");
    return error_hint(err, "send Authorization: Bearer KEY; an operator makes a key with "
                           "`greenroom key create`");
}

// Of a key that is not known here nothing is kept but the beginning of its hash.
static void set_fingerprint(struct refusal_note *note, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    digest_format_hex(digest, hex);
    memcpy(note->key, hex, sizeof(note->key) - 1);
}

// Another environment's key, or no key at all.
static enum status refuse_stranger(struct authenticator *authenticator, const char *token,
                                   size_t token_bytes, struct error *err)
{
    struct refusal_note note = { .reason = REFUSAL_MALFORMED, .time = clock_now() };
    struct access_key_parts parts;
    struct digest digest;
    struct error unheard;
    if (access_key_parse(&parts, token, token_bytes, &unheard) == STATUS_OK) {
        note.reason = REFUSAL_FOREIGN;
        memcpy(note.environment, parts.environment_id, sizeof(parts.environment_id));
        TRY(hash_bytes(&digest, token, token_bytes, err));
        set_fingerprint(&note, &digest);
    }
    return refuse(authenticator, &note, err);
}

// Of this environment by its words. Which reason an operator should read is looked into only after
// the fact, so that a good key costs one hash and one look-up.
static enum status refuse_own(struct authenticator *authenticator, const struct snapshot *snapshot,
                              const struct digest *digest, const char *token, size_t token_bytes,
                              struct error *err)
{
    struct refusal_note note = { .reason = REFUSAL_UNKNOWN, .time = clock_now() };
    const struct control_key *key = snapshot_find_any_key(snapshot, digest);
    struct access_key_parts parts;
    struct error unheard;
    if (key) {
        note.reason = note.time >= key->revoked ? REFUSAL_REVOKED : REFUSAL_EXPIRED;
        memcpy(note.key, key->id, sizeof(key->id));
    } else if (access_key_parse(&parts, token, token_bytes, &unheard) == STATUS_OK) {
        set_fingerprint(&note, digest);
    } else {
        note.reason = REFUSAL_MALFORMED;
    }
    return refuse(authenticator, &note, err);
}

void authenticator_forget(struct authenticator_memory *memory)
{
    explicit_bzero(memory, sizeof(*memory));
}

// In constant time: one connection may carry the requests of several callers, of whom one guesses.
static bool remembers(const struct authenticator_memory *memory, const struct snapshot *snapshot,
                      const char *token, size_t token_bytes)
{
    return memory->serial == snapshot_serial(snapshot) && memory->token_bytes == token_bytes &&
           memory_equal(memory->token, token, token_bytes) &&
           control_key_is_valid(memory->key, clock_now());
}

static void remember(struct authenticator_memory *memory, const struct snapshot *snapshot,
                     const char *token, size_t token_bytes, const struct control_key *key)
{
    memory->serial = snapshot_serial(snapshot);
    memory->key = key;
    memory->token_bytes = token_bytes;
    memcpy(memory->token, token, token_bytes);
}

enum status authenticator_check(struct authenticator *authenticator,
                                struct authenticator_memory *memory,
                                const struct snapshot *snapshot, const char *authorization,
                                size_t authorization_bytes, const struct control_key **out,
                                struct error *err)
{
    static const struct refusal_note missing = { .reason = REFUSAL_MISSING };
    struct digest digest;
    if (!authorization || authorization_bytes <= SCHEME_BYTES ||
        strncasecmp(authorization, scheme, SCHEME_BYTES) != 0)
        return refuse(authenticator, &missing, err);
    const char *token = authorization + SCHEME_BYTES;
    size_t token_bytes = authorization_bytes - SCHEME_BYTES;
    if (remembers(memory, snapshot, token, token_bytes)) {
        *out = memory->key;
        return STATUS_OK;
    }
    // Before the look-up: another environment's key is refused even where its hash is known, say
    // in a copy of that environment's control branch.
    if (token_bytes >= ACCESS_KEY_BYTES ||
        strncmp(token, authenticator->prefix, authenticator->prefix_bytes) != 0)
        return refuse_stranger(authenticator, token, token_bytes, err);
    TRY(hash_bytes(&digest, token, token_bytes, err));
    const struct control_key *key = snapshot_find_key(snapshot, &digest, clock_now());
    if (!key)
        return refuse_own(authenticator, snapshot, &digest, token, token_bytes, err);
    remember(memory, snapshot, token, token_bytes, key);
    *out = key;
    return STATUS_OK;
}
