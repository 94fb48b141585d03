// Proof that what the store holds may be served.
#include "release/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/person.h"
#include "store/commit.h"
#include "store/object.h"
#include "store/tree.h"
#include "store/tree_content.h"
#include "trust/hash.h"
#include "trust/ssh_signature.h"

#define RELEASE_JSON_MAX_BYTES (64U << 10)

void verify_release_free(struct verify_release *release)
{
    free(release->approver);
    free(release->author);
    manifest_release(&release->manifest);
    content_release(&release->content);
    *release = (struct verify_release) { 0 };
}

enum status verify_signature(const struct control *control, const struct verify_signed *what,
                             const struct allowed_signer **out_signer, struct error *err)
{
    struct ssh_key key;
    if (what->signature_bytes == 0)
        return error_set(err, STATUS_REFUSED, "signature_missing", "it is not signed");
    TRY(ssh_signature_verify(&key, what->signature, what->signature_bytes, "git", what->payload,
                             what->payload_bytes, err));
    const struct allowed_signer *signer =
        allowed_signers_find(&control->approvers, &key, what->time);
    if (!signer) {
        char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
        ssh_key_fingerprint(&key, fingerprint);
        error_set(err, STATUS_REFUSED, "approver_unknown",
                  "the key %s was no approver's when it signed", fingerprint);
        return error_hint(err, "`greenroom approver list` shows who may sign; an operator adds one "
                               "with `greenroom approver add`");
    }
    *out_signer = signer;
    return STATUS_OK;
}

// Verifies a commit's or tag's own signature.
static enum status verify_object(struct store *store, const struct control *control,
                                 const struct oid *oid, enum object_type type, int64_t time,
                                 const struct allowed_signer **out_signer, struct error *err)
{
    struct object_signed parts OWNED(object_signed_release) = { 0 };
    TRY(object_read_signed(store, oid, type, &parts, err));
    struct verify_signed what = { buffer_text(&parts.payload), parts.payload.length,
                                  buffer_text(&parts.signature), parts.signature.length, time };
    return verify_signature(control, &what, out_signer, err);
}

static enum status read_release_json(struct store *store, const struct oid *tree, struct json **out,
                                     struct error *err)
{
    struct oid blob;
    bool is_tree;
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(tree_find(store, tree, RELEASE_FILE, &blob, &is_tree, err));
    if (oid_is_none(&blob) || is_tree)
        return error_set(err, STATUS_DAMAGED, "release_malformed", "there is no " RELEASE_FILE);
    TRY(object_read_blob(store, &blob, RELEASE_JSON_MAX_BYTES, &text, err));
    return json_parse(out, buffer_text(&text), text.length, err);
}

// release.json says what the caller expects: this artifact, this version, this digest.
static enum status match_release_json(struct verify_release *release, const struct json *document,
                                      const struct state_release *expected, struct error *err)
{
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    id_format(&release->id, id);
    digest_format(&expected->digest, digest);
    const char *said_id = json_get_string(document, "artifact", "");
    const char *said_digest = json_get_string(document, "digest", "");
    if (strcmp(said_id, id) != 0 || strcmp(said_digest, digest) != 0)
        return error_set(err, STATUS_DAMAGED, "release_mismatch",
                         "its " RELEASE_FILE " is about %.200s with %.80s, not %s with %s", said_id,
                         said_digest, id, digest);
    TRY(clock_parse(&release->released_at, json_get_string(document, "released_at", ""), err));
    TRY(memory_copy_string(&release->author, json_get_string(document, "author", ""), err));
    release->digest = expected->digest;
    return STATUS_OK;
}

static enum status verify_content(struct verify_release *release, struct store *store,
                                  const struct manifest_reader *manifests, const struct oid *tree,
                                  struct error *err)
{
    struct digest digest;
    bool is_tree;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    TRY(tree_find(store, tree, RELEASE_CONTENT, &release->content_tree, &is_tree, err));
    if (oid_is_none(&release->content_tree) || !is_tree)
        return error_set(err, STATUS_DAMAGED, "release_malformed", "it has no content");
    TRY(tree_content_read(store, &release->content_tree, &release->content, err));
    TRY(hash_content(&digest, &release->content, err));
    if (!digest_equal(&digest, &release->digest))
        return error_set(err, STATUS_DAMAGED, "digest_mismatch",
                         "its content does not have the digest that was signed");
    if (manifest_reader_read(manifests, &release->manifest, &release->content, &findings, err) !=
        STATUS_OK)
        return findings.count > 0 ? error_set(err, STATUS_DAMAGED, "manifest_invalid", "%s",
                                              findings.items[0].message)
                                  : err->status;
    if (!id_same_artifact(&release->manifest.id, &release->id))
        return error_set(err, STATUS_DAMAGED, "release_mismatch",
                         "its manifest is another artifact's");
    return STATUS_OK;
}

