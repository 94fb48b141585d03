// Fuzzes all checks on one artifact, made of the input's files (file_list.h). Whatever the manifest
// allows is judged, at both stages.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/check.h"
#include "fuzz/file_list.h"
#include "fuzz/must.h"
#include "fuzz/shared_reader.h"
#include "trust/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_findings(const struct finding_list *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        must(finding->rule[0] && finding->message[0]);
        must(text_is_utf8(finding->message, strlen(finding->message), NULL));
        must(text_is_utf8(finding->mend, strlen(finding->mend), NULL));
        must(finding->column == 0 || finding->line > 0);
    }
}

// An artifact is compared with itself: that finds nothing, but it goes the whole way.
static enum status find_self(void *context, const struct artifact_id *id,
                             const struct manifest **out, struct error *err)
{
    (void)err;
    const struct manifest *manifest = context;
    *out = id_same_artifact(id, &manifest->id) ? manifest : NULL;
    return STATUS_OK;
}

static void run_checks(const struct content *content, const struct manifest *manifest,
                       enum check_stage stage)
{
    struct error err = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct check_world world = { .find_manifest = find_self,
                                 .find_live = find_self,
                                 .context = (void *)manifest };
    struct check_kit *kit OWNED(check_kit_release) = NULL;
    must(check_kit_new(&kit, &err) == STATUS_OK);
    struct check_subject subject = { .content = content,
                                     .manifest = manifest,
                                     .stage = stage,
                                     .is_sandbox = stage == CHECK_PUBLISH,
                                     .world = &world,
                                     .kit = kit };
    must(check_run_all(&subject, &findings, &err) == STATUS_OK);
    check_findings(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct digest digest;
    struct content content OWNED(content_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    if (!file_list_read(&content, data, size) || content_seal(&content, &err) != STATUS_OK ||
        content.count == 0)
        return 0;
    must(hash_content(&digest, &content, &err) == STATUS_OK);
    if (manifest_reader_read(shared_reader(), &manifest, &content, &findings, &err) != STATUS_OK)
        return 0;
    run_checks(&content, &manifest, CHECK_PUBLISH);
    run_checks(&content, &manifest, CHECK_GATE);
    return 0;
}
