// What the checks need and make only once.
#include "check/check_kit.h"

#include <stdlib.h>

#include "base/memory.h"

struct check_kit {
    struct schema *metaschemas;
    struct pii_detector *detector;
    struct secret_scan *secrets;
    struct injection_phrases *phrases;
};

enum status check_kit_new(struct check_kit **out, struct error *err)
{
    return memory_new(out, 1, sizeof(**out), err);
}

void check_kit_free(struct check_kit *kit)
{
    if (!kit)
        return;
    schema_free(kit->metaschemas);
    pii_detector_free(kit->detector);
    secret_scan_free(kit->secrets);
    injection_phrase_free(kit->phrases);
    free(kit);
}

void check_kit_release(struct check_kit **kit)
{
    check_kit_free(*kit);
    *kit = NULL;
}

enum status check_kit_metaschemas(struct check_kit *kit, const struct schema **out,
                                  struct error *err)
{
    if (!kit->metaschemas)
        TRY(schema_metaschemas(&kit->metaschemas, err));
    *out = kit->metaschemas;
    return STATUS_OK;
}

enum status check_kit_detector(struct check_kit *kit, struct pii_detector **out, struct error *err)
{
    if (!kit->detector)
        TRY(pii_detector_new(&kit->detector, err));
    *out = kit->detector;
    return STATUS_OK;
}

enum status check_kit_secrets(struct check_kit *kit, struct secret_scan **out, struct error *err)
{
    if (!kit->secrets)
        TRY(secret_scan_new(&kit->secrets, err));
    *out = kit->secrets;
    return STATUS_OK;
}

enum status check_kit_phrases(struct check_kit *kit, struct injection_phrases **out,
                              struct error *err)
{
    if (!kit->phrases)
        TRY(injection_phrase_new(&kit->phrases, err));
    *out = kit->phrases;
    return STATUS_OK;
}