static enum status verify_tag(struct verify_release *release, struct store *store,
                              const struct control *control,
                              const struct manifest_reader *manifests,
                              const struct state_release *expected, struct error *err)
{
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    const struct allowed_signer *signer;
    char name[STORE_REF_BYTES];
    verify_tag_name(&release->id, name);
    TRY(commit_read_tag(store, &expected->tag, &tag, err));
    if (strcmp(tag.name, name) != 0)
        return error_set(err, STATUS_DAMAGED, "release_mismatch", "its tag is %.300s", tag.name);
    TRY(verify_object(store, control, &expected->tag, OBJECT_TAG, tag.time, &signer, err));
    TRY(memory_copy_string(&release->approver, signer->name, err));
    ssh_key_fingerprint(signer->key, release->signer);
    release->signed_at = tag.time;
    release->commit = tag.target;
    TRY(commit_read(store, &tag.target, &commit, err));
    TRY(read_release_json(store, &commit.tree, &document, err));
    TRY(match_release_json(release, document, expected, err));
    if (person_is_signer(&control->approvers, signer->key, release->author))
        return error_set(err, STATUS_DAMAGED, "own_draft",
                         "it was signed by its draft's own author");
    return verify_content(release, store, manifests, &commit.tree, err);
}

void verify_tag_name(const struct artifact_id *id, char out[STORE_REF_BYTES])
{
    snprintf(out, STORE_REF_BYTES, "release/%s/%s/%u", id_kind_word(id->kind), id->name,
             id->version);
}

enum status verify_release_read(struct verify_release *out, struct store *store,
                                const struct control *control,
                                const struct manifest_reader *manifests,
                                const struct artifact_id *id, const struct state_release *expected,
                                struct error *err)
{
    struct verify_release release OWNED(verify_release_free) = { .id = *id };
    release.id.version = expected->version;
    if (verify_tag(&release, store, control, manifests, expected, err) != STATUS_OK) {
        char text[ID_TEXT_BYTES];
        id_format(&release.id, text);
        if (err->status != STATUS_NO_MEMORY && err->status != STATUS_IO)
            err->status =
                STATUS_DAMAGED; // whatever the reason: what stands there is not to be served
        return error_prefix(err, "release %s", text);
    }
    *out = release;
    release = (struct verify_release) { 0 };
    return STATUS_OK;
}

static enum status read_expected(struct state_release *out, struct store *store,
                                 const struct oid *tag_id, struct error *err)
{
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    struct commit commit OWNED(commit_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    TRY(commit_read_tag(store, tag_id, &tag, err));
    TRY(commit_read(store, &tag.target, &commit, err));
    TRY(read_release_json(store, &commit.tree, &document, err));
    out->tag = *tag_id;
    return digest_parse(&out->digest, json_get_string(document, "digest", ""), err);
}

// "release/<kind>/<name>/<version>" as an id.
static enum status parse_tag_name(struct artifact_id *out, const char *tag, struct error *err)
{
    char text[STORE_REF_BYTES];
    int length = snprintf(text, sizeof(text), "%s", tag);
    char *slash = strrchr(text, '/');
    if (length < 0 || (size_t)length >= sizeof(text) || !slash ||
        strncmp(text, "release/", strlen("release/")) != 0) {
        error_set(err, STATUS_INVALID, "tag_invalid", "'%.200s' is not a release's tag", tag);
        return error_hint(err, "write release/KIND/NAME/VERSION, as `git tag` lists it");
    }
    *slash = '@';
    return id_parse_version(out, text + strlen("release/"), err);
}

enum status verify_release_tag(struct verify_release *out, struct store *store,
                               const struct control *control, const char *tag, struct error *err)
{
    static const char prefix[] = "refs/tags/";
    const char *name =
        strncmp(tag, prefix, sizeof(prefix) - 1) == 0 ? tag + sizeof(prefix) - 1 : tag;
    char ref[STORE_REF_BYTES + sizeof(prefix)];
    struct manifest_reader *manifests OWNED(manifest_reader_release) = NULL;
    struct artifact_id id;
    struct oid oid;
    TRY(parse_tag_name(&id, name, err));
    snprintf(ref, sizeof(ref), "%s%s", prefix, name);
    TRY(store_ref_get(store, ref, &oid, err));
    if (oid_is_none(&oid))
        return error_set(err, STATUS_NOT_FOUND, "tag_unknown", "there is no tag %s in %s", name,
                         store_path(store));
    struct state_release expected = { .version = id.version };
    TRY(read_expected(&expected, store, &oid, err));
    TRY(manifest_reader_new(&manifests, err));
    return verify_release_read(out, store, control, manifests, &id, &expected, err);
}

enum status verify_live_commit(struct store *store, const struct control *control,
                               const struct oid *commit_id, struct error *err)
{
    struct commit commit OWNED(commit_release) = { 0 };
    const struct allowed_signer *signer;
    TRY(commit_read(store, commit_id, &commit, err));
    if (verify_object(store, control, commit_id, OBJECT_COMMIT, commit.time, &signer, err) ==
        STATUS_OK)
        return STATUS_OK;
    char text[OID_TEXT_BYTES];
    oid_format(commit_id, text);
    if (err->status == STATUS_REFUSED || err->status == STATUS_INVALID)
        err->status = STATUS_DAMAGED;
    return error_prefix(err, "live commit %s", text);
}
