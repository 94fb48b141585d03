// Seals, opened and proved.
#include "release/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/seal_layout.h"
#include "trust/hash.h"

#define DOCUMENT_MAX_BYTES (4U << 20) // a thousand bindings of the longest value are 2 MB

static void release_item(struct seal_item *item)
{
    free(item->author);
    free(item->published_at);
    free(item->draft);
    manifest_release(&item->manifest);
    evidence_release(&item->evidence);
    content_release(&item->evidence_files);
    content_release(&item->content);
}

void seal_release(struct seal *seal)
{
    for (size_t i = 0; i < seal->count; i++)
        release_item(&seal->items[i]);
    free(seal->items);
    free(seal->source);
    json_free(seal->source_zone);
    evidence_release(&seal->environment_evidence);
    content_release(&seal->environment_files);
    *seal = (struct seal) { 0 };
}

static enum status damaged(struct error *err, const char *what, const char *why)
{
    error_set(err, STATUS_DAMAGED, "seal_damaged", "the seal is damaged: %s: %s", what, why);
    return error_hint(err, "make it again with `greenroom seal`");
}

static enum status read_document(const struct content *content, const char *path, char **out_text,
                                 struct json **out, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    const struct content_file *file = content_find(content, path);
    if (!file)
        return damaged(err, path, "it is missing");
    if (file->size_bytes > DOCUMENT_MAX_BYTES)
        return damaged(err, path, "it is too large");
    TRY(content_view(&view, file, err));
    if (json_parse(out, view.bytes, view.size_bytes, err) != STATUS_OK) {
        char why[ERROR_MESSAGE_BYTES];
        memcpy(why, err->message, sizeof(why));
        return damaged(err, path, why);
    }
    return memory_copy_bytes(out_text, view.bytes, view.size_bytes, err);
}

// What opening each artifact needs.
struct opening {
    const struct content *content; // of the whole seal
    const struct manifest_reader *manifests;
};

