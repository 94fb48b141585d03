// Who may sign.
#include "snapshot/signer_index.h"

#include <string.h>

#include "base/memory.h"

enum status signer_index_new(struct signer_index **out, const struct allowed_signers *signers,
                             struct error *err)
{
    struct signer_index *index = NULL;
    TRY(memory_new(&index, 1, sizeof(*index) + signers->count * sizeof(index->spans[0]), err));
    for (size_t i = 0; i < signers->count; i++) {
        const struct allowed_signer *signer = &signers->items[i];
        if (!signer->git_namespace)
            continue;
        struct signer_span *span = &index->spans[index->count++];
        ssh_key_fingerprint(signer->key, span->fingerprint);
        span->valid_after = signer->valid_after;
        span->valid_before = signer->valid_before;
    }
    *out = index;
    return STATUS_OK;
}

bool signer_index_admits(const struct signer_index *index, const char *fingerprint, int64_t time)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct signer_span *span = &index->spans[i];
        if (span->valid_after <= time && time < span->valid_before &&
            strcmp(span->fingerprint, fingerprint) == 0)
            return true;
    }
    return false;
}

static bool covers(const struct signer_index *index, const struct signer_span *wanted)
{
    for (size_t i = 0; i < index->count; i++) {
        const struct signer_span *span = &index->spans[i];
        if (span->valid_after <= wanted->valid_after &&
            span->valid_before >= wanted->valid_before &&
            strcmp(span->fingerprint, wanted->fingerprint) == 0)
            return true;
    }
    return false;
}

bool signer_index_lost(const struct signer_index *before, const struct signer_index *after)
{
    for (size_t i = 0; i < before->count; i++)
        if (!covers(after, &before->spans[i]))
            return true;
    return false;
}
