// Fuzzes the reading of manifests, and what infer makes of JSON files.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/infer.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "fuzz/must.h"
#include "fuzz/shared_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(struct content *content, const char *path, const void *bytes, size_t length)
{
    struct error err;
    must(content_add_bytes(content, path, bytes, length, &err) == STATUS_OK);
}

static void check_findings(const struct finding_list *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        must(strcmp(finding->rule, "finding.limit") == 0 ||
             strncmp(finding->rule, "manifest.", 9) == 0);
        must(finding->message[0] != '\0' && finding->mend[0] != '\0');
    }
}

// Reads sealed content that has a manifest; whether it was accepted.
static bool read_manifest(const struct content *content, const struct artifact_id *expected)
{
    struct error err;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct manifest manifest OWNED(manifest_release) = { 0 };
    enum status status = manifest_reader_read(shared_reader(), &manifest, content, &findings, &err);
    must(status == STATUS_OK || status == STATUS_REFUSED);
    must((status == STATUS_REFUSED) == finding_has_errors(&findings));
    check_findings(&findings);
    if (status != STATUS_OK)
        return false;
    const char *bytes;
    size_t length;
    struct artifact_id again;
    char text[ID_TEXT_BYTES];
    id_format(&manifest.id, text);
    must(id_parse_bare(&again, text, &err) == STATUS_OK);
    must(manifest_raw(&manifest, "/kind", &bytes, &length));
    must(!expected || id_same_artifact(&manifest.id, expected));
    return true;
}

static void read_as_manifest(const uint8_t *data, size_t size)
{
    struct error err;
    struct content content OWNED(content_release) = { 0 };
    add(&content, MANIFEST_PATH, data, size);
    add(&content, "a.md", "Hello {{name}}", 14);
    add(&content, "docs/a.md", "# A", 3);
    must(content_seal(&content, &err) == STATUS_OK);
    read_manifest(&content, NULL);
}

static void read_as_tools(const uint8_t *data, size_t size)
{
    struct error err;
    struct content content OWNED(content_release) = { 0 };
    struct infer_results results OWNED(infer_results_release) = { 0 };
    const struct artifact_id as = { .kind = KIND_TOOL, .name = "x" };
    add(&content, "tools.json", data, size);
    must(content_seal(&content, &err) == STATUS_OK);
    enum status status = infer_manifest(&results, &as, &content, &err);
    must(status == STATUS_OK || status == STATUS_INVALID || status == STATUS_TOO_LARGE);
    must((status == STATUS_OK) == (results.count > 0));
    for (size_t i = 0; i < results.count; i++) {
        must(content_find(&results.items[i].content, MANIFEST_TOOL_SOURCE_PATH) != NULL);
        read_manifest(&results.items[i].content, &results.items[i].id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_as_manifest(data, size);
    read_as_tools(data, size);
    return 0;
}
