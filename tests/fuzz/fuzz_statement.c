// Fuzzes what is said of a version: an approval's statement and, behind a NUL, what takes it back.
// The statement is signed here by a key that may sign, since no mutation survives a signature.
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "fuzz/must.h"
#include "release/approval.h"
#include "release/attestation.h"
#include "unit/trust/forge.h"

#define NOW INT64_C(1790000000) // the seeds' statements are valid at this time
#define AUTHOR "Author <author@example.com>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct scene {
    EVP_PKEY *pkey;
    struct buffer blob;
    struct control control;
};

static struct scene *shared_scene(void)
{
    static struct scene scene;
    struct error err = { 0 };
    struct buffer line OWNED(buffer_release) = { 0 };
    if (scene.pkey)
        return &scene;
    static const char policy[] = "{\"approval_valid_for\":\"7d\"}";
    scene.pkey = forge_pkey("ED25519");
    forge_key_blob(&scene.blob, scene.pkey, "ssh-ed25519", NULL, NULL);
    buffer_append_text(&line, "approver@example.com ");
    forge_key_line(&line, "ssh-ed25519", &scene.blob);
    buffer_append_byte(&line, '\n');
    must(allowed_signers_parse(&scene.control.approvers, buffer_text(&line), line.length, &err) ==
         STATUS_OK);
    must(json_parse(&scene.control.policy, policy, sizeof(policy) - 1, &err) == STATUS_OK);
    return &scene;
}

static char *sign(const struct scene *scene, const char *name_space, const char *text)
{
    struct buffer data OWNED(buffer_release) = { 0 };
    struct buffer raw OWNED(buffer_release) = { 0 };
    struct buffer outer OWNED(buffer_release) = { 0 };
    struct buffer armoured OWNED(buffer_release) = { 0 };
    forge_signed_data(&data, name_space, "sha512", text);
    forge_raw(&raw, scene->pkey, "ssh-ed25519", NULL, &data);
    const struct forge_outer parts = { .magic = "SSHSIG",
                                       .version = 1,
                                       .key = &scene->blob,
                                       .name_space = name_space,
                                       .reserved = "",
                                       .hash = "sha512",
                                       .raw = &raw,
                                       .trailing = "" };
    forge_outer_blob(&outer, &parts);
    forge_armour(&armoured, &outer);
    return buffer_detach(&armoured);
}

// False when the text is none that a record may hold.
static bool add_record(struct evidence *evidence, enum evidence_type type, const char *text)
{
    struct error err = { 0 };
    struct evidence_record record = { .type = type, .text_bytes = strlen(text) };
    if (json_parse(&record.document, text, record.text_bytes, &err) != STATUS_OK)
        return false;
    must(memory_grow(&evidence->records, evidence->count, &evidence->capacity,
                     sizeof(*evidence->records), &err) == STATUS_OK);
    must(memory_copy_string(&record.name,
                            evidence->count == 0 ? "0001-approval" : "0002-withdrawal",
                            &err) == STATUS_OK);
    must(memory_copy_string(&record.text, text, &err) == STATUS_OK);
    evidence->records[evidence->count++] = record;
    return true;
}

// Whoever counts says exactly what the subject is.
static void check_counting(const struct approval_subject *subject, const struct json *said)
{
    char hex[DIGEST_HEX_BYTES];
    char id[ID_TEXT_BYTES];
    digest_format_hex(&subject->digest, hex);
    id_format(&subject->id, id);
    must(strcmp(json_string(json_at(said, "/subject/0/digest/sha256")), hex) == 0);
    must(strcmp(json_string(json_at(said, "/subject/0/name")), id) == 0);
    must(strcmp(json_string(json_at(said, "/predicate/environment")), subject->environment_id) ==
         0);
    must(json_count(json_get(said, "subject")) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct scene *scene = shared_scene();
    struct evidence evidence OWNED(evidence_release) = { 0 };
    char *text OWNED(memory_release) = NULL;
    must(memory_copy_bytes(&text, data, size, &err) == STATUS_OK);
    if (!add_record(&evidence, EVIDENCE_APPROVAL, text))
        return 0;
    if (strlen(text) + 1 < size)
        add_record(&evidence, EVIDENCE_WITHDRAWAL, text + strlen(text) + 1);
    struct approval_subject subject = { .author = AUTHOR, .environment_id = "production-id" };
    must(id_parse(&subject.id, "prompt/greeting@4", &err) == STATUS_OK);
    struct approval_verdict verdict;
    struct evidence_record *record = &evidence.records[0];
    record->signature = sign(scene, APPROVAL_NAMESPACE, record->text);
    approval_judge(&verdict, &scene->control, &subject, &evidence, record, NOW);
    must(verdict.counts == (verdict.reason[0] == '\0'));
    must(!verdict.counts || (verdict.expires > NOW && verdict.signer));
    must(!verdict.counts || !evidence_is_withdrawn(&evidence, record));
    if (verdict.counts)
        check_counting(&subject, record->document);
    must(!attestation_is_signed(&scene->control, record, NOW)); // signed, but for something else
    return 0;
}