// draft.json says the same as seal.json, and who wrote it.
static enum status open_draft(struct seal_item *item, const struct content *content,
                              const char *folder, struct error *err)
{
    char path[SEAL_PATH_BYTES];
    char id[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    struct json *draft OWNED(json_release) = NULL;
    snprintf(path, sizeof(path), "%s/" SEAL_DRAFT, folder);
    TRY(read_document(content, path, &item->draft, &draft, err));
    id_format_bare(&item->id, id);
    digest_format(&item->digest, digest);
    if (strcmp(json_get_string(draft, "artifact", ""), id) != 0 ||
        json_get_integer(draft, "version", 0) != item->id.version ||
        strcmp(json_get_string(draft, "digest", ""), digest) != 0)
        return damaged(err, path, "it is not about the version that the seal names");
    TRY(memory_copy_string(&item->author, json_get_string(draft, "author", ""), err));
    if (!item->author[0])
        return damaged(err, path, "it names no author");
    return memory_copy_string(&item->published_at, json_get_string(draft, "published_at", ""), err);
}

static enum status open_content(struct seal_item *item, const struct opening *opening,
                                const char *folder, struct error *err)
{
    char path[SEAL_PATH_BYTES];
    char id[ID_TEXT_BYTES];
    struct digest digest;
    struct finding_list own OWNED(finding_list_release) = { 0 };
    id_format(&item->id, id);
    snprintf(path, sizeof(path), "%s/" SEAL_CONTENT, folder);
    TRY(content_borrow_below(&item->content, opening->content, path, err));
    TRY(hash_content(&digest, &item->content, err));
    if (!digest_equal(&digest, &item->digest))
        return damaged(err, id, "its content does not have the digest that it is said to have");
    TRY(manifest_reader_read(opening->manifests, &item->manifest, &item->content, &own, err));
    if (!id_same_artifact(&item->manifest.id, &item->id))
        return damaged(err, id, "its manifest names another artifact");
    return STATUS_OK;
}

static enum status open_item(struct seal_item *item, const struct opening *opening, size_t index,
                             const struct json *said, struct error *err)
{
    char folder[SEAL_FOLDER_BYTES];
    char path[SEAL_PATH_BYTES];
    seal_layout_folder(index, folder);
    snprintf(path, sizeof(path), "%s/" SEAL_EVIDENCE, folder);
    if (id_parse_version(&item->id, json_get_string(said, "artifact", ""), err) != STATUS_OK ||
        digest_parse(&item->digest, json_get_string(said, "digest", ""), err) != STATUS_OK)
        return damaged(err, SEAL_FILE, "an artifact's name or digest is malformed");
    TRY(open_draft(item, opening->content, folder, err));
    TRY(open_content(item, opening, folder, err));
    TRY(content_borrow_below(&item->evidence_files, opening->content, path, err));
    return evidence_parse(&item->evidence, &item->evidence_files, "", err);
}

static bool is_named_twice(const struct seal *seal, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (id_same_artifact(&seal->items[i].id, &seal->items[index].id))
            return true;
    return false;
}

static enum status open_items(struct seal *seal, const struct content *content,
                              const struct json *list, size_t least, struct error *err)
{
    struct manifest_reader *manifests OWNED(manifest_reader_release) = NULL;
    size_t count = json_count(list);
    if (!json_is(list, JSON_ARRAY) || count < least || count > SEAL_MAX_ARTIFACTS)
        return damaged(err, SEAL_FILE, "it names no artifacts, or too many");
    if (count == 0)
        return STATUS_OK;
    TRY(manifest_reader_new(&manifests, err));
    struct opening opening = { content, manifests };
    TRY(memory_new(&seal->items, count, sizeof(*seal->items), err));
    for (const struct json *said = json_first(list); said; said = json_next(said)) {
        size_t index = seal->count++;
        TRY(open_item(&seal->items[index], &opening, index, said, err));
        if (is_named_twice(seal, index))
            return damaged(err, SEAL_FILE, "an artifact is named twice");
    }
    return STATUS_OK;
}

static enum status open_source(struct seal *seal, const struct content *content, struct error *err)
{
    char *text OWNED(memory_release) = NULL;
    TRY(read_document(content, SEAL_SOURCE, &text, &seal->source_zone, err));
    if (strcmp(json_get_string(seal->source_zone, "environment", ""), seal->source) != 0)
        return damaged(err, SEAL_SOURCE, "it is about another environment");
    return STATUS_OK;
}

// Every file is one that the layout knows: nothing rides along.
static enum status refuse_strangers(const struct seal *seal, const struct content *content,
                                    struct error *err)
{
    size_t known = 2 + seal->environment_files.count;
    for (size_t i = 0; i < seal->count; i++)
        known += 1 + seal->items[i].content.count + seal->items[i].evidence_files.count;
    if (known == content->count)
        return STATUS_OK;
    return damaged(err, SEAL_FILE, "there are files that belong to no artifact of it");
}

// `least`: how many artifacts it has to hold.
static enum status open_all(struct seal *out, struct content *content, size_t least,
                            struct error *err)
{
    struct seal seal OWNED(seal_release) = { 0 };
    struct json *document OWNED(json_release) = NULL;
    char *text OWNED(memory_release) = NULL;
    TRY(content_hold(content, err));
    TRY(read_document(content, SEAL_FILE, &text, &document, err));
    if (json_get_integer(document, "format", 0) != 1)
        return damaged(err, SEAL_FILE, "its format is not known here");
    TRY(memory_copy_string(&seal.source, json_get_string(document, "source", ""), err));
    TRY(open_items(&seal, content, json_get(document, "artifacts"), least, err));
    TRY(content_borrow_below(&seal.environment_files, content, SEAL_ENVIRONMENT, err));
    TRY(evidence_parse(&seal.environment_evidence, &seal.environment_files, "", err));
    TRY(open_source(&seal, content, err));
    TRY(refuse_strangers(&seal, content, err));
    *out = seal;
    seal = (struct seal) { 0 };
    return STATUS_OK;
}

enum status seal_open(struct seal *out, struct content *content, struct error *err)
{
    return open_all(out, content, 1, err);
}

enum status seal_open_side(struct seal *out, struct content *content, struct error *err)
{
    return open_all(out, content, 0, err);
}
