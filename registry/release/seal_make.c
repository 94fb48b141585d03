// Seals, made from a sandbox.
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "release/boundary.h"
#include "release/draft.h"
#include "release/seal.h"
#include "release/seal_layout.h"
#include "release/seal_uses.h"
#include "store/tree_content.h"

static enum status take(struct content *out, struct content *part, const char *folder,
                        const char *name, struct error *err)
{
    char path[SEAL_PATH_BYTES];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return content_take_under(out, part, path, err);
}

static enum status unknown_draft(const struct environment *sandbox, const struct artifact_id *id,
                                 struct error *err)
{
    char text[ID_TEXT_BYTES];
    id_format(id, text);
    error_set(err, STATUS_NOT_FOUND, "draft_unknown", "there is no draft %s in %s", text,
              sandbox->label);
    return error_hint(err, "`greenroom list --env %s` shows what there is", sandbox->label);
}

// What is said of the artifacts while they are added.
struct making {
    struct json *artifacts;
    struct seal_uses uses;
};

static enum status add_draft(struct content *out, struct environment *sandbox,
                             const struct artifact_id *id, size_t index, struct making *making,
                             struct error *err)
{
    char folder[SEAL_FOLDER_BYTES];
    char path[SEAL_PATH_BYTES];
    char text[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    struct draft draft OWNED(draft_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct content evidence OWNED(content_release) = { 0 };
    enum status status = draft_read(&draft, sandbox, id, err);
    if (status == STATUS_NOT_FOUND)
        return unknown_draft(sandbox, id, err);
    TRY(status);
    seal_layout_folder(index, folder);
    snprintf(path, sizeof(path), "%s/" SEAL_DRAFT, folder);
    TRY(content_add_bytes(out, path, draft.document, strlen(draft.document), err));
    TRY(tree_content_read(sandbox->store, &draft.content_tree, &content, err));
    TRY(seal_uses_add(&making->uses, &content, err));
    TRY(take(out, &content, folder, SEAL_CONTENT, err));
    evidence_folder(id, text);
    TRY(evidence_read(&evidence, sandbox, text, err));
    TRY(take(out, &evidence, folder, SEAL_EVIDENCE, err));
    id_format(id, text);
    digest_format(&draft.digest, digest);
    struct json *item = json_append_object(making->artifacts);
    json_set_string(item, "artifact", text);
    json_set_string(item, "digest", digest);
    return STATUS_OK;
}

// What the sandbox's own bindings mean, so that the target can tell whether it shares one; and what
// is used may do.
static enum status add_source(struct content *out, struct environment *sandbox,
                              const struct json *side_effects, struct error *err)
{
    struct control control OWNED(control_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(control_read(&control, sandbox->store, err));
    struct json *source OWNED(json_release) = boundary_describe(&sandbox->identity, &control);
    json_set(source, "side_effects", json_copy(side_effects));
    TRY(json_print_pretty(&text, source, err));
    return content_add_bytes(out, SEAL_SOURCE, text.bytes, text.length, err);
}

// What a seal says beside its artifacts.
static enum status finish(struct content *out, struct content *seal,
                          struct environment *environment, const struct json *document,
                          const struct json *side_effects, struct error *err)
{
    struct content evidence OWNED(content_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(evidence_read(&evidence, environment, EVIDENCE_ENVIRONMENT_FOLDER, err));
    TRY(content_take_under(seal, &evidence, SEAL_ENVIRONMENT, err));
    TRY(add_source(seal, environment, side_effects, err));
    TRY(json_print_pretty(&text, document, err));
    TRY(content_add_bytes(seal, SEAL_FILE, text.bytes, text.length, err));
    TRY(content_seal(seal, err));
    *out = *seal;
    *seal = (struct content) { 0 };
    return STATUS_OK;
}

static struct json *begin(const struct environment *environment, struct json **out_artifacts)
{
    struct json *document = json_new_object();
    json_set_integer(document, "format", 1);
    json_set_string(document, "source", environment->identity.id);
    *out_artifacts = json_set_array(document, "artifacts");
    return document;
}

enum status seal_make_side(struct content *out, struct environment *environment, struct error *err)
{
    struct content seal OWNED(content_release) = { 0 };
    struct json *artifacts;
    struct json *document OWNED(json_release) = begin(environment, &artifacts);
    struct json *none OWNED(json_release) = json_new_object();
    return finish(out, &seal, environment, document, none, err);
}

enum status seal_make(struct content *out, struct environment *sandbox,
                      const struct artifact_id *ids, size_t count, struct error *err)
{
    struct content seal OWNED(content_release) = { 0 };
    struct json *side_effects OWNED(json_release) = json_new_object();
    struct making making = { .uses = { .sandbox = sandbox, .side_effects = side_effects } };
    struct json *document OWNED(json_release) = begin(sandbox, &making.artifacts);
    if (sandbox->identity.environment_class != ENVIRONMENT_SANDBOX) {
        error_set(err, STATUS_REFUSED, "wrong_class", "%s is not a sandbox", sandbox->label);
        return error_hint(err, "drafts come from a sandbox: name it with --from, or --env");
    }
    for (size_t i = 0; i < count; i++)
        TRY(add_draft(&seal, sandbox, &ids[i], i, &making, err));
    return finish(out, &seal, sandbox, document, side_effects, err);
}
