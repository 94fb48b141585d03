// Attestations: a person's word that a checklist item holds.
#include "release/attestation.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "trust/ssh_signature.h"

static void set_time(struct json *document, const char *key, int64_t time)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(time, text);
    json_set_string(document, key, text);
}

static void set_files(struct json *document, const struct content *files)
{
    struct json *list = json_set_array(document, "files");
    for (size_t i = 0; files && i < files->count; i++) {
        char hex[DIGEST_HEX_BYTES];
        struct json *item = json_append_object(list);
        digest_format_hex(&files->files[i].sha256, hex);
        json_set_string(item, "name", files->files[i].path);
        json_set_integer(item, "size", (int64_t)files->files[i].size_bytes);
        json_set_string(item, "sha256", hex);
    }
}

enum status attestation_print(struct buffer *out, const struct attestation *attestation,
                              struct error *err)
{
    struct json *document OWNED(json_release) = json_new_object();
    json_set_integer(document, "format", 1);
    json_set_string(document, "type", evidence_type_word(EVIDENCE_ATTESTATION));
    json_set_string(document, "item", attestation->item);
    if (attestation->id) {
        char id[ID_TEXT_BYTES];
        char digest[DIGEST_TEXT_BYTES];
        id_format(attestation->id, id);
        digest_format(attestation->digest, digest);
        json_set_string(document, "artifact", id);
        json_set_string(document, "digest", digest);
    }
    if (attestation->destination)
        json_set_string(document, "destination", attestation->destination);
    json_set_string(document, "author", attestation->author);
    json_set_string(document, "note", attestation->note ? attestation->note : "");
    set_time(document, "time", attestation->time);
    if (attestation->expires != INT64_MAX)
        set_time(document, "expires", attestation->expires);
    set_files(document, attestation->files);
    return json_print_canonical(out, document, err);
}

bool attestation_is_signed(const struct control *control, const struct evidence_record *record,
                           int64_t now)
{
    struct ssh_key key;
    struct error ignored;
    int64_t time;
    if (!record->signature ||
        clock_parse(&time, json_get_string(record->document, "time", ""), &ignored) != STATUS_OK ||
        ssh_signature_verify(&key, record->signature, strlen(record->signature),
                             ATTESTATION_NAMESPACE, record->text, record->text_bytes,
                             &ignored) != STATUS_OK)
        return false;
    // As of approvals: a removal takes back what was signed before it.
    const struct allowed_signer *signer = allowed_signers_find(&control->approvers, &key, now + 1);
    return signer && time >= signer->valid_after;
}
